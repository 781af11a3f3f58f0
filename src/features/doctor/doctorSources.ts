import { lookup } from 'node:dns/promises';
import * as vscode from 'vscode';
import { SETTINGS_SECTION } from '../../contributions';
import type { FleetFinder } from '../../core/arrange/fleetFinder';
import type { HostAccounts } from '../../core/accounts/hostAccounts';
import type { Surroundings } from '../../core/diagnosis/surroundings';
import { certificatesOf } from '../../core/diagnosis/chainCause';
import type { KnownCa } from '../../core/diagnosis/chainCause';
import type { Registration } from '../../core/diagnosis/ladder';
import type { DiagnosisResults } from '../../core/diagnosis/results';
import { targetOf } from '../../core/diagnosis/target';
import { tryPort } from '../../core/diagnosis/tryPort';
import type { Fleets } from '../../core/inventory/fleets';
import type { Inventory } from '../../core/inventory/inventory';
import type { Cluster } from '../../core/model/cluster';
import type { HostUrl } from '../../core/model/host';
import { plain } from '../../core/model/plainText';
import { clusterTitle, ownerTitle } from '../../core/model/titles';
import type { OpenAgent } from '../../core/net/agents';
import { numberSetting } from '../../editor/numberSetting';
import type { Pickers } from '../../editor/pickers';
import type { TextDocuments } from '../../editor/textDocuments';

export interface DoctorSources {
  readonly accounts: HostAccounts;
  readonly inventory: Inventory;
  readonly fleets: Fleets;
  readonly finder: FleetFinder;
  readonly pickers: Pickers;
  readonly texts: TextDocuments;
  readonly openAgent: OpenAgent;
  readonly results: DiagnosisResults;
  /** The cluster whose document a command was called on. Throws GitLabError. */
  readonly clusterOf: (value: unknown) => Promise<Cluster | undefined>;
  /** The extension's own version. */
  readonly version: string;
}

/** What a diagnosis needs of the world, from the editor's settings and what is known of other clusters. */
export function surroundingsOf(sources: Pick<DoctorSources, 'accounts' | 'finder' | 'openAgent'>): Surroundings {
  const deadline = numberSetting(vscode.workspace.getConfiguration(SETTINGS_SECTION), 'requestTimeout') * 1000;
  const { openAgent, accounts } = sources;
  const knownCas = once(() => knownCasOf(sources));
  const isGitLab: Surroundings['isGitLab'] = ({ hostname, port }) =>
    accounts.hosts.some(({ url }) => {
      const target = targetOf(url);
      return 'base' in target && target.hostname === hostname && target.port === port;
    });
  return { openAgent, resolve, tryPort, knownCas, isGitLab, deadline, now: () => new Date() };
}

export function registrationOf(cluster: Cluster, inventory: Inventory, token: string | undefined): Registration {
  const { platform, managed } = cluster;
  const { apiUrl = '', caCert, namespace } = platform ?? {};
  return { apiUrl, caCert, namespace, managed, gitlabVersion: versionOf(cluster.host, inventory), token };
}

/** The version of a host, as last reported. */
export function versionOf(host: HostUrl, inventory: Inventory): string | undefined {
  const state = inventory.hostState(host);
  return state?.state === 'loaded' ? state.value.version?.number : undefined;
}

export function hostName(host: HostUrl, accounts: HostAccounts): string {
  return plain(accounts.find(host)?.name ?? host);
}

/** When a run began, and what ran. */
export function aboutRun(at: Date, version: string): readonly string[] {
  return [
    vscode.l10n.t('Checked: {0}', at.toISOString()),
    vscode.l10n.t('Versions: GitLab Clusters {0}, VS Code {1} on {2}', version, vscode.version, process.platform),
  ];
}

/** Registrations share CAs, so each text is read once. */
function knownCasOf({ accounts, finder }: Pick<DoctorSources, 'accounts' | 'finder'>): readonly KnownCa[] {
  const byText = new Map<string, Cluster>();
  for (const cluster of finder.known().clusters) {
    const text = cluster.platform?.caCert;
    if (text !== undefined && text !== '' && !byText.has(text)) byText.set(text, cluster);
  }
  return [...byText].map(([text, cluster]) => ({
    cluster: vscode.l10n.t(
      '{0} ({1} at {2})',
      clusterTitle(cluster),
      ownerTitle(cluster.owner),
      hostName(cluster.host, accounts),
    ),
    certificates: certificatesOf(text),
  }));
}

async function resolve(name: string): Promise<readonly string[]> {
  return (await lookup(name, { all: true })).map(({ address }) => address);
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}
