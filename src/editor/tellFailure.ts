import * as l10n from '@vscode/l10n';
import { commands } from '../contributions';
import type { CommandId } from '../contributions';
import type { HostAccounts } from '../core/accounts/hostAccounts';
import { GitLabError } from '../core/gitlab/errors';
import { explain, explainAction } from '../core/gitlab/explain';
import { failureKinds } from '../core/gitlab/failureKinds';
import type { Host } from '../core/model/host';
import { plain } from '../core/model/plainText';
import type { HostNode } from './clusterNodes';
import type { Dialogs } from './dialogs';
import { isClusterTreeNode } from './isClusterTreeNode';

export interface FailureSources {
  readonly accounts: Pick<HostAccounts, 'hosts'>;
  readonly dialogs: Pick<Dialogs, 'notify'>;
  /** Runs the command that a message offers, on the row of the host it is about. */
  readonly run: (command: CommandId, row?: HostNode) => unknown;
}

/**
 * Says once why something failed: the host it was about, what happened, and the advice as a button. `given` is what it was
 * called on: a row, or the URL of a host. `action` says what failed, and names the host itself.
 */
export async function tellFailure(
  error: unknown,
  given: unknown,
  { accounts, dialogs, run }: FailureSources,
  action?: string,
): Promise<void> {
  const { hosts } = accounts;
  const url = hostOf(given) ?? (hosts.length === 1 ? hosts[0]?.url : undefined);
  const host = error instanceof GitLabError ? hosts.find((one) => one.url === url) : undefined;
  const { button, command } = adviceOf(error, host);
  const message =
    action !== undefined
      ? explainAction(action, error)
      : host
        ? l10n.t('{0}: {1}', plain(host.name), explain(error).sentence)
        : explain(error).sentence;
  if ((await dialogs.notify('error', message, button)) === button) await run(command, host && { type: 'host', host });
}

/** Says what is wrong on this computer, with the log as the way to more. */
export async function tellProblem(problem: string, { dialogs, run }: Omit<FailureSources, 'accounts'>): Promise<void> {
  const showLog = l10n.t('Show Log');
  if ((await dialogs.notify('warning', problem, showLog)) === showLog) await run(commands.showLog);
}

function adviceOf(error: unknown, host: Host | undefined): { readonly button: string; readonly command: CommandId } {
  const showLog = { button: l10n.t('Show Log'), command: commands.showLog };
  if (!(error instanceof GitLabError) || !host) return showLog;
  switch (failureKinds[error.kind].remedy) {
    case 'token':
      return { button: l10n.t('Replace Access Token…'), command: commands.replaceToken };
    case 'connection':
      return { button: l10n.t('Test Connection'), command: commands.testHost };
    case 'address':
    case 'browser':
      return { button: l10n.t('Open Host in Browser'), command: commands.openHost };
    case 'gone':
    case 'refresh':
      return { button: l10n.t('Refresh Host'), command: commands.refreshHost };
    case 'log':
      return showLog;
  }
}

function hostOf(given: unknown): string | undefined {
  if (typeof given === 'string') return given;
  if (!isClusterTreeNode(given)) return undefined;
  if (given.type === 'host') return given.host.url;
  if (given.type === 'cluster') return given.cluster.host;
  return 'host' in given ? given.host : undefined;
}
