import * as l10n from '@vscode/l10n';
import { commands } from '../../contributions';
import type { CommandId } from '../../contributions';
import type { HostAccounts } from '../../core/accounts/hostAccounts';
import type { FleetFinder } from '../../core/arrange/fleetFinder';
import { sortedByName } from '../../core/arrange/grouping';
import { GitLabError } from '../../core/gitlab/errors';
import type { KnownCluster, NameOnlyCluster } from '../../core/inventory/ownerRecord';
import type { Fleets } from '../../core/inventory/fleets';
import type { Inventory } from '../../core/inventory/inventory';
import { unsearchedInWords } from '../../core/inventory/unsearched';
import type { Cluster } from '../../core/model/cluster';
import { countInWords } from '../../core/model/countInWords';
import type { Host } from '../../core/model/host';
import { plain } from '../../core/model/plainText';
import { clusterTitle } from '../../core/model/titles';
import type { FleetNode, HostNode } from '../../editor/clusterNodes';
import type { CommandTable } from '../../editor/commandTable';
import type { Dialogs } from '../../editor/dialogs';
import { clusterChoice } from '../../editor/choices';
import type { Pickers } from '../../editor/pickers';
import { searchNow, unsearchedNow } from '../../editor/searchFirst';
import { tellFailure } from '../../editor/tellFailure';

interface FindSources {
  readonly accounts: HostAccounts;
  readonly inventory: Pick<Inventory, 'hostState'>;
  readonly fleets: Fleets;
  readonly finder: FleetFinder;
  readonly documents: { show(cluster: Cluster): Promise<void> };
  readonly pickers: Pickers;
  readonly dialogs: Dialogs;
  /** Runs what a message offers. */
  readonly run: (command: CommandId, row?: HostNode) => unknown;
  readonly tree: {
    show(cluster: KnownCluster): Promise<void>;
    /** Selects the row of all clusters of a host. */
    showFleet(host: Host): Promise<void>;
  };
  /** Exports what was found below a row; everything without one. */
  readonly exportFound: (row: FleetNode | undefined) => unknown;
}

/** More clusters than this are not listed at once: typing finds the others. */
const MOST_LISTED = 300;

/** Find all clusters of a host, stop that, and go to one of those known. */
export function findCommands(sources: FindSources) {
  const { fleets, finder, documents, pickers, dialogs, tree } = sources;
  const find = async (node: unknown, selected: unknown): Promise<void> => {
    const hosts = await hostsFor(node, selected, sources);
    const [first] = hosts;
    if (!first) return;
    // Not awaited: the tree shows how far it is, and where it stops.
    void findAll(hosts, sources);
    await tree.showFleet(first);
  };
  return {
    [commands.findAllClusters]: find,
    [commands.continueFinding]: find,
    [commands.findAgain]: async (node: unknown, selected: unknown) => {
      const hosts = await pickers.hosts(node, selected, l10n.t('Find All Clusters'));
      for (const { url } of hosts) void fleets.crawlAnew(url);
    },
    [commands.stopFinding]: async (node: unknown, selected: unknown) => {
      const hosts = await pickers.hosts(node, selected, l10n.t('Stop Finding Clusters'));
      for (const { url } of hosts) fleets.stop(url);
    },
    [commands.goToCluster]: async () => {
      await fleets.recallAll();
      if (!(await pickers.everything())) return;
      const chosen = await chooseCluster(sources);
      if (chosen === undefined) return;
      if (chosen === 'search') {
        // Whoever stops the search still chooses from what is known.
        await searchNow(unsearchedNow(sources), sources);
        const found = await chooseCluster(sources);
        if (found !== undefined && found !== 'search') await goTo(found);
        return;
      }
      await goTo(chosen);
    },
  } satisfies CommandTable;

  async function goTo(cluster: KnownCluster): Promise<void> {
    // Of one known by name only, its row is all there is to show.
    const open = cluster.detail === 'full' ? documents.show(cluster) : tellUnreadable(cluster, sources);
    await Promise.all([open, tree.show(cluster)]);
  }

  /** Lists what fits the text as the filter of the tree reads it, and says which hosts may have others. */
  function chooseCluster({ accounts }: FindSources): Promise<KnownCluster | 'search' | undefined> {
    const unsearched = unsearchedNow(sources);
    const words = unsearchedInWords(unsearched, accounts.hosts.length);
    const isSearchable = unsearched.some(({ searchable }) => searchable);
    return dialogs.filterPick<KnownCluster | 'search'>({
      title: words === undefined ? l10n.t('Go to Cluster') : l10n.t('Go to Cluster ({0})', words),
      placeholder: l10n.t('Name, path, API URL, #id, host:…, scope:…, disabled, expiring, gcp…'),
      matching: (text) => [
        ...sortedByName(finder.fitting(text)).slice(0, MOST_LISTED),
        ...(words !== undefined && isSearchable ? (['search'] as const) : []),
      ],
      toChoice: (one) =>
        one === 'search'
          ? { label: l10n.t('Search Them First'), icon: 'search', description: words ?? '' }
          : clusterChoice(one, accounts.hosts),
    });
  }
}

/** The hosts of the selected rows, the only one there is, or what the user picks: all of them comes first. */
async function hostsFor(
  node: unknown,
  selected: unknown,
  { accounts, pickers, dialogs }: FindSources,
): Promise<readonly Host[]> {
  const title = l10n.t('Find All Clusters');
  if (pickers.node(node) || accounts.hosts.length < 2) return pickers.hosts(node, selected, title);
  const offered: readonly (Host | 'all')[] = ['all', ...accounts.hosts];
  const chosen = await dialogs.choose(title, offered, (one) =>
    one === 'all'
      ? { label: l10n.t('All hosts'), description: String(accounts.hosts.length) }
      : { label: plain(one.name), description: one.url },
  );
  return chosen === undefined ? [] : chosen === 'all' ? accounts.hosts : [chosen];
}

/** Searches, then says how many were found. What stopped it is on the rows. */
async function findAll(hosts: readonly Host[], { fleets, dialogs, tree, exportFound }: FindSources): Promise<void> {
  await Promise.all(hosts.map(({ url }) => fleets.crawl(url)));
  const found = hosts.filter(({ url }) => {
    const status = fleets.status(url);
    return status.status === 'ended' && status.outcome.outcome === 'complete';
  });
  const [first] = found;
  if (!first) return;
  const count = found.reduce((sum, { url }) => {
    const { clusters, named } = fleets.fleet(url).counts;
    return sum + clusters + named;
  }, 0);
  const only = found.length === 1;
  const where = only ? plain(first.name) : l10n.t('{0} hosts', found.length);
  const [show, exporting] = [l10n.t('Show'), l10n.t('Export…')];
  const buttons = count > 0 ? [show, exporting] : [show];
  const answer = await dialogs.notify(
    'information',
    l10n.t('Found {0} at {1}.', countInWords(count), where),
    ...buttons,
  );
  if (answer === show) await tree.showFleet(first);
  if (answer === exporting) await exportFound(only ? { type: 'fleet', host: first.url } : undefined);
}

function tellUnreadable(cluster: NameOnlyCluster, sources: FindSources): Promise<unknown> {
  const host = plain(sources.accounts.find(cluster.host)?.name ?? cluster.host);
  const message = l10n.t('GitLab reveals only the name of {0}.', `${clusterTitle(cluster)} · ${host}`);
  // Not awaited: its row is shown meanwhile.
  void tellFailure(new GitLabError(cluster.reason), cluster.host, sources, message);
  return Promise.resolve();
}
