import type * as z from 'zod/mini';
import type { Agent, AgentProject, AgentToken } from '../model/agent';
import { agentPayload, agentsPath, dateOf, tokenPayload, toToken } from './agentPayloads';
import type { ProjectAgents } from './agents';
import type { GitLabClient } from './client';
import { GitLabError } from './errors';
import type { GitLabErrorKind } from './errors';

/** Tokens of one agent whose last use is asked for. */
const MAX_TOKENS = 20;

/** The agents of a project, with the tokens of the first `detailed` of them. Throws GitLabError. */
export async function agentsOverRest(
  client: GitLabClient,
  project: AgentProject,
  detailed: number,
  signal: AbortSignal | undefined,
): Promise<ProjectAgents> {
  let rows: z.infer<typeof agentPayload>[];
  let more: boolean;
  try {
    const page = await client.page(agentsPath(project), agentPayload, 1, { signal });
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
  const tokens = `${agentsPath(project)}/${agentId}/tokens`;
  try {
    const { items } = await client.page(tokens, tokenPayload, 1, { signal });
    const active = items.slice(0, MAX_TOKENS);
    return await Promise.all(
      active.map(async ({ id }) => toToken(await client.request('GET', `${tokens}/${id}`, tokenPayload, { signal }))),
    );
  } catch (error) {
    const kinds: readonly GitLabErrorKind[] = ['unsupported', 'notFound', 'forbidden'];
    if (error instanceof GitLabError && kinds.includes(error.kind)) return undefined;
    throw error;
  }
}
