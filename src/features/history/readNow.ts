import * as l10n from '@vscode/l10n';
import type { HostAccounts } from '../../core/accounts/hostAccounts';
import { GitLabError } from '../../core/gitlab/errors';
import { explainAction } from '../../core/gitlab/explain';
import type { Inventory } from '../../core/inventory/inventory';
import { clusterOf } from '../../core/journal/history';
import type { NotedWrite } from '../../core/journal/history';
import type { Cluster } from '../../core/model/cluster';
import type { Dialogs } from '../../editor/dialogs';
import { placedTitle } from './changeWords';

interface ReadSources {
  readonly accounts: HostAccounts;
  readonly dialogs: Dialogs;
  readonly inventory: Inventory;
}

/** The cluster as GitLab has it; undefined, and told, where it cannot be read. */
export async function readNow(write: NotedWrite, sources: ReadSources): Promise<Cluster | undefined> {
  const { dialogs, inventory } = sources;
  const cluster = clusterOf(write);
  if (!cluster) return undefined;
  try {
    return await dialogs.progress({ title: '', where: 'view' }, () => inventory.get(cluster));
  } catch (error) {
    tellFailure(l10n.t('Could not undo the change of {0}.', nameOf(write, sources)), error, dialogs);
    return undefined;
  }
}

/** What a cluster is called in questions and messages about it alone. */
export function nameOf(write: NotedWrite, { accounts }: Pick<ReadSources, 'accounts'>): string {
  return placedTitle(write, (url) => accounts.hosts.find((host) => host.url === url)?.name ?? url);
}

export function tellFailure(action: string, error: unknown, dialogs: Dialogs): void {
  if (!(error instanceof GitLabError)) throw error;
  void dialogs.notify('error', explainAction(action, error));
}
