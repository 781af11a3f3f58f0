import type { ClusterName } from '../gitlab/discovery';
import { GitLabError } from '../gitlab/errors';
import type { GitLabErrorKind } from '../gitlab/errors';
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

/** All that is known of an owner's clusters, whoever read them: there is one record per owner. */
export interface OwnerRecord extends FleetOwner {
  readonly clusters: readonly ListedCluster[];
  /** Clusters known by name only. */
  readonly named: readonly NamedCluster[];
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
 * Every cluster known of one host, by owner: the one place for what a search, a single load, a write or the memory of an
 * earlier window tells. What was known before stays until it is read again or a search ends without having met it.
 */
export class Fleet implements Disposable {
  readonly host: HostUrl;
  private readonly tellOpened: (owner: ClusterOwner) => void;
  private readonly records = new Map<string, OwnerRecord>();
  /** How many writes to its clusters were confirmed, by owner. */
  private readonly writes = new Map<string, number>();
  /** Opened owners with clusters that the last complete search did not meet. */
  private readonly unmet: ClusterOwner[] = [];
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

  /** `tellOpened` is called at once with each change of an owner that somebody opened; there are few of these. */
  constructor(host: HostUrl, tellOpened: (owner: ClusterOwner) => void = () => undefined) {
    this.host = host;
    this.tellOpened = tellOpened;
  }

  /** When a crawl last met everything; undefined while none has. */
  get completedAt(): Date | undefined {
    return this.completed;
  }

  /** Owners that count among all clusters: with clusters, names or a failure. */
  get owners(): readonly OwnerRecord[] {
    return [...this.records.values()].filter(({ found }) => found);
  }

  /** Owners somebody asked for by themselves. */
  get opened(): readonly ClusterOwner[] {
    return [...this.records.values()].flatMap(({ opened, owner }) => (opened ? [owner] : []));
  }

  get groups(): Iterable<PagedGroup> {
    return this.groupsById.values();
  }

  /** A group by its full path. */
  groupAt(path: string): PagedGroup | undefined {
    return this.groupsByPath.get(path);
  }

  /** What is known of an owner that counts among all clusters. */
  record(owner: ClusterOwner): OwnerRecord | undefined {
    return this.recordOf(ownerKey(owner));
  }

  /** The same by the owner's key, as change events give it. */
  recordOf(key: string): OwnerRecord | undefined {
    const record = this.records.get(key);
    return record?.found ? record : undefined;
  }

  /** What is known of any owner, also of one that was only asked for. */
  known(owner: ClusterOwner): OwnerRecord | undefined {
    return this.records.get(ownerKey(owner));
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
    let [owners, failures] = [0, 0];
    for (const { found, failure } of this.records.values()) {
      if (found) owners++;
      if (found && failure) failures++;
    }
    return { owners, clusters: this.clusters.length, named: this.named.length, failures };
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
    for (const [key, record] of [...this.records]) {
      if (!record.found || this.met?.has(key) !== false) continue;
      // What somebody has open does not just vanish.
      if (record.opened) this.unmet.push(record.owner);
      else this.forget(key);
    }
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

  /** Opened owners whose clusters the last complete search did not meet; each is given once. */
  takeUnmet(): readonly ClusterOwner[] {
    return this.unmet.splice(0);
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

  /** Somebody asks for this owner by itself. With `loading`, its list is being read from now on. */
  open(owner: ClusterOwner, loading = false): void {
    const key = ownerKey(owner);
    this.records.set(key, { ...this.recordFor(owner), opened: true, loading });
    this.tellOpened(owner);
  }

  /** Nobody asks for this owner by itself any more. What is known of it is read again when somebody does. */
  close(owner: ClusterOwner): void {
    const key = ownerKey(owner);
    const record = this.records.get(key);
    if (!record) return;
    if (record.found) this.records.set(key, { ...record, current: false, opened: false, loading: false });
    else this.records.delete(key);
  }

  /** An owner's clusters as they were read; one without any counts no longer. */
  putClusters(owner: FleetOwner, clusters: readonly ListedCluster[], at = Date.now()): void {
    const { opened, loading } = this.recordFor(owner.owner);
    const kept = clusters.map((cluster) => (isReadable(cluster) ? this.intern(cluster) : cluster));
    const state = { failure: undefined, readAt: at, current: true, found: clusters.length > 0, opened, loading };
    this.put({ ...toOwner(owner), clusters: kept, named: [], ...state });
  }

  /** An owner's clusters could not be read. What was known before stays, and so do the names discovery gave. */
  putFailure(owner: FleetOwner, failure: GitLabError, names: readonly ClusterName[] = []): void {
    const before = this.recordFor(owner.owner);
    const known = new Set(before.clusters.filter(isReadable).map(({ id }) => id));
    const named = names
      .filter(({ id }) => !known.has(id))
      .flatMap((name) =>
        owner.owner.level === 'instance'
          ? []
          : [this.toNamed({ ...owner.owner, ownerId: owner.owner.id }, name, failure)],
      );
    this.put({ ...before, ...toOwner(owner), named, failure, found: true });
  }

  /** The list of an owner that somebody opened was read, or why it could not be. */
  endLoad(owner: ClusterOwner, outcome: readonly ListedCluster[] | GitLabError): void {
    const before = { ...this.recordFor(owner), loading: false };
    this.records.set(ownerKey(owner), before);
    if (!(outcome instanceof GitLabError)) this.putClusters(before, outcome);
    // What cannot be read is no news among all clusters where it was not known there.
    else if (before.found) this.putFailure(before, outcome, before.named);
    else this.put({ ...before, failure: outcome });
  }

  /** Reads a list; once more where a cluster of the owner was changed from here meanwhile, since it may be of before. */
  async readList(
    owner: ClusterOwner,
    read: () => Promise<readonly ListedCluster[]>,
  ): Promise<readonly ListedCluster[]> {
    const key = ownerKey(owner);
    for (;;) {
      const writes = this.writes.get(key);
      const list = await read();
      if (this.writes.get(key) === writes) return list;
    }
  }

  /** A write to an owner's clusters was confirmed. */
  countWrite(owner: ClusterOwner): void {
    const key = ownerKey(owner);
    this.writes.set(key, (this.writes.get(key) ?? 0) + 1);
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
    const known = this.recordFor(cluster.owner);
    const clusters = known.clusters.some((other) => isReadable(other) && other.id === cluster.id)
      ? known.clusters.map((other) => (isReadable(other) && other.id === cluster.id ? cluster : other))
      : [...known.clusters, cluster];
    this.put({ ...known, clusters, found: true });
  }

  /** A cluster that was deleted; an owner without any other counts no longer. */
  remove({ owner, id }: Pick<Cluster, 'owner' | 'id'>): void {
    const before = this.known(owner);
    if (!before) return;
    const clusters = before.clusters.filter((other) => !isReadable(other) || other.id !== id);
    const found = before.found && (clusters.length > 0 || before.named.length > 0 || before.failure !== undefined);
    this.put({ ...before, clusters, found });
  }

  /**
   * Takes over what was remembered, but for lists that were read by now; of others, single clusters that were read win.
   * The next complete search drops what it does not meet.
   */
  restore(remembered: {
    readonly groups: Iterable<PagedGroup>;
    readonly owners: Iterable<RememberedOwner>;
    readonly at: Date | undefined;
  }): void {
    for (const group of remembered.groups) if (!this.groupsById.has(group.id)) this.keepGroup(group);
    for (const owner of remembered.owners) {
      const key = ownerKey(owner.owner);
      const before = this.records.get(key);
      if (before?.current || this.met?.has(key)) continue;
      const { failure, opened = false, loading = false } = before ?? {};
      const clusters = before ? withRead(owner.clusters, before.clusters) : owner.clusters;
      this.keep(key, { ...owner, clusters, failure, current: false, found: true, opened, loading });
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

  /** What is known of an owner, or that nothing is. */
  private recordFor(owner: ClusterOwner): OwnerRecord {
    const known = this.known(owner);
    if (known) return known;
    const name = owner.level === 'instance' ? '' : owner.path.replace(/^.*\//, '');
    const content = { clusters: [], named: [], failure: undefined, readAt: undefined };
    return { owner, name, archived: false, ...content, current: false, found: false, opened: false, loading: false };
  }

  private put(record: OwnerRecord): void {
    const key = ownerKey(record.owner);
    this.met?.add(key);
    this.keep(key, record);
  }

  private keep(key: string, record: OwnerRecord): void {
    const wasFound = this.records.get(key)?.found ?? false;
    if (record.found || record.opened) this.records.set(key, record);
    else this.records.delete(key);
    if (wasFound !== record.found) this.structure = true;
    if (wasFound || record.found) this.touch(key);
    if (record.opened) this.tellOpened(record.owner);
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

/** Remembered clusters, with those that were read since in their place. */
function withRead(remembered: readonly ListedCluster[], read: readonly ListedCluster[]): readonly ListedCluster[] {
  const ids = new Set(read.map((cluster) => (isReadable(cluster) ? cluster.id : undefined)));
  return [...remembered.filter((cluster) => !isReadable(cluster) || !ids.has(cluster.id)), ...read];
}
