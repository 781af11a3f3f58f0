import * as z from 'zod/mini';
import { contextName } from '../model/agent';
import type { GitLabClient } from './client';
import { GitLabError } from './errors';

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

/** A page has a hundred; more pages than these are a list that never ends. */
const MAX_PAGES = 50;

const query = `query($path: ID!, $after: String) { project(fullPath: $path) { ciAccessAuthorizedAgents(first: 100, after: $after) {
  nodes { agent { name project { fullPath } } config } pageInfo { hasNextPage endCursor } } } }`;

const entry = z.object({
  default_namespace: z.catch(z.nullish(z.string()), undefined),
  environments: z.catch(z.nullish(z.array(z.string())), undefined),
  protected_branches_only: z.catch(z.nullish(z.boolean()), undefined),
});
const node = z.object({
  agent: z.nullish(z.object({ name: z.string(), project: z.nullish(z.object({ fullPath: z.string() })) })),
  config: z.catch(z.nullish(entry), undefined),
});
const page = z.object({
  nodes: z.nullish(z.array(z.nullish(node))),
  pageInfo: z.nullish(z.object({ hasNextPage: z.nullish(z.boolean()), endCursor: z.nullish(z.string()) })),
});
const answer = z.object({ project: z.nullish(z.object({ ciAccessAuthorizedAgents: z.nullish(page) })) });

/**
 * Agents this project's jobs may use: GraphQL's `ciAccessAuthorizedAgents`, the only answer there is to that (agents and
 * environments 9; GitLab 16.1 and later, Developer and up). Undefined where the token may not see them: GitLab gives null
 * for that, without an error. One request for a hundred. Throws GitLabError, `protocol` for a list that never ends.
 */
export async function usableAgents(
  client: GitLabClient,
  projectPath: string,
  signal?: AbortSignal,
): Promise<readonly UsableAgent[] | undefined> {
  const agents: UsableAgent[] = [];
  let after: string | undefined;
  for (let number = 1; number <= MAX_PAGES; number++) {
    const variables = { path: projectPath, ...(after !== undefined && { after }) };
    const { project } = await client.query(query, variables, answer, signal);
    const { nodes, pageInfo } = project?.ciAccessAuthorizedAgents ?? {};
    if (!nodes) return undefined;
    agents.push(...nodes.flatMap((one) => (one ? toUsable(one) : [])));
    const next = pageInfo?.hasNextPage ? pageInfo.endCursor : undefined;
    if (!next) return agents;
    after = next;
  }
  throw new GitLabError('protocol', { message: 'pages' });
}

function toUsable({ agent, config }: z.infer<typeof node>): readonly UsableAgent[] {
  if (!agent) return [];
  return [
    {
      name: agent.name,
      configProject: agent.project?.fullPath ?? '',
      defaultNamespace: config?.default_namespace || undefined,
      environments: config?.environments ?? undefined,
      protectedOnly: config?.protected_branches_only ?? false,
    },
  ];
}
