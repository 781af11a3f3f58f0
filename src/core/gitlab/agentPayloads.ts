import * as z from 'zod/mini';
import type { AgentProject, AgentToken } from '../model/agent';

const text = z.nullish(z.string());

/** An agent in REST. */
export const agentPayload = z.object({ id: z.int(), name: z.string(), created_at: text });
/** A token of one; a list leaves its last use out (agents and environments 6). */
export const tokenPayload = z.object({
  id: z.int(),
  name: text,
  description: text,
  created_at: text,
  last_used_at: text,
});

/** Where the agents of a project are in REST. */
export function agentsPath({ id }: Pick<AgentProject, 'id'>): string {
  return `/projects/${id}/cluster_agents`;
}

export function toToken({ id, name, description, created_at, last_used_at }: z.infer<typeof tokenPayload>): AgentToken {
  return {
    id,
    name: name ?? '',
    description: description || undefined,
    createdAt: dateOf(created_at),
    lastUsedAt: dateOf(last_used_at),
  };
}

/** Undefined for what is no date. */
export function dateOf(given: string | null | undefined): Date | undefined {
  const time = given ? Date.parse(given) : Number.NaN;
  return Number.isNaN(time) ? undefined : new Date(time);
}
