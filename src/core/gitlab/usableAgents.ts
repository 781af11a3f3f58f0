import * as z from 'zod/mini';
import type { GitLabClient } from './client';

/** An agent the jobs of a project may use. */
export interface UsableAgent {
  readonly name: string;
  /** Full path of the project it is configured in; with the name the context a job selects. */
  readonly configProject: string;
}

const query = `query($path: ID!) { project(fullPath: $path) { ciAccessAuthorizedAgents(first: 100) { nodes { agent { name project { fullPath } } } } } }`;

const node = z.object({
  agent: z.nullish(z.object({ name: z.string(), project: z.nullish(z.object({ fullPath: z.string() })) })),
});
const answer = z.object({
  project: z.nullish(
    z.object({ ciAccessAuthorizedAgents: z.nullish(z.object({ nodes: z.nullish(z.array(z.nullish(node))) })) }),
  ),
});

/**
 * Agents this project's jobs may use: GraphQL's `ciAccessAuthorizedAgents`, the only answer there is to that (agents and
 * environments 9; GitLab 16.1 and later, Developer and up). Undefined where the token may not see them: GitLab gives null
 * for that, without an error. Throws GitLabError.
 */
export async function usableAgents(
  client: GitLabClient,
  projectPath: string,
  signal?: AbortSignal,
): Promise<readonly UsableAgent[] | undefined> {
  const { project } = await client.query(query, { path: projectPath }, answer, signal);
  const nodes = project?.ciAccessAuthorizedAgents?.nodes;
  return nodes?.flatMap((one) =>
    one?.agent ? [{ name: one.agent.name, configProject: one.agent.project?.fullPath ?? '' }] : [],
  );
}
