import * as l10n from '@vscode/l10n';
import { GitLabError } from '../../core/gitlab/errors';
import { explainAction } from '../../core/gitlab/explain';
import type { Inventory } from '../../core/inventory/inventory';
import { clusterOf } from '../../core/journal/history';
import type { NotedWrite } from '../../core/journal/history';
import type { Cluster } from '../../core/model/cluster';
import type { Dialogs } from '../../editor/dialogs';
import { clusterTitle } from './changeWords';

interface ReadSources {
  readonly dialogs: Dialogs;
  readonly inventory: Inventory;
}

/** The cluster as GitLab has it; undefined, and told, where it cannot be read. */
export async function readNow(write: NotedWrite, { dialogs, inventory }: ReadSources): Promise<Cluster | undefined> {
  const cluster = clusterOf(write);
  if (!cluster) return undefined;
  try {
    return await dialogs.progress({ title: '', where: 'view' }, () => inventory.get(cluster));
  } catch (error) {
    tellFailure(l10n.t('Could not undo the change of {0}.', clusterTitle(write)), error, dialogs);
    return undefined;
  }
}

export function tellFailure(action: string, error: unknown, dialogs: Dialogs): void {
  if (!(error instanceof GitLabError)) throw error;
  void dialogs.notify('error', explainAction(action, error));
}
