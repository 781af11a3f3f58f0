import * as l10n from '@vscode/l10n';
import type { Memento } from 'vscode';
import type { HostAccounts } from '../../core/accounts/hostAccounts';
import { unknownSshHosts } from '../../core/model/unknownSshHosts';
import type { UnknownSshHost } from '../../core/model/unknownSshHosts';
import type { Host, HostUrl } from '../../core/model/host';
import { plain } from '../../core/model/plainText';
import type { Dialogs } from '../../editor/dialogs';

interface RemoteSources {
  readonly accounts: Pick<HostAccounts, 'hosts' | 'change'>;
  readonly memory: Pick<Memento, 'get' | 'update'>;
  readonly dialogs: Pick<Dialogs, 'notify' | 'choose'>;
  /** Says why something failed at a host. */
  readonly tell: (error: unknown, host: HostUrl) => unknown;
  /** Looks for the projects of the open folders at a host again. */
  readonly lookAgain: (host: HostUrl) => unknown;
}

/**
 * Offers to tie a remote of an open folder, whose SSH name is no listed host's, to the host it belongs to. Each name is
 * asked about once. Only the name is remembered.
 */
export async function offerRemotes(remotes: readonly string[], sources: RemoteSources): Promise<void> {
  const { accounts, memory } = sources;
  for (const unknown of unknownSshHosts(remotes, accounts.hosts)) {
    const key = `remoteAsked:${unknown.name}`;
    if (memory.get(key) === true) continue;
    await memory.update(key, true);
    const host = await askWhose(unknown, sources);
    if (!host) continue;
    try {
      await accounts.change(host.url, { sshHosts: [...(host.sshHosts ?? []), unknown.name] });
      await sources.lookAgain(host.url);
    } catch (error) {
      void sources.tell(error, host.url);
    }
  }
}

async function askWhose(
  { name, path }: UnknownSshHost,
  { accounts, dialogs }: RemoteSources,
): Promise<Host | undefined> {
  const { hosts } = accounts;
  const [only] = hosts;
  if (!only) return undefined;
  const remote = `${plain(name)}:${plain(path)}`;
  if (hosts.length === 1) {
    const tie = l10n.t('Yes');
    const question = l10n.t('Does the Git remote {0} of an open folder belong to {1}?', remote, only.name);
    return (await dialogs.notify('information', question, tie, l10n.t('No'))) === tie ? only : undefined;
  }
  const choose = l10n.t('Choose Host…');
  const question = l10n.t(
    'The Git remote {0} of an open folder doesn’t match a listed host. Which one does it belong to?',
    remote,
  );
  if ((await dialogs.notify('information', question, choose, l10n.t('None'))) !== choose) return undefined;
  return dialogs.choose(l10n.t('Host of {0}', remote), hosts, ({ name: label, url }) => ({ label, description: url }));
}
