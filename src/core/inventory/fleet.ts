import type { ClusterName } from '../gitlab/discovery';
import { GitLabError } from '../gitlab/errors';
import type { PagedGroup } from '../gitlab/ownerPages';
import { isReadable, ownerKey } from '../model/cluster';
import type { Cluster, ClusterOwner, ListedCluster } from '../model/cluster';
import type { Disposable } from '../time/event';
import type { HostUrl } from '../model/host';
import { FleetChanges } from './fleetChanges';
import { GroupIndex } from './groupIndex';
import { interner } from './intern';
import { ListReads } from './listReads';
import {
  blankRecord,
  nameOnlyCluster,
  toOwner,
  withCluster,
  withFailure,
  withRead,
  withoutCluster,
} from './ownerRecord';
import type { FleetCounts, FleetOwner, NameOnlyCluster, OwnerRecord, RememberedOwner } from './ownerRecord';

/**
 * Every cluster known of one host, by owner: the one place for what a search, a single load, a write or the memory of an
 * earlier window tells. What was known before stays until it is read again or a search ends without having met it.
 */
export class Fleet implements Disposable {
  readonly host: HostUrl;
  readonly lists = new ListReads();
  private readonly tellOpened: (owner: ClusterOwner) => void;
  private readonly records = new Map<string, OwnerRecord>();
  /** Opened owners with clusters that the last complete search did not meet. */
  private readonly unmet: ClusterOwner[] = [];
  private readonly groupIndex = new GroupIndex();
  /** Owners by names only whose id is not known: path → record of names. */
  private readonly unresolved = new Map<string, readonly NameOnlyCluster[]>();
  private off = new Set<string>();
  private met: Set<string> | undefined;
  private intern = interner();
  private flat: readonly Cluster[] | undefined;
  private completed: Date | undefined;
  private readonly changes = new FleetChanges();

  /** At most ten times a second, however fast a crawl goes. */
  readonly onDidChange = this.changes.onDidChange;

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
    return this.groupIndex.all;
  }

  /** A group by its full path. */
  groupAt(path: string): PagedGroup | undefined {
    return this.groupIndex.at(path);
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
  get named(): readonly NameOnlyCluster[] {
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
    if (!at) return this.changes.flush();
    for (const [key, record] of [...this.records]) {
      if (!record.found || this.met?.has(key) !== false) continue;
      // What somebody has open does not just vanish.
      if (record.opened) this.unmet.push(record.owner);
      else this.forget(key);
    }
    for (const path of this.unresolved.keys()) if (this.met?.has(path) === false) this.unresolved.delete(path);
    if (this.groupIndex.keepOnly((id) => this.met?.has(`group ${id}`) !== false)) this.changes.regroup();
    this.met = undefined;
    this.intern = interner();
    this.completed = at;
    this.changes.restructure();
    this.changes.flush();
  }

  /** Opened owners whose clusters the last complete search did not meet; each is given once. */
  takeUnmet(): readonly ClusterOwner[] {
    return this.unmet.splice(0);
  }

  /** The integration is switched off for this top-level namespace; `''` is the instance. */
  putSwitchedOff(namespace: string): void {
    if (this.off.has(namespace)) return;
    this.off.add(namespace);
    this.changes.restructure();
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
    const before = { ...this.recordFor(owner.owner), ...toOwner(owner) };
    this.put({ ...withFailure(before, failure, this.host, names), found: true });
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

  /** Clusters discovery names at a path that GitLab then gives no owner for. */
  putUnresolved(
    at: Pick<NameOnlyCluster, 'level' | 'path'>,
    names: readonly ClusterName[],
    failure: GitLabError,
  ): void {
    const named = names.map((name) => nameOnlyCluster(this.host, { ...at, ownerId: undefined }, name, failure));
    const key = `${at.level} at ${at.path}`;
    this.met?.add(key);
    this.unresolved.set(key, named);
    this.changes.restructure();
  }

  /** A cluster as GitLab has it after a write or a fresh look; one that is new to its owner is added. */
  update(cluster: Cluster): void {
    this.put({ ...withCluster(this.recordFor(cluster.owner), cluster), found: true });
  }

  /** A cluster that was deleted; an owner without any other counts no longer. */
  remove({ owner, id }: Pick<Cluster, 'owner' | 'id'>): void {
    const before = this.known(owner);
    if (before) this.put(withoutCluster(before, id));
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
    for (const group of remembered.groups) if (!this.groupIndex.has(group.id)) this.keepGroup(group);
    for (const owner of remembered.owners) {
      const key = ownerKey(owner.owner);
      const before = this.records.get(key);
      if (before?.current || this.met?.has(key)) continue;
      const { failure, opened = false, loading = false } = before ?? {};
      const clusters = before ? withRead(owner.clusters, before.clusters) : owner.clusters;
      this.keep(key, { ...owner, clusters, failure, current: false, found: true, opened, loading });
    }
    this.completed ??= remembered.at;
    this.changes.restructure();
    this.changes.flush();
  }

  private keepGroup(group: PagedGroup): void {
    if (this.groupIndex.put(group)) this.changes.regroup();
  }

  /** What is known of an owner, or that nothing is. */
  private recordFor(owner: ClusterOwner): OwnerRecord {
    return this.known(owner) ?? blankRecord(owner);
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
    if (wasFound !== record.found) this.changes.restructure();
    if (wasFound || record.found) this.touch(key);
    if (record.opened) this.tellOpened(record.owner);
  }

  private forget(key: string): void {
    if (!this.records.delete(key)) return;
    this.changes.restructure();
    this.touch(key);
  }

  private touch(key: string): void {
    this.flat = undefined;
    this.changes.touch(key);
  }

  /** Tells now of what has changed, for whoever looks for something just added. */
  tellNow(): void {
    this.changes.flush();
  }

  dispose(): void {
    this.changes.dispose();
  }
}
