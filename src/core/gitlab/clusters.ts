import * as z from 'zod/mini';
import type { Cluster, ClusterOwner, ListedCluster } from '../model/cluster';
import type { HostUrl } from '../model/host';
import { describeIssues } from './answers';
import type { GitLabClient } from './client';
import { GitLabError } from './errors';
import { clusterPayload } from './schemas';
import type { ClusterPayload } from './schemas';

/** The ten (and five for groups) cluster endpoints as one path table (GitLab API contract 1.1–1.3, 11.11). */
export function clustersPath(owner: ClusterOwner): string {
  return owner.level === 'instance' ? '/admin/clusters' : `/${owner.level}s/${owner.id}/clusters`;
}

/** Every cluster of one owner. An entry that cannot be read stays in the list as such; the others are unharmed. */
export async function listClusters(
  client: GitLabClient,
  owner: ClusterOwner,
  signal?: AbortSignal,
  onPage?: () => void,
): Promise<ListedCluster[]> {
  const entries = await switchedOffIfNotFound(client.list(clustersPath(owner), z.unknown(), { signal }, onPage));
  const seen = new Set<number>();
  return entries.flatMap((entry, index): ListedCluster[] => {
    const parsed = z.safeParse(clusterPayload, entry);
    if (!parsed.success) {
      return [{ detail: 'unreadable', host: client.host, owner, index, problem: describeIssues(parsed.error) }];
    }
    // A cluster added or deleted while the list is paged moves the others: one may come on two pages.
    if (seen.has(parsed.data.id)) return [];
    seen.add(parsed.data.id);
    return [toCluster(client.host, owner, parsed.data)];
  });
}

/** Asks for one row of an owner's clusters: throws GitLabError, `clustersUnavailable` where the integration is off. */
export async function probeClusters(client: GitLabClient, owner: ClusterOwner): Promise<void> {
  await switchedOffIfNotFound(client.rows(clustersPath(owner), z.unknown(), { query: { per_page: 1 } }));
}

/**
 * A list answers `{"message":"404 Not Found"}` where the integration is switched off and names project or group where
 * those are missing. Reading letter case would be brittle (GitLab API contract 4.5); the word is never translated.
 */
async function switchedOffIfNotFound<T>(list: Promise<T>): Promise<T> {
  try {
    return await list;
  } catch (error) {
    const off = error instanceof GitLabError && error.kind === 'notFound' && !/project|group/i.test(error.message);
    throw off ? new GitLabError('clustersUnavailable', { status: 404, message: error.message, cause: error }) : error;
  }
}

/** One cluster as GitLab has it now. */
export async function getCluster(
  client: GitLabClient,
  owner: ClusterOwner,
  id: number,
  signal?: AbortSignal,
): Promise<Cluster> {
  const path = `${clustersPath(owner)}/${id}`;
  return toCluster(client.host, owner, await client.request('GET', path, clusterWithId(id), { signal }));
}

/** Payloads are read so tolerantly that any record would do; this one has to be the one that was asked for. */
export function clusterWithId(id: number): typeof clusterPayload {
  return clusterPayload.check(z.refine((payload) => payload.id === id, { path: ['id'] }));
}

/** GitLab's payload in our words. `""` and null both mean there is nothing. */
export function toCluster(host: HostUrl, owner: ClusterOwner, payload: ClusterPayload): Cluster {
  const { platform_kubernetes: platform, provider_gcp: gcp, management_project: management, user } = payload;
  return {
    detail: 'full',
    host,
    owner,
    id: payload.id,
    name: payload.name ?? '',
    enabled: payload.enabled ?? undefined,
    managed: payload.managed ?? undefined,
    namespacePerEnvironment: payload.namespace_per_environment ?? undefined,
    environmentScope: payload.environment_scope ?? '*',
    baseDomain: payload.domain || undefined,
    provider: payload.provider_type ?? 'user',
    platform: platform
      ? {
          apiUrl: platform.api_url ?? '',
          namespace: platform.namespace || undefined,
          authorizationType: platform.authorization_type ?? undefined,
          caCert: platform.ca_cert || undefined,
        }
      : undefined,
    gcp: gcp
      ? {
          status: gcp.status_name ?? undefined,
          projectId: gcp.gcp_project_id ?? undefined,
          zone: gcp.zone ?? undefined,
          machineType: gcp.machine_type ?? undefined,
          nodes: gcp.num_nodes ?? undefined,
          endpoint: gcp.endpoint ?? undefined,
        }
      : undefined,
    managementProject: management
      ? { id: management.id, path: management.path_with_namespace ?? '', name: management.name ?? '' }
      : undefined,
    createdAt: toDate(payload.created_at),
    createdBy: user ? { name: user.name ?? '', username: user.username ?? '' } : undefined,
  };
}

function toDate(text: string | null | undefined): Date | undefined {
  const time = text ? Date.parse(text) : Number.NaN;
  return Number.isNaN(time) ? undefined : new Date(time);
}
