import type { Cluster, ClusterOwner, UnreadableCluster } from '../model/cluster';
import type { Host, HostUrl } from '../model/host';
import type { CommandId } from '../contributions';

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
  /** In the setting, as opposed to found in a git remote of an open folder. */
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

/** Loading, empty, or a failure, each with at most one action. `path` makes it unique below its parent. */
export interface MessageNode {
  readonly type: 'message';
  readonly id: string;
  readonly text: string;
  readonly detail: string | undefined;
  readonly icon: string;
  readonly action:
    | { readonly command: CommandId; readonly title: string; readonly argument: HostNode | OwnerNode | undefined }
    | undefined;
}

export type ClusterTreeNode = HostNode | OwnerNode | ClusterNode | UnreadableNode | MessageNode;
