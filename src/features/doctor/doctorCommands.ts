import { lookup } from 'node:dns/promises';
import * as vscode from 'vscode';
import { SETTINGS_SECTION, commands } from '../../contributions';
import type { FleetFinder } from '../../core/arrange/fleetFinder';
import type { HostAccounts } from '../../core/accounts/hostAccounts';
import { certificatesOf } from '../../core/diagnosis/chainCause';
import type { KnownCa } from '../../core/diagnosis/chainCause';
import { diagnoseAll } from '../../core/diagnosis/diagnose';
import type { Diagnosis, Registration } from '../../core/diagnosis/ladder';
import type { DiagnosisResults } from '../../core/diagnosis/results';
import { tryPort } from '../../core/diagnosis/tryPort';
import type { Fleets } from '../../core/inventory/fleets';
import type { Inventory } from '../../core/inventory/inventory';
import type { Cluster } from '../../core/model/cluster';
import { countInWords } from '../../core/model/countInWords';
import { plain } from '../../core/model/plainText';
import { clusterTitle, ownerTitle } from '../../core/model/titles';
import type { OpenAgent } from '../../core/net/agents';
import { choose } from '../../editor/ask';
import type { CommandTable } from '../../editor/commandTable';
import type { Pickers } from '../../editor/pickers';
import type { TextDocuments } from '../../editor/textDocuments';
import { askAddresses } from './askAddresses';
import { chosenClusters } from './chosenClusters';
import { countsInWords, doctorReport } from './doctorReport';
import type { Reported } from './doctorReport';

export interface DoctorSources {
  readonly accounts: HostAccounts;
  readonly inventory: Inventory;
  readonly fleets: Fleets;
  readonly finder: FleetFinder;
  readonly pickers: Pickers;
  readonly texts: TextDocuments;
  readonly openAgent: OpenAgent;
  readonly results: DiagnosisResults;
  /** The extension's own version. */
  readonly version: string;
}

/** Find out from this computer why clusters cannot be reached. */
export function doctorCommands(sources: DoctorSources) {
  const { pickers, finder } = sources;
  return {
    [commands.diagnoseClusters]: async (node: unknown, selected: unknown) => {
      const rows = pickers.rows(node, selected);
      const clusters = rows.length > 0 ? chosenClusters(rows, finder) : await pick(sources);
      if (clusters) await diagnoseClusters(clusters, sources);
    },
  } satisfies CommandTable;
}

function title(): string {
  return vscode.l10n.t('Diagnose Cluster');
}

function hasApiUrl({ platform }: Cluster): boolean {
  return !!platform?.apiUrl;
}

/** From the Command Palette: one cluster, what fits the filter, or everything. */
async function pick({ pickers, finder, fleets }: DoctorSources): Promise<readonly Cluster[] | undefined> {
  await fleets.recallAll();
  const all = await pickers.everything();
  if (!all) return undefined;
  const parts: readonly { readonly label: string; readonly clusters: readonly Cluster[] | undefined }[] = [
    { label: vscode.l10n.t('One cluster…'), clusters: undefined },
    ...(finder.filterText === ''
      ? []
      : [{ label: vscode.l10n.t('What matches “{0}”', finder.filterText), clusters: finder.matching().clusters }]),
    { label: vscode.l10n.t('Everything known'), clusters: all.clusters },
  ];
  const part = await choose(title(), parts, ({ label, clusters }) => ({
    label,
    ...(clusters && { description: countInWords(clusters.length) }),
  }));
  if (!part) return undefined;
  if (part.clusters) return part.clusters;
  const one = await pickers.cluster(undefined, title(), hasApiUrl);
  return one && [one];
}

async function diagnoseClusters(chosen: readonly Cluster[], sources: DoctorSources): Promise<void> {
  const { texts, results, openAgent, version } = sources;
  const clusters = chosen.filter(hasApiUrl);
  if (clusters.length === 0) {
    void vscode.window.showInformationMessage(vscode.l10n.t('None of these clusters has an API URL to check.'));
    return;
  }
  const registrations = clusters.map((cluster) => registrationOf(cluster, sources));
  const urls = registrations.map(({ apiUrl }) => apiUrl);
  if (!(await askAddresses(urls, results.agreed, texts))) return;
  const started = new Date();
  const found = new Map<number, Diagnosis>();
  const knownCas = once(() => knownCasOf(sources));
  const deadline = vscode.workspace.getConfiguration(SETTINGS_SECTION).get('requestTimeout', 30) * 1000;
  const world = { openAgent, resolve, tryPort, knownCas, deadline, now: () => new Date() };
  await withProgress(clusters, async (report, signal) => {
    try {
      await diagnoseAll(
        registrations,
        world,
        (index, diagnosis) => {
          const cluster = clusters[index];
          found.set(index, diagnosis);
          if (!cluster) return;
          results.keep(cluster, diagnosis);
          report(cluster, found.size);
        },
        signal,
      );
    } catch (error) {
      // Cancelled: what is known already is shown.
      if (!signal.aborted) throw error;
    }
  });
  results.tell();
  const reported = clusters.map((cluster, index): Reported => ({
    cluster: fullName(cluster, sources),
    apiUrl: plain(cluster.platform?.apiUrl.replace(/\/\/[^/@]*@/, '//') ?? ''),
    diagnosis: found.get(index),
  }));
  const about = [
    vscode.l10n.t('Checked: {0}', started.toISOString()),
    vscode.l10n.t('Versions: GitLab Clusters {0}, VS Code {1} on {2}', version, vscode.version, process.platform),
  ];
  const [only] = clusters;
  const name =
    clusters.length === 1 && only
      ? vscode.l10n.t('Diagnosis of {0}', clusterTitle(only))
      : vscode.l10n.t('Diagnosis of {0} clusters', clusters.length);
  await texts.show(name, doctorReport(reported, about), 'md');
  if (clusters.length > 1) vscode.window.setStatusBarMessage(countsInWords(reported), 10_000);
}

function registrationOf(cluster: Cluster, { inventory }: DoctorSources): Registration {
  const state = inventory.hostState(cluster.host);
  const gitlabVersion = state?.state === 'loaded' ? state.value.version?.number : undefined;
  const { platform, managed } = cluster;
  const { apiUrl = '', caCert, namespace } = platform ?? {};
  return { apiUrl, caCert, namespace, managed, gitlabVersion };
}

function fullName(cluster: Cluster, { accounts }: DoctorSources): string {
  const host = accounts.find(cluster.host)?.name ?? cluster.host;
  return vscode.l10n.t('{0} ({1} at {2})', clusterTitle(cluster), ownerTitle(cluster.owner), plain(host));
}

/** Registrations share CAs, so each text is read once. */
function knownCasOf(sources: DoctorSources): readonly KnownCa[] {
  const byText = new Map<string, Cluster>();
  for (const cluster of sources.finder.known().clusters) {
    const text = cluster.platform?.caCert;
    if (text !== undefined && text !== '' && !byText.has(text)) byText.set(text, cluster);
  }
  return [...byText].map(([text, cluster]) => ({
    cluster: fullName(cluster, sources),
    certificates: certificatesOf(text),
  }));
}

async function resolve(name: string): Promise<readonly string[]> {
  return (await lookup(name, { all: true })).map(({ address }) => address);
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

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}
