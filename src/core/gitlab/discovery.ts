import * as z from 'zod/mini';
import type { GitLabClient } from './client';

/** A cluster of which only id and name are known; ids are global over the host. */
export interface ClusterName {
  readonly id: number;
  readonly name: string;
}

/** Which groups and projects have clusters, by full path. Owners without any are not in it. */
export interface DiscoveredClusters {
  readonly groups: ReadonlyMap<string, readonly ClusterName[]>;
  readonly projects: ReadonlyMap<string, readonly ClusterName[]>;
}

const namesByPath = z.record(z.string(), z.array(z.object({ id: z.int(), name: z.nullish(z.string()) })));
const discoveryPayload = z.object({ groups: z.nullish(namesByPath), projects: z.nullish(namesByPath) });

/**
 * All clusters of a group and of everything below it where the token is Maintainer, in one request; it answers where
 * the integration is switched off too (GitLab API contract 8.3). Personal namespaces and the instance are not covered.
 * Throws GitLabError: `unsupported` on GitLab before 17.9, `notFound` where the group is hidden or the role too low.
 */
export async function discoverClusters(
  client: GitLabClient,
  groupId: number,
  signal?: AbortSignal,
): Promise<DiscoveredClusters> {
  const query = { group_id: groupId };
  const answer = await client.request('GET', '/discover-cert-based-clusters', discoveryPayload, { query, signal });
  return { groups: byPath(answer.groups), projects: byPath(answer.projects) };
}

/** False where the version says that the route cannot be there; an unknown version is worth a try. */
export function mayDiscover(version: string | undefined): boolean {
  const [, major, minor] = /^(\d+)\.(\d+)/.exec(version ?? '') ?? [];
  if (major === undefined) return true;
  return Number(major) > 17 || (Number(major) === 17 && Number(minor) >= 9);
}

function byPath(found: z.infer<typeof namesByPath> | null | undefined): ReadonlyMap<string, readonly ClusterName[]> {
  return new Map(
    Object.entries(found ?? {}).map(([path, names]) => [path, names.map(({ id, name }) => ({ id, name: name ?? '' }))]),
  );
}
