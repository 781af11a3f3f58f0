import type { Fleet } from '../inventory/fleet';
import type { FleetChange } from '../inventory/fleetChanges';
import type { FleetsChange, FleetStatus } from '../inventory/fleetStatus';
import type { KnownCluster, NameOnlyCluster } from '../inventory/ownerRecord';
import type { Cluster, ClusterOwner } from '../model/cluster';
import type { Host, HostUrl } from '../model/host';
import type { Event } from '../time/event';
import type { ClusterGroup, GroupBy, SortBy } from './grouping';
import type { OwnerBranch } from './ownerTree';

/** A host's owners as they nest, with a way from each to the one above. */
export interface FleetTree {
  readonly branches: readonly OwnerBranch[];
  branch(owner: ClusterOwner): OwnerBranch | undefined;
  above(owner: ClusterOwner): OwnerBranch | undefined;
  /** Clusters known by name only, of owners whose ID GitLab does not report. */
  readonly unresolved: readonly NameOnlyCluster[];
}

/** What the tree shows of all fleets together. */
export interface FleetFinding {
  /** By host and owner as ever, by host and owner with only what fits the filter, or in groups. */
  readonly shape: 'owners' | 'filtered' | 'grouped';
  readonly groupBy: GroupBy;
  readonly sortBy: SortBy;
  /** Few enough fit to show them all at once. */
  readonly few: boolean;
  status(host: HostUrl): FleetStatus;
  fleet(host: HostUrl): Fleet;
  tree(host: HostUrl): FleetTree;
  groups(): readonly ClusterGroup[];
  group(key: string): ClusterGroup | undefined;
  groupOf(cluster: KnownCluster): ClusterGroup | undefined;
  sorted(clusters: readonly Cluster[]): readonly Cluster[];
  /** How many rows of a list are shown. */
  limit(list: string): number;
}

export interface FinderChange {
  /** Undefined where everything may look different: other hosts, groups, order or filter. */
  readonly host: HostUrl | undefined;
  /** Which clusters are other than before; undefined where it is the status of finding them alone, or a list. */
  readonly content?: FleetChange | undefined;
  /** The list of which more is shown. */
  readonly list?: string;
}

/** Clusters as far as known: what can be read of them, or no more than names. */
export interface Known {
  readonly clusters: readonly Cluster[];
  readonly named: readonly NameOnlyCluster[];
}

/** Where choices are kept over restarts; the editor's Memento is one. */
interface Choices {
  get(key: string): unknown;
  update(key: string, value: unknown): unknown;
}

/** What a finder looks into, and where it keeps what the user chose. */
export interface FinderOptions {
  readonly hosts: () => readonly Host[];
  readonly onDidChangeHosts: Event<void>;
  readonly fleets: {
    status(host: HostUrl): FleetStatus;
    fleet(host: HostUrl): Fleet;
    readonly onDidChange: Event<FleetsChange>;
  };
  readonly choices: Choices;
  /** Days before its end from which on a CA certificate counts as expiring; as usual unless given. */
  readonly soon?: () => number;
}
