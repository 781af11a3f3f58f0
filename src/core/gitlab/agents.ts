import * as z from 'zod/mini';
import type { Agent, AgentProject, AgentToken } from '../model/agent';
import type { GitLabClient } from './client';
import { GitLabError } from './errors';
import type { GitLabErrorKind } from './errors';

/** The agents registered in a project, as far as the access token may see them. */
export interface ProjectAgents {
  /** Undefined: not visible to this token; GitLab shows agents from Developer on. */
  readonly agents: readonly Agent[] | undefined;
  /** There are more than were read. */
  readonly more: boolean;
  /** REST has no versions and no live connections. */
  readonly source: 'graphql' | 'rest';
}

/** So many agents a page, which keeps a query below the complexity GitLab allows (agents and environments 9). */
const ROWS = 50;
const MAX_PAGES = 4;
/** REST has the last use in single tokens alone, two requests and more for each agent. */
const MAX_DETAILED = 20;

const query = `query($path: ID!, $first: Int, $after: String) { project(fullPath: $path) { clusterAgents(first: $first, after: $after) {
  nodes { id name createdAt
    tokens(first: 20) { nodes { id name description status lastUsedAt createdAt } }
    connections { nodes { connectedAt metadata { version podName } } } }
  pageInfo { hasNextPage endCursor } } } }`;

const text = z.nullish(z.string());
const nodesOf = <T extends z.core.$ZodType>(node: T) =>
  z.nullish(z.object({ nodes: z.nullish(z.array(z.nullish(node))) }));

const tokenNode = z.object({
  id: z.string(),
  name: text,
  description: text,
  status: text,
  lastUsedAt: text,
  createdAt: text,
});
const podNode = z.object({ connectedAt: text, metadata: z.nullish(z.object({ version: text, podName: text })) });
const agentNode = z.object({
  id: z.string(),
  name: z.string(),
  createdAt: text,
  tokens: nodesOf(tokenNode),
  connections: nodesOf(podNode),
});
const answer = z.object({
  project: z.nullish(
    z.object({
      clusterAgents: z.nullish(
        z.object({
          nodes: z.nullish(z.array(z.nullish(agentNode))),
          pageInfo: z.nullish(z.object({ hasNextPage: z.nullish(z.boolean()), endCursor: text })),
        }),
      ),
    }),
  ),
});

const agentPayload = z.object({ id: z.int(), name: z.string(), created_at: text });
const tokenPayload = z.object({ id: z.int(), name: text, description: text, created_at: text, last_used_at: text });
const newTokenPayload = z.object({ ...tokenPayload.shape, token: z.string().check(z.minLength(1)) });

/**
 * The agents of a project: over GraphQL, otherwise over REST, which knows less. Throws GitLabError, `unsupported` where
 * GitLab is too old for either (agents are in REST from 14.10 on; agents and environments 6, 9).
 */
export async function listAgents(
  client: GitLabClient,
  project: AgentProject,
  signal?: AbortSignal,
): Promise<ProjectAgents> {
  let found: ProjectAgents;
  try {
    found = await overGraphql(client, project, signal);
  } catch (error) {
    if (!(error instanceof GitLabError) || !isAboutGraphql(error.kind)) throw error;
    return overRest(client, project, MAX_DETAILED, signal);
  }
  if (found.agents === undefined || found.agents.length > 0) return found;
  // GitLab gives an empty list to whoever may not see any, too; REST tells the two apart.
  try {
    const listed = await overRest(client, project, 0, signal);
    return listed.agents?.length === 0 ? found : listed;
  } catch (error) {
    if (error instanceof GitLabError && error.kind === 'unsupported') return found;
    throw error;
  }
}

/** What can be true of GraphQL alone: an old GitLab, a proxy that lets nothing but REST through, a token for REST. */
function isAboutGraphql(kind: GitLabErrorKind): boolean {
  const kinds: readonly GitLabErrorKind[] = [
    'unsupported',
    'notFound',
    'forbidden',
    'insufficientScope',
    'protocol',
    'invalid',
  ];
  return kinds.includes(kind);
}

async function overGraphql(
  client: GitLabClient,
  project: AgentProject,
  signal: AbortSignal | undefined,
): Promise<ProjectAgents> {
  const agents: Agent[] = [];
  let after = '';
  for (let page = 1; ; page++) {
    const variables = { path: project.path, first: ROWS, ...(after !== '' && { after }) };
    const { project: seen } = await client.query(query, variables, answer, signal);
    // Its path may be an old one: REST asks by id.
    if (!seen?.clusterAgents) throw new GitLabError('notFound');
    agents.push(...(seen.clusterAgents.nodes ?? []).flatMap((node) => (node ? [fromNode(node, project)] : [])));
    const { hasNextPage, endCursor } = seen.clusterAgents.pageInfo ?? {};
    if (!hasNextPage || !endCursor || endCursor === after) return { agents, more: false, source: 'graphql' };
    if (page === MAX_PAGES) return { agents, more: true, source: 'graphql' };
    after = endCursor;
  }
}

function fromNode(node: z.infer<typeof agentNode>, project: AgentProject): Agent {
  return {
    id: idOf(node.id),
    name: node.name,
    project,
    createdAt: dateOf(node.createdAt),
    tokens: node.tokens?.nodes?.flatMap((token) =>
      // Before 16.0 revoked ones are listed, too.
      token && token.status?.toUpperCase() !== 'REVOKED'
        ? [
            {
              id: idOf(token.id),
              name: token.name ?? '',
              description: token.description || undefined,
              createdAt: dateOf(token.createdAt),
              lastUsedAt: dateOf(token.lastUsedAt),
            },
          ]
        : [],
    ),
    knowsLastUse: node.tokens?.nodes !== undefined && node.tokens?.nodes !== null,
    pods: node.connections?.nodes?.flatMap((pod) =>
      pod
        ? [
            {
              version: pod.metadata?.version || undefined,
              name: pod.metadata?.podName || undefined,
              connectedAt: dateOf(pod.connectedAt),
            },
          ]
        : [],
    ),
  };
}

async function overRest(
  client: GitLabClient,
  project: AgentProject,
  detailed: number,
  signal: AbortSignal | undefined,
): Promise<ProjectAgents> {
  let rows: z.infer<typeof agentPayload>[];
  let more: boolean;
  try {
    const page = await client.page(path(project), agentPayload, 1, { signal });
    rows = page.items;
    more = page.next !== undefined;
  } catch (error) {
    // A missing project says so; agents that may not be seen are named (GitLab API contract 8.1).
    const hidden = error instanceof GitLabError && error.kind === 'notFound' && /agent/i.test(error.message);
    if (!hidden) throw error;
    return { agents: undefined, more: false, source: 'rest' };
  }
  const agents = await Promise.all(
    rows.map(async (row, index): Promise<Agent> => {
      const tokens = index < detailed ? await tokensOf(client, project, row.id, signal) : undefined;
      const { id, name, created_at } = row;
      const knowsLastUse = tokens !== undefined;
      return { id, name, project, createdAt: dateOf(created_at), tokens, knowsLastUse, pods: undefined };
    }),
  );
  return { agents, more, source: 'rest' };
}

/** Undefined where GitLab is too old or does not let the token see them. */
async function tokensOf(
  client: GitLabClient,
  project: AgentProject,
  agentId: number,
  signal: AbortSignal | undefined,
): Promise<readonly AgentToken[] | undefined> {
  const tokens = `${path(project)}/${agentId}/tokens`;
  try {
    const { items } = await client.page(tokens, tokenPayload, 1, { signal });
    const active = items.slice(0, MAX_DETAILED);
    return await Promise.all(
      active.map(async ({ id }) => toToken(await client.request('GET', `${tokens}/${id}`, tokenPayload, { signal }))),
    );
  } catch (error) {
    const kinds: readonly GitLabErrorKind[] = ['unsupported', 'notFound', 'forbidden'];
    if (error instanceof GitLabError && kinds.includes(error.kind)) return undefined;
    throw error;
  }
}

/**
 * Registers an agent in a project: Maintainers, GitLab 14.10 and later. Throws GitLabError, `unknownOutcome` where
 * GitLab's answer got lost, as do the other writes.
 */
export async function createAgent(client: GitLabClient, project: AgentProject, name: string): Promise<Agent> {
  const made = await client.request('POST', path(project), agentPayload, { body: { name } });
  const { id, created_at } = made;
  return { id, name: made.name, project, createdAt: dateOf(created_at), tokens: [], knowsLastUse: true, pods: [] };
}

/** A token just created, and its secret: the caller shows it once and keeps it nowhere. */
export interface NewAgentToken {
  readonly token: AgentToken;
  readonly secret: string;
}

/** Creates a token of an agent: GitLab 15.0 and later, two active ones from 16.1 on (agents and environments 6). */
export async function createAgentToken(
  client: GitLabClient,
  agent: Pick<Agent, 'id' | 'project'>,
  { name, description }: { readonly name: string; readonly description?: string | undefined },
): Promise<NewAgentToken> {
  const body = { name, ...(description !== undefined && { description }) };
  const made = await client.request('POST', `${path(agent.project)}/${agent.id}/tokens`, newTokenPayload, { body });
  return { token: toToken(made), secret: made.token };
}

/** Revokes a token: pods that use it lose their connection. One revoked before is no failure. */
export async function revokeAgentToken(
  client: GitLabClient,
  agent: Pick<Agent, 'id' | 'project'>,
  tokenId: number,
): Promise<void> {
  await client.requestNothing('DELETE', `${path(agent.project)}/${agent.id}/tokens/${tokenId}`);
}

/** Deletes an agent with its tokens; what is installed in Kubernetes stays (agents and environments 6). */
export async function deleteAgent(client: GitLabClient, agent: Pick<Agent, 'id' | 'project'>): Promise<void> {
  await client.requestNothing('DELETE', `${path(agent.project)}/${agent.id}`);
}

function path({ id }: AgentProject): string {
  return `/projects/${id}/cluster_agents`;
}

function toToken({ id, name, description, created_at, last_used_at }: z.infer<typeof tokenPayload>): AgentToken {
  return {
    id,
    name: name ?? '',
    description: description || undefined,
    createdAt: dateOf(created_at),
    lastUsedAt: dateOf(last_used_at),
  };
}

/** The number of `gid://gitlab/Clusters::Agent/12`. */
function idOf(gid: string): number {
  const id = Number(/\/(\d+)$/.exec(gid)?.[1]);
  if (!Number.isSafeInteger(id)) throw new GitLabError('protocol', { message: 'id' });
  return id;
}

function dateOf(given: string | null | undefined): Date | undefined {
  const time = given ? Date.parse(given) : Number.NaN;
  return Number.isNaN(time) ? undefined : new Date(time);
}
