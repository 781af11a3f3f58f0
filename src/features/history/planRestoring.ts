import * as l10n from '@vscode/l10n';
import { planChange } from '../../core/changes/bulkPlan';
import type { BulkChange, BulkKnowledge, BulkRow, RestoredValues } from '../../core/changes/bulkPlan';
import { planUndo, restoring } from '../../core/changes/undoPlan';
import { GitLabError, toGitLabError } from '../../core/gitlab/errors';
import { explain } from '../../core/gitlab/explain';
import type { Inventory } from '../../core/inventory/inventory';
import { clusterOf } from '../../core/journal/history';
import type { NotedWrite } from '../../core/journal/history';
import type { Cluster } from '../../core/model/cluster';
import { clusterKey } from '../../core/model/cluster';
import { fieldLabel } from '../../core/model/fieldLabels';
import { plain } from '../../core/model/plainText';
import { drain, Queue } from '../../core/time/taskPool';
import type { Dialogs } from '../../editor/dialogs';

/** Clusters read at a time. */
const SLOTS = 4;

interface RestoringSources {
  readonly dialogs: Dialogs;
  readonly inventory: Inventory;
  readonly knowledge: BulkKnowledge;
}

interface PlannedRestoring {
  readonly rows: readonly BulkRow[];
  readonly change: BulkChange;
  readonly notes: readonly string[];
}

/**
 * What putting back the values of many clusters would do, after each was read again. One that somebody else changed since
 * is left alone, and the table says so; it can still be undone by itself. Undefined where the user cancels.
 */
export async function planRestoring(
  writes: readonly NotedWrite[],
  { dialogs, inventory, knowledge }: RestoringSources,
): Promise<PlannedRestoring | undefined> {
  const read = new Map<NotedWrite, Cluster | GitLabError>();
  const title = l10n.t('Reading what would be put back');
  const cancelled = await dialogs.progress(
    { title, where: 'notification', cancellable: true },
    async (report, signal) => {
      const tasks = new Queue<NotedWrite>();
      for (const write of writes) tasks.push(write);
      const run = async (write: NotedWrite): Promise<void> => {
        const cluster = clusterOf(write);
        if (cluster) read.set(write, await inventory.get(cluster, signal).catch(toGitLabError));
        report(l10n.t('{0} of {1}', read.size, writes.length), 100 / writes.length);
      };
      await drain({ lanes: [{ tasks, share: SLOTS }], slots: SLOTS, signal, run }).catch((error: unknown) => {
        if (!signal.aborted) throw error;
      });
      return signal.aborted;
    },
  );
  if (cancelled) return undefined;
  const values = new Map<string, RestoredValues>();
  const change: BulkChange = { type: 'restore', values };
  const rows = writes.flatMap((write): readonly BulkRow[] => {
    const now = read.get(write);
    const cluster = clusterOf(write);
    if (!cluster || !now) return [];
    if (now instanceof GitLabError) return [{ cluster, verdict: 'cannot', reason: plain(explain(now).sentence) }];
    return rowOf(write, now);
  });
  const replaced = writes.filter(({ fields }) => fields.includes('serviceToken')).length;
  const note = l10n.t('Replaced service tokens can’t be restored, since the previous ones can’t be read.');
  return { rows, change, notes: replaced > 0 ? [note] : [] };

  function rowOf(write: NotedWrite, now: Cluster): readonly BulkRow[] {
    const { fields } = planUndo(write, now);
    const changed = fields.filter(({ verdict }) => verdict === 'changed').map(({ field }) => fieldLabel(field));
    if (changed.length > 0) {
      const reason = l10n.t('Changed by someone else since: {0}', changed.join(', '));
      return [{ cluster: now, verdict: 'cannot', reason }];
    }
    const back = fields.filter(({ verdict }) => verdict === 'back').map(({ field }) => field);
    const reasons = fields.flatMap(({ reason }) => reason ?? []);
    if (back.length === 0 && reasons.length > 0)
      return [{ cluster: now, verdict: 'cannot', reason: reasons.join(' ') }];
    values.set(clusterKey(now), {
      fields: restoring(write, now, back),
      projectPath: back.includes('managementProjectId') ? write.before.managementProject?.path : undefined,
    });
    return planChange([now], change, knowledge);
  }
}
