import * as l10n from '@vscode/l10n';
import { diagnoseAll } from '../../core/diagnosis/diagnose';
import type { Diagnosis } from '../../core/diagnosis/ladder';
import type { Cluster } from '../../core/model/cluster';
import { plain } from '../../core/model/plainText';
import { clusterTitle, ownerTitle, placedTitle } from '../../core/model/titles';
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
  const { dialogs, documents, results, inventory } = sources;
  const registrations = clusters.map((cluster) => registrationOf(cluster, inventory, token));
  const urls = registrations.map(({ apiUrl }) => apiUrl);
  if (!(await askAddresses(urls, { agreed: results.agreed, dialogs, withToken: token !== undefined }))) return;
  const found = new Map<number, Diagnosis>();
  const reported = (): readonly Reported[] =>
    clusters.map((cluster, index) => ({
      cluster: clusterTitle(cluster),
      owner: ownerTitle(cluster.owner),
      host: hostName(cluster.host, sources.accounts),
      apiUrl: plain(withoutCredentials(cluster.platform?.apiUrl ?? '')),
      diagnosis: found.get(index),
    }));
  const about = aboutRun(new Date(), sources.versions);
  const parts: ReportParts = { about, running: true, order: 'result' };
  const titles = titlesOf(clusters, sources);
  // One cluster has no rows to sort.
  const text = await documents.show(titles.report, doctorReport(reported(), parts), clusters.length > 1);
  const show = keepReport(text, parts, reported());
  const growing = atMostEvery(PACE, () => show(reported(), true));
  const running = { title: titles.running, where: 'notification', cancellable: true } as const;
  await dialogs.progress(running, async (report, signal) => {
    try {
      await diagnoseAll(
        registrations,
        surroundingsOf(sources),
        (index, diagnosis) => {
          const cluster = clusters[index];
          found.set(index, diagnosis);
          if (!cluster) return;
          results.keep(cluster, diagnosis);
          const done = l10n.t('{0} of {1} ({2})', found.size, clusters.length, clusterTitle(cluster));
          report(done, 100 / clusters.length);
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
  if (clusters.length > 1) void dialogs.notify('information', countsInWords(reported()));
}

/** What the report and its progress are called: a single cluster with its place, which tells it apart from namesakes. */
function titlesOf(
  clusters: readonly Cluster[],
  { accounts }: DoctorSources,
): { readonly report: string; readonly running: string } {
  const [only] = clusters;
  if (clusters.length === 1 && only) {
    const name = placedTitle(only, hostName(only.host, accounts));
    return { report: l10n.t('Diagnosis of {0}', name), running: l10n.t('Diagnosing {0}', name) };
  }
  return {
    report: l10n.t('Diagnosis of {0} clusters', clusters.length),
    running: l10n.t('Diagnosing {0} clusters', clusters.length),
  };
}
