/** What one GitLab knows, as plain values that a test may change at any time between two requests. */
export interface World {
  readonly settings: Settings;
  readonly users: User[];
  readonly tokens: AccessToken[];
  readonly groups: Group[];
  readonly projects: Project[];
  readonly members: Member[];
  readonly clusters: ClusterRecord[];
  readonly environments: EnvironmentRecord[];
  readonly agents: AgentRecord[];
  readonly files: RepositoryFile[];
  readonly branches: BranchRecord[];
  readonly mergeRequests: MergeRequestRecord[];
  readonly variables: VariableRecord[];
  /** Ids are never given twice, not even after a delete. */
  nextClusterId: number;
}

/** 10 Guest, 15 Planner, 20 Reporter, 30 Developer, 40 Maintainer, 50 Owner. */
export type Role = 10 | 15 | 20 | 30 | 40 | 50;

export type Visibility = 'private' | 'internal' | 'public';

/** What an administrator of this GitLab has set. */
export interface Settings {
  /** The feature flag `certificate_based_clusters` is off. */
  flagOff: boolean;
  /** Admin Mode is required: an administrator's token needs the scope `admin_mode` (from 15.8). */
  adminMode: boolean;
  allowLocalRequests: boolean;
  /** Refuse every outgoing address that is not on the allow list. */
  denyOutbound: boolean;
  /** Names, addresses and ranges that pass every outbound check, each with or without `:port`. */
  outboundAllowList: string[];
  /** Addresses of the GitLab server itself; they are refused as "localhost". */
  ownAddresses: string[];
  /** What names, in lower case, resolve to on the GitLab server. A name that is missing here does not resolve. */
  resolves: Record<string, string>;
  /** GitLab's agent server, KAS, does not answer. */
  kasDown: boolean;
  /** Agents may be shared outside their root group (agents and environments 7.2). */
  crossRootAgents: boolean;
  /** Rack throttle over the whole instance, per caller; undefined is off, as GitLab ships. */
  throttle: Limit | undefined;
  /** What `/metadata` says of the agent server; undefined where it is off. */
  kas: { readonly externalUrl: string; readonly version: string } | undefined;
  /** Limits of single endpoints per caller, by route such as `/projects` or `/groups/:id`. */
  endpointLimits: Record<string, Limit>;
}

export interface Limit {
  readonly requests: number;
  readonly seconds: number;
  /** Text of the answer, set by an administrator. */
  readonly text?: string;
}

export interface User {
  readonly id: number;
  /** Id of the personal namespace. */
  readonly namespaceId: number;
  username: string;
  name: string;
  admin: boolean;
  state: 'active' | 'blocked' | 'deactivated' | 'unconfirmed' | 'termsPending';
}

export interface AccessToken {
  readonly id: number;
  name: string;
  value: string;
  userId: number;
  scopes: string[];
  /** `YYYY-MM-DD`; from that day on the token is expired. */
  expiresAt: string | null;
  revoked: boolean;
  kind: 'personal' | 'oauth';
  /** Rarer refusals of GitLab API contract 4.2 and 4.3. */
  refusal: 'impersonation' | 'dpop' | 'granular' | undefined;
}

export interface Group {
  readonly id: number;
  name: string;
  path: string;
  parentId: number | null;
  visibility: Visibility;
  description: string;
  createdAt: string;
}

export type NamespaceRef = { readonly kind: 'group' | 'user'; readonly id: number };

export interface Project {
  readonly id: number;
  name: string;
  path: string;
  namespace: NamespaceRef;
  visibility: Visibility;
  archived: boolean;
  description: string | null;
  createdAt: string;
  lastActivityAt: string;
  /** Groups this project is shared with, and the highest role they get here. */
  sharedWith: { readonly groupId: number; readonly role: Role }[];
  /** Where the CI configuration is; empty for `.gitlab-ci.yml`. */
  ciConfigPath?: string;
  /** Auto DevOps is on, for projects without a CI configuration. */
  autoDevOps?: boolean;
  /** Full paths this project had before it was moved or renamed. */
  movedFrom: string[];
}

export interface Member {
  readonly userId: number;
  role: Role;
  readonly of: { readonly kind: 'group' | 'project'; readonly id: number };
}

export type ClusterOwner =
  { readonly level: 'instance' } | { readonly level: 'group' | 'project'; readonly id: number };

export interface ClusterRecord {
  readonly id: number;
  readonly owner: ClusterOwner;
  readonly createdAt: string;
  updatedAt: string;
  name: string;
  domain: string | null;
  /** Null once a PUT said so: the column takes it. */
  enabled: boolean | null;
  managed: boolean;
  namespacePerEnvironment: boolean;
  environmentScope: string;
  provider: 'user' | 'gcp' | 'aws';
  /** GCP and AWS clusters refuse every change until they are created. */
  provisioning: boolean;
  /** Null when the user who added it was deleted. */
  creatorId: number | null;
  managementProjectId: number | null;
  platform: Platform | null;
  gcp: GcpProvider | null;
}

/** An environment of a project; the slug never changes. */
export interface EnvironmentRecord {
  readonly id: number;
  readonly projectId: number;
  readonly name: string;
  readonly slug: string;
  readonly createdAt: string;
  tier: 'production' | 'staging' | 'testing' | 'development' | 'other';
  state: 'available' | 'stopping' | 'stopped';
}

/** Another branch of a project, with all its files. */
export interface BranchRecord {
  readonly projectId: number;
  readonly name: string;
  readonly files: readonly RepositoryFile[];
}

/** A CI/CD variable of a project. */
export interface VariableRecord {
  readonly projectId: number;
  readonly key: string;
  readonly value: string;
  readonly environmentScope: string;
  readonly isProtected: boolean;
}

export interface MergeRequestRecord {
  readonly projectId: number;
  readonly iid: number;
  readonly sourceBranch: string;
  readonly targetBranch: string;
  readonly title: string;
  state: 'opened' | 'merged' | 'closed';
}

/** An agent for Kubernetes, registered in a project. */
export interface AgentRecord {
  readonly id: number;
  readonly name: string;
  readonly configProjectId: number;
  readonly createdAt: string;
  updatedAt: string;
  readonly createdById: number | null;
  /** Revoked ones too. */
  readonly tokens: AgentTokenRecord[];
  /** Pods of it that are connected right now. */
  connections: AgentConnection[];
  /** Who may use it, as KAS has read it last; the agent's own project may in any case. */
  ciAccess: AgentAccess[];
  userAccess: AgentAccess[];
}

export interface AgentTokenRecord {
  readonly id: number;
  readonly name: string;
  readonly description: string | null;
  /** Returned once, when it is created. */
  readonly secret: string;
  readonly createdAt: string;
  readonly createdById: number | null;
  lastUsedAt: string | null;
  revoked: boolean;
}

export interface AgentConnection {
  readonly connectedAt: string;
  readonly connectionId: number;
  readonly version: string;
  readonly podNamespace: string;
  readonly podName: string;
}

/** One entry of `ci_access` or `user_access` that GitLab could resolve; `config` is the rest of the entry. */
export interface AgentAccess {
  readonly to: { readonly kind: 'project' | 'group'; readonly id: number } | { readonly kind: 'instance' };
  readonly config: Readonly<Record<string, unknown>>;
}

/** A file on the default branch of a project. */
export interface RepositoryFile {
  readonly projectId: number;
  readonly path: string;
  content: string;
  lastCommitId: string;
}

export type AuthorizationType = 'rbac' | 'abac' | 'unknown_authorization';

export interface Platform {
  apiUrl: string;
  /** Stored, never returned. */
  token: string;
  caCert: string | null;
  namespace: string | null;
  authorizationType: AuthorizationType;
}

export interface GcpProvider {
  readonly projectId: string;
  readonly zone: string;
  readonly machineType: string;
  readonly nodes: number;
  readonly endpoint: string;
}

/** The settings of a fresh GitLab, with the feature flag on. */
export function defaultSettings(): Settings {
  return {
    flagOff: false,
    adminMode: false,
    allowLocalRequests: false,
    denyOutbound: false,
    outboundAllowList: [],
    ownAddresses: ['127.0.0.1', '::1'],
    resolves: {},
    kasDown: false,
    crossRootAgents: false,
    throttle: undefined,
    kas: undefined,
    endpointLimits: {},
  };
}

/** A GitLab without anybody and anything in it. */
export function emptyWorld(): World {
  return {
    settings: defaultSettings(),
    users: [],
    tokens: [],
    groups: [],
    projects: [],
    members: [],
    clusters: [],
    environments: [],
    agents: [],
    files: [],
    branches: [],
    mergeRequests: [],
    variables: [],
    nextClusterId: 1,
  };
}
