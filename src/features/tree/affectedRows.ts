import { ownerKey } from '../../core/model/cluster';
import type { ClusterOwner } from '../../core/model/cluster';
import type { HostUrl } from '../../core/model/host';
import type { FleetFinding } from '../../core/arrange/fleetFinding';
import type { FleetChange } from '../../core/inventory/fleetChanges';
import type { ClusterTreeNode } from '../../editor/clusterNodes';
import type { RowChanges } from './rows/row';
import { rowOf } from './rows/rowOf';
import type { TreeKnowledge } from './treeKnowledge';

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
  hosts: RowChanges['hosts'],
  knowledge: Pick<TreeKnowledge, 'finding' | 'hostState' | 'ownerState'>,
): (row: ClusterTreeNode) => boolean {
  const branches = new Map<HostUrl, (owner: ClusterOwner) => boolean>();
  for (const [host, change] of hosts) branches.set(host, affectedBranches(host, change, knowledge.finding));
  const hasNewClusters = [...hosts.values()].some((change) => change !== undefined);
  const isBranchAffected: RowChanges['isBranchAffected'] = (host, owner) => branches.get(host)?.(owner) ?? false;
  const changes: RowChanges = { hosts, hasNewClusters, isBranchAffected, knowledge };
  return (row) => rowOf(row).isAffected(changes);
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
