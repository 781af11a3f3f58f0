import * as z from 'zod/mini';
import type { GitLabClient } from './client';
import { GitLabError } from './errors';

/** One CI/CD variable of a project that was asked for by its name. */
export interface ProjectVariable {
  readonly value: string;
  readonly environmentScope: string;
  /** Jobs of protected branches and tags alone get it. */
  readonly isProtected: boolean;
}

const payload = z.object({
  value: z.nullish(z.string()),
  environment_scope: z.nullish(z.string()),
  protected: z.nullish(z.boolean()),
});

/**
 * A CI/CD variable of a project by its name: Maintainers. No other variable is asked for, so that no other value is ever
 * received (agents and environments, trap 15). GitLab refuses where several scopes have it; then each of `scopes` is asked
 * for. Throws GitLabError, `forbidden` below Maintainer.
 */
export async function readVariable(
  client: GitLabClient,
  projectId: number,
  key: string,
  scopes: readonly string[],
  signal?: AbortSignal,
): Promise<readonly ProjectVariable[]> {
  try {
    const only = await readOne(client, projectId, key, undefined, signal);
    return only ? [only] : [];
  } catch (error) {
    if (!(error instanceof GitLabError) || error.kind !== 'conflict') throw error;
  }
  const found = await Promise.all(scopes.map((scope) => readOne(client, projectId, key, scope, signal)));
  return found.flatMap((one) => one ?? []);
}

/** Undefined where there is none. */
async function readOne(
  client: GitLabClient,
  projectId: number,
  key: string,
  scope: string | undefined,
  signal: AbortSignal | undefined,
): Promise<ProjectVariable | undefined> {
  const query = scope === undefined ? {} : { 'filter[environment_scope]': scope };
  const address = `${variables(projectId)}/${encodeURIComponent(key)}`;
  try {
    const found = await client.request('GET', address, payload, { query, signal });
    return {
      value: found.value ?? '',
      environmentScope: found.environment_scope ?? '*',
      isProtected: found.protected ?? false,
    };
  } catch (error) {
    // A missing project says so; a missing variable is named.
    if (error instanceof GitLabError && error.kind === 'notFound' && /variable/i.test(error.message)) return undefined;
    throw error;
  }
}

/**
 * Creates a CI/CD variable that is neither masked nor protected: Maintainers. Sent once. Gives the scope it has now, which an
 * old GitLab may ignore. Throws GitLabError, `invalid` where there is one of that name and scope.
 */
export async function createVariable(
  client: GitLabClient,
  projectId: number,
  { key, value, environmentScope }: { readonly key: string } & Omit<ProjectVariable, 'isProtected'>,
): Promise<string> {
  const body = { key, value, environment_scope: environmentScope };
  const made = await client.request('POST', variables(projectId), payload, { body });
  return made.environment_scope ?? '*';
}

function variables(projectId: number): string {
  return `/projects/${projectId}/variables`;
}
