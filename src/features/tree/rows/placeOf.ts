import type { FleetFinding } from '../../../core/arrange/fleetFinding';
import type { NameOnlyCluster } from '../../../core/inventory/ownerRecord';
import type { Cluster } from '../../../core/model/cluster';
import type { BranchNode, ClusterNode, NamedNode } from '../../../editor/clusterNodes';
import type { TreeKnowledge } from '../treeKnowledge';
import { namedBeside } from './named';

/** Where a cluster has its row now: below its watched owner, else wherever it is shown. Undefined where it is not. */
export function placeOf(cluster: Cluster, isWatched: boolean, { finding }: TreeKnowledge): ClusterNode | undefined {
  if (finding.shape === 'grouped') return finding.groupOf(cluster) && { type: 'cluster', cluster, place: 'group' };
  if (finding.shape === 'owners' && isWatched) return { type: 'cluster', cluster };
  const branch = finding.tree(cluster.host).branch(cluster.owner);
  if (!branch?.clusters.some(({ id }) => id === cluster.id)) return undefined;
  return { type: 'cluster', cluster, place: ownerPlace(finding) };
}

/** The same for one known by name only. */
export function placeOfNamed(cluster: NameOnlyCluster, { finding }: TreeKnowledge): NamedNode | undefined {
  if (finding.shape === 'grouped') return finding.groupOf(cluster) && { type: 'named', cluster, place: 'group' };
  const shown = namedBeside(cluster, finding).some(({ id }) => id === cluster.id);
  return shown ? { type: 'named', cluster, place: ownerPlace(finding) } : undefined;
}

function ownerPlace({ shape, few }: FleetFinding): BranchNode['place'] {
  return shape === 'owners' ? 'fleet' : few ? 'found' : 'foundMany';
}
