import * as z from 'zod/mini';
import type { GitLabClient } from './client';

/** An environment of a project as GitLab has it. */
export interface Environment {
  readonly id: number;
  readonly name: string;
  readonly slug: string;
  /** `available`, `stopping` or `stopped`; undefined where GitLab does not report it. */
  readonly state: string | undefined;
  /** `production`, `staging`, `testing`, `development` or `other`; GitLab 13.10 and later. */
  readonly tier: string | undefined;
}

interface EnvironmentPage {
  readonly items: readonly Environment[];
  /** The next page's number, if there is one. */
  readonly next: number | undefined;
}

const environmentPayload = z.object({
  id: z.int(),
  name: z.string(),
  slug: z.string(),
  state: z.nullish(z.string()),
  tier: z.nullish(z.string()),
});

/** GitLab refuses to search for less (agents and environments 13). */
export const SHORTEST_SEARCH = 3;

const path = (projectId: number): string => `/projects/${projectId}/environments`;

/**
 * One page of a project's environments in all states; `search` of three letters and more finds parts of names. Throws
 * GitLabError, `forbidden` below Reporter (agents and environments 13).
 */
export async function environmentPage(
  client: GitLabClient,
  projectId: number,
  { page, search, signal }: { readonly page: number; readonly search?: string; readonly signal?: AbortSignal },
): Promise<EnvironmentPage> {
  const wanted = search !== undefined && search.length >= SHORTEST_SEARCH ? search : undefined;
  const found = await client.page(path(projectId), environmentPayload, page, { query: { search: wanted }, signal });
  return { next: found.next, items: found.items.map(toEnvironment) };
}

/** Environments that jobs are deployed to, in one request: a hundred a page of those neither stopped nor stopping. */
export async function availableEnvironments(
  client: GitLabClient,
  projectId: number,
  signal?: AbortSignal,
  page = 1,
): Promise<{ readonly items: readonly Environment[]; /** Whether there are more. */ readonly more: boolean }> {
  const query = { states: 'available' };
  const found = await client.page(path(projectId), environmentPayload, page, { query, signal });
  return { items: found.items.map(toEnvironment), more: found.next !== undefined };
}

/** The environment of exactly this name; undefined where the project has none. Throws GitLabError. */
export async function environmentNamed(
  client: GitLabClient,
  projectId: number,
  name: string,
  signal?: AbortSignal,
): Promise<Environment | undefined> {
  const { items } = await client.page(path(projectId), environmentPayload, 1, { query: { name }, signal });
  const found = items.find((one) => one.name === name);
  return found && toEnvironment(found);
}

function toEnvironment({ id, name, slug, state, tier }: z.infer<typeof environmentPayload>): Environment {
  return { id, name, slug, state: state ?? undefined, tier: tier ?? undefined };
}
