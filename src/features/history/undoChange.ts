import { randomUUID } from 'node:crypto';
import * as l10n from '@vscode/l10n';
import type { HostAccounts } from '../../core/accounts/hostAccounts';
import type { BulkChange, BulkKnowledge, BulkRow } from '../../core/changes/bulkPlan';
import { joined, planUndo, restoring } from '../../core/changes/undoPlan';
import type { UndonePlan } from '../../core/changes/undoPlan';
import { explainAction } from '../../core/gitlab/explain';
import { GitLabError } from '../../core/gitlab/errors';
import type { Inventory } from '../../core/inventory/inventory';
import { clusterOf } from '../../core/journal/history';
import type { NotedChange, NotedWrite } from '../../core/journal/history';
import type { Recording } from '../../core/journal/recording';
import type { Cluster, ClusterOwner } from '../../core/model/cluster';
import { clusterKey, isProvidedByUser } from '../../core/model/cluster';
import { blankDraft, draftOf } from '../../core/model/clusterDraft';
import type { ClusterDraft } from '../../core/model/clusterDraft';
import type { ClusterField } from '../../core/model/clusterFields';
import { differences } from '../../core/model/differences';
import { fieldLabel } from '../../core/model/fieldLabels';
import type { Host } from '../../core/model/host';
import { plain } from '../../core/model/plainText';
import type { Dialogs } from '../../editor/dialogs';
import { clusterTitle, valueInWords } from './changeWords';
import { noteOfCertificate } from '../../core/journal/journalLine';
import { planRestoring } from './planRestoring';

export interface UndoSources {
  readonly accounts: HostAccounts;
  readonly inventory: Inventory;
  readonly dialogs: Dialogs;
  readonly recording: Recording;
  /** Opens the form for a new cluster, filled in. */
  readonly openAddForm: (host: Host, owner: ClusterOwner, draft: ClusterDraft) => Promise<void>;
  /** Deletes a cluster, after its own question. */
  readonly deleteCluster: (cluster: Cluster) => Promise<void>;
  /** Shows what a bulk change would do, asks, and does it. */
  readonly runPlan: (rows: readonly BulkRow[], change: BulkChange, notes: readonly string[]) => Promise<void>;
  readonly knowledge: BulkKnowledge;
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
    void dialogs.notify('warning', message);
    return;
  }
  switch (first.kind) {
    case 'add':
      return undoAddition(first, sources);
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

async function undoEdit(write: NotedWrite, sources: UndoSources): Promise<void> {
  const { dialogs, inventory, recording } = sources;
  let shown = await readNow(write, sources);
  while (shown) {
    const plan = planUndo(write, shown);
    const chosen = await askWhatToPutBack(write, shown, plan, sources);
    if (!chosen) return;
    // Somebody may have been faster while the question was open.
    const fresh = await readNow(write, sources);
    if (!fresh) return;
    if (!isSame(fresh, shown)) {
      void dialogs.notify('warning', l10n.t('Somebody changed the cluster meanwhile. Look at the question again.'));
      shown = fresh;
      continue;
    }
    const fields = restoring(write, fresh, chosen);
    const change = randomUUID();
    const name = clusterTitle(write);
    try {
      const edited = await dialogs.progress({ title: '', where: 'view' }, () =>
        inventory.edit(fresh, fields, { change }),
      );
      const ignored = differences(fields, edited).map(({ field }) => fieldLabel(field));
      const undo = l10n.t('Undo');
      const answer =
        ignored.length === 0
          ? dialogs.notify('information', l10n.t('The cluster {0} is as it was before.', name), undo)
          : dialogs.notify(
              'warning',
              l10n.t('The cluster {0} was changed back, but GitLab ignored: {1}.', name, ignored.join(', ')),
              undo,
            );
      void answer.then((button) => (button === undo ? recording.undo(change) : undefined));
    } catch (error) {
      tellFailure(l10n.t('Could not undo the change of {0}.', name), error, dialogs);
    }
    return;
  }
}

/** The cluster as GitLab has it; undefined, and told, where it cannot be read. */
async function readNow(write: NotedWrite, { dialogs, inventory }: UndoSources): Promise<Cluster | undefined> {
  const cluster = clusterOf(write);
  if (!cluster) return undefined;
  try {
    return await dialogs.progress({ title: '', where: 'view' }, () => inventory.get(cluster));
  } catch (error) {
    tellFailure(l10n.t('Could not undo the change of {0}.', clusterTitle(write)), error, dialogs);
    return undefined;
  }
}

function tellFailure(action: string, error: unknown, dialogs: Dialogs): void {
  if (!(error instanceof GitLabError)) throw error;
  void dialogs.notify('error', explainAction(action, error));
}

function isSame(one: Cluster, other: Cluster): boolean {
  return JSON.stringify(draftOf(one)) === JSON.stringify(draftOf(other));
}

/** Which fields are put back; undefined for none. */
async function askWhatToPutBack(
  write: NotedWrite,
  now: Cluster,
  { fields, elsewhere }: UndonePlan,
  sources: UndoSources,
): Promise<readonly ClusterField[] | undefined> {
  const { dialogs, recording } = sources;
  const having = (verdict: UndonePlan['fields'][number]['verdict']): readonly ClusterField[] =>
    fields.filter((one) => one.verdict === verdict).map(({ field }) => field);
  const [back, changed] = [having('back'), having('changed')];
  const reasons = fields.flatMap(({ field, reason }) =>
    reason === undefined ? [] : [`• ${fieldLabel(field)}: ${reason}`],
  );
  const state = draftOf(now);
  const certificate = noteOfCertificate(state.caCert);
  const present = (field: ClusterField): string => valueInWords(field, state, certificate);
  const before = (field: ClusterField): string => valueInWords(field, write.before, write.certificates.before);
  const after = (field: ClusterField): string => valueInWords(field, write.after, write.certificates.after);
  const name = clusterTitle(write);
  if (back.length + changed.length === 0) {
    const message = l10n.t('There is nothing to undo at the cluster {0}.', name);
    await dialogs.confirm(
      message,
      [...(having('same').length > 0 ? [l10n.t('It has the values of before already.')] : []), ...reasons].join('\n'),
    );
    return undefined;
  }
  const problem = await recording.problem([write.host]);
  const parts: readonly (readonly string[])[] = [
    section(l10n.t('Will be put back:'), back, (field) => `${present(field)} → ${before(field)}`),
    section(l10n.t('Changed by somebody else since:'), changed, (field) =>
      l10n.t('{0} before, then {1} by this change, now {2}', before(field), after(field), present(field)),
    ),
    reasons.length > 0 ? [l10n.t('Cannot be put back:'), ...reasons] : [],
    elsewhere.length > 0
      ? [l10n.t('Also changed since, and left as they are: {0}', elsewhere.map(fieldLabel).join(', '))]
      : [],
    problem === undefined ? [] : [problem],
  ];
  const detail = parts
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n');
  const undo = l10n.t('Undo');
  const all = l10n.t('Put All Back');
  const part = l10n.t('Leave Theirs');
  const buttons = changed.length === 0 ? [undo] : back.length === 0 ? [all] : [part, all];
  const answer = await dialogs.confirm(l10n.t('Undo the change of {0}?', name), detail, ...buttons);
  if (answer === undefined) return undefined;
  return answer === all ? [...back, ...changed] : back;
}

function section(title: string, fields: readonly ClusterField[], words: (field: ClusterField) => string): string[] {
  return fields.length === 0 ? [] : [title, ...fields.map((field) => `• ${fieldLabel(field)}: ${words(field)}`)];
}

/** All edits of a bulk change: as a bulk change of its own, with its table, its question and its run. */
async function undoEdits(writes: readonly NotedWrite[], sources: UndoSources): Promise<void> {
  const planned = await planRestoring(writes, sources);
  if (planned) await sources.runPlan(planned.rows, planned.change, planned.notes);
}

/** Deleting what was added is deleting, with all its question says. */
async function undoAddition(write: NotedWrite, sources: UndoSources): Promise<void> {
  if (write.cluster.id === undefined) {
    const message = l10n.t(
      'It is unknown whether {0} was added. Refresh, and delete it where you find it.',
      clusterTitle(write),
    );
    void sources.dialogs.notify('warning', message);
    return;
  }
  const fresh = await readNow(write, sources);
  if (fresh) await sources.deleteCluster(fresh);
}

async function undoDeletion(writes: readonly NotedWrite[], sources: UndoSources): Promise<void> {
  const { dialogs, accounts } = sources;
  const write =
    writes.length === 1
      ? writes[0]
      : await dialogs.choose(l10n.t('Undo Change: which cluster is to be added again?'), writes, (one) => ({
          label: clusterTitle(one),
          description: one.owner.level === 'instance' ? l10n.t('Instance') : plain(one.owner.path),
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
  const question = l10n.t('Add the cluster {0} again?', clusterTitle(write));
  if ((await dialogs.confirm(question, detail, open)) !== open) return;
  await sources.openAddForm(host, write.owner, draftAgain(write));
}

/** The form for a new cluster with what is known of a deleted one; what GitLab did not report is as it is for any new one. */
export function draftAgain({ before, cluster }: NotedWrite): ClusterDraft {
  const blank = blankDraft();
  return {
    ...blank,
    name: before.name ?? cluster.name,
    baseDomain: before.baseDomain ?? '',
    enabled: before.enabled ?? blank.enabled,
    managed: before.managed ?? blank.managed,
    namespacePerEnvironment: before.namespacePerEnvironment ?? blank.namespacePerEnvironment,
    environmentScope: before.environmentScope ?? blank.environmentScope,
    managementProject: before.managementProject,
    apiUrl: before.apiUrl ?? '',
    caCert: before.caCert ?? '',
    namespace: before.namespace ?? '',
    authorizationType: before.authorizationType || blank.authorizationType,
  };
}
