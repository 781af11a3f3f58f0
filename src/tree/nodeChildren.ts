import { isReadable, ownerKey } from '../model/cluster';
import type { Cluster, ClusterOwner, ListedCluster } from '../model/cluster';
import type { ClusterNode, ClusterTreeNode, HostNode, OwnerNode, UnreadableNode } from './clusterNodes';
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
import { canWriteAt, identityAt } from './treeKnowledge';
import type { TreeKnowledge } from './treeKnowledge';

/** The rows below a row (hosts below none). What is not known yet is a row that says so; a failure is never emptiness. */
export function children(node: ClusterTreeNode | undefined, knowledge: TreeKnowledge): readonly ClusterTreeNode[] {
  switch (node?.type) {
    case undefined:
      return [...knowledge.hosts.map(toHostNode), ...knowledge.problems.map(problemNode)];
    case 'host':
      return belowHost(node, knowledge);
    case 'owner':
      return belowOwner(node, knowledge);
    case 'cluster':
    case 'unreadable':
    case 'message':
      return [];
  }
}

/** The row a row hangs under, or undefined for the top ones and for what is no longer shown. */
export function parentOf(node: ClusterTreeNode, knowledge: TreeKnowledge): ClusterTreeNode | undefined {
  switch (node.type) {
    case 'host':
      return undefined;
    case 'owner':
      return findHost(node.host, knowledge);
    case 'cluster':
    case 'unreadable': {
      const host = findHost(node.cluster.host, knowledge);
      return host && ownersOf(host, knowledge).find(({ owner }) => isSame(owner, node.cluster.owner));
    }
    case 'message':
      return node.parent;
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
  if (state?.state === 'failed') return [hostFailureNode(node, state.error)];
  if (state?.value === undefined) return [loadingNode(node)];
  const workspace = knowledge.workspaceProjects(node.host.url);
  const rows = [
    ...ownersOf(node, knowledge),
    ...(workspace?.failures ?? []).map(({ path, error }) => lookupFailureNode(node, path, error)),
  ];
  if (rows.length > 0) return rows;
  return [workspace?.loading ? loadingNode(node) : noOwnersNode(node)];
}

function belowOwner(node: OwnerNode, knowledge: TreeKnowledge): readonly ClusterTreeNode[] {
  const state = knowledge.ownerState(node.host, node.owner);
  if (state?.state === 'failed') {
    const host = findHost(node.host, knowledge);
    // Without its host the row is about to go.
    return host ? [ownerFailureNode(node, host, state.error, identityAt(node.host, knowledge))] : [];
  }
  if (state?.value === undefined) return [loadingNode(node)];
  if (state.value.length === 0) return [noClustersNode(node, canWriteAt(node.host, knowledge))];
  return sortedClusters(state.value);
}

function findHost(url: string, knowledge: TreeKnowledge): HostNode | undefined {
  const host = knowledge.hosts.find((one) => one.url === url);
  return host && toHostNode(host);
}

function toHostNode(host: HostNode['host']): HostNode {
  return { type: 'host', host };
}

function isSame(one: ClusterOwner, other: ClusterOwner): boolean {
  return ownerKey(one) === ownerKey(other);
}

const collator = new Intl.Collator(undefined, { numeric: true });

function byPath<T extends { readonly path: string }>(owners: readonly T[]): readonly T[] {
  return [...owners].sort((a, b) => collator.compare(a.path, b.path));
}

/** By name, then by id, since names are not unique; what could not be read comes last. */
function sortedClusters(listed: readonly ListedCluster[]): readonly (ClusterNode | UnreadableNode)[] {
  const clusters: Cluster[] = listed.filter(isReadable);
  clusters.sort((a, b) => collator.compare(a.name, b.name) || a.id - b.id);
  return [
    ...clusters.map((cluster): ClusterNode => ({ type: 'cluster', cluster })),
    ...listed.flatMap((cluster): UnreadableNode[] => (isReadable(cluster) ? [] : [{ type: 'unreadable', cluster }])),
  ];
}
