import * as vscode from 'vscode';
import { diagnoseAll } from '../../core/diagnosis/diagnose';
import type { Diagnosis } from '../../core/diagnosis/ladder';
import type { Cluster } from '../../core/model/cluster';
import { plain } from '../../core/model/plainText';
import { clusterTitle, ownerTitle } from '../../core/model/titles';
import { withoutCredentials } from '../../core/model/withoutCredentials';
import { atMostEvery } from '../../core/time/atMostEvery';
import { askAddresses } from './askAddresses';
import { countsInWords, doctorReport } from './doctorReport';
import type { ReportParts, Reported } from './doctorReport';
import { aboutRun, hostName, registrationOf, surroundingsOf } from './doctorSources';
import type { DoctorSources } from './doctorSources';
import { keepReport } from './shownReports';

/** Milliseconds between two states of a report that grows. */
const PACE = 500;

/**
 * Diagnoses clusters after their addresses were agreed to, with progress and cancel. The report opens at once and grows.
 * `token` is a Kubernetes token typed for this run; it is in no result.
 */
export async function diagnoseClusters(
  clusters: readonly Cluster[],
  sources: DoctorSources,
  token?: string,
): Promise<void> {
  const { texts, results, inventory } = sources;
  const registrations = clusters.map((cluster) => registrationOf(cluster, inventory, token));
  const urls = registrations.map(({ apiUrl }) => apiUrl);
  if (!(await askAddresses(urls, { agreed: results.agreed, texts, withToken: token !== undefined }))) return;
  const found = new Map<number, Diagnosis>();
  const reported = (): readonly Reported[] =>
    clusters.map((cluster, index) => ({
      cluster: clusterTitle(cluster),
      owner: ownerTitle(cluster.owner),
      host: hostName(cluster.host, sources.accounts),
      apiUrl: plain(withoutCredentials(cluster.platform?.apiUrl ?? '')),
      diagnosis: found.get(index),
    }));
  const about = aboutRun(new Date(), sources.version);
  const parts: ReportParts = { about, running: true, order: 'result' };
  const [only] = clusters;
  const title =
    clusters.length === 1 && only
      ? vscode.l10n.t('Diagnosis of {0}', clusterTitle(only))
      : vscode.l10n.t('Diagnosis of {0} clusters', clusters.length);
  // One cluster has no rows to sort.
  const kind = clusters.length === 1 ? '' : 'diagnoses';
  const text = await texts.show(title, doctorReport(reported(), parts), 'md', kind);
  const show = keepReport(text, parts, reported());
  const growing = atMostEvery(PACE, () => show(reported(), true));
  await withProgress(clusters, async (report, signal) => {
    try {
      await diagnoseAll(
        registrations,
        surroundingsOf(sources),
        (index, diagnosis) => {
          const cluster = clusters[index];
          found.set(index, diagnosis);
          if (!cluster) return;
          results.keep(cluster, diagnosis);
          report(cluster, found.size);
          growing.request();
        },
        signal,
      );
    } catch (error) {
      // Cancelled: what is known already is shown.
      if (!signal.aborted) throw error;
    } finally {
      growing.dispose();
      show(reported(), false);
      results.tell();
    }
  });
  if (clusters.length > 1) vscode.window.setStatusBarMessage(countsInWords(reported()), 10_000);
}

function withProgress(
  clusters: readonly Cluster[],
  work: (report: (last: Cluster, done: number) => void, signal: AbortSignal) => Promise<void>,
): Thenable<void> {
  const [only] = clusters;
  const words =
    clusters.length === 1 && only
      ? vscode.l10n.t('Diagnosing {0}', clusterTitle(only))
      : vscode.l10n.t('Diagnosing {0} clusters', clusters.length);
  return vscode.window.withProgress(
    { location: vscode.ProgressLocation.Notification, title: words, cancellable: true },
    async (progress, cancellation) => {
      const cancelled = new AbortController();
      const subscription = cancellation.onCancellationRequested(() => cancelled.abort(new Error('cancelled')));
      const report = (last: Cluster, done: number): void =>
        progress.report({
          message: vscode.l10n.t('{0} of {1} ({2})', done, clusters.length, clusterTitle(last)),
          increment: 100 / clusters.length,
        });
      try {
        await work(report, cancelled.signal);
      } finally {
        subscription.dispose();
      }
    },
  );
}
