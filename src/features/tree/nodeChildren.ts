import { isReadable, ownerKey } from '../../core/model/cluster';
import type { ClusterOwner, ListedCluster } from '../../core/model/cluster';
import type {
  ClusterNode,
  ClusterTreeNode,
  FleetNode,
  HostNode,
  OwnerNode,
  UnreadableNode,
} from '../../editor/clusterNodes';
import {
  agentsOf,
  belowBranch,
  belowFleet,
  belowGroup,
  belowTop,
  foundBelowHost,
  paged,
  parentInFleet,
} from './fleetChildren';
import { findHost } from './hostNodes';
import {
  hostFailureNode,
  loadingNode,
  lookupFailureNode,
  noClustersNode,
  noOwnersNode,
  noTokenNode,
  ownerFailureNode,
  problemNode,
} from './messageNodes';
import { canWriteAt, identityAt, isToldByHost } from './treeKnowledge';
import type { TreeKnowledge } from './treeKnowledge';

/** The rows below a row (hosts below none). What is not known yet is a row that says so; a failure is never emptiness. */
export function children(node: ClusterTreeNode | undefined, knowledge: TreeKnowledge): readonly ClusterTreeNode[] {
  switch (node?.type) {
    case undefined:
      return [...belowTop(knowledge), ...knowledge.problems.map(problemNode)];
    case 'host':
      return node.place ? foundBelowHost(node, knowledge) : belowHost(node, knowledge);
    case 'owner':
      return belowOwner(node, knowledge);
    case 'fleet':
      return belowFleet(node, knowledge);
    case 'branch':
      return belowBranch(node, knowledge);
    case 'group':
      return belowGroup(node, knowledge);
    case 'warnings':
      return (knowledge.warnings !== 'unopened' && knowledge.warnings?.below(node, knowledge)) || [loadingNode(node)];
    case 'agents':
    case 'agent':
      return knowledge.agents?.current?.below(node, knowledge) ?? [loadingNode(node)];
    case 'cluster':
    case 'unreadable':
    case 'message':
    case 'named':
    case 'warning':
    case 'usableAgent':
    case 'agentAccess':
    case 'more':
      return [];
  }
}

/** The row a row hangs under, or undefined for the top ones and for what is no longer shown. */
export function parentOf(node: ClusterTreeNode, knowledge: TreeKnowledge): ClusterTreeNode | undefined {
  switch (node.type) {
    case 'host':
      return undefined;
    case 'owner':
    case 'warnings':
      return findHost(node.host, knowledge);
    case 'warning':
      return { type: 'warnings', host: node.cluster.host };
    case 'cluster':
    case 'unreadable': {
      if (node.place) return parentInFleet(node, knowledge);
      const host = findHost(node.cluster.host, knowledge);
      return host && ownersOf(host, knowledge).find(({ owner }) => isSame(owner, node.cluster.owner));
    }
    case 'message':
    case 'more':
    case 'agents':
    case 'agent':
    case 'usableAgent':
    case 'agentAccess':
      return node.parent;
    case 'fleet':
    case 'branch':
    case 'group':
    case 'named':
      return parentInFleet(node, knowledge);
  }
}

/** The owners shown below a host: the instance for administrators, then groups, then projects, by path. */
export function ownersOf({ host }: HostNode, knowledge: TreeKnowledge): readonly OwnerNode[] {
  const nodes = new Map<string, OwnerNode>();
  const add = (owner: ClusterOwner, from: Pick<OwnerNode, 'watched' | 'fromWorkspace'>): void => {
    const key = ownerKey(owner);
    const known = nodes.get(key);
    nodes.set(key, {
      type: 'owner',
      host: host.url,
      // A path from GitLab is newer than the setting's: projects move, ids stay.
      owner: from.fromWorkspace || !known ? owner : known.owner,
      watched: from.watched || (known?.watched ?? false),
      fromWorkspace: from.fromWorkspace || (known?.fromWorkspace ?? false),
    });
  };
  if (identityAt(host.url, knowledge)?.user.isAdmin)
    add({ level: 'instance' }, { watched: false, fromWorkspace: false });
  for (const { id, path } of byPath(host.groups))
    add({ level: 'group', id, path }, { watched: true, fromWorkspace: false });
  const found = knowledge.workspaceProjects(host.url)?.projects ?? [];
  const projects = [
    ...host.projects.map(({ id, path }) => ({ id, path, from: { watched: true, fromWorkspace: false } })),
    ...found.map(({ id, path }) => ({ id, path, from: { watched: false, fromWorkspace: true } })),
  ];
  for (const { id, path, from } of byPath(projects)) add({ level: 'project', id, path }, from);
  return [...nodes.values()];
}

function belowHost(node: HostNode, knowledge: TreeKnowledge): readonly ClusterTreeNode[] {
  const state = knowledge.hostState(node.host.url);
  if (state?.state === 'noToken') return [noTokenNode(node)];
  const { url } = node.host;
  const fleet: FleetNode = { type: 'fleet', host: url };
  const last: readonly ClusterTreeNode[] = [
    fleet,
    ...(knowledge.warnings ? [{ type: 'warnings', host: url } as const] : []),
  ];
  if (state?.state === 'failed') {
    // What is remembered can be looked at without the host.
    const known = knowledge.finding.fleet(node.host.url).counts.owners > 0;
    const failure = hostFailureNode(node, state.error);
    // A host that only does not answer keeps its rows.
    if (state.value) return [failure, ...ownersOf(node, knowledge), ...last];
    return [failure, ...(known ? [fleet] : [])];
  }
  if (state?.value === undefined) return [loadingNode(node)];
  const workspace = knowledge.workspaceProjects(node.host.url);
  const rows = [
    ...ownersOf(node, knowledge),
    ...(workspace?.failures ?? []).map(({ path, error }) => lookupFailureNode(node, path, error)),
  ];
  if (rows.length > 0) return [...rows, ...last];
  return [workspace?.loading ? loadingNode(node) : noOwnersNode(node), ...last];
}

function belowOwner(node: OwnerNode, knowledge: TreeKnowledge): readonly ClusterTreeNode[] {
  const state = knowledge.ownerState(node.host, node.owner);
  if (state?.state === 'failed') {
    const host = findHost(node.host, knowledge);
    // Without its host the row is about to go.
    if (!host) return [];
    const isTold = state.value !== undefined && isToldByHost(node.host, state.error, knowledge);
    const messages = isTold ? [] : [ownerFailureNode(node, host, state.error, identityAt(node.host, knowledge))];
    // Agents are there without the integration.
    const agents = state.value || state.error.kind === 'clustersUnavailable' ? agentsOf(node, knowledge) : [];
    return [...messages, ...paged(node, sortedClusters(state.value ?? [], knowledge), knowledge), ...agents];
  }
  if (state?.value === undefined) return [loadingNode(node)];
  const agents = agentsOf(node, knowledge);
  if (state.value.length === 0) return [noClustersNode(node, canWriteAt(node.host, node.owner, knowledge)), ...agents];
  return [...paged(node, sortedClusters(state.value, knowledge), knowledge), ...agents];
}

function isSame(one: ClusterOwner, other: ClusterOwner): boolean {
  return ownerKey(one) === ownerKey(other);
}

const collator = new Intl.Collator(undefined, { numeric: true });

function byPath<T extends { readonly path: string }>(owners: readonly T[]): readonly T[] {
  return [...owners].sort((a, b) => collator.compare(a.path, b.path));
}

/** In the order chosen; what could not be read comes last. */
function sortedClusters(
  listed: readonly ListedCluster[],
  { finding }: TreeKnowledge,
): readonly (ClusterNode | UnreadableNode)[] {
  return [
    ...finding.sorted(listed.filter(isReadable)).map((cluster): ClusterNode => ({ type: 'cluster', cluster })),
    ...listed.flatMap((cluster): UnreadableNode[] => (isReadable(cluster) ? [] : [{ type: 'unreadable', cluster }])),
  ];
}
