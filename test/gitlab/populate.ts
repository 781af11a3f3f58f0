import { createHash } from 'node:crypto';
import { slugOf, tierOf } from './environmentFacts';
import type {
  AccessToken,
  AgentRecord,
  AgentTokenRecord,
  ClusterRecord,
  Group,
  Member,
  Platform,
  Project,
  RepositoryFile,
  VariableRecord,
  Role,
  User,
  World,
  EnvironmentRecord,
} from './world';

const longAgo = '2019-01-02T20:13:32.600Z';

/** Adds a user and gives it back; what is left out is an active, ordinary account. */
export function addUser(world: World, user: Partial<User> & { username: string }): User {
  const id = user.id ?? nextId(world.users);
  const added: User = { id, namespaceId: 1_000_000 + id, name: user.username, admin: false, state: 'active', ...user };
  world.users.push(added);
  return added;
}

/** Adds an access token of a user; what is left out makes a personal token with scope `api` that never expires. */
export function addToken(world: World, user: User, value: string, token: Partial<AccessToken> = {}): AccessToken {
  const added: AccessToken = {
    id: nextId(world.tokens),
    name: value,
    value,
    userId: user.id,
    scopes: ['api'],
    expiresAt: null,
    revoked: false,
    kind: 'personal',
    refusal: undefined,
    ...token,
  };
  world.tokens.push(added);
  return added;
}

/** Adds a group, private unless told otherwise, inside `parent` where one is given. */
export function addGroup(world: World, path: string, parent?: Group, group: Partial<Group> = {}): Group {
  const added: Group = {
    id: nextId(world.groups),
    name: path,
    path,
    parentId: parent?.id ?? null,
    visibility: 'private',
    description: '',
    createdAt: longAgo,
    ...group,
  };
  world.groups.push(added);
  return added;
}

/** Adds a project, private unless told otherwise, in a group or in a user's personal namespace. */
export function addProject(world: World, path: string, parent: Group | User, project: Partial<Project> = {}): Project {
  const added: Project = {
    id: nextId(world.projects),
    name: path,
    path,
    namespace: { kind: 'username' in parent ? 'user' : 'group', id: parent.id },
    visibility: 'private',
    archived: false,
    description: null,
    createdAt: longAgo,
    lastActivityAt: longAgo,
    sharedWith: [],
    movedFrom: [],
    ...project,
  };
  world.projects.push(added);
  return added;
}

/** Gives a user a role, replacing the one it has directly on the same group or project. */
export function setRole(world: World, user: User, of: Group | Project, role: Role): Member {
  const kind = 'namespace' in of ? 'project' : 'group';
  removeRole(world, user, of);
  const member: Member = { userId: user.id, role, of: { kind, id: of.id } };
  world.members.push(member);
  return member;
}

/** Takes away the role a user has directly on a group or project. */
export function removeRole(world: World, user: User, of: Group | Project): void {
  const kind = 'namespace' in of ? 'project' : 'group';
  const at = world.members.findIndex((m) => m.userId === user.id && m.of.kind === kind && m.of.id === of.id);
  if (at >= 0) {
    world.members.splice(at, 1);
  }
}

export type ClusterValues = Partial<Omit<ClusterRecord, 'platform' | 'owner'>> & {
  platform?: Partial<Platform> | null;
};

/** Adds a cluster to the instance, a group or a project, without GitLab's validations. */
export function addCluster(
  world: World,
  owner: 'instance' | Group | Project,
  values: ClusterValues = {},
): ClusterRecord {
  const { platform, ...rest } = values;
  const id = values.id ?? Math.max(world.nextClusterId, nextId(world.clusters));
  const createdAt = values.createdAt ?? '2020-07-14T18:36:10.440Z';
  const added: ClusterRecord = {
    id,
    owner:
      owner === 'instance'
        ? { level: 'instance' }
        : { level: 'namespace' in owner ? 'project' : 'group', id: owner.id },
    createdAt,
    updatedAt: createdAt,
    name: `cluster-${id}`,
    domain: null,
    enabled: true,
    managed: true,
    namespacePerEnvironment: true,
    environmentScope: '*',
    provider: 'user',
    provisioning: false,
    creatorId: world.users[0]?.id ?? null,
    managementProjectId: null,
    gcp: null,
    platform:
      platform === null
        ? null
        : {
            apiUrl: 'https://104.197.68.152',
            token: `service-token-${id}`,
            caCert: null,
            namespace: null,
            authorizationType: 'rbac',
            ...platform,
          },
    ...rest,
  };
  world.clusters.push(added);
  world.nextClusterId = Math.max(world.nextClusterId, id + 1);
  return added;
}

/** Adds an environment with the slug and the tier GitLab would give it; it is available unless told otherwise. */
export function addEnvironment(
  world: World,
  project: Project,
  name: string,
  values: Partial<Omit<EnvironmentRecord, 'projectId' | 'name'>> = {},
): EnvironmentRecord {
  const added: EnvironmentRecord = {
    id: nextId(world.environments),
    projectId: project.id,
    name,
    slug: slugOf(name),
    createdAt: longAgo,
    tier: tierOf(name),
    state: 'available',
    ...values,
  };
  world.environments.push(added);
  return added;
}

/** Registers an agent in a project: without tokens, connections and configuration file unless they are given. */
export function addAgent(
  world: World,
  project: Project,
  name: string,
  values: Partial<Omit<AgentRecord, 'configProjectId' | 'name'>> = {},
): AgentRecord {
  const added: AgentRecord = {
    id: nextId(world.agents),
    name,
    configProjectId: project.id,
    createdAt: longAgo,
    updatedAt: longAgo,
    createdById: world.users[0]?.id ?? null,
    tokens: [],
    connections: [],
    ciAccess: [],
    userAccess: [],
    ...values,
  };
  world.agents.push(added);
  return added;
}

/** Adds a token to an agent; it works and was never used unless told otherwise. */
export function addAgentToken(
  world: World,
  agent: AgentRecord,
  values: Partial<AgentTokenRecord> = {},
): AgentTokenRecord {
  const id = Math.max(0, ...world.agents.flatMap(({ tokens }) => tokens.map((token) => token.id))) + 1;
  const added: AgentTokenRecord = {
    id,
    name: `token-${id}`,
    description: null,
    secret: agentSecret(id),
    createdAt: longAgo,
    createdById: agent.createdById,
    lastUsedAt: null,
    revoked: false,
    ...values,
  };
  agent.tokens.push(added);
  return added;
}

/** The prefix and 50 characters (agents and environments 6), another for each id. */
function agentSecret(id: number): string {
  return `glagent-${createHash('sha256').update(`agent token ${id}`).digest('hex').slice(0, 50)}`;
}

/** Puts a file on the default branch, replacing the one that is there. */
export function putFile(world: World, project: Project, path: string, content: string): RepositoryFile {
  const lastCommitId = createHash('sha1').update(`${project.id} ${path} ${content}`).digest('hex');
  const before = world.files.find((file) => file.projectId === project.id && file.path === path);
  if (before) return Object.assign(before, { content, lastCommitId });
  const added: RepositoryFile = { projectId: project.id, path, content, lastCommitId };
  world.files.push(added);
  return added;
}

/** Sets a CI/CD variable of a project. */
export function setVariable(
  world: World,
  project: Project,
  key: string,
  value: string,
  {
    environmentScope = '*',
    isProtected = false,
  }: Partial<Pick<VariableRecord, 'environmentScope' | 'isProtected'>> = {},
): void {
  world.variables.push({ projectId: project.id, key, value, environmentScope, isProtected });
}

function nextId(rows: readonly { readonly id: number }[]): number {
  return (rows.at(-1)?.id ?? 0) + 1;
}
