import * as l10n from '@vscode/l10n';
import type { CommandId } from '../../contributions';
import type { HostAccounts } from '../../core/accounts/hostAccounts';
import type { BulkChange, BulkKnowledge, BulkRow } from '../../core/changes/bulkPlan';
import { changedSince, joined } from '../../core/changes/undoPlan';
import type { Inventory } from '../../core/inventory/inventory';
import { clusterOf } from '../../core/journal/history';
import type { NotedChange, NotedWrite } from '../../core/journal/history';
import type { Recording } from '../../core/journal/recording';
import type { Cluster, ClusterOwner } from '../../core/model/cluster';
import { clusterKey, isProvidedByUser, ownerPath } from '../../core/model/cluster';
import { blankDraft } from '../../core/model/clusterDraft';
import type { ClusterDraft } from '../../core/model/clusterDraft';
import { fieldLabel } from '../../core/model/fieldLabels';
import type { Host } from '../../core/model/host';
import { plain } from '../../core/model/plainText';
import type { EffectsOf } from '../../editor/askWithEffects';
import type { HostNode } from '../../editor/clusterNodes';
import type { Dialogs } from '../../editor/dialogs';
import { obstacles } from '../../editor/obstacles';
import { clusterTitle } from './changeWords';
import { planRestoring } from './planRestoring';
import { nameOf, readNow } from './readNow';
import { undoEdit } from './undoEdit';

export interface UndoSources {
  readonly accounts: HostAccounts;
  readonly inventory: Inventory;
  readonly dialogs: Dialogs;
  /** Runs what a message offers. */
  readonly run: (command: CommandId, row?: HostNode) => unknown;
  readonly recording: Recording;
  /** Opens the form for a new cluster, filled in. */
  readonly openAddForm: (host: Host, owner: ClusterOwner, draft: ClusterDraft) => Promise<void>;
  /** Deletes clusters, after a question of its own. */
  readonly deleteClusters: (clusters: readonly Cluster[], notes: readonly string[]) => Promise<void>;
  /** Shows what a bulk change would do, asks, and does it. */
  readonly runPlan: (rows: readonly BulkRow[], change: BulkChange, notes: readonly string[]) => Promise<void>;
  readonly knowledge: BulkKnowledge;
  /** What a change would do to environments. */
  readonly effects: EffectsOf;
}

/** Takes a change back as far as that is possible; what is not possible is said before anything is sent. */
export async function undoChange(change: NotedChange, sources: UndoSources): Promise<void> {
  const { dialogs, accounts } = sources;
  const made = change.writes.filter(({ outcome }) => outcome === 'done' || outcome === 'unknown');
  const [first] = made;
  if (!first) {
    void dialogs.notify('information', l10n.t('There is nothing to undo: GitLab was not changed.'));
    return;
  }
  const host = accounts.find(first.host);
  if (!host) {
    const message = l10n.t('The host {0} is no longer listed. Add it again to undo this change.', plain(first.host));
    obstacles(dialogs, sources.run).noHost(message);
    return;
  }
  switch (first.kind) {
    case 'add':
      return undoAdditions(made, sources);
    case 'delete':
      return undoDeletion(made, sources);
    case 'edit': {
      const writes = perCluster(made);
      const [only] = writes;
      return writes.length === 1 && only ? undoEdit(only, sources) : undoEdits(writes, sources);
    }
  }
}

/** One write for each cluster: what failed and was repeated counts as one. */
function perCluster(writes: readonly NotedWrite[]): readonly NotedWrite[] {
  const clusters = new Map<string, NotedWrite[]>();
  for (const write of writes) {
    const cluster = clusterOf(write);
    if (!cluster) continue;
    const key = clusterKey(cluster);
    clusters.set(key, [...(clusters.get(key) ?? []), write]);
  }
  return [...clusters.values()].flatMap((all) => joined(all) ?? []);
}

/** All edits of a bulk change: as a bulk change of its own, with its table, its question and its run. */
async function undoEdits(writes: readonly NotedWrite[], sources: UndoSources): Promise<void> {
  const planned = await planRestoring(writes, sources);
  if (planned) await sources.runPlan(planned.rows, planned.change, planned.notes);
}

/** Deleting what was added is deleting, with all its question says. */
async function undoAdditions(writes: readonly NotedWrite[], sources: UndoSources): Promise<void> {
  const { accounts, dialogs, run } = sources;
  const clusters: Cluster[] = [];
  const notes: string[] = [];
  for (const write of writes) {
    if (write.cluster.id === undefined) {
      const message = l10n.t(
        'It is unknown whether {0} was added. Refresh, and delete it where you find it.',
        nameOf(write, sources),
      );
      obstacles(dialogs, run).outdated(message, accounts.find(write.host));
      continue;
    }
    const fresh = await readNow(write, sources);
    if (!fresh) continue;
    clusters.push(fresh);
    const changed = changedSince(write, fresh).map(fieldLabel).join(', ');
    if (changed === '') continue;
    notes.push(
      writes.length === 1
        ? l10n.t('Changed since it was added: {0}', changed)
        : l10n.t('{0} was changed since it was added: {1}', clusterTitle(write), changed),
    );
  }
  if (clusters.length > 0) await sources.deleteClusters(clusters, notes);
}

async function undoDeletion(writes: readonly NotedWrite[], sources: UndoSources): Promise<void> {
  const { dialogs, accounts } = sources;
  const write =
    writes.length === 1
      ? writes[0]
      : await dialogs.choose(l10n.t('Undo Change: which cluster should be added again?'), writes, (one) => ({
          label: clusterTitle(one),
          description: plain(ownerPath(one.owner) ?? l10n.t('Instance')),
        }));
  const host = write && accounts.find(write.host);
  if (!write || !host) return;
  const open = l10n.t('Open Form');
  const detail = [
    l10n.t('The form is filled with everything that was recorded. Nothing is sent before you save it.'),
    l10n.t('GitLab gives the cluster a new ID, and what GitLab knew of its history is lost.'),
    l10n.t('The service token was deleted with the cluster and was never recorded, so you need to enter it.'),
    ...(isProvidedByUser(write.cluster)
      ? []
      : [l10n.t('It will be a cluster that was added manually, not one that GitLab created.')]),
    ...(write.withheld.includes('apiUrl')
      ? [l10n.t('The API URL held a user name or password, which was not recorded.')]
      : []),
  ].join('\n');
  const question = l10n.t('Add the cluster {0} again?', nameOf(write, sources));
  if ((await dialogs.confirm(question, detail, open)) !== open) return;
  await sources.openAddForm(host, write.owner, draftAgain(write));
}

/** The form for a new cluster with what is known of a deleted one; what GitLab did not report is as it is for any new one. */
function draftAgain({ before, cluster }: NotedWrite): ClusterDraft {
  const known = Object.entries(before).filter(([, value]) => value !== undefined && value !== '');
  return { ...blankDraft(), name: cluster.name, ...Object.fromEntries(known) };
}
