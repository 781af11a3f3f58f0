import * as z from 'zod/mini';
import type { Cluster } from '../model/cluster';
import type { Disposable } from '../time/event';
import { Emitter } from '../time/event';
import type { HostUrl } from '../model/host';
import { USUALLY_SOON } from '../model/caFacts';
import { readFilter } from './clusterFilter';
import type { Filter } from './clusterFilter';
import { knownKey } from '../inventory/ownerRecord';
import type { Fleet } from '../inventory/fleet';
import type { KnownCluster } from '../inventory/ownerRecord';
import type { FleetStatus } from '../inventory/fleetStatus';
import { ROWS_PER_PAGE, groupings, indexGroups, sortClusters, sortedByName, sortings } from './grouping';
import type { ClusterGroup, GroupBy, GroupIndex, SortBy } from './grouping';
import type { FinderChange, FinderOptions, FleetFinding, FleetTree, Known } from './fleetFinding';
import { OwnerTree } from './ownerTree';

const choiceKeys = { groupBy: 'groupBy', sortBy: 'sortBy' } as const;

/** Filters, sorts and groups what is known of all hosts. Each result is made when asked for and kept until it changes. */
export class FleetFinder implements FleetFinding, Disposable {
  private readonly options: FinderOptions;
  private grouping: GroupBy;
  private sorting: SortBy;
  private text = '';
  private filter: Filter | undefined;
  private everything: Known | undefined;
  private filtered: Known | undefined;
  private grouped: GroupIndex | undefined;
  private readonly trees = new Map<HostUrl, FleetTree>();
  /** Kept while a fleet changes, since making them anew takes long. */
  private readonly nested = new Map<HostUrl, { readonly fleet: Fleet; readonly tree: OwnerTree }>();
  private readonly limits = new Map<string, number>();
  private readonly changed = new Emitter<FinderChange>();
  private readonly subscriptions: readonly Disposable[];

  readonly onDidChange = this.changed.event;

  constructor(options: FinderOptions) {
    this.options = options;
    this.grouping = z.safeParse(z.enum(groupings), options.choices.get(choiceKeys.groupBy)).data ?? 'owner';
    this.sorting = z.safeParse(z.enum(sortings), options.choices.get(choiceKeys.sortBy)).data ?? 'name';
    this.subscriptions = [
      options.fleets.onDidChange(({ host, content }) => {
        if (content) {
          this.nested.get(host)?.tree.follow(content);
          this.outdate(host);
        }
        this.changed.fire({ host, content });
      }),
      // Hosts came, went or were renamed, and a filter looks into their names.
      options.onDidChangeHosts(() => {
        this.readFilter();
        this.renew();
      }),
    ];
  }

  get shape(): FleetFinding['shape'] {
    return this.grouping !== 'owner' ? 'grouped' : this.filter ? 'filtered' : 'owners';
  }

  get groupBy(): GroupBy {
    return this.grouping;
  }

  get sortBy(): SortBy {
    return this.sorting;
  }

  /** As it was typed; empty for none. */
  get filterText(): string {
    return this.filter ? this.text : '';
  }

  /** Clusters that fit the filter, and all that are known; those known by name only count too. */
  get counts(): { readonly fitting: number; readonly total: number } {
    const [fitting, total] = [this.matching(), this.known()];
    return {
      fitting: fitting.clusters.length + fitting.named.length,
      total: total.clusters.length + total.named.length,
    };
  }

  get few(): boolean {
    return this.counts.fitting <= ROWS_PER_PAGE;
  }

  /** What counts as expiring soon is not what it was. */
  outdateTime(): void {
    this.readFilter();
    this.renew();
  }

  setFilter(text: string): void {
    if (text === this.text) return;
    this.text = text;
    this.readFilter();
    this.renew();
  }

  setGroupBy(by: GroupBy): void {
    this.grouping = by;
    this.options.choices.update(choiceKeys.groupBy, by);
    this.renew();
  }

  setSortBy(by: SortBy): void {
    this.sorting = by;
    this.options.choices.update(choiceKeys.sortBy, by);
    this.renew();
  }

  /** Everything known of the listed hosts. */
  known(): Known {
    this.everything ??= this.collect();
    return this.everything;
  }

  /** What fits the filter, in the order chosen. */
  matching(): Known {
    if (this.filtered) return this.filtered;
    const { clusters, named } = this.known();
    const { filter } = this;
    this.filtered = {
      clusters: sortClusters(filter ? clusters.filter(filter) : clusters, this.sorting),
      named: sortedByName(filter ? named.filter(filter) : named),
    };
    return this.filtered;
  }

  status(host: HostUrl): FleetStatus {
    return this.options.fleets.status(host);
  }

  fleet(host: HostUrl): Fleet {
    return this.options.fleets.fleet(host);
  }

  tree(host: HostUrl): FleetTree {
    const known = this.trees.get(host);
    if (known) return known;
    const fleet = this.fleet(host);
    const named = fleet.named.filter(({ ownerId }) => ownerId === undefined);
    const kept = this.nested.get(host);
    const nested = kept?.fleet === fleet ? kept : { fleet, tree: new OwnerTree(fleet, this.filter) };
    this.nested.set(host, nested);
    const { tree } = nested;
    const made: FleetTree = {
      branches: tree.branches,
      unresolved: this.filter ? named.filter(this.filter) : named,
      branch: (owner) => tree.branch(owner),
      above: (owner) => tree.branchAbove(owner),
    };
    this.trees.set(host, made);
    return made;
  }

  groups(): readonly ClusterGroup[] {
    return this.groupIndex().list;
  }

  group(key: string): ClusterGroup | undefined {
    return this.groupIndex().byKey.get(key);
  }

  groupOf(cluster: KnownCluster): ClusterGroup | undefined {
    return this.groupIndex().of.get(knownKey(cluster));
  }

  sorted(clusters: readonly Cluster[]): readonly Cluster[] {
    return sortClusters(clusters, this.sorting);
  }

  limit(list: string): number {
    return this.limits.get(list) ?? ROWS_PER_PAGE;
  }

  /** Shows another page of a list, or as many as reach to a position. */
  showMore(list: string, host: HostUrl | undefined, position = this.limit(list)): void {
    const pages = Math.floor(position / ROWS_PER_PAGE) + 1;
    this.limits.set(list, Math.max(this.limit(list), pages * ROWS_PER_PAGE));
    this.changed.fire({ host, list });
  }

  private groupIndex(): GroupIndex {
    const { clusters, named } = this.matching();
    this.grouped ??= indexGroups(clusters, this.grouping, named);
    return this.grouped;
  }

  private collect(): Known {
    const fleets = this.options.hosts().map(({ url }) => this.fleet(url));
    return {
      clusters: fleets.flatMap(({ clusters }) => clusters),
      named: fleets.flatMap(({ named }) => named),
    };
  }

  /** Everything is to be arranged once more. */
  private renew(): void {
    this.outdate();
    this.changed.fire({ host: undefined });
  }

  private outdate(host?: HostUrl): void {
    this.everything = undefined;
    this.filtered = undefined;
    this.grouped = undefined;
    if (host !== undefined) {
      this.trees.delete(host);
      return;
    }
    this.trees.clear();
    this.nested.clear();
  }

  /** Everything known that fits a text, read as the filter reads it. */
  fitting(text: string): readonly KnownCluster[] {
    const { clusters, named } = this.known();
    const all = [...clusters, ...named];
    const filter = this.filterOf(text);
    return filter ? all.filter(filter) : all;
  }

  private readFilter(): void {
    this.filter = this.filterOf(this.text);
  }

  private filterOf(text: string): Filter | undefined {
    return readFilter(text, {
      hostName: (host) => this.options.hosts().find(({ url }) => url === host)?.name ?? host,
      isArchived: (cluster) => this.fleet(cluster.host).record(cluster.owner)?.archived ?? false,
      soon: this.options.soon?.() ?? USUALLY_SOON,
    });
  }

  dispose(): void {
    for (const subscription of this.subscriptions) subscription.dispose();
    this.changed.dispose();
  }
}
