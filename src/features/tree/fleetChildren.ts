import type { NamedCluster } from '../../core/inventory/ownerRecord';
import type { FleetFinding } from '../../core/arrange/fleetFinding';
import type { OwnerBranch } from '../../core/arrange/ownerTree';
import type { Cluster } from '../../core/model/cluster';
import { isReadable, ownerKey } from '../../core/model/cluster';
import type {
  AgentsNode,
  BranchNode,
  ClusterNode,
  ClusterTreeNode,
  FleetNode,
  GroupNode,
  HostNode,
  MoreNode,
  NamedNode,
  OwnerNode,
  Place,
  UnreadableNode,
} from '../../editor/clusterNodes';
import { nodeId } from '../../editor/clusterNodes';
import { branchFailureNode, fleetMessages, noMatchNode, topMessages } from './fleetMessages';
import { findHost, toHostNode } from './hostNodes';
import { hasAgents } from './treeKnowledge';
import type { TreeKnowledge } from './treeKnowledge';

/** The top rows: hosts, or groups over all of them and what keeps those from being complete. */
export function belowTop(knowledge: TreeKnowledge): readonly ClusterTreeNode[] {
  const { finding, hosts } = knowledge;
  switch (finding.shape) {
    case 'owners':
      return hosts.map(toHostNode);
    case 'filtered': {
      const place = finding.few ? 'found' : 'foundMany';
      const rows = hosts.map((host): HostNode => ({ type: 'host', host, place }));
      // A host that has something to say keeps its row.
      const shown = rows.filter((row) => foundBelowHost(row, knowledge).length > 0);
      const without = hosts.filter((host) => !shown.some((row) => row.host === host));
      return without.length === 0 ? shown : [...shown, noMatchNode(without, hosts.length)];
    }
    case 'grouped': {
      const by = finding.groupBy;
      const groups = finding.groups().map(({ key }): GroupNode => ({ type: 'group', by, key }));
      return [...topMessages(knowledge), ...paged(undefined, groups, knowledge)];
    }
  }
}

/** Of a host only what fits the filter. */
export function foundBelowHost(node: HostNode, knowledge: TreeKnowledge): readonly ClusterTreeNode[] {
  const { place = 'found', host } = node;
  const { branches, unresolved } = knowledge.finding.tree(host.url);
  const rows = [
    ...branches.map(({ owner }): BranchNode => ({ type: 'branch', host: host.url, owner, place })),
    ...unresolved.map((cluster): NamedNode => ({ type: 'named', cluster, place })),
  ];
  return [...fleetMessages(node, knowledge), ...paged(node, rows, knowledge)];
}

/** All of a host's owners with clusters, as they nest, after how far finding them is. */
export function belowFleet(node: FleetNode, knowledge: TreeKnowledge): readonly ClusterTreeNode[] {
  const { host } = node;
  const { branches, unresolved } = knowledge.finding.tree(host);
  const rows = [
    ...branches.map(({ owner }): BranchNode => ({ type: 'branch', host, owner, place: 'fleet' })),
    ...unresolved.map((cluster): NamedNode => ({ type: 'named', cluster, place: 'fleet' })),
  ];
  return [...fleetMessages(node, knowledge), ...paged(node, rows, knowledge)];
}

/** Why an owner cannot be read, then subgroups and projects, then its clusters. */
export function belowBranch(node: BranchNode, knowledge: TreeKnowledge): readonly ClusterTreeNode[] {
  const branch = knowledge.finding.tree(node.host).branch(node.owner);
  if (!branch) return [];
  const { host, place } = node;
  const failure = branch.record?.failure;
  const rows = [
    ...branch.children.map(({ owner }): BranchNode => ({ type: 'branch', host, owner, place })),
    ...clusterRowsOf(branch, place, knowledge),
    ...agentsOf(node, knowledge),
  ];
  // Names say by themselves why there is no more.
  const messages = failure && branch.named.length === 0 ? [branchFailureNode(node, failure, knowledge)] : [];
  return [...messages, ...paged(node, rows, knowledge)];
}

/** The row of a project's agents: of a watched one always, of a found one once its agents were asked for. */
export function agentsOf(parent: OwnerNode | BranchNode, knowledge: TreeKnowledge): readonly AgentsNode[] {
  const { host, owner } = parent;
  if (owner.level !== 'project') return [];
  const { id, path } = owner;
  const isShown =
    parent.type === 'owner' ? hasAgents(host, knowledge) : knowledge.agents?.current?.knows(host, id) === true;
  return isShown ? [{ type: 'agents', list: 'own', host, project: { id, path }, parent }] : [];
}

function clusterRowsOf(
  { clusters, named, unreadable }: OwnerBranch,
  place: BranchNode['place'],
  { finding }: TreeKnowledge,
): readonly (ClusterNode | NamedNode | UnreadableNode)[] {
  return [
    ...finding.sorted(clusters).map((cluster): ClusterNode => ({ type: 'cluster', cluster, place })),
    ...named.map((cluster): NamedNode => ({ type: 'named', cluster, place })),
    ...unreadable.map((cluster): UnreadableNode => ({ type: 'unreadable', cluster, place })),
  ];
}

/** Clusters that have something in common, in the order chosen. */
export function belowGroup(node: GroupNode, knowledge: TreeKnowledge): readonly ClusterTreeNode[] {
  const group = knowledge.finding.group(node.key);
  const place = 'group';
  const rows = [
    ...(group?.clusters ?? []).map((cluster): ClusterNode => ({ type: 'cluster', cluster, place })),
    ...(group?.named ?? []).map((cluster): NamedNode => ({ type: 'named', cluster, place })),
  ];
  return paged(node, rows, knowledge);
}

/** The row above one that does not stand below a watched owner. */
export function parentInFleet(
  node: FleetNode | BranchNode | GroupNode | NamedNode | ClusterNode | UnreadableNode,
  knowledge: TreeKnowledge,
): ClusterTreeNode | undefined {
  switch (node.type) {
    case 'group':
      return undefined;
    case 'fleet':
      return findHost(node.host, knowledge);
    case 'branch': {
      const above = knowledge.finding.tree(node.host).above(node.owner);
      return above ? { ...node, owner: above.owner } : top(node.host, node.place, knowledge);
    }
    case 'named': {
      const { host, level, ownerId, path } = node.cluster;
      const { place } = node;
      if (place === 'group') return groupNodeOf(node.cluster, knowledge);
      return ownerId === undefined
        ? top(host, place, knowledge)
        : { type: 'branch', host, owner: { level, id: ownerId, path }, place };
    }
    case 'cluster':
    case 'unreadable': {
      const { place, cluster } = node;
      if (place === undefined) return undefined;
      if (place !== 'group') return { type: 'branch', host: cluster.host, owner: cluster.owner, place };
      return 'id' in cluster ? groupNodeOf(cluster, knowledge) : undefined;
    }
  }
}

function groupNodeOf(cluster: Cluster | NamedCluster, { finding }: TreeKnowledge): GroupNode | undefined {
  const group = finding.groupOf(cluster);
  return group && { type: 'group', by: finding.groupBy, key: group.key };
}

/** Where a cluster has its row now: below its watched owner, else wherever it is shown. Undefined where it is not. */
export function placeOf(cluster: Cluster, isWatched: boolean, { finding }: TreeKnowledge): ClusterNode | undefined {
  if (finding.shape === 'grouped') return finding.groupOf(cluster) && { type: 'cluster', cluster, place: 'group' };
  if (finding.shape === 'owners' && isWatched) return { type: 'cluster', cluster };
  const branch = finding.tree(cluster.host).branch(cluster.owner);
  if (!branch?.clusters.some(({ id }) => id === cluster.id)) return undefined;
  return { type: 'cluster', cluster, place: ownerPlace(finding) };
}

/** The same for one known by name only. */
export function placeOfNamed(cluster: NamedCluster, { finding }: TreeKnowledge): NamedNode | undefined {
  if (finding.shape === 'grouped') return finding.groupOf(cluster) && { type: 'named', cluster, place: 'group' };
  const shown = namedBeside(cluster, finding).some(({ id }) => id === cluster.id);
  return shown ? { type: 'named', cluster, place: ownerPlace(finding) } : undefined;
}

function ownerPlace({ shape, few }: FleetFinding): BranchNode['place'] {
  return shape === 'owners' ? 'fleet' : few ? 'found' : 'foundMany';
}

/** Those known by name only that stand below the same row. */
function namedBeside({ host, level, ownerId, path }: NamedCluster, finding: FleetFinding): readonly NamedCluster[] {
  const tree = finding.tree(host);
  return ownerId === undefined ? tree.unresolved : (tree.branch({ level, id: ownerId, path })?.named ?? []);
}

/** Lists whose rows lead to a node, with the position it has there: long ones may not show it yet. */
export function listsTo(
  node: ClusterTreeNode,
  knowledge: TreeKnowledge,
): readonly { readonly list: string; readonly position: number }[] {
  if (node.type === 'cluster' && node.place === undefined) return [placeInOwner(node.cluster, knowledge)];
  const isListed = node.type === 'cluster' || node.type === 'branch' || node.type === 'named';
  const parent = isListed ? parentInFleet(node, knowledge) : undefined;
  const { finding } = knowledge;
  if (node.type === 'group') return [{ list: '', position: finding.groups().findIndex(({ key }) => key === node.key) }];
  if (!parent) return [];
  return [{ list: nodeId(parent), position: positionIn(parent, node, knowledge) }, ...listsTo(parent, knowledge)];
}

/** Below its watched owner. */
function placeInOwner(
  { host, owner, id }: Cluster,
  knowledge: TreeKnowledge,
): { readonly list: string; readonly position: number } {
  const state = knowledge.ownerState(host, owner);
  const clusters = (state?.value ?? []).filter(isReadable);
  const list = nodeId({ type: 'owner', host, owner, watched: true, fromWorkspace: false });
  return { list, position: knowledge.finding.sorted(clusters).findIndex((one) => one.id === id) };
}

function positionIn(parent: ClusterTreeNode, node: ClusterTreeNode, { finding }: TreeKnowledge): number {
  const sameCluster = ({ id }: Cluster): boolean => node.type === 'cluster' && node.cluster.id === id;
  const sameNamed = ({ id }: NamedCluster): boolean => node.type === 'named' && node.cluster.id === id;
  if (parent.type === 'group') {
    const { clusters = [], named = [] } = finding.group(parent.key) ?? {};
    if (node.type === 'named') return clusters.length + named.findIndex(sameNamed);
    return clusters.findIndex((one) => node.type === 'cluster' && one === node.cluster);
  }
  const host = parent.type === 'host' ? parent.host.url : 'host' in parent ? parent.host : undefined;
  if (host === undefined) return 0;
  const tree = finding.tree(host);
  const branch = parent.type === 'branch' ? tree.branch(parent.owner) : undefined;
  const children = branch ? branch.children : tree.branches;
  if (node.type === 'named') {
    return children.length + (branch?.clusters.length ?? 0) + namedBeside(node.cluster, finding).findIndex(sameNamed);
  }
  if (node.type === 'branch') return children.findIndex(({ owner }) => ownerKey(owner) === ownerKey(node.owner));
  return children.length + finding.sorted(branch?.clusters ?? []).findIndex(sameCluster);
}

function top(host: string, place: Place, knowledge: TreeKnowledge): HostNode | FleetNode | undefined {
  const node = findHost(host, knowledge);
  if (!node) return undefined;
  return place === 'found' || place === 'foundMany' ? { ...node, place } : { type: 'fleet', host: node.host.url };
}

/** Long lists show their first rows, and one that shows more. */
export function paged<T extends ClusterTreeNode>(
  parent: MoreNode['parent'],
  rows: readonly T[],
  { finding }: TreeKnowledge,
): readonly (T | MoreNode)[] {
  const limit = finding.limit(parent ? nodeId(parent) : '');
  return rows.length <= limit ? rows : [...rows.slice(0, limit), { type: 'more', parent, left: rows.length - limit }];
}
