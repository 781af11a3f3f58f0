import { isReadable, ownerKey, ownerPath } from '../model/cluster';
import type { Cluster, ClusterOwner, ListedCluster, UnreadableCluster } from '../model/cluster';
import type { Filter } from './clusterFilter';
import type { Fleet } from '../inventory/fleet';
import type { FleetChange } from '../inventory/fleetChanges';
import type { NameOnlyCluster, OwnerRecord } from '../inventory/ownerRecord';
import { naturalKey, sortedByKey } from '../model/naturalKey';

/** An owner with what lies below it, as GitLab nests them. */
export interface OwnerBranch {
  readonly owner: ClusterOwner;
  /** Its path without that of the branch it hangs under; empty for the instance. */
  readonly label: string;
  /** Undefined for a group that is only here for what lies below it. */
  readonly record: OwnerRecord | undefined;
  readonly clusters: readonly Cluster[];
  /** Entries of its list that could not be read; none while a filter is on. */
  readonly unreadable: readonly UnreadableCluster[];
  readonly named: readonly NameOnlyCluster[];
  /** Groups, then projects, each in natural order. */
  readonly children: readonly OwnerBranch[];
  /** Clusters here and below, those known by name only included. */
  readonly total: number;
}

/**
 * The owners of a host as a tree: instance, groups with their subgroups and projects, personal projects. Only owners
 * with something to show are in it, and the groups above them that the token may read. With a filter, only what fits.
 */
export function ownerTree(fleet: Fleet, filter?: Filter): readonly OwnerBranch[] {
  return new OwnerTree(fleet, filter).branches;
}

/**
 * The same, kept while the fleet changes: `follow` does what a change needs and no more, since a crawl of ten thousand
 * owners brings ten changes a second. Branches stay the same objects unless groups or owners went or moved.
 */
export class OwnerTree {
  private readonly fleet: Fleet;
  private readonly filter: Filter | undefined;
  private top: Branch;
  /** By path, once looked for: the branch of that group, or the nearest one above it that may be read. */
  private readonly nearest = new Map<string, Branch>();
  private readonly placed = new Map<string, { readonly branch: Branch; readonly count: number }>();

  constructor(fleet: Fleet, filter?: Filter) {
    this.fleet = fleet;
    this.filter = filter;
    this.top = new Branch({ level: 'instance' }, undefined, filter);
    for (const record of fleet.owners) this.place(ownerKey(record.owner), record);
  }

  get branches(): readonly OwnerBranch[] {
    return this.top.children;
  }

  /** The branch of an owner; undefined where it has nothing to show. */
  branch(owner: ClusterOwner): OwnerBranch | undefined {
    return this.find(owner);
  }

  /** The branch an owner's branch hangs under; undefined for the top ones. */
  branchAbove(owner: ClusterOwner): OwnerBranch | undefined {
    const above = this.find(owner)?.parent;
    return above === this.top ? undefined : above;
  }

  private find(owner: ClusterOwner): Branch | undefined {
    const key = ownerKey(owner);
    const group = owner.level === 'group' ? this.nearest.get(owner.path) : undefined;
    const branch = this.placed.get(key)?.branch ?? group;
    return branch && branch !== this.top && ownerKey(branch.owner) === key ? branch : undefined;
  }

  /** Brings the tree up to date after a change event of the fleet. */
  follow({ owners, groups }: FleetChange): void {
    if (groups || [...owners].some((key) => this.isMisplaced(key))) return this.rebuild();
    for (const key of owners) {
      const record = this.fleet.recordOf(key);
      if (record) this.place(key, record);
    }
  }

  private rebuild(): void {
    this.top = new Branch({ level: 'instance' }, undefined, this.filter);
    this.nearest.clear();
    this.placed.clear();
    for (const record of this.fleet.owners) this.place(ownerKey(record.owner), record);
  }

  /** It has nothing to show any more, or was moved or renamed in GitLab: its id stays, its path does not. */
  private isMisplaced(key: string): boolean {
    const branch = this.placed.get(key)?.branch;
    if (!branch) return false;
    const record = this.fleet.recordOf(key);
    return !record || !this.isShown(record) || ownerPath(record.owner) !== ownerPath(branch.owner);
  }

  private isShown(record: OwnerRecord): boolean {
    return !this.filter || countOf(record, this.filter) > 0;
  }

  private place(key: string, record: OwnerRecord): void {
    const count = countOf(record, this.filter);
    const before = this.placed.get(key);
    if (!before && this.filter && count === 0) return;
    const branch = before?.branch ?? this.branchFor(record);
    branch.record = record;
    branch.add(count - (before?.count ?? 0));
    this.placed.set(key, { branch, count });
  }

  private branchFor({ owner }: OwnerRecord): Branch {
    if (owner.level === 'instance') return this.top.grow(owner);
    const isGroup = owner.level === 'group' && this.fleet.groupAt(owner.path) !== undefined;
    return isGroup ? this.groupBranch(owner.path) : this.above(owner.path).grow(owner);
  }

  private groupBranch(path: string): Branch {
    const known = this.nearest.get(path);
    if (known) return known;
    const group = this.fleet.groupAt(path);
    const parent = this.above(path);
    const branch = group ? parent.grow({ level: 'group', id: group.id, path }) : parent;
    this.nearest.set(path, branch);
    return branch;
  }

  private above(path: string): Branch {
    const end = path.lastIndexOf('/');
    return end > 0 ? this.groupBranch(path.slice(0, end)) : this.top;
  }
}

function countOf({ clusters, named }: OwnerRecord, filter: Filter | undefined): number {
  let count = 0;
  for (const cluster of clusters) if (isReadable(cluster) && (!filter || filter(cluster))) count++;
  return count + (filter ? named.filter(filter).length : named.length);
}

class Branch implements OwnerBranch {
  readonly owner: ClusterOwner;
  record: OwnerRecord | undefined;
  readonly parent: Branch | undefined;
  private readonly filter: Filter | undefined;
  private readonly below: Branch[] = [];
  private sorted: readonly Branch[] | undefined;
  total = 0;

  constructor(owner: ClusterOwner, parent: Branch | undefined, filter: Filter | undefined) {
    this.owner = owner;
    this.parent = parent;
    this.filter = filter;
  }

  get label(): string {
    if (this.owner.level === 'instance') return '';
    const above = this.parent?.owner;
    return above && above.level !== 'instance' ? this.owner.path.slice(above.path.length + 1) : this.owner.path;
  }

  get clusters(): readonly Cluster[] {
    const readable = this.listed.filter(isReadable);
    return this.filter ? readable.filter(this.filter) : readable;
  }

  get unreadable(): readonly UnreadableCluster[] {
    return this.filter ? [] : this.listed.filter((one): one is UnreadableCluster => !isReadable(one));
  }

  get named(): readonly NameOnlyCluster[] {
    const named = this.record?.named ?? [];
    return this.filter ? named.filter(this.filter) : named;
  }

  get children(): readonly OwnerBranch[] {
    this.sorted ??= sortedByKey(this.below, orderOf, () => 0);
    return this.sorted;
  }

  private get listed(): readonly ListedCluster[] {
    return this.record?.clusters ?? [];
  }

  grow(owner: ClusterOwner): Branch {
    const child = new Branch(owner, this, this.filter);
    this.below.push(child);
    this.sorted = undefined;
    return child;
  }

  add(clusters: number): void {
    this.total += clusters;
    this.parent?.add(clusters);
  }
}

function orderOf({ owner, label }: OwnerBranch): string {
  return `${['instance', 'group', 'project'].indexOf(owner.level)}${naturalKey(label)}`;
}
