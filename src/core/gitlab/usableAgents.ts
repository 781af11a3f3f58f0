import * as z from 'zod/mini';
import { contextName } from '../model/agent';
import type { GitLabClient } from './client';

/** An agent the jobs of a project may use. */
export interface UsableAgent {
  readonly name: string;
  /** Full path of the project it is configured in; with the name the context a job selects. Empty where it is hidden. */
  readonly configProject: string;
  /** Namespace of the context that jobs get, where the configuration names one. */
  readonly defaultNamespace: string | undefined;
  /** Environments it is limited to, wildcards included; jobs without an environment do not get it then. */
  readonly environments: readonly string[] | undefined;
  /** Jobs of protected branches and tags alone get it. */
  readonly protectedOnly: boolean;
}

/** The context that jobs select, or the name alone where its project is hidden (agents and environments 7.4). */
export function usableContext({ name, configProject: path }: UsableAgent): string {
  return path === '' ? name : contextName({ name, project: { path } });
}

const query = `query($path: ID!) { project(fullPath: $path) { ciAccessAuthorizedAgents(first: 100) { nodes { agent { name project { fullPath } } config } } } }`;

const entry = z.object({
  default_namespace: z.catch(z.nullish(z.string()), undefined),
  environments: z.catch(z.nullish(z.array(z.string())), undefined),
  protected_branches_only: z.catch(z.nullish(z.boolean()), undefined),
});
const node = z.object({
  agent: z.nullish(z.object({ name: z.string(), project: z.nullish(z.object({ fullPath: z.string() })) })),
  config: z.catch(z.nullish(entry), undefined),
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
  return project?.ciAccessAuthorizedAgents?.nodes?.flatMap((one) =>
    one?.agent
      ? [
          {
            name: one.agent.name,
            configProject: one.agent.project?.fullPath ?? '',
            defaultNamespace: one.config?.default_namespace || undefined,
            environments: one.config?.environments ?? undefined,
            protectedOnly: one.config?.protected_branches_only ?? false,
          },
        ]
      : [],
  );
}
