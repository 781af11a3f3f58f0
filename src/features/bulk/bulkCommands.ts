import * as l10n from '@vscode/l10n';
import { commands } from '../../contributions';
import { planChange } from '../../core/changes/bulkPlan';
import type { BulkChange, BulkKnowledge, BulkRow } from '../../core/changes/bulkPlan';
import type { KnownCluster } from '../../core/inventory/ownerRecord';
import type { FleetFinder } from '../../core/arrange/fleetFinder';
import type { Fleets } from '../../core/inventory/fleets';
import { normalisedApiUrl } from '../../core/arrange/grouping';
import { withPresentOwners } from '../../core/inventory/presentOwners';
import { ownerKey } from '../../core/model/cluster';
import type { Cluster } from '../../core/model/cluster';
import { countInWords } from '../../core/model/countInWords';
import type { HostUrl } from '../../core/model/host';
import type { HostAccounts } from '../../core/accounts/hostAccounts';
import type { Inventory } from '../../core/inventory/inventory';
import type { Recording } from '../../core/journal/recording';
import type { OwnerRoles } from '../../core/inventory/ownerRoles';
import { plain } from '../../core/model/plainText';
import { clusterTitle } from '../../core/model/titles';
import type { Dialogs } from '../../editor/dialogs';
import { askChange, askKind } from './askChange';
import type { AskedChange, ChangeKind } from './askChange';
import type { EffectsOf } from '../../editor/askWithEffects';
import type { CommandTable } from '../../editor/commandTable';
import { deleteRows, deletionNotes } from './deleteRows';
import { choosePart } from '../../editor/choosePart';
import type { Pickers } from '../../editor/pickers';
import { clustersOfRows } from '../../editor/rowClusters';
import { askUnsearched } from '../../editor/searchFirst';
import { unsearchedInWords, unsearchedLines } from '../../core/inventory/unsearched';
import type { UnsearchedHost } from '../../core/inventory/unsearched';
import { runChange } from './runChange';
import type { RunSources } from './runChange';

interface BulkSources {
  readonly accounts: HostAccounts;
  readonly inventory: Inventory;
  readonly fleets: Fleets;
  readonly finder: FleetFinder;
  readonly roles: Pick<OwnerRoles, 'mayChange' | 'ask'>;
  readonly pickers: Pickers;
  readonly dialogs: Dialogs;
  readonly effects: EffectsOf;
  readonly recording: Recording;
}

type Clusters = readonly KnownCluster[];

/** One change for many clusters: which, a table of what it does, the run, and what became of each. */
export function bulkCommands(sources: BulkSources) {
  const { accounts, inventory, fleets, finder, roles, pickers, dialogs, recording } = sources;
  const knowledge: BulkKnowledge = {
    canWrite: ({ host }) => pickers.canWrite(host),
    mayChange: ({ host, owner }) => roles.mayChange(host, owner),
    isArchived: ({ host, owner }) => fleets.fleet(host).record(owner)?.archived ?? false,
    known: () => finder.known().clusters,
  };
  const running: RunSources = {
    inventory,
    dialogs,
    effects: sources.effects,
    hostName: (url) => accounts.hosts.find((host) => host.url === url)?.name ?? url,
    recording,
  };

  const change = async (node: unknown, selected: unknown, given?: ChangeKind): Promise<void> => {
    const { clusters, notes } = await clustersFor(node, selected, sources);
    if (clusters.length === 0) return;
    const kind = given ?? (await askKind(titleFor(clusters.length), dialogs));
    if (!kind) return;
    const wanted = await widen(clusters, kind, sources);
    if (!wanted) return;
    await askWhoWeAre(wanted, inventory);
    const atHost = kind === 'managementProject' ? await toBeManaged(wanted, sources) : wanted;
    const [first] = atHost ?? [];
    if (!atHost || !first) return;
    const title = titleFor(atHost.length);
    const deletion: AskedChange = { change: { type: 'delete' }, notes: deletionNotes() };
    const asked =
      kind === 'delete'
        ? deletion
        : await askChange(kind, title, {
            clusters: atHost,
            client: () => inventory.client(first.host),
            isAdmin: inventory.identity(first.host)?.user.isAdmin ?? false,
            gitlabVersion: oldestVersion(atHost, inventory),
            dialogs,
          });
    if (!asked) return;
    const noted = { ...asked, notes: [...notes, ...asked.notes] };
    await runChange(planChange(atHost, asked.change, knowledge), noted, running);
  };
  const deleteClusters = async (node: unknown, selected: unknown): Promise<void> => {
    const clusters = await pickers.clusters(node, selected, l10n.t('Delete Clusters'));
    const allowed = clusters.filter((cluster) => pickers.isWritable(cluster));
    // As before a form opens: what GitLab would refuse is said in the question, not after it.
    await askRoles(allowed, sources);
    if (allowed.length > 0) await deleteRows(planChange(allowed, { type: 'delete' }, knowledge), running);
  };
  return {
    /** Carries out what another feature has planned, with its table and its question. */
    runPlan: (rows: readonly BulkRow[], change: BulkChange, notes: readonly string[]) =>
      runChange(rows, { change, notes }, running),
    /** Deletes clusters, with the question that belongs to it, which says `notes` too. */
    deleteClusters: (clusters: readonly Cluster[], notes?: readonly string[]) =>
      deleteRows(planChange(clusters, { type: 'delete' }, knowledge), running, notes),
    knowledge,
    table: {
      [commands.changeClusters]: (node: unknown, selected: unknown) => change(node, selected),
      [commands.changeCluster]: (node: unknown) => change(node, undefined),
      [commands.enableCluster]: (node: unknown) => change(node, undefined, 'enable'),
      [commands.enableClusters]: (node: unknown, selected: unknown) => change(node, selected, 'enable'),
      [commands.disableCluster]: (node: unknown) => change(node, undefined, 'disable'),
      [commands.disableClusters]: (node: unknown, selected: unknown) => change(node, selected, 'disable'),
      [commands.deleteCluster]: deleteClusters,
      [commands.deleteClusters]: deleteClusters,
      [commands.addClustersFromList]: async () => {
        const { askList } = await import('./addList');
        const plan = await askList({ accounts, inventory, roles, pickers, dialogs, knowledge });
        if (!plan) return;
        const { rows, change: adding, serviceTokens: serviceToken } = plan;
        await runChange(rows, { change: adding, serviceToken, notes: [] }, running);
      },
    } satisfies CommandTable,
  };
}

/** What is to be changed, and what the plan has to say of how that was found. */
interface Wanted {
  readonly clusters: Clusters;
  readonly notes: readonly string[];
}

/** The rows the command was called on, never more; or else everything known or what fits the filter. */
async function clustersFor(node: unknown, selected: unknown, sources: BulkSources): Promise<Wanted> {
  const { fleets, finder, pickers, dialogs } = sources;
  const nothing: Wanted = { clusters: [], notes: [] };
  const rows = pickers.rows(node, selected);
  // What a group holds depends on what was searched; single clusters are just what they are.
  const isJustThese = clustersOfRows(rows, finder).length > 0 && !rows.some(({ type }) => type === 'group');
  if (!isJustThese) {
    await fleets.recallAll();
    if (rows.length === 0 && !(await pickers.everything())) return nothing;
  }
  const unsearched = isJustThese ? [] : await askSearch(sources);
  if (!unsearched) return nothing;
  const notes = notesOf(unsearched, sources);
  const ofRows = clustersOfRows(rows, finder);
  if (ofRows === 'gone') {
    void dialogs.notify(
      'information',
      l10n.t('The tree has changed, and this row no longer exists. Nothing was done.'),
    );
    return nothing;
  }
  if (ofRows.length > 0) return { clusters: ofRows, notes };
  const title = l10n.t('Change Clusters');
  const all = finder.known();
  const part = finder.filterText === '' ? all : await choosePart(title, finder, all, finder.matching(), dialogs);
  return part ? { clusters: [...finder.sorted(part.clusters), ...part.named], notes } : nothing;
}

function askSearch(sources: BulkSources): Promise<readonly UnsearchedHost[] | undefined> {
  return askUnsearched(l10n.t('Change the known clusters only?'), l10n.t('Change Known Clusters'), sources);
}

function notesOf(unsearched: readonly UnsearchedHost[], { accounts }: BulkSources): readonly string[] {
  const words = unsearchedInWords(unsearched, accounts.hosts.length);
  return words === undefined ? [] : [`${words}: ${unsearchedLines(unsearched).join('; ')}`];
}

/** A connection is often that of several registrations: whoever changes one is offered all. */
async function widen(
  clusters: Clusters,
  kind: ChangeKind,
  { finder, dialogs }: BulkSources,
): Promise<Clusters | undefined> {
  const [only] = clusters;
  const isConnection = ['apiUrl', 'caCert', 'serviceToken', 'wholeConnection'].includes(kind);
  if (!isConnection || clusters.length !== 1 || !only || only.detail !== 'full' || !only.platform) return clusters;
  const apiUrl = normalisedApiUrl(only.platform.apiUrl);
  const same = finder
    .known()
    .clusters.filter(({ platform }) => platform && normalisedApiUrl(platform.apiUrl) === apiUrl);
  if (same.length < 2) return clusters;
  const parts: readonly { readonly label: string; readonly part: Clusters }[] = [
    { label: l10n.t('Only {0}', clusterTitle(only)), part: clusters },
    { label: l10n.t('All {0} registrations of {1}', same.length, plain(apiUrl)), part: finder.sorted(same) },
  ];
  return (await dialogs.choose(l10n.t('Change Clusters'), parts, ({ label }) => ({ label })))?.part;
}

function oldestVersion(clusters: Clusters, inventory: Inventory): string | undefined {
  const hosts = [...new Set(clusters.map(({ host }) => host))];
  const versions = hosts.flatMap((host) => inventory.identity(host)?.version?.number ?? []);
  const { compare } = new Intl.Collator('en', { numeric: true });
  return versions.sort(compare)[0];
}

/** Roles at so many owners are asked for; beyond that, GitLab's refusals say it one by one. */
const MOST_ROLES = 20;

async function askRoles(clusters: readonly Cluster[], { inventory, roles, dialogs }: BulkSources): Promise<void> {
  const owners = new Map(clusters.map((one) => [`${one.host}|${ownerKey(one.owner)}`, one]));
  if (owners.size === 0 || owners.size > MOST_ROLES) return;
  await dialogs.progress({ title: '', where: 'view' }, async () => {
    await askWhoWeAre(clusters, inventory);
    await Promise.all([...owners.values()].map(({ host, owner }) => roles.ask(host, owner)));
  });
}

/** Only then it is known which hosts are read-only. */
async function askWhoWeAre(clusters: Clusters, inventory: Inventory): Promise<void> {
  const hosts = [...new Set(clusters.map(({ host }) => host))];
  await Promise.allSettled(hosts.map((host) => inventory.identify(host)));
}

/** Clusters of one host, each where its owner is now: that decides which projects may manage it. */
async function toBeManaged(clusters: Clusters, sources: BulkSources): Promise<Clusters | undefined> {
  const { accounts, inventory, dialogs } = sources;
  const atHost = await atOneHost(clusters, sources);
  const host = atHost?.[0] && accounts.find(atHost[0].host);
  if (!atHost || !host) return atHost;
  return dialogs.progress({ title: '', where: 'view' }, () =>
    withPresentOwners(atHost, host, () => inventory.client(host.url)),
  );
}

/** A project's number means something at its own host only. */
async function atOneHost(clusters: Clusters, { accounts, dialogs }: BulkSources): Promise<Clusters | undefined> {
  const hosts = [...new Set(clusters.map(({ host }) => host))];
  if (hosts.length < 2) return clusters;
  const at = (url: HostUrl): Clusters => clusters.filter(({ host }) => host === url);
  const title = l10n.t('A management project belongs to one host. Which host’s clusters do you want to change?');
  const chosen = await dialogs.choose(title, hosts, (url) => ({
    label: accounts.find(url)?.name ?? url,
    description: countInWords(at(url).length),
  }));
  return chosen && at(chosen);
}

function titleFor(count: number): string {
  return count === 1 ? l10n.t('Change 1 Cluster') : l10n.t('Change {0} Clusters', count.toLocaleString());
}
