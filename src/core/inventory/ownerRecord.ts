import type { ClusterName } from '../gitlab/discovery';
import type { GitLabError, GitLabErrorKind } from '../gitlab/errors';
import { clusterKey, isReadable, ownerPath } from '../model/cluster';
import type { Cluster, ClusterLevel, ClusterOwner, ListedCluster } from '../model/cluster';
import type { HostUrl } from '../model/host';

/** A cluster of which discovery told no more than id and name, and why there is no more. */
export interface NameOnlyCluster {
  readonly detail: 'nameOnly';
  readonly host: HostUrl;
  readonly level: Exclude<ClusterLevel, 'instance'>;
  /** Full path of its group or project. */
  readonly path: string;
  /** The owner's id, unless GitLab would not tell it. */
  readonly ownerId: number | undefined;
  readonly id: number;
  readonly name: string;
  /** `clustersUnavailable` where the integration is switched off. */
  readonly reason: GitLabErrorKind;
}

/** A cluster with an id and a name at least, so that it can be found, chosen and exported; `detail` says what else is known. */
export type KnownCluster = Cluster | NameOnlyCluster;

export function nameOnlyCluster(
  host: HostUrl,
  { level, path, ownerId }: Pick<NameOnlyCluster, 'level' | 'path' | 'ownerId'>,
  { id, name }: ClusterName,
  { kind }: GitLabError,
): NameOnlyCluster {
  return { detail: 'nameOnly', host, level, path, ownerId, id, name, reason: kind };
}

/** One string per cluster over all hosts, also where its owner's number is not known. */
export function knownKey(cluster: KnownCluster): string {
  if (cluster.detail === 'full') return clusterKey(cluster);
  return `${namedOwnerKey(cluster)}|~${cluster.id}`;
}

/** Full path of the group or project a cluster hangs on; undefined for the instance. */
export function knownPath(cluster: KnownCluster): string | undefined {
  return cluster.detail === 'full' ? ownerPath(cluster.owner) : cluster.path;
}

/** One string per owner of clusters known by name only, over all hosts. */
export function namedOwnerKey({ host, level, ownerId, path }: NameOnlyCluster): string {
  return `${host}|${level}/${ownerId ?? path}`;
}

/** What a crawl knows of an owner before its clusters are read. */
export interface FleetOwner {
  readonly owner: ClusterOwner;
  /** As GitLab shows it, without its groups; empty for the instance. */
  readonly name: string;
  /** Archived projects are read-only; their clusters are listed all the same. */
  readonly archived: boolean;
}

/** All that is known of an owner's clusters, whoever read them: there is one record per owner. */
export interface OwnerRecord extends FleetOwner {
  readonly clusters: readonly ListedCluster[];
  /** Clusters known by name only. */
  readonly named: readonly NameOnlyCluster[];
  /** Why the last try to read the clusters failed; `clusters` is then what was known before. */
  readonly failure: GitLabError | undefined;
  /** When the whole list was read, in milliseconds since 1970; undefined if never. */
  readonly readAt: number | undefined;
  /** Whether that was in this window; what was remembered of another one may be old. */
  readonly current: boolean;
  /** Whether it counts among all clusters of the host. An owner that was only asked for may have none. */
  readonly found: boolean;
  /** Whether somebody asked for this owner by itself: then it is read again with its host. */
  readonly opened: boolean;
  /** Whether its list is being read for somebody who asked for it. The reads of a search do not show here. */
  readonly loading: boolean;
}

/** What is kept of an owner over restarts. */
export type RememberedOwner = FleetOwner & Pick<OwnerRecord, 'clusters' | 'named' | 'readAt'>;

export interface FleetCounts {
  /** Owners with clusters, names or a failure. */
  readonly owners: number;
  readonly clusters: number;
  readonly named: number;
  /** Owners whose clusters could not be read. */
  readonly failures: number;
}

/** The record of an owner of which nothing is known yet. */
export function blankRecord(owner: ClusterOwner): OwnerRecord {
  const name = (ownerPath(owner) ?? '').replace(/^.*\//, '');
  const content = { clusters: [], named: [], failure: undefined, readAt: undefined };
  return { owner, name, archived: false, ...content, current: false, found: false, opened: false, loading: false };
}

/** Only these three: what a crawl hands over may carry more. */
export function toOwner({ owner, name, archived }: FleetOwner): FleetOwner {
  return { owner, name, archived };
}

/** Remembered clusters, with those that were read since in their place. */
export function withRead(
  remembered: readonly ListedCluster[],
  read: readonly ListedCluster[],
): readonly ListedCluster[] {
  const ids = new Set(read.map((cluster) => (isReadable(cluster) ? cluster.id : undefined)));
  return [...remembered.filter((cluster) => !isReadable(cluster) || !ids.has(cluster.id)), ...read];
}

/** A cluster in its place among the others; one that is new comes last. */
export function withCluster(record: OwnerRecord, cluster: Cluster): OwnerRecord {
  const isThis = (other: ListedCluster): boolean => isReadable(other) && other.id === cluster.id;
  const clusters = record.clusters.some(isThis)
    ? record.clusters.map((other) => (isThis(other) ? cluster : other))
    : [...record.clusters, cluster];
  return { ...record, clusters };
}

/** Without a cluster; an owner of which nothing is left to tell no longer counts. */
export function withoutCluster(record: OwnerRecord, id: number): OwnerRecord {
  const clusters = record.clusters.filter((other) => !isReadable(other) || other.id !== id);
  const found = record.found && (clusters.length > 0 || record.named.length > 0 || record.failure !== undefined);
  return { ...record, clusters, found };
}

/** With why its clusters could not be read; `names` are those discovery gave, and count where no more is known. */
export function withFailure(
  record: OwnerRecord,
  failure: GitLabError,
  host: HostUrl,
  names: readonly ClusterName[],
): OwnerRecord {
  const { owner, clusters } = record;
  const known = new Set(clusters.filter(isReadable).map(({ id }) => id));
  const named =
    owner.level === 'instance'
      ? []
      : names
          .filter(({ id }) => !known.has(id))
          .map((name) => nameOnlyCluster(host, { ...owner, ownerId: owner.id }, name, failure));
  return { ...record, named, failure };
}
