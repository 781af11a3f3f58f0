import * as l10n from '@vscode/l10n';
import { commands } from '../contributions';
import type { CommandId } from '../contributions';
import type { Host } from '../core/model/host';
import type { HostNode } from './clusterNodes';
import type { Dialogs } from './dialogs';

export type Obstacles = ReturnType<typeof obstacles>;

/** Says why a command cannot go on, with the way out as a button; `run` does what a button offers. */
export function obstacles(dialogs: Dialogs, run: (command: CommandId, row?: HostNode) => unknown) {
  const tell = (message: string, button: string, command: CommandId, host?: Host): void => {
    void dialogs.notify('information', message, button).then((answer) => {
      if (answer === button) run(command, host && { type: 'host', host });
    });
  };
  return {
    noHost: (message = l10n.t('No GitLab host is listed yet. Add one first.')): void =>
      tell(message, l10n.t('Add GitLab Host…'), commands.addHost),
    /** What is shown is no longer so. */
    outdated: (message: string, host: Host | undefined): void =>
      tell(message, l10n.t('Refresh Host'), commands.refreshHost, host),
    nothingWatched: (host: Host): void =>
      tell(
        l10n.t('Nothing is watched at {0} yet. Watch a project or group first.', host.name),
        l10n.t('Watch Projects…'),
        commands.watchProject,
        host,
      ),
    noCluster: (): void =>
      tell(
        l10n.t('None of the known clusters supports this action.'),
        l10n.t('Find All Clusters'),
        commands.findAllClusters,
      ),
    readOnly: (host: Host): void =>
      tell(
        l10n.t(
          'The access token of {0} can only read. Replace it with one that has the scope “api” to change clusters.',
          host.name,
        ),
        l10n.t('Replace Access Token…'),
        commands.replaceToken,
        host,
      ),
  };
}
