import { ownerKey, ownerPath } from '../model/cluster';
import type { Cluster } from '../model/cluster';
import type { GitLabErrorKind } from '../gitlab/errors';
import { knownKey, knownPath, namedOwnerKey } from '../inventory/ownerRecord';
import type { KnownCluster, NameOnlyCluster } from '../inventory/ownerRecord';
import { naturalKey, sortedByKey } from '../model/naturalKey';

export const groupings = ['owner', 'host', 'level', 'apiUrl', 'environmentScope'] as const;
export type GroupBy = (typeof groupings)[number];

export const sortings = ['name', 'owner', 'created', 'apiUrl', 'environmentScope'] as const;
export type SortBy = (typeof sortings)[number];

/** Clusters that have something in common. */
export interface ClusterGroup {
  /** Stays the same from one grouping to the next: tree rows keep their state by it. */
  readonly key: string;
  /** What they have in common, as GitLab has it: an address, a path, a scope; empty for the instance and for no API URL. */
  readonly label: string;
  /** In the order asked for. */
  readonly clusters: readonly Cluster[];
  /** Clusters known by name only; they come after the others. */
  readonly named: readonly NameOnlyCluster[];
  /** Why it is not known what these have in common, where that is so. */
  readonly unknown: GitLabErrorKind | undefined;
}

interface Growing extends ClusterGroup {
  readonly clusters: Cluster[];
  readonly named: NameOnlyCluster[];
}

/**
 * Groups clusters, in natural order of their labels (levels from instance to project). Clusters keep their order. Of those
 * known by name only, API URL and scope are not known: they are groups of their own, last, one for each reason.
 */
export function groupClusters(
  clusters: readonly Cluster[],
  by: GroupBy,
  named: readonly NameOnlyCluster[] = [],
): readonly ClusterGroup[] {
  const groups = new Map<string, Growing>();
  const at = (key: string, label: string, unknown?: GitLabErrorKind): Growing => {
    const group = groups.get(key) ?? { key, label, clusters: [], named: [], unknown };
    groups.set(key, group);
    return group;
  };
  const addresses = new Map<string, string>();
  for (const cluster of clusters) at(...commonOf(cluster, by, addresses)).clusters.push(cluster);
  for (const cluster of named) at(...commonOfNamed(cluster, by)).named.push(cluster);
  const order = ({ key, label, unknown }: ClusterGroup): string =>
    `${unknown ? 1 : 0}${by === 'level' ? levelOrder(key) : naturalKey(label)}`;
  return sortedByKey([...groups.values()], order, () => 0);
}

/** Groups that can be looked up by key and by cluster. */
export interface GroupIndex {
  readonly list: readonly ClusterGroup[];
  readonly byKey: ReadonlyMap<string, ClusterGroup>;
  /** By `knownKey`: the group a cluster is in. */
  readonly of: ReadonlyMap<string, ClusterGroup>;
}

export function indexGroups(...given: Parameters<typeof groupClusters>): GroupIndex {
  const list = groupClusters(...given);
  const of = new Map<string, ClusterGroup>();
  for (const group of list) for (const one of [...group.clusters, ...group.named]) of.set(knownKey(one), group);
  return { list, byKey: new Map(list.map((group) => [group.key, group])), of };
}

function commonOfNamed(cluster: NameOnlyCluster, by: GroupBy): [key: string, label: string, unknown?: GitLabErrorKind] {
  const { host, level, path, reason } = cluster;
  switch (by) {
    case 'host':
      return [host, host];
    case 'owner':
      return [namedOwnerKey(cluster), path];
    case 'level':
      return [level, level];
    case 'apiUrl':
    case 'environmentScope':
      // Neither an address nor a scope can begin like this.
      return [`?${reason}`, '', reason];
  }
}

function commonOf(cluster: Cluster, by: GroupBy, addresses: Map<string, string>): [key: string, label: string] {
  const { owner } = cluster;
  switch (by) {
    case 'host':
      return [cluster.host, cluster.host];
    case 'owner':
      return [`${cluster.host}|${ownerKey(owner)}`, ownerPath(owner) ?? ''];
    case 'level':
      return [owner.level, owner.level];
    case 'apiUrl': {
      const apiUrl = cluster.platform?.apiUrl ?? '';
      const key = addresses.get(apiUrl) ?? normalisedApiUrl(apiUrl);
      addresses.set(apiUrl, key);
      return [key, key];
    }
    case 'environmentScope':
      return [cluster.environmentScope, cluster.environmentScope];
  }
}

function levelOrder(level: string): string {
  return String(['instance', 'group', 'project'].indexOf(level));
}

/** One spelling for each Kubernetes API: lower-case host, no default port, no slash at the end, no credentials. */
export function normalisedApiUrl(apiUrl: string): string {
  const trimmed = apiUrl.trim();
  if (!URL.canParse(trimmed)) return trimmed;
  const { protocol, host, pathname, search } = new URL(trimmed);
  return `${protocol}//${host}${pathname.replace(/\/+$/, '')}${search}`;
}

const keys = new WeakMap<KnownCluster, string>();

function byName(cluster: KnownCluster): string {
  const known = keys.get(cluster);
  if (known !== undefined) return known;
  const key = naturalKey(cluster.name);
  keys.set(cluster, key);
  return key;
}

/** To look one up in a list: by name, then by owner. */
export function sortedByName<T extends KnownCluster>(clusters: readonly T[]): readonly T[] {
  return sortedByKey(
    clusters,
    (cluster) => `${byName(cluster)}\n${naturalKey(knownPath(cluster) ?? '')}`,
    ({ id }) => id,
  );
}

/** By natural order; created: newest first. Equal ones by name, then by id. */
export function sortClusters(clusters: readonly Cluster[], by: SortBy): readonly Cluster[] {
  const key: Record<SortBy, (cluster: Cluster) => string> = {
    name: byName,
    owner: (cluster) => `${naturalKey(ownerPath(cluster.owner) ?? '')}\n${byName(cluster)}`,
    created: (cluster) => `${newestFirst(cluster.createdAt)}\n${byName(cluster)}`,
    apiUrl: (cluster) => `${naturalKey(cluster.platform?.apiUrl ?? '')}\n${byName(cluster)}`,
    environmentScope: (cluster) => `${naturalKey(cluster.environmentScope)}\n${byName(cluster)}`,
  };
  return sortedByKey(clusters, key[by], ({ id }) => id);
}

function newestFirst(date: Date | undefined): string {
  return String(9e15 - (date?.getTime() ?? 0));
}

/** Rows a list shows at once. */
export const ROWS_PER_PAGE = 200;
