import * as z from 'zod/mini';
import type { Agent, AgentProject, AgentToken } from '../model/agent';
import { agentPayload, agentsPath, dateOf, tokenPayload, toToken } from './agentPayloads';
import type { GitLabClient } from './client';

const newTokenPayload = z.object({ ...tokenPayload.shape, token: z.string().check(z.minLength(1)) });

/**
 * Registers an agent in a project: Maintainers, GitLab 14.10 and later. Throws GitLabError, `unknownOutcome` where
 * GitLab's answer got lost, as do the other writes.
 */
export async function createAgent(client: GitLabClient, project: AgentProject, name: string): Promise<Agent> {
  const made = await client.request('POST', agentsPath(project), agentPayload, { body: { name } });
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
  const made = await client.request('POST', `${agentsPath(agent.project)}/${agent.id}/tokens`, newTokenPayload, {
    body,
  });
  return { token: toToken(made), secret: made.token };
}

/** Revokes a token: pods that use it lose their connection. One revoked before is no failure. */
export async function revokeAgentToken(
  client: GitLabClient,
  agent: Pick<Agent, 'id' | 'project'>,
  tokenId: number,
): Promise<void> {
  await client.requestNothing('DELETE', `${agentsPath(agent.project)}/${agent.id}/tokens/${tokenId}`);
}

/** Deletes an agent with its tokens; what is installed in Kubernetes stays (agents and environments 6). */
export async function deleteAgent(client: GitLabClient, agent: Pick<Agent, 'id' | 'project'>): Promise<void> {
  await client.requestNothing('DELETE', `${agentsPath(agent.project)}/${agent.id}`);
}
