import { accessOf, type Access, type Caller } from '../access';
import { authorizedAgents, type AuthorizedAgent } from '../agents/access';
import type { Site } from '../call';
import { byId, findProject, projectPath } from '../lookup';
import type { AgentRecord, AgentTokenRecord, Project, User } from '../world';
import type { Arguments } from './parse';
import { pageRows } from './schema';

const DEVELOPER = 30;
const MAINTAINER = 40;

/** An object of GraphQL: each field is worked out when it is asked for. */
export interface Node {
  readonly [field: string]: (args: Arguments) => Out;
}
export type Out = string | number | boolean | null | Json | Node | readonly Node[];
/** A scalar that is an object of its own, such as `config`. */
export class Json {
  readonly value: unknown;

  constructor(value: unknown) {
    this.value = value;
  }
}

/** Thrown by a field that is there and cannot be had now: it is null, and an error beside the data says so. */
export class NotAvailable extends Error {}

/** The root of all queries, as one caller sees it. */
export function queryRoot(site: Site, caller: Caller | undefined): Node {
  const access = accessOf(site.world, caller);
  return {
    currentUser: () => (caller ? { username: () => caller.user.username } : null),
    project: ({ fullPath }) => {
      const found = findProject(site.world, String(fullPath));
      return found && !found.moved && /\//.test(String(fullPath)) && access.seesProject(found.project)
        ? projectNode(site, access, found.project)
        : null;
    },
  };
}

/** Whoever may not read agents gets an empty list of them, and null for those the project may use. */
function projectNode(site: Site, access: Access, project: Project): Node {
  const reads = access.mayInProject(project, DEVELOPER);
  const own = () =>
    site.world.agents
      .filter(({ configProjectId }) => reads && configProjectId === project.id)
      .sort((one, other) => (one.name < other.name ? -1 : 1));
  const authorized = (section: 'ciAccess' | 'userAccess') => (args: Arguments) =>
    reads
      ? connection(authorizedAgents(site.world, project, section), args, (one) => authorizedNode(site, access, one))
      : null;
  return {
    id: () => `gid://gitlab/Project/${project.id}`,
    fullPath: () => projectPath(site.world, project),
    name: () => project.name,
    clusterAgents: (args) => connection(own(), args, (agent) => agentNode(site, access, agent)),
    clusterAgent: ({ name }) => {
      const agent = own().find((one) => one.name === name);
      return agent ? agentNode(site, access, agent) : null;
    },
    agentConfigurations: (args) =>
      reads ? connection(configured(site, project), args, (name) => ({ agentName: () => name })) : null,
    ciAccessAuthorizedAgents: authorized('ciAccess'),
    userAccessAuthorizedAgents: authorized('userAccess'),
  };
}

function configured(site: Site, project: Project): readonly string[] {
  if (site.world.settings.kasDown) throw new NotAvailable('GRPC::Unavailable');
  return site.world.files.flatMap(({ projectId, path }) => {
    const [, name] = /^\.gitlab\/agents\/([^/]+)\/config\.yaml$/.exec(path) ?? [];
    return projectId === project.id && name !== undefined ? [name] : [];
  });
}

function authorizedNode(site: Site, access: Access, { agent, config }: AuthorizedAgent): Node {
  return { agent: () => agentNode(site, access, agent), config: () => new Json(config) };
}

/** Its project is null for whoever may not see that; connections are empty below Maintainer there. */
function agentNode(site: Site, access: Access, agent: AgentRecord): Node {
  const { world, profile } = site;
  const project = byId(world.projects, agent.configProjectId);
  const mayInConfig = (role: number) => project !== undefined && access.mayInProject(project, role);
  const visible = project && access.seesProject(project) ? project : undefined;
  return {
    id: () => `gid://gitlab/Clusters::Agent/${agent.id}`,
    name: () => agent.name,
    createdAt: () => agent.createdAt,
    updatedAt: () => agent.updatedAt,
    webPath: () => (project ? `${pathOf(site)}/${projectPath(world, project)}/-/cluster_agents/${agent.name}` : null),
    project: () => (visible ? projectNode(site, access, visible) : null),
    createdByUser: () => userNode(byId(world.users, agent.createdById)),
    isReceptive: () => false,
    tokens: (args) => {
      if (profile.agentTokensFrom === MAINTAINER && !mayInConfig(MAINTAINER)) return null;
      const tokens = agent.tokens.filter(({ revoked }) => !revoked || !profile.activeTokensOnly);
      return connection(tokens, args, (token) => tokenNode(site, token));
    },
    connections: (args) => {
      if (!mayInConfig(MAINTAINER)) return connection([], args, () => ({}));
      if (world.settings.kasDown) throw new NotAvailable('GRPC::Unavailable');
      return connection(agent.connections, args, (pod) => ({
        connectedAt: () => pod.connectedAt,
        connectionId: () => `${pod.connectionId}`,
        metadata: () => ({
          version: () => pod.version,
          commit: () => '5f3d1f0',
          podNamespace: () => pod.podNamespace,
          podName: () => pod.podName,
        }),
      }));
    },
  };
}

function tokenNode(site: Site, token: AgentTokenRecord): Node {
  return {
    id: () => `gid://gitlab/Clusters::AgentToken/${token.id}`,
    name: () => token.name,
    description: () => token.description,
    status: () => (token.revoked ? 'REVOKED' : 'ACTIVE'),
    lastUsedAt: () => token.lastUsedAt,
    createdAt: () => token.createdAt,
    createdByUser: () => userNode(byId(site.world.users, token.createdById)),
  };
}

function userNode(user: User | undefined): Node | null {
  return user ? { name: () => user.name, username: () => user.username } : null;
}

function pathOf({ configuredUrl }: Site): string {
  return new URL(configuredUrl).pathname.replace(/\/$/, '');
}

/** A page of rows; the cursor is the position of the last one. */
function connection<T>(rows: readonly T[], args: Arguments, node: (row: T) => Node): Node {
  const first = Math.min(typeof args['first'] === 'number' ? args['first'] : pageRows, pageRows);
  const after = typeof args['after'] === 'string' ? Number(Buffer.from(args['after'], 'base64').toString()) : 0;
  const page = rows.slice(after, after + first);
  const end = after + page.length;
  return {
    nodes: () => page.map(node),
    count: () => rows.length,
    pageInfo: () => ({
      hasNextPage: () => end < rows.length,
      endCursor: () => (page.length === 0 ? null : Buffer.from(String(end)).toString('base64')),
    }),
  };
}
