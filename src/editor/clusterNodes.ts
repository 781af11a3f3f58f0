import type { CommandId } from '../contributions';
import { clusterKey, ownerKey } from '../core/model/cluster';
import type { Cluster, ClusterOwner, UnreadableCluster } from '../core/model/cluster';
import { knownKey } from '../core/inventory/ownerRecord';
import type { NameOnlyCluster } from '../core/inventory/ownerRecord';
import type { GroupBy } from '../core/arrange/grouping';
import type { AgentAccess } from '../core/migration/agentAccess';
import type { UsableAgent } from '../core/gitlab/usableAgents';
import type { Agent, AgentProject } from '../core/model/agent';
import type { Host, HostUrl } from '../core/model/host';

/**
 * In which part of the tree a row stands, where that is not below its watched owner: one cluster may have a row in
 * several. `found` is for the few that fit a filter, whose rows start open, `foundMany` for many.
 */
export type Place = 'fleet' | 'found' | 'foundMany' | 'group';

/** One GitLab host. */
export interface HostNode {
  readonly type: 'host';
  readonly host: Host;
  /** With only what fits the filter below it. */
  readonly place?: 'found' | 'foundMany';
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
  readonly place?: Place;
}

/** All clusters of a host, watched or not. */
export interface FleetNode {
  readonly type: 'fleet';
  readonly host: HostUrl;
}

/** An owner among all of a host's, with what GitLab nests below it. */
export interface BranchNode {
  readonly type: 'branch';
  readonly host: HostUrl;
  readonly owner: ClusterOwner;
  readonly place: Exclude<Place, 'group'>;
}

/** Clusters of all hosts that have something in common. */
export interface GroupNode {
  readonly type: 'group';
  readonly by: GroupBy;
  readonly key: string;
}

/** A cluster of which nothing but the name is known. */
export interface NamedNode {
  readonly type: 'named';
  readonly cluster: NameOnlyCluster;
  readonly place: Place;
}

/** What was noticed about scopes, namespaces and CAs of a host's clusters, or how far their moves to the agent are. */
export interface WarningsNode {
  readonly type: 'warnings';
  readonly list?: 'moves' | undefined;
  readonly host: HostUrl;
}

/** One thing noticed, with the cluster to do something about. */
export interface WarningNode {
  readonly type: 'warning';
  readonly list?: 'moves' | undefined;
  readonly cluster: Cluster;
  /** Unique at its host. */
  readonly name: string;
  readonly title: string;
  /** A whole sentence. */
  readonly detail: string;
  readonly act: 'edit' | 'showServed' | 'planMigration';
  /** What `act` means here. */
  readonly remedy: string;
}

/** The agents of a project (`own`), or below those the ones its jobs may use. Nothing is asked before it is opened. */
export interface AgentsNode {
  readonly type: 'agents';
  readonly list: 'own' | 'usable';
  readonly host: HostUrl;
  readonly project: AgentProject;
  readonly parent: OwnerNode | BranchNode | AgentsNode;
}

export interface AgentNode {
  readonly type: 'agent';
  readonly parent: AgentsNode;
  readonly agent: Agent;
}

/** One entry of an agent's configuration. */
export interface AgentAccessNode {
  readonly type: 'agentAccess';
  readonly parent: AgentNode;
  readonly access: AgentAccess;
  /** Position in the configuration: entries may be repeated. */
  readonly index: number;
}

/** An agent that the jobs of a project may use, most often configured in another one. */
export interface UsableAgentNode {
  readonly type: 'usableAgent';
  readonly parent: AgentsNode;
  readonly agent: UsableAgent;
}

/** Stands for the rows a long list does not show yet. */
export interface MoreNode {
  readonly type: 'more';
  readonly parent:
    FleetNode | BranchNode | GroupNode | HostNode | OwnerNode | WarningsNode | AgentsNode | AgentNode | undefined;
  /** How many are not shown. */
  readonly left: number;
}

/** A cluster of a list that could not be read. */
export interface UnreadableNode {
  readonly type: 'unreadable';
  readonly cluster: UnreadableCluster;
  readonly place?: Place;
}

/** The one thing to do about a message. */
export interface MessageAction {
  readonly command: CommandId;
  readonly title: string;
  readonly argument: HostNode | OwnerNode | FleetNode | BranchNode | AgentsNode | AgentNode | undefined;
}

/** Loading, empty, or a failure, each with at most one action. */
export interface MessageNode {
  readonly type: 'message';
  /** Unique below its parent. */
  readonly name: string;
  readonly parent: HostNode | OwnerNode | FleetNode | BranchNode | WarningsNode | AgentsNode | AgentNode | undefined;
  readonly text: string;
  /** Whole sentences. */
  readonly detail: string | undefined;
  readonly severity: 'loading' | 'info' | 'warning' | 'error';
  readonly action: MessageAction | undefined;
  /** The host whose clusters are being found, where the row says that. */
  readonly finding?: HostUrl;
}

export type ClusterTreeNode =
  | HostNode
  | OwnerNode
  | ClusterNode
  | UnreadableNode
  | MessageNode
  | FleetNode
  | BranchNode
  | GroupNode
  | NamedNode
  | WarningsNode
  | WarningNode
  | AgentsNode
  | AgentNode
  | UsableAgentNode
  | AgentAccessNode
  | MoreNode;

/** One string per row of the whole tree; the same row has the same one after every reload. */
export function nodeId(node: ClusterTreeNode): string {
  switch (node.type) {
    case 'host':
      return `${placed(node.place)}${node.host.url}`;
    case 'owner':
      return `${node.host}|${ownerKey(node.owner)}`;
    case 'cluster':
      return `${placed(node.place)}${clusterKey(node.cluster)}`;
    case 'unreadable':
      return `${placed(node.place)}${node.cluster.host}|${ownerKey(node.cluster.owner)}|#${node.cluster.index}`;
    case 'fleet':
      return `${node.host}|*`;
    case 'branch':
      return `${placed(node.place)}${node.host}|${ownerKey(node.owner)}`;
    case 'group':
      return `group|${node.by}|${node.key}`;
    case 'named':
      return `${placed(node.place)}${knownKey(node.cluster)}`;
    case 'warnings':
      return `${node.host}|?${node.list ?? ''}`;
    case 'warning':
      return `${node.cluster.host}|?${node.name}`;
    case 'agents':
      return `${nodeId(node.parent)}|@${node.list}`;
    case 'agent':
      return `${nodeId(node.parent)}|${node.agent.id}`;
    case 'agentAccess':
      return `${nodeId(node.parent)}|${node.index}`;
    case 'usableAgent':
      return `${nodeId(node.parent)}|${node.agent.configProject}:${node.agent.name}`;
    case 'more':
      return `${node.parent ? nodeId(node.parent) : ''}|+`;
    case 'message':
      return `${node.parent ? nodeId(node.parent) : ''}|!${node.name}`;
  }
}

function placed(place: Place | undefined): string {
  return place ? `${place}|` : '';
}
