import { lookup } from 'node:dns/promises';
import * as l10n from '@vscode/l10n';
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
import { clusterKey } from '../../core/model/cluster';
import type { Cluster } from '../../core/model/cluster';
import type { HostUrl } from '../../core/model/host';
import { plain } from '../../core/model/plainText';
import { clusterTitle, ownerTitle } from '../../core/model/titles';
import type { OpenAgent } from '../../core/net/agents';
import type { Dialogs } from '../../editor/dialogs';
import type { Pickers } from '../../editor/pickers';
import type { ShownText } from '../../editor/textDocuments';

export interface DoctorSources {
  readonly accounts: HostAccounts;
  readonly inventory: Inventory;
  readonly fleets: Fleets;
  readonly finder: FleetFinder;
  readonly pickers: Pickers;
  readonly dialogs: Dialogs;
  readonly documents: ReportDocuments;
  readonly openAgent: OpenAgent;
  readonly results: DiagnosisResults;
  /** The cluster whose document a command was called on. Throws GitLabError. */
  readonly clusterOf: (value: unknown) => Promise<Cluster | undefined>;
  /** The clusters that the listed warnings of a host are about. */
  readonly warnedOf: (host: HostUrl) => readonly Cluster[];
  /** Milliseconds that a request may take, as the settings say now. */
  readonly deadline: () => number;
  /** Versions of the extension and the editor, and the system, as they are reported. */
  readonly versions: string;
}

/** Reports in the editor. */
export interface ReportDocuments {
  /** Shows Markdown. `isSortable`: with the command that sorts it in its title. */
  readonly show: (title: string, text: string, isSortable: boolean) => Promise<ShownText>;
  /** The address of the report a value stands for, or of the one in front. */
  readonly addressOf: (value: unknown) => string | undefined;
}

/**
 * What a diagnosis needs of the world, from the editor's settings and what is known of clusters: of all but the one with
 * the key `except`, which is being edited.
 */
export function surroundingsOf(
  sources: Pick<DoctorSources, 'accounts' | 'finder' | 'openAgent' | 'deadline'>,
  except?: string,
): Surroundings {
  const { openAgent, accounts } = sources;
  const knownCas = once(() => knownCasOf(sources, except));
  const isGitLab: Surroundings['isGitLab'] = ({ hostname, port }) =>
    accounts.hosts.some(({ url }) => {
      const target = targetOf(url);
      return 'base' in target && target.hostname === hostname && target.port === port;
    });
  return { openAgent, resolve, tryPort, knownCas, isGitLab, deadline: sources.deadline(), now: () => new Date() };
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
export function aboutRun(at: Date, versions: string): readonly string[] {
  return [l10n.t('Checked: {0}', at.toISOString()), l10n.t('Versions: {0}', versions)];
}

/** Registrations share CAs, so each text is read once. */
function knownCasOf(
  { accounts, finder }: Pick<DoctorSources, 'accounts' | 'finder'>,
  except: string | undefined,
): readonly KnownCa[] {
  const byText = new Map<string, Cluster>();
  for (const cluster of finder.known().clusters) {
    const text = clusterKey(cluster) === except ? undefined : cluster.platform?.caCert;
    if (text !== undefined && text !== '' && !byText.has(text)) byText.set(text, cluster);
  }
  return [...byText].map(([text, cluster]) => ({
    cluster: l10n.t(
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
