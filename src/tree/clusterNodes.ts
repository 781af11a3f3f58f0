import type { CommandId } from '../contributions';
import { clusterKey, ownerKey } from '../model/cluster';
import type { Cluster, ClusterOwner, UnreadableCluster } from '../model/cluster';
import type { Host, HostUrl } from '../model/host';

/** One GitLab host. */
export interface HostNode {
  readonly type: 'host';
  readonly host: Host;
}

/** The instance, or a project or group with its clusters. */
export interface OwnerNode {
  readonly type: 'owner';
  readonly host: HostUrl;
  readonly owner: ClusterOwner;
  /** In the setting, as opposed to found in a git remote of an open folder. The instance is neither. */
  readonly watched: boolean;
  readonly fromWorkspace: boolean;
}

export interface ClusterNode {
  readonly type: 'cluster';
  readonly cluster: Cluster;
}

/** A cluster of a list that could not be read. */
export interface UnreadableNode {
  readonly type: 'unreadable';
  readonly cluster: UnreadableCluster;
}

/** The one thing to do about a message. */
export interface MessageAction {
  readonly command: CommandId;
  readonly title: string;
  readonly argument: HostNode | OwnerNode | undefined;
}

/** Loading, empty, or a failure, each with at most one action. */
export interface MessageNode {
  readonly type: 'message';
  /** Unique below its parent. */
  readonly name: string;
  readonly parent: HostNode | OwnerNode | undefined;
  readonly text: string;
  /** Whole sentences. */
  readonly detail: string | undefined;
  readonly severity: 'loading' | 'info' | 'warning' | 'error';
  readonly action: MessageAction | undefined;
}

export type ClusterTreeNode = HostNode | OwnerNode | ClusterNode | UnreadableNode | MessageNode;

/** One string per row of the whole tree; the same row has the same one after every reload. */
export function nodeId(node: ClusterTreeNode): string {
  switch (node.type) {
    case 'host':
      return node.host.url;
    case 'owner':
      return `${node.host}|${ownerKey(node.owner)}`;
    case 'cluster':
      return clusterKey(node.cluster);
    case 'unreadable':
      return `${node.cluster.host}|${ownerKey(node.cluster.owner)}|#${node.cluster.index}`;
    case 'message':
      return `${node.parent ? nodeId(node.parent) : ''}|!${node.name}`;
  }
}

const types: ReadonlySet<unknown> = new Set<ClusterTreeNode['type']>([
  'host',
  'owner',
  'cluster',
  'unreadable',
  'message',
]);

/** Tells a row from whatever else a command may be called with. Rows come back to commands as the objects they are. */
export function isClusterTreeNode(value: unknown): value is ClusterTreeNode {
  if (typeof value !== 'object' || value === null || !('type' in value) || !types.has(value.type)) return false;
  switch (value.type) {
    case 'host':
      return 'host' in value && isObject(value.host);
    case 'owner':
      return 'host' in value && typeof value.host === 'string' && 'owner' in value && isObject(value.owner);
    case 'message':
      return 'name' in value && typeof value.name === 'string';
    default:
      return 'cluster' in value && isObject(value.cluster);
  }
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
