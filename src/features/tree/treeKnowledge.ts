import type { FleetFinder } from '../../core/arrange/fleetFinder';
import type { FleetFinding } from '../../core/arrange/fleetFinding';
import type { DiagnosisResults } from '../../core/diagnosis/results';
import type { DiagnosisNote } from '../../core/diagnosis/results';
import type { Event } from '../../core/time/event';
import type { AgentAccessNode, AgentNode, AgentsNode, UsableAgentNode } from '../../editor/clusterNodes';
import { USUALLY_SOON } from '../../core/model/caFacts';
import type { Cluster, ClusterOwner } from '../../core/model/cluster';
import type { Host, HostUrl } from '../../core/model/host';
import type { HostAccounts, HostProblem } from '../../core/accounts/hostAccounts';
import type { Fleets } from '../../core/inventory/fleets';
import type { Inventory } from '../../core/inventory/inventory';
import type { OwnerRoles } from '../../core/inventory/ownerRoles';
import type { LazyPart } from '../../core/time/lazyPart';
import type { HostState } from '../../core/inventory/hostIdentityLoad';
import type { OwnerState } from '../../core/inventory/ownerState';
import { unsearchedHosts, unsearchedInWords } from '../../core/inventory/unsearched';
import type { FoundInWorkspace, WorkspaceProjects } from '../../core/accounts/workspaceProjects';
import { watchesOwner } from '../../core/accounts/watching';
import type { GitLabError } from '../../core/gitlab/errors';
import type { HostIdentity } from '../../core/gitlab/identity';
import type { ClusterTreeNode, WarningNode, WarningsNode } from '../../editor/clusterNodes';
import type { NodeLook } from './rows/row';
import type { WarningRows } from './warningRows';

/** The rows of warnings, which are loaded when they are first opened. */
export interface WarningLooks {
  /** Undefined before the first look is over. */
  below(node: WarningsNode, knowledge: TreeKnowledge): readonly ClusterTreeNode[] | undefined;
  /** What differs from a group that was not opened yet. */
  lookOf(node: WarningsNode | WarningNode, knowledge: TreeKnowledge): Partial<NodeLook>;
}

/** All that the tree is made of, as it is known now. Asking loads nothing. */
export interface TreeKnowledge {
  readonly hosts: readonly Host[];
  /** Entries of the setting that cannot be used. */
  readonly problems: readonly HostProblem[];
  hostState(host: HostUrl): HostState | undefined;
  ownerState(host: HostUrl, owner: ClusterOwner): OwnerState | undefined;
  workspaceProjects(host: HostUrl): FoundInWorkspace | undefined;
  /** Whether the role there is enough to change clusters; undefined while it is not known. */
  mayChange(host: HostUrl, owner: ClusterOwner): boolean | undefined;
  /** All fleets, filtered, sorted and grouped. */
  readonly finding: FleetFinding;
  /** The latest diagnosis of a cluster in this window. */
  diagnosisOf(cluster: Cluster): DiagnosisNote | undefined;
  /** Rows of warnings: once somebody opened them, before that, or undefined where there are none. */
  readonly warnings: WarningLooks | 'unopened' | undefined;
  /** Undefined where no agents are shown. */
  readonly agents?: { readonly current: AgentKnowledge | undefined } | undefined;
  /** What certificates are held against. */
  now(): Date;
  /** From so many days before its end on, a CA certificate is worth a word. */
  soon(): number;
}

/** What the tree is made from. */
export interface TreeSources {
  readonly accounts: HostAccounts;
  readonly inventory: Inventory;
  readonly workspace: WorkspaceProjects;
  readonly fleets: Fleets;
  readonly finder: FleetFinder;
  readonly diagnoses: DiagnosisResults;
  readonly roles?: OwnerRoles;
  readonly warnings?: LazyPart<WarningRows>;
  /** Called whenever the view comes into sight. */
  readonly onDidShow?: () => void;
  /** Days before its end from which on a CA certificate is worth a word; as usual unless given. */
  readonly soon?: () => number;
  /** Loaded with the first row of agents that is opened; without it there are none. */
  readonly agents?: { readonly current: AgentKnowledge | undefined; get(): Promise<AgentKnowledge> };
}

/** Everything as these know it at the moment somebody asks. */
export function knowledgeOf(sources: TreeSources): TreeKnowledge {
  const { accounts, inventory, workspace, finder, diagnoses, roles, warnings, soon, agents } = sources;
  return {
    get hosts() {
      return accounts.hosts;
    },
    get problems() {
      return accounts.problems;
    },
    hostState: (host) => inventory.hostState(host),
    ownerState: (host, owner) => inventory.ownerState(host, owner),
    workspaceProjects: (host) => workspace.of(host),
    mayChange: (host, owner) => roles?.mayChange(host, owner),
    finding: finder,
    diagnosisOf: (cluster) => diagnoses.of(cluster),
    get warnings() {
      return warnings && (warnings.current ?? 'unopened');
    },
    agents,
    now: () => new Date(),
    soon: soon ?? (() => USUALLY_SOON),
  };
}

/** “2 of 5 hosts not searched”; undefined where all clusters are known. */
export function incompleteInWords(knowledge: TreeKnowledge): string | undefined {
  const { hosts, finding } = knowledge;
  const unsearched = unsearchedHosts({
    hosts,
    status: (host) => finding.status(host),
    fleet: (host) => finding.fleet(host),
    hostState: (host) => knowledge.hostState(host),
  });
  return unsearchedInWords(unsearched, hosts.length);
}

/** A row about agents. */
export type AgentRow = AgentsNode | AgentNode | UsableAgentNode | AgentAccessNode;

/** The rows of agents, loaded with the first of them that is opened. */
export interface AgentKnowledge {
  /** Ids of rows that may look different. */
  readonly onDidChange: Event<string>;
  /** Reads what is shown below a row, unless it was read before. */
  open(node: AgentsNode | AgentNode): void;
  /** Whether anything is known of a project's agents. */
  knows(host: HostUrl, projectId: number): boolean;
  below(node: AgentsNode | AgentNode, knowledge: TreeKnowledge): readonly ClusterTreeNode[];
  look(node: AgentRow, knowledge: TreeKnowledge): NodeLook;
}

/** GitLab has agents from here on; an unknown version may have them (agents and environments 9). */
export function hasAgents(host: HostUrl, knowledge: TreeKnowledge): boolean {
  const [major = 0, minor = 0] = (identityAt(host, knowledge)?.version?.number ?? '99').split('.').map(Number);
  return knowledge.agents !== undefined && (major > 14 || (major === 14 && minor >= 5));
}

/** Who we are at a host, as far as known; still known while it is asked again, or while it does not answer. */
export function identityAt(host: HostUrl, knowledge: TreeKnowledge): HostIdentity | undefined {
  const state = knowledge.hostState(host);
  return state && state.state !== 'noToken' ? state.value : undefined;
}

/** Whether an owner's failure is that of its host, whose row says it. */
export function isToldByHost(host: HostUrl, { kind }: GitLabError, knowledge: TreeKnowledge): boolean {
  const state = knowledge.hostState(host);
  return state?.state === 'failed' && state.error.kind === kind;
}

/** Whether an owner stands in the setting, and so directly below its host. The instance never does. */
export function isWatched(url: HostUrl, owner: ClusterOwner, { hosts }: TreeKnowledge): boolean {
  const host = owner.level === 'instance' ? undefined : hosts.find((one) => one.url === url);
  return host !== undefined && watchesOwner(host, owner);
}

/** Whether the token may change an owner's clusters, as far as known: then write actions are offered. */
export function canWriteAt(host: HostUrl, owner: ClusterOwner, knowledge: TreeKnowledge): boolean {
  return (identityAt(host, knowledge)?.canWrite ?? false) && knowledge.mayChange(host, owner) !== false;
}
