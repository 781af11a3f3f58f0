import * as vscode from 'vscode';
import type { BulkChange, BulkRow } from '../../core/changes/bulkPlan';
import { BulkRun, leftToDo } from '../../core/changes/bulkRun';
import type { BulkProgress, BulkResult } from '../../core/changes/bulkRun';
import {
  bulkQuestion,
  countOutcomes,
  countRows,
  leftAlone,
  outcomeSentence,
  planText,
  resultText,
} from '../../core/changes/bulkText';
import type { Inventory } from '../../core/inventory/inventory';
import { plain } from '../../core/model/plainText';
import type { TextDocuments } from '../../editor/textDocuments';
import type { AskedChange } from './askChange';

export interface RunSources {
  readonly inventory: Inventory;
  readonly texts: TextDocuments;
  readonly hostName: (url: string) => string;
}

/** Shows what would be changed, asks, does it, and offers what is left. Nothing is sent before the answer. */
export async function runChange(
  rows: readonly BulkRow[],
  { change, serviceToken, notes }: AskedChange,
  { inventory, texts, hostName }: RunSources,
): Promise<void> {
  const { changes } = countRows(rows);
  await texts.show(
    vscode.l10n.t('Planned changes of clusters'),
    planText(rows, { title: vscode.l10n.t('What would be changed. Nothing has been sent yet.'), notes, hostName }),
  );
  if (changes === 0) {
    void vscode.window.showInformationMessage(vscode.l10n.t('There is nothing to change. The table says why.'));
    return;
  }
  if (!(await confirm(rows, change, notes))) return;
  const run = new BulkRun({
    rows,
    change,
    serviceToken,
    writes: {
      get: (cluster) => inventory.get(cluster),
      edit: (cluster, fields) => inventory.edit(cluster, fields),
      delete: (cluster) => inventory.delete(cluster),
    },
  });
  const showResults = (): Promise<void> =>
    texts.show(
      vscode.l10n.t('Results of changing clusters'),
      resultText(run.results, { title: vscode.l10n.t('What became of each cluster'), notes: [], hostName }),
    );
  try {
    let results = await withProgress(changes, run, (signal) => run.run(signal));
    await showResults();
    for (;;) {
      const step = await nextStep(results, showResults);
      if (!step) break;
      results = await withProgress(leftToDo(results)[step], run, (signal) =>
        step === 'failed' ? run.retryFailed(signal) : run.run(signal),
      );
      await showResults();
    }
  } finally {
    run.dispose();
  }
}

/** A dialog hides part of the table: whoever wants to read all of it first is asked again beside it. */
async function confirm(rows: readonly BulkRow[], change: BulkChange, notes: readonly string[]): Promise<boolean> {
  const question = bulkQuestion(rows, change);
  const detail = [...leftAlone(rows), ...notes].join('\n');
  const yes = change.type === 'delete' ? vscode.l10n.t('Delete') : vscode.l10n.t('Change');
  const read = vscode.l10n.t('Read the Table First');
  const answer = await vscode.window.showWarningMessage(question, { modal: true, detail }, yes, read);
  return answer === read ? (await vscode.window.showWarningMessage(question, yes)) === yes : answer === yes;
}

/** Cancelling ends it between two clusters. */
function withProgress(
  total: number,
  run: BulkRun,
  work: (signal: AbortSignal) => Promise<readonly BulkResult[]>,
): Thenable<readonly BulkResult[]> {
  const title = total === 1 ? vscode.l10n.t('Changing 1 cluster') : vscode.l10n.t('Changing {0} clusters', total);
  return vscode.window.withProgress(
    { location: vscode.ProgressLocation.Notification, title, cancellable: true },
    async (progress, token) => {
      const cancelled = new AbortController();
      const subscriptions = [
        token.onCancellationRequested(() => cancelled.abort()),
        run.onDidProgress((now) => progress.report({ message: inWords(now), increment: 100 / now.total })),
      ];
      try {
        return await work(cancelled.signal);
      } finally {
        for (const subscription of subscriptions) subscription.dispose();
      }
    },
  );
}

function inWords({ done, total, failed, last, pause }: BulkProgress): string {
  const name = plain(last.row.cluster.name);
  const words =
    failed === 0
      ? vscode.l10n.t('{0} of {1} ({2})', done, total, name)
      : vscode.l10n.t('{0} of {1}, {2} failed ({3})', done, total, failed, name);
  return pause === 0 ? words : `${words} ${vscode.l10n.t('GitLab asks to wait {0} s…', Math.ceil(pause / 1000))}`;
}

/**
 * Tells how it went, and which of what is left to do the user chooses: trying the failed again never does what was
 * cancelled. `Show Results` leaves the question open.
 */
async function nextStep(
  results: readonly BulkResult[],
  showResults: () => Promise<void>,
): Promise<keyof ReturnType<typeof leftToDo> | undefined> {
  const { failed, notBegun, ignored } = countOutcomes(results);
  const show = vscode.l10n.t('Show Results');
  const message = outcomeSentence(results);
  if (failed + notBegun + ignored === 0) {
    // Not awaited: the change is over.
    void vscode.window.showInformationMessage(message, show).then((answer) => {
      if (answer === show) void showResults();
    });
    return undefined;
  }
  const left = leftToDo(results);
  const retry = vscode.l10n.t('Retry the Failed');
  const goOn = vscode.l10n.t('Continue');
  const buttons = [...(left.failed > 0 ? [retry] : []), ...(left.notBegun > 0 ? [goOn] : []), show];
  let answer = await vscode.window.showWarningMessage(message, ...buttons);
  while (answer === show) {
    await showResults();
    answer = await vscode.window.showWarningMessage(message, ...buttons);
  }
  return answer === retry ? 'failed' : answer === goOn ? 'notBegun' : undefined;
}
