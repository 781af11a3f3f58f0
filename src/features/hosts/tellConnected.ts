import * as l10n from '@vscode/l10n';
import type { CommandId } from '../../contributions';
import type { HostIdentity } from '../../core/gitlab/identity';
import type { Host } from '../../core/model/host';
import { plain } from '../../core/model/plainText';
import type { HostSources } from './hostSources';

/** Who the token is, and what may be done next. */
export function tellConnected(
  host: Host,
  identity: HostIdentity,
  { dialogs, run }: HostSources,
  next: readonly (readonly [button: string, command: CommandId])[],
): void {
  const version = identity.version ? `GitLab ${plain(identity.version.number)}` : l10n.t('GitLab of unknown version');
  const who = `@${plain(identity.user.username)}`;
  const message = identity.canWrite
    ? l10n.t('Connected to {0}: {1}, as {2}.', host.name, version, who)
    : l10n.t(
        'Connected to {0}: {1}, as {2}. The token can only read, so clusters cannot be changed.',
        host.name,
        version,
        who,
      );
  // Not awaited: the host is there already.
  void dialogs.notify('information', message, ...next.map(([button]) => button)).then((answer) => {
    const chosen = next.find(([button]) => button === answer);
    if (chosen) run(chosen[1], { type: 'host', host });
  });
}
