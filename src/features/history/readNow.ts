import * as l10n from '@vscode/l10n';
import { GitLabError } from '../../core/gitlab/errors';
import type { Inventory } from '../../core/inventory/inventory';
import { clusterOf } from '../../core/journal/history';
import type { NotedWrite } from '../../core/journal/history';
import type { Cluster } from '../../core/model/cluster';
import type { Dialogs } from '../../editor/dialogs';
import { tellFailure } from '../../editor/tellFailure';
import type { FailureSources } from '../../editor/tellFailure';
import { placedTitle } from './changeWords';

interface ReadSources extends FailureSources {
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
    tellNotUndone(write, error, sources);
    return undefined;
  }
}

/** What a cluster is called in questions and messages about it alone. */
export function nameOf(write: NotedWrite, { accounts }: Pick<ReadSources, 'accounts'>): string {
  return placedTitle(write, (url) => accounts.hosts.find((host) => host.url === url)?.name ?? url);
}

/** Says why the change of a cluster could not be undone, with the advice as a button. Throws what is no GitLabError. */
export function tellNotUndone(write: NotedWrite, error: unknown, sources: FailureSources): void {
  if (!(error instanceof GitLabError)) throw error;
  const action = l10n.t('Could not undo the change of {0}.', nameOf(write, sources));
  void tellFailure(error, write.host, sources, action);
}
