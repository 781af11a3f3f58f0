import { randomUUID } from 'node:crypto';
import * as l10n from '@vscode/l10n';
import type { BulkRow } from '../../core/changes/bulkPlan';
import { leftToDo } from '../../core/changes/bulkResult';
import type { BulkResult } from '../../core/changes/bulkResult';
import { bulkAction, countOutcomes, countRows, outcomeInWords } from '../../core/changes/bulkWords';
import { plain } from '../../core/model/plainText';
import { askWithEffects } from '../../editor/askWithEffects';
import { plannedChanges } from './effects';
import { ownerPlace, clusterTitle } from '../../core/model/titles';
import { recordingProblem, startRun, undoOffer, untilLeft } from './runChange';
import type { NextStep, RunSources } from './runChange';
import { knownPath } from '../../core/inventory/ownerRecord';

/** A modal has no scroll bar: more names than this are counted there, and all are listed in a document on request. */
const MAX_NAMED = 15;

/** Asks, with what else is known to say, deletes what the plan says can be deleted, and tells what became of each cluster. */
export async function deleteRows(
  rows: readonly BulkRow[],
  sources: RunSources,
  known: readonly string[] = [],
): Promise<void> {
  if (!(await confirm(rows, known, sources))) return;
  const { changes } = countRows(rows);
  const title = changes === 1 ? l10n.t('Deleting cluster') : l10n.t('Deleting {0} clusters', changes);
  const recorded = randomUUID();
  const run = startRun({ rows, change: { type: 'delete' } }, recorded, sources);
  await untilLeft(run, title, sources.dialogs, (results) =>
    tellOutcome(results, undoOffer(results, recorded, sources), sources),
  );
}

/** What is deleted and what is kept. */
export function deletionNotes(): readonly string[] {
  return [
    l10n.t(
      'Only GitLab’s record is deleted. Everything in Kubernetes is kept: namespaces, service accounts and deployments.',
    ),
    l10n.t('The service token stored in GitLab is lost; you will need it to add the cluster again.'),
  ];
}

async function confirm(rows: readonly BulkRow[], known: readonly string[], sources: RunSources): Promise<boolean> {
  const { dialogs } = sources;
  const wanted = rows.filter(({ verdict }) => verdict === 'delete');
  const names = wanted.map((row) => `• ${describe(row, sources)}`);
  const left = rows.flatMap((row) =>
    row.verdict === 'cannot' ? [`• ${describe(row, sources)}: ${plain(row.reason)}`] : [],
  );
  const leftLines = left.length > 0 ? ['', l10n.t('Cannot be deleted: {0}', left.length), ...shortened(left)] : [];
  const [first] = wanted;
  if (!first) {
    await dialogs.confirm(l10n.t('There is nothing that can be deleted.'), shortened(left).join('\n'));
    return false;
  }
  const button = bulkAction(rows, { type: 'delete' });
  const question =
    wanted.length === 1
      ? l10n.t('Delete the cluster {0} from GitLab?', nameOf(first, sources))
      : l10n.t('Delete {0} clusters from GitLab?', wanted.length);
  const notes = [...known, ...deletionNotes(), ...(await recordingProblem(rows, sources))];
  const review = l10n.t('Review');
  const answer = await askWithEffects(plannedChanges(rows, { type: 'delete' }), sources, (lines, buttons) => {
    const effects = lines.length === 0 ? [] : ['', ...lines];
    const detail = [...shortened(names), ...leftLines, ...effects, '', ...notes].join('\n');
    return dialogs.confirm(question, detail, review, button, ...buttons);
  });
  if (answer !== review) return answer === button;
  const all = [l10n.t('Nothing has been deleted yet.'), '', ...names, ...leftLines, '', ...notes, ''];
  return dialogs.review(l10n.t('Clusters to delete'), all.join('\n'), button);
}

function shortened(lines: readonly string[]): readonly string[] {
  if (lines.length <= MAX_NAMED) return lines;
  return [...lines.slice(0, MAX_NAMED), l10n.t('… and {0} more', lines.length - MAX_NAMED)];
}

/** Where all went well, one line; else what became of each, and the offer to do what can still be done. */
async function tellOutcome(
  results: readonly BulkResult[],
  undo: (() => unknown) | undefined,
  sources: RunSources,
): Promise<NextStep> {
  const { dialogs } = sources;
  const tried = results.filter(({ row }) => row.verdict === 'delete');
  const { deleted } = countOutcomes(tried);
  const gone = tried.filter(({ result }) => result.outcome === 'gone').length;
  const [first] = tried;
  const name = tried.length === 1 && first ? nameOf(first.row, sources) : undefined;
  if (deleted === tried.length) {
    const message =
      name === undefined
        ? gone
          ? l10n.t('Deleted {0} clusters; {1} of them were already gone.', deleted, gone)
          : l10n.t('Deleted {0} clusters.', deleted)
        : gone
          ? l10n.t('The cluster {0} was already gone.', name)
          : l10n.t('Deleted the cluster {0}.', name);
    // Not awaited: nothing is left to do.
    const button = l10n.t('Undo');
    void dialogs
      .notify('information', message, ...(undo ? [button] : []))
      .then((answer) => (answer === button ? undo?.() : undefined));
    return undefined;
  }
  const message =
    name === undefined
      ? l10n.t('{0} of {1} clusters were not deleted.', tried.length - deleted, tried.length)
      : l10n.t('The cluster {0} was not deleted.', name);
  const lines = failedFirst(tried).map((one) => `• ${describe(one.row, sources)}: ${outcomeInWords(one.result)}`);
  if (lines.length > MAX_NAMED) await dialogs.showText(l10n.t('Results of deleting clusters'), lines.join('\n'));
  const left = leftToDo(tried);
  const retry = l10n.t('Retry Failed');
  const goOn = l10n.t('Continue');
  const buttons = [...(left.failed > 0 ? [retry] : []), ...(left.notBegun > 0 ? [goOn] : [])];
  const answer = await dialogs.confirm(message, shortened(lines).join('\n'), ...buttons);
  return answer === retry ? 'failed' : answer === goOn ? 'notBegun' : undefined;
}

function failedFirst(results: readonly BulkResult[]): readonly BulkResult[] {
  const isDone = ({ result }: BulkResult): boolean => result.outcome === 'deleted' || result.outcome === 'gone';
  return [...results.filter((one) => !isDone(one)), ...results.filter(isDone)];
}

/** A cluster alone in a sentence: names are not unique. */
function nameOf({ cluster }: BulkRow, { hostName }: RunSources): string {
  const title = clusterTitle(cluster);
  return cluster.detail === 'full'
    ? `${title} · ${ownerPlace(cluster.owner, hostName(cluster.host))}`
    : `${title} · ${plain(cluster.path)}`;
}

/** Name, owner and host in one line: names are not unique. */
function describe({ cluster }: BulkRow, { hostName }: RunSources): string {
  const owner = knownPath(cluster) ?? l10n.t('instance');
  return l10n.t('{0} ({1}, {2})', clusterTitle(cluster), plain(owner), plain(hostName(cluster.host)));
}
