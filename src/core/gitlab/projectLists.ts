import * as z from 'zod/mini';
import { wellFormed } from '../model/plainText';
import type { GitLabClient } from './client';
import { PAGE_SIZE, nextPage } from './paging';
import { groupPayload } from './schemas';

/** A project and whether it lies in somebody's personal namespace, where no group is above it. */
export async function projectWithNamespace(
  client: GitLabClient,
  id: number,
  signal?: AbortSignal,
): Promise<{ readonly id: number; readonly path: string; readonly isPersonal: boolean }> {
  const project = await client.request('GET', `/projects/${id}`, namespacedProject, { signal });
  return toPlaced(project);
}

function toPlaced(project: z.infer<typeof namespacedProject>): ProjectListPage['projects'][number] {
  return { id: project.id, path: project.path_with_namespace, isPersonal: project.namespace?.kind === 'user' };
}

interface ProjectListPage {
  readonly projects: readonly { readonly id: number; readonly path: string; readonly isPersonal: boolean }[];
  readonly next: number | undefined;
  /** How many projects there are; undefined where GitLab does not count them. */
  readonly total: number | undefined;
}

/**
 * One page of the projects a cluster may serve: those of a group and everything below it, or of the whole host where no
 * group is given. Archived ones run no jobs; those shared with the group take no clusters from it.
 */
export async function projectListPage(
  client: GitLabClient,
  groupId: number | undefined,
  page: number,
  signal?: AbortSignal,
): Promise<ProjectListPage> {
  const inGroup = groupId === undefined ? {} : { include_subgroups: true, with_shared: false };
  const query = { simple: true, archived: false, order_by: 'id', sort: 'asc', page, per_page: PAGE_SIZE, ...inGroup };
  const address = groupId === undefined ? '/projects' : `/groups/${groupId}/projects`;
  const { items, headers } = await client.rows(address, namespacedProject, { query, signal });
  const total = Number.parseInt(headers.get('x-total') ?? '', 10);
  return {
    projects: items.map(toPlaced),
    next: nextPage({ number: page, items: items.length, headers }),
    total: Number.isInteger(total) ? total : undefined,
  };
}

/** The id of a group by its full path. Throws GitLabError, `notFound` where it is hidden. */
export async function groupByPath(client: GitLabClient, path: string, signal?: AbortSignal): Promise<number> {
  const query = { with_projects: false };
  const address = `/groups/${encodeURIComponent(wellFormed(path))}`;
  return (await client.request('GET', address, groupPayload, { query, signal })).id;
}

const namespacedProject = z.object({
  id: z.int(),
  path_with_namespace: z.string(),
  namespace: z.nullish(z.object({ kind: z.nullish(z.string()) })),
});
