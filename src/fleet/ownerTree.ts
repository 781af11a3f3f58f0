import type { Cluster, ClusterOwner, UnreadableCluster } from '../model/cluster';
import { isReadable, ownerKey } from '../model/cluster';
import type { PagedGroup } from '../gitlab/ownerPages';
import type { Filter } from './clusterFilter';
import type { Fleet, NamedCluster, OwnerRecord } from './fleet';
import { naturalKey, sortedByKey } from './naturalKey';

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
  readonly named: readonly NamedCluster[];
  /** Groups, then projects, each in natural order. */
  readonly children: readonly OwnerBranch[];
  /** Clusters here and below. */
  readonly total: number;
}

interface Growing extends OwnerBranch {
  children: Growing[];
  total: number;
}

/**
 * The owners of a host as a tree: instance, groups with their subgroups and projects, personal projects. Only owners
 * with something to show are in it, and the groups above them that the token may read. With a filter, only what fits.
 */
export function ownerTree(fleet: Fleet, filter?: Filter): readonly OwnerBranch[] {
  const groups = new Map<string, PagedGroup>();
  for (const group of fleet.groups) groups.set(group.path, group);
  const branches = new Map<string, Growing>();
  const tops: Growing[] = [];

  const branchAbove = (path: string): Growing | undefined => {
    for (let end = path.lastIndexOf('/'); end > 0; end = path.lastIndexOf('/', end - 1)) {
      const above = path.slice(0, end);
      const group = groups.get(above);
      if (!group) continue;
      const owner: ClusterOwner = { level: 'group', id: group.id, path: above };
      return branches.get(ownerKey(owner)) ?? grow(owner, undefined);
    }
    return undefined;
  };
  const grow = (owner: ClusterOwner, record: OwnerRecord | undefined): Growing => {
    const parent = owner.level === 'instance' ? undefined : branchAbove(owner.path);
    const branch = toBranch(owner, record, parent, filter);
    (parent?.children ?? tops).push(branch);
    branches.set(ownerKey(owner), branch);
    return branch;
  };

  // Groups first and shallow ones before deep ones, so that no group is met below itself.
  for (const record of [...fleet.owners].sort((a, b) => depthOf(a) - depthOf(b))) {
    if (filter && !record.clusters.some((one) => isReadable(one) && filter(one)) && !record.named.some(filter))
      continue;
    grow(record.owner, record);
  }
  return finish(tops);
}

function toBranch(
  owner: ClusterOwner,
  record: OwnerRecord | undefined,
  parent: OwnerBranch | undefined,
  filter: Filter | undefined,
): Growing {
  const above = parent && parent.owner.level !== 'instance' ? parent.owner.path.length + 1 : 0;
  const clusters = record?.clusters.filter(isReadable) ?? [];
  const shown = filter ? clusters.filter(filter) : clusters;
  return {
    owner,
    label: owner.level === 'instance' ? '' : owner.path.slice(above),
    record,
    clusters: shown,
    unreadable: filter ? [] : (record?.clusters.filter((one): one is UnreadableCluster => !isReadable(one)) ?? []),
    named: filter ? (record?.named.filter(filter) ?? []) : (record?.named ?? []),
    children: [],
    total: shown.length,
  };
}

/** Sorts each level and counts what lies below. */
function finish(branches: Growing[]): Growing[] {
  for (const branch of branches) {
    if (branch.children.length === 0) continue;
    branch.children = finish(branch.children);
    for (const child of branch.children) branch.total += child.total;
  }
  return sortedByKey(branches, orderOf, () => 0);
}

function orderOf({ owner, label }: OwnerBranch): string {
  return `${['instance', 'group', 'project'].indexOf(owner.level)}${naturalKey(label)}`;
}

function depthOf({ owner }: OwnerRecord): number {
  return owner.level === 'instance' ? 0 : owner.level === 'group' ? owner.path.split('/').length : 1000;
}
