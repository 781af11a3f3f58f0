import { ownerKey } from '../../core/model/cluster';
import type { ClusterOwner } from '../../core/model/cluster';
import type { HostUrl } from '../../core/model/host';
import type { FleetFinding } from '../../core/arrange/fleetFinding';
import type { FleetChange } from '../../core/inventory/fleetChanges';
import type { ClusterTreeNode } from '../../editor/clusterNodes';
import type { TreeKnowledge } from './treeKnowledge';

/** What changed of each host since its rows were last compared: owners' clusters, or (undefined) the status alone. */
type HostChanges = ReadonlyMap<HostUrl, FleetChange | undefined>;

/** Two changes of one host as one. */
export function bothChanges(one: FleetChange | undefined, other: FleetChange | undefined): FleetChange | undefined {
  if (!one || !other) return one ?? other;
  return {
    owners: new Set([...one.owners, ...other.owners]),
    structure: one.structure || other.structure,
    groups: one.groups || other.groups,
  };
}

/**
 * Tells which rows can look different after these changes, so that nothing else is compared: a search of ten thousand
 * owners brings ten changes a second.
 */
export function affectedRows(
  changes: HostChanges,
  knowledge: Pick<TreeKnowledge, 'finding' | 'hostState' | 'ownerState'>,
): (row: ClusterTreeNode) => boolean {
  const branches = new Map<HostUrl, (owner: ClusterOwner) => boolean>();
  for (const [host, change] of changes) branches.set(host, affectedBranches(host, change, knowledge.finding));
  const hasNewClusters = [...changes.values()].some((change) => change !== undefined);
  return (row) => {
    switch (row.type) {
      case 'fleet':
        return changes.has(row.host);
      case 'branch':
        return branches.get(row.host)?.(row.owner) ?? false;
      case 'owner': {
        // One that was opened follows its own events at once.
        const isOpen = knowledge.ownerState(row.host, row.owner)?.state === 'loading';
        return !isOpen && (changes.get(row.host)?.owners.has(ownerKey(row.owner)) ?? false);
      }
      case 'cluster':
      case 'unreadable':
      case 'named':
      case 'group':
        return hasNewClusters;
      case 'warnings':
      case 'warning':
      case 'agents':
      case 'agent':
      case 'usableAgent':
      case 'agentAccess':
        // They follow events of their own.
        return false;
      case 'message':
      case 'more':
        return true;
      case 'host': {
        const { url } = row.host;
        return changes.has(url) && (row.place !== undefined || knowledge.hostState(url)?.state === 'failed');
      }
    }
  };
}

/** The branches of owners that changed, and those above them, which count what is below. */
function affectedBranches(
  host: HostUrl,
  change: FleetChange | undefined,
  finding: FleetFinding,
): (owner: ClusterOwner) => boolean {
  if (!change) return () => false;
  const fleet = finding.fleet(host);
  const tree = finding.tree(host);
  const affected = new Set<string>();
  for (const key of change.owners) {
    const owner = fleet.recordOf(key)?.owner;
    // Where an owner went, it is not known any more what it hung under.
    if (change.groups || !owner) return () => true;
    affected.add(key);
    for (let above = tree.above(owner); above; above = tree.above(above.owner)) {
      const aboveKey = ownerKey(above.owner);
      if (affected.has(aboveKey)) break;
      affected.add(aboveKey);
    }
  }
  return change.groups ? () => true : (owner) => affected.has(ownerKey(owner));
}
