import { randomUUID } from 'node:crypto';
import * as l10n from '@vscode/l10n';
import type { BulkChange, BulkRow } from '../../core/changes/bulkPlan';
import { BulkRun } from '../../core/changes/bulkRun';
import { leftToDo } from '../../core/changes/bulkResult';
import type { BulkRunOptions } from '../../core/changes/bulkRun';
import type { BulkProgress, BulkResult } from '../../core/changes/bulkResult';
import { planText, resultText } from '../../core/changes/bulkText';
import {
  bulkAction,
  bulkQuestion,
  countOutcomes,
  countRows,
  leftAlone,
  outcomeSentence,
  stopSentence,
} from '../../core/changes/bulkWords';
import type { Inventory } from '../../core/inventory/inventory';
import type { Recording } from '../../core/journal/recording';
import { listClusters } from '../../core/gitlab/clusters';
import type { Cluster, ClusterOwner } from '../../core/model/cluster';
import type { HostUrl } from '../../core/model/host';
import type { ClusterFields } from '../../core/model/clusterFields';
import { clusterTitle } from '../../core/model/titles';
import type { Buttons, Dialogs } from '../../editor/dialogs';
import type { AskedChange } from './askChange';
import { askWithEffects } from '../../editor/askWithEffects';
import { plannedChanges } from './effects';
import type { EffectsOf } from '../../editor/askWithEffects';

export interface RunSources {
  readonly inventory: Inventory;
  readonly dialogs: Dialogs;
  readonly effects: EffectsOf;
  readonly hostName: (url: string) => string;
  readonly recording: Recording;
}

/** Shows what would be changed, asks, does it, and offers what is left. Nothing is sent before the answer. */
export async function runChange(
  rows: readonly BulkRow[],
  { change, serviceToken, notes }: AskedChange,
  sources: RunSources,
): Promise<void> {
  const { dialogs, hostName } = sources;
  const { changes } = countRows(rows);
  const planned = l10n.t('Planned changes of clusters');
  const plan = planText(rows, { title: l10n.t('Preview. Nothing has been sent to GitLab yet.'), notes, hostName });
  await dialogs.showText(planned, plan);
  if (changes === 0) {
    void dialogs.notify('information', l10n.t('Nothing to change. See the table for the reasons.'));
    return;
  }
  const problem = await recordingProblem(rows, sources);
  const agreed = await confirm(rows, change, [...notes, ...problem], sources, (action) =>
    dialogs.review(planned, plan, action),
  );
  if (!agreed) return;
  const recorded = randomUUID();
  const run = startRun({ rows, change, serviceToken }, recorded, sources);
  const showResults = (): Promise<void> =>
    dialogs.showText(
      l10n.t('Results of changing clusters'),
      resultText(run.results, { title: l10n.t('Results by cluster'), notes: [], hostName }),
    );
  await untilLeft(run, progressTitle(change, changes), dialogs, async (results) => {
    await showResults();
    return nextStep(results, showResults, undoOffer(results, recorded, sources), dialogs);
  });
}

function progressTitle({ type }: BulkChange, count: number): string {
  if (type === 'add') return count === 1 ? l10n.t('Adding 1 cluster') : l10n.t('Adding {0} clusters', count);
  return count === 1 ? l10n.t('Changing 1 cluster') : l10n.t('Changing {0} clusters', count);
}

/** Why what is about to be done cannot be recorded, for the question before it. */
export async function recordingProblem(
  rows: readonly BulkRow[],
  { recording }: RunSources,
): Promise<readonly string[]> {
  const wanted = rows.filter(({ verdict }) => verdict !== 'cannot' && verdict !== 'unchanged');
  const problem = await recording.problem([...new Set(wanted.map(({ cluster }) => cluster.host))]);
  return problem === undefined ? [] : [problem];
}

/** Undoes what a run did; undefined where nothing was done or recorded. */
export function undoOffer(
  results: readonly BulkResult[],
  recorded: string,
  { recording }: RunSources,
): (() => unknown) | undefined {
  const isDone = results.some(
    ({ result: { outcome } }) => outcome === 'changed' || outcome === 'added' || outcome === 'deleted',
  );
  return isDone && recording.isOn() ? () => recording.undo(recorded) : undefined;
}

/**
 * A run that writes through the inventory, which also settles writes whose answer got lost. All of it is recorded under one
 * ID.
 */
export function startRun(options: Omit<BulkRunOptions, 'writes'>, change: string, { inventory }: RunSources): BulkRun {
  const writes = {
    get: (cluster: Cluster) => inventory.get(cluster),
    edit: (cluster: Cluster, fields: ClusterFields) => inventory.edit(cluster, fields, { change }),
    delete: (cluster: Cluster) => inventory.delete(cluster, { change }),
    adding: {
      add: (host: HostUrl, owner: ClusterOwner, fields: ClusterFields) =>
        inventory.add(host, owner, fields, { change }),
      list: async (host: HostUrl, owner: ClusterOwner) => listClusters(await inventory.client(host), owner),
    },
    gather: <T>(work: () => Promise<T>) => inventory.gather(work),
  };
  return new BulkRun({ ...options, writes });
}

/** What of that which is left the user wants to have done. */
export type NextStep = keyof ReturnType<typeof leftToDo> | undefined;

/** Carries a run out, in steps, for as long as the user wants more of what is left. Disposes it. */
export async function untilLeft(
  run: BulkRun,
  title: string,
  dialogs: Dialogs,
  next: (results: readonly BulkResult[]) => Promise<NextStep>,
): Promise<void> {
  try {
    let results = await withProgress(title, run, dialogs, (signal) => run.run(signal));
    for (let step = await next(results); step; step = await next(results)) {
      const failed = step === 'failed';
      results = await withProgress(title, run, dialogs, (signal) =>
        failed ? run.retryFailed(signal) : run.run(signal),
      );
    }
  } finally {
    run.dispose();
  }
}

/** Enter leads to the table, which has the buttons on it; only the button that says what it does does it at once. */
async function confirm(
  rows: readonly BulkRow[],
  change: BulkChange,
  notes: readonly string[],
  sources: RunSources,
  reviewed: (action: string) => Promise<boolean>,
): Promise<boolean> {
  const { dialogs } = sources;
  const question = bulkQuestion(rows, change);
  const yes = bulkAction(rows, change);
  const review = l10n.t('Review');
  const answer = await askWithEffects(plannedChanges(rows, change), sources, (lines, buttons) => {
    const detail = [...leftAlone(rows), ...lines, ...notes].join('\n');
    return dialogs.confirm(question, detail, review, yes, ...buttons);
  });
  return answer === review ? reviewed(yes) : answer === yes;
}

/** Cancelling ends it between two clusters. */
function withProgress(
  title: string,
  run: BulkRun,
  dialogs: Dialogs,
  work: (signal: AbortSignal) => Promise<readonly BulkResult[]>,
): Promise<readonly BulkResult[]> {
  return dialogs.progress({ title, where: 'notification', cancellable: true }, async (report, signal) => {
    const subscription = run.onDidProgress((now) => report(inWords(now), 100 / now.total));
    try {
      return await work(signal);
    } finally {
      subscription.dispose();
    }
  });
}

function inWords({ done, total, failed, last, pause }: BulkProgress): string {
  const name = clusterTitle(last.row.cluster);
  const words =
    failed === 0
      ? l10n.t('{0} of {1} ({2})', done, total, name)
      : l10n.t('{0} of {1}, {2} failed ({3})', done, total, failed, name);
  return pause === 0 ? words : `${words} ${l10n.t('Waiting {0} s, as GitLab asks…', Math.ceil(pause / 1000))}`;
}

/**
 * Tells how it went, and which of what is left to do the user chooses: trying the failed again never does what was
 * cancelled. `Show Results` leaves the question open.
 */
async function nextStep(
  results: readonly BulkResult[],
  showResults: () => Promise<void>,
  undo: (() => unknown) | undefined,
  dialogs: Dialogs,
): Promise<NextStep> {
  const { failed, notBegun, ignored } = countOutcomes(results);
  const show = l10n.t('Show Results');
  const message = [outcomeSentence(results), stopSentence(results)].filter(Boolean).join(' ');
  if (failed + notBegun + ignored === 0) {
    // Not awaited: the change is over.
    const takeBack = l10n.t('Undo');
    void dialogs.notify('information', message, ...(undo ? [takeBack] : []), show).then((answer) => {
      if (answer === show) void showResults();
      else if (answer === takeBack) undo?.();
    });
    return undefined;
  }
  const left = leftToDo(results);
  const retry = l10n.t('Retry Failed');
  const goOn = l10n.t('Continue');
  const takeBack = l10n.t('Undo');
  const buttons = (): Buttons => {
    const [first, ...rest] = [
      ...(left.failed > 0 ? [retry] : []),
      ...(left.notBegun > 0 ? [goOn] : []),
      ...(undo ? [takeBack] : []),
    ];
    return first === undefined ? [show] : [first, ...rest, show];
  };
  let answer = await dialogs.notify('warning', message, ...buttons());
  while (answer === show || answer === takeBack) {
    if (answer === show) await showResults();
    else {
      // What is left can still be done afterwards: nobody has to give up the one for the other.
      await undo?.();
      undo = undefined;
    }
    answer = await dialogs.notify('warning', message, ...buttons());
  }
  return answer === retry ? 'failed' : answer === goOn ? 'notBegun' : undefined;
}
