import * as z from 'zod/mini';
import type { Agent, AgentProject } from '../model/agent';
import { dateOf } from './agentPayloads';
import type { ProjectAgents } from './agents';
import type { GitLabClient } from './client';
import { GitLabError } from './errors';

/** So many agents a page, which keeps a query below the complexity GitLab allows (agents and environments 9). */
const ROWS = 50;
const MAX_PAGES = 4;

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

/** The agents of a project with versions and live connections. Throws GitLabError, `notFound` where the project is hidden. */
export async function agentsOverGraphql(
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

/** The number of `gid://gitlab/Clusters::Agent/12`. */
function idOf(gid: string): number {
  const id = Number(/\/(\d+)$/.exec(gid)?.[1]);
  if (!Number.isSafeInteger(id)) throw new GitLabError('protocol', { message: 'id' });
  return id;
}
