import * as z from 'zod/mini';
import type { GitLabClient } from './client';

/** A group as the list of groups gives it. `path` is the full path. */
export interface PagedGroup {
  readonly id: number;
  readonly path: string;
  readonly name: string;
  readonly parentId: number | undefined;
}

/** A project as the list of projects gives it. */
export interface PagedProject {
  readonly id: number;
  readonly path: string;
  readonly name: string;
  /** Of the two lists asked for, since the short form of a project does not say (GitLab API contract 1.6). */
  readonly archived: boolean;
  /** In somebody's personal namespace, not in a group. */
  readonly personal: boolean;
  /** Id of the group it is directly in; undefined where it is personal or GitLab does not say. */
  readonly groupId: number | undefined;
}

/** Rows a page is asked for: GitLab's cap, never clamped lower (GitLab API contract 5). */
const PAGE_ROWS = 100;

interface GroupPageQuery {
  /** Only where the token has at least this role; left out for administrators, who see every group. */
  readonly minAccessLevel: number | undefined;
  readonly page: number;
}

interface GroupPage {
  readonly groups: readonly PagedGroup[];
  readonly next: number | undefined;
  /** How many pages there are; GitLab does not count more than 10,000 rows. */
  readonly pages: number | undefined;
}

const groupRow = z.object({
  id: z.int(),
  name: z.nullish(z.string()),
  full_path: z.string(),
  parent_id: z.nullish(z.int()),
});

/** One page of the groups a token may read, by id. Groups are paged by number only (GitLab API contract 5). */
export async function groupPage(client: GitLabClient, ask: GroupPageQuery, signal?: AbortSignal): Promise<GroupPage> {
  const { items, headers } = await client.rows('/groups', groupRow, {
    query: { min_access_level: ask.minAccessLevel, order_by: 'id', sort: 'asc', page: ask.page, per_page: PAGE_ROWS },
    signal,
  });
  return {
    groups: items.map((row) => ({
      id: row.id,
      path: row.full_path,
      name: row.name ?? row.full_path,
      parentId: row.parent_id ?? undefined,
    })),
    ...numbered(headers, ask.page, items.length),
  };
}

export interface ProjectPageQuery {
  readonly minAccessLevel: number | undefined;
  /** Archived projects keep their clusters, and GitLab lists either kind; undefined for both. */
  readonly archived: boolean | undefined;
  /** By key: projects with ids above `after` and below `before`. By number where GitLab knows no keys. */
  readonly at:
    | { readonly after: number; readonly before: number | undefined; readonly from: 'low' | 'high' }
    | { readonly page: number };
}

export type ProjectPage = { readonly projects: readonly PagedProject[] } & (
  | { readonly paging: 'key'; /** Whether more may lie beyond the last row. */ readonly full: boolean }
  | { readonly paging: 'number'; readonly next: number | undefined; readonly pages: number | undefined }
);

const projectRow = z.object({
  id: z.int(),
  name: z.nullish(z.string()),
  path_with_namespace: z.string(),
  namespace: z.nullish(z.object({ id: z.nullish(z.int()), kind: z.nullish(z.string()) })),
});

/**
 * One page of the projects a token may read, by id. By key, the next page begins after the last row's id: the address
 * GitLab offers in `Link` holds nothing else, and may lie on another host name (GitLab API contract 13). GitLab that
 * ignores keys answers with the headers of numbered pages, and is then asked by number.
 */
export async function projectPage(
  client: GitLabClient,
  ask: ProjectPageQuery,
  signal?: AbortSignal,
): Promise<ProjectPage> {
  const { at } = ask;
  const { items, headers } = await client.rows('/projects', projectRow, {
    query: {
      simple: true,
      archived: ask.archived,
      min_access_level: ask.minAccessLevel,
      order_by: 'id',
      per_page: PAGE_ROWS,
      ...('page' in at
        ? { sort: 'asc', page: at.page }
        : {
            pagination: 'keyset',
            sort: at.from === 'low' ? 'asc' : 'desc',
            id_after: at.after > 0 ? at.after : undefined,
            id_before: at.before,
          }),
    },
    signal,
  });
  const projects = items.map((row) => ({
    id: row.id,
    path: row.path_with_namespace,
    name: row.name ?? row.path_with_namespace,
    archived: ask.archived ?? false,
    personal: row.namespace?.kind === 'user',
    groupId: row.namespace?.kind === 'group' ? (row.namespace.id ?? undefined) : undefined,
  }));
  if ('page' in at) return { projects, paging: 'number', ...numbered(headers, at.page, items.length) };
  if (headers.has('x-page')) return { projects, paging: 'number', ...numbered(headers, 1, items.length) };
  // Where even those headers are stripped, ignored keys show in the rows, which would come again for ever.
  const ignored = projects.some(({ id }) => id <= at.after || (at.before !== undefined && id >= at.before));
  if (ignored) return { projects, paging: 'number', next: 2, pages: undefined };
  return { projects, paging: 'key', full: items.length >= PAGE_ROWS };
}

function numbered(
  headers: { get(name: string): string | null },
  page: number,
  rows: number,
): { readonly next: number | undefined; readonly pages: number | undefined } {
  const next = headers.get('x-next-page');
  const pages = Number.parseInt(headers.get('x-total-pages') ?? '', 10);
  const following = next === null ? (rows >= PAGE_ROWS ? page + 1 : 0) : Number.parseInt(next, 10);
  return {
    next: rows > 0 && following > page ? following : undefined,
    pages: Number.isInteger(pages) ? pages : undefined,
  };
}

/** A group or project by its full path. Throws GitLabError, `notFound` where it is hidden. */
export async function ownerByPath(
  client: GitLabClient,
  level: 'group' | 'project',
  path: string,
  signal?: AbortSignal,
): Promise<{ readonly id: number; readonly name: string; readonly archived: boolean }> {
  const row = z.object({ id: z.int(), name: z.nullish(z.string()), archived: z.nullish(z.boolean()) });
  const found = await client.request('GET', `/${level}s/${encodeURIComponent(path)}`, row, { signal });
  return { id: found.id, name: found.name ?? path, archived: found.archived ?? false };
}
