import type { ClusterName } from '../gitlab/discovery';
import type { GitLabError, GitLabErrorKind } from '../gitlab/errors';
import type { PagedGroup } from '../gitlab/ownerPages';
import { clusterKey, isReadable, ownerKey } from '../model/cluster';
import type { Cluster, ClusterLevel, ClusterOwner, ListedCluster } from '../model/cluster';
import type { Disposable } from '../time/event';
import { Emitter } from '../time/event';
import type { HostUrl } from '../model/host';
import { atMostEvery } from '../time/atMostEvery';
import { interner } from './intern';

/** A cluster of which discovery told no more than id and name, and why there is no more. */
export interface NamedCluster {
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

/** One string per cluster over all hosts, also where its owner's number is not known. */
export function knownKey(cluster: Cluster | NamedCluster): string {
  if ('owner' in cluster) return clusterKey(cluster);
  return `${namedOwnerKey(cluster)}|~${cluster.id}`;
}

/** One string per owner of clusters known by name only, over all hosts. */
export function namedOwnerKey({ host, level, ownerId, path }: NamedCluster): string {
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

/** An owner that has clusters, or had before they could no longer be read. */
export interface OwnerRecord extends FleetOwner {
  readonly clusters: readonly ListedCluster[];
  /** Clusters known by name only. */
  readonly named: readonly NamedCluster[];
  /** Why the last try to read the clusters failed; `clusters` is then what was known before. */
  readonly failure: GitLabError | undefined;
  /** When the clusters were read, in milliseconds since 1970; undefined if never. */
  readonly readAt: number | undefined;
}

/** What has changed since the last event: owners by their key, and whether any came or went. */
export interface FleetChange {
  readonly owners: ReadonlySet<string>;
  readonly structure: boolean;
  /** Groups came, went or moved: owners may hang elsewhere now. */
  readonly groups: boolean;
}

export interface FleetCounts {
  /** Owners with clusters, names or a failure. */
  readonly owners: number;
  readonly clusters: number;
  readonly named: number;
  /** Owners whose clusters could not be read. */
  readonly failures: number;
}

/** Milliseconds between two change events. */
const EVENT_INTERVAL = 100;

/**
 * Every cluster known of one host, by owner. A crawl writes into it while rows are shown from it: what an earlier crawl
 * (or the remembered fleet) knew stays until it is read again or the crawl ends without having met it.
 */
export class Fleet implements Disposable {
  readonly host: HostUrl;
  private readonly records = new Map<string, OwnerRecord>();
  private readonly groupsById = new Map<number, PagedGroup>();
  private readonly groupsByPath = new Map<string, PagedGroup>();
  /** Owners by names only whose id is not known: path → record of names. */
  private readonly unresolved = new Map<string, readonly NamedCluster[]>();
  private off = new Set<string>();
  private met: Set<string> | undefined;
  private intern = interner();
  private flat: readonly Cluster[] | undefined;
  private touched = new Set<string>();
  private structure = false;
  private regrouped = false;
  private completed: Date | undefined;
  private readonly changed = new Emitter<FleetChange>();
  private readonly pace = atMostEvery(EVENT_INTERVAL, () => this.fire());

  /** At most ten times a second, however fast a crawl goes. */
  readonly onDidChange = this.changed.event;

  constructor(host: HostUrl) {
    this.host = host;
  }

  /** When a crawl last met everything; undefined while none has. */
  get completedAt(): Date | undefined {
    return this.completed;
  }

  get owners(): Iterable<OwnerRecord> {
    return this.records.values();
  }

  get groups(): Iterable<PagedGroup> {
    return this.groupsById.values();
  }

  /** A group by its full path. */
  groupAt(path: string): PagedGroup | undefined {
    return this.groupsByPath.get(path);
  }

  record(owner: ClusterOwner): OwnerRecord | undefined {
    return this.recordOf(ownerKey(owner));
  }

  /** The same by the owner's key, as change events give it. */
  recordOf(key: string): OwnerRecord | undefined {
    return this.records.get(key);
  }

  /** All clusters that can be read, in one list that stays the same object until something changes. */
  get clusters(): readonly Cluster[] {
    this.flat ??= [...this.records.values()].flatMap(({ clusters }) => clusters.filter(isReadable));
    return this.flat;
  }

  /** Top-level namespaces where the integration is switched off, as far as met; `''` is the instance. */
  get switchedOff(): ReadonlySet<string> {
    return this.off;
  }

  /** All clusters known by name only. */
  get named(): readonly NamedCluster[] {
    return [...[...this.records.values()].flatMap(({ named }) => named), ...[...this.unresolved.values()].flat()];
  }

  get counts(): FleetCounts {
    let failures = 0;
    for (const { failure } of this.records.values()) if (failure) failures++;
    return { owners: this.records.size, clusters: this.clusters.length, named: this.named.length, failures };
  }

  /** A crawl begins: from now on it is noted what it meets. */
  beginRound(): void {
    this.met = new Set();
    this.off = new Set();
    this.intern = interner();
  }

  /**
   * The crawl is through. `at` is given where it has met everything there is: then what it did not meet is gone.
   * Otherwise everything stays, and the round goes on when the crawl does.
   */
  endRound(at: Date | undefined): void {
    if (!at) return this.pace.flush();
    for (const key of [...this.records.keys()]) if (this.met?.has(key) === false) this.forget(key);
    for (const path of this.unresolved.keys()) if (this.met?.has(path) === false) this.unresolved.delete(path);
    for (const { id, path } of [...this.groupsById.values()]) {
      if (this.met?.has(`group ${id}`) !== false) continue;
      this.regrouped = true;
      this.groupsById.delete(id);
      if (this.groupsByPath.get(path)?.id === id) this.groupsByPath.delete(path);
    }
    this.met = undefined;
    this.intern = interner();
    this.completed = at;
    this.structure = true;
    this.pace.request();
    this.pace.flush();
  }

  /** The integration is switched off for this top-level namespace; `''` is the instance. */
  putSwitchedOff(namespace: string): void {
    if (this.off.has(namespace)) return;
    this.off.add(namespace);
    this.structure = true;
    this.pace.request();
  }

  putGroup(group: PagedGroup): void {
    this.met?.add(`group ${group.id}`);
    this.keepGroup(group);
  }

  /** An owner's clusters as they were read; an owner without any is not kept. */
  putClusters(owner: FleetOwner, clusters: readonly ListedCluster[], at = Date.now()): void {
    const key = ownerKey(owner.owner);
    if (clusters.length === 0) {
      this.met?.add(key);
      return this.forget(key);
    }
    const kept = clusters.map((cluster) => (isReadable(cluster) ? this.intern(cluster) : cluster));
    this.put(key, { ...toOwner(owner), clusters: kept, named: [], failure: undefined, readAt: at });
  }

  /** An owner's clusters could not be read. What was known before stays, and so do the names discovery gave. */
  putFailure(owner: FleetOwner, failure: GitLabError, names: readonly ClusterName[] = []): void {
    const key = ownerKey(owner.owner);
    const before = this.records.get(key);
    const clusters = before?.clusters ?? [];
    const known = new Set(clusters.filter(isReadable).map(({ id }) => id));
    const named = names
      .filter(({ id }) => !known.has(id))
      .flatMap((name) =>
        owner.owner.level === 'instance'
          ? []
          : [this.toNamed({ ...owner.owner, ownerId: owner.owner.id }, name, failure)],
      );
    this.put(key, { ...toOwner(owner), clusters, named, failure, readAt: before?.readAt });
  }

  /** Clusters discovery names at a path that GitLab then gives no owner for. */
  putUnresolved(at: Pick<NamedCluster, 'level' | 'path'>, names: readonly ClusterName[], failure: GitLabError): void {
    const named = names.map((name) => this.toNamed({ ...at, ownerId: undefined }, name, failure));
    const key = `${at.level} at ${at.path}`;
    this.met?.add(key);
    this.unresolved.set(key, named);
    this.structure = true;
    this.pace.request();
  }

  /** A cluster as GitLab has it after a write or a fresh look; one that is new to its owner is added. */
  update(cluster: Cluster): void {
    const key = ownerKey(cluster.owner);
    const before = this.records.get(key);
    const name = cluster.owner.level === 'instance' ? '' : cluster.owner.path.replace(/^.*\//, '');
    const known = before ?? {
      owner: cluster.owner,
      name,
      archived: false,
      clusters: [],
      named: [],
      failure: undefined,
    };
    const others = known.clusters.some((other) => isReadable(other) && other.id === cluster.id)
      ? known.clusters.map((other) => (isReadable(other) && other.id === cluster.id ? cluster : other))
      : [...known.clusters, cluster];
    this.put(key, { ...known, clusters: others, readAt: Date.now() });
  }

  /** A cluster that was deleted; an owner without any other goes too. */
  remove({ owner, id }: Pick<Cluster, 'owner' | 'id'>): void {
    const key = ownerKey(owner);
    const before = this.records.get(key);
    if (!before) return;
    const clusters = before.clusters.filter((other) => !isReadable(other) || other.id !== id);
    if (clusters.length === 0 && before.named.length === 0 && !before.failure) this.forget(key);
    else this.put(key, { ...before, clusters });
  }

  /** Takes over what was remembered, but for what is known by now; the next complete crawl drops what it does not meet. */
  restore(remembered: {
    readonly groups: Iterable<PagedGroup>;
    readonly owners: Iterable<OwnerRecord>;
    readonly at: Date | undefined;
  }): void {
    for (const group of remembered.groups) if (!this.groupsById.has(group.id)) this.keepGroup(group);
    for (const record of remembered.owners) {
      const key = ownerKey(record.owner);
      if (this.records.has(key) || this.met?.has(key)) continue;
      this.records.set(key, record);
      this.touch(key);
    }
    this.completed ??= remembered.at;
    this.structure = true;
    this.pace.request();
    this.pace.flush();
  }

  /** A group that was moved is no longer at its old path. */
  private keepGroup(group: PagedGroup): void {
    const before = this.groupsById.get(group.id);
    if (before?.path !== group.path) this.regrouped = true;
    if (before && before.path !== group.path) this.groupsByPath.delete(before.path);
    this.groupsById.set(group.id, group);
    this.groupsByPath.set(group.path, group);
  }

  private put(key: string, record: OwnerRecord): void {
    this.met?.add(key);
    if (!this.records.has(key)) this.structure = true;
    this.records.set(key, record);
    this.touch(key);
  }

  private forget(key: string): void {
    if (!this.records.delete(key)) return;
    this.structure = true;
    this.touch(key);
  }

  private touch(key: string): void {
    this.flat = undefined;
    this.touched.add(key);
    this.pace.request();
  }

  private toNamed(
    owner: Pick<NamedCluster, 'level' | 'path' | 'ownerId'>,
    { id, name }: ClusterName,
    { kind }: GitLabError,
  ): NamedCluster {
    return { host: this.host, level: owner.level, path: owner.path, ownerId: owner.ownerId, id, name, reason: kind };
  }

  /** Tells now of what has changed, for whoever looks for something just added. */
  tellNow(): void {
    this.pace.flush();
  }

  private fire(): void {
    const change: FleetChange = { owners: this.touched, structure: this.structure, groups: this.regrouped };
    this.touched = new Set();
    this.structure = false;
    this.regrouped = false;
    this.changed.fire(change);
  }

  dispose(): void {
    this.pace.dispose();
    this.changed.dispose();
  }
}

/** Only these three: what a crawl hands over may carry more. */
function toOwner({ owner, name, archived }: FleetOwner): FleetOwner {
  return { owner, name, archived };
}
