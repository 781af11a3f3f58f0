import * as z from 'zod/mini';
import { wellFormed } from '../model/plainText';
import type { GitLabClient } from './client';
import { PAGE_SIZE, nextPage } from './paging';
import { groupPayload, projectPayload } from './schemas';

/** A project or group in our words; `path` is the full path. */
export interface FoundOwner {
  readonly id: number;
  readonly path: string;
  readonly name: string;
}

export interface FoundPage {
  readonly items: readonly FoundOwner[];
  /** The next page's number, if there is one. */
  readonly next: number | undefined;
}

/** GitLab's access levels: 30 Developer may read clusters, 40 Maintainer may change them (GitLab API contract 4.4). */
export const DEVELOPER = 30;
export const MAINTAINER = 40;

/** Whether Developers are refused clusters, as GitLab 11 to 13 do (GitLab API contract 4.4); unknown versions are new. */
export function refusesDevelopers(version: string | undefined): boolean {
  const major = /^\d+/.exec(version ?? '')?.[0];
  return major !== undefined && Number(major) < 14;
}

interface OwnerSearch {
  /** What was typed; matched by GitLab against name, path and ancestors. Empty lists everything. */
  readonly text: string;
  readonly page: number;
  /** Only where the token has at least this role. Left out for administrators, who may see everything. */
  readonly minAccessLevel?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** One page of projects that match, latest activity first. */
export async function searchProjects(client: GitLabClient, search: OwnerSearch): Promise<FoundPage> {
  const query = {
    simple: true,
    archived: false,
    order_by: 'last_activity_at',
    min_access_level: search.minAccessLevel,
  };
  return searched(search, async (text, page) => {
    // The exact name of a short text is no full path, so ancestors are left out there.
    const words = { search: text || undefined, search_namespaces: isSearchable(text) ? true : undefined };
    const { signal } = search;
    const found = await client.page('/projects', projectPayload, page, { query: { ...query, ...words }, signal });
    return { next: found.next, items: found.items.map(toProject) };
  });
}

/** One page of groups that match. */
export async function searchGroups(client: GitLabClient, search: OwnerSearch): Promise<FoundPage> {
  return searched(search, async (text, page) => {
    const query = { search: text || undefined, min_access_level: search.minAccessLevel };
    const found = await client.page('/groups', groupPayload, page, { query, signal: search.signal });
    return {
      next: found.next,
      items: found.items.map(({ id, name, full_path }) => ({ id, name, path: full_path })),
    };
  });
}

/** The shortest word GitLab finds inside a longer text (GitLab API contract 1.6). */
const SHORTEST_WORD = 3;
/** Pages that are read for a short text before an empty answer is given. */
const SIEVED_PAGES = 3;

/** Whether GitLab looks for parts of names with this: a text without a word of three letters must be the whole name. */
export function isSearchable(text: string): boolean {
  return text.split(/\s+/).some((word) => [...word].length >= SHORTEST_WORD);
}

/** GitLab's own search, and for a text it would not search with: the exact name, then what the lists show, sieved here. */
async function searched(
  { text, page }: OwnerSearch,
  ask: (text: string, page: number) => Promise<FoundPage>,
): Promise<FoundPage> {
  const wanted = text.trim().toLowerCase();
  if (wanted === '' || isSearchable(wanted)) return ask(text, page);
  const found = new Map<number, FoundOwner>();
  if (page === 1) for (const one of (await ask(text, 1)).items) found.set(one.id, one);
  let next: number | undefined = page;
  for (let pages = 0; next !== undefined && pages < SIEVED_PAGES; pages++) {
    const listed: FoundPage = await ask('', next);
    for (const one of listed.items) {
      if ([one.path, one.name].some((name) => name.toLowerCase().includes(wanted))) found.set(one.id, one);
    }
    next = listed.next;
    if (found.size > 0) break;
  }
  return { items: [...found.values()], next };
}

/** A project by its full path, as in a git remote. A project that has moved is found at its new path. */
export async function projectByPath(client: GitLabClient, path: string, signal?: AbortSignal): Promise<FoundOwner> {
  return toProject(
    await client.request('GET', `/projects/${encodeURIComponent(wellFormed(path))}`, projectPayload, { signal }),
  );
}

/** The full path a group or project has now: it changes when it or a group above is renamed or moved; the id stays. */
export async function presentPath(
  client: GitLabClient,
  level: 'group' | 'project',
  id: number,
  signal?: AbortSignal,
): Promise<string> {
  if (level === 'project') {
    return (await client.request('GET', `/projects/${id}`, projectPayload, { signal })).path_with_namespace;
  }
  // Otherwise GitLab adds up to 100 of the group’s projects to its answer.
  const query = { with_projects: false };
  return (await client.request('GET', `/groups/${id}`, groupPayload, { query, signal })).full_path;
}

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

function toProject(project: { id: number; name: string; path_with_namespace: string }): FoundOwner {
  return { id: project.id, name: project.name, path: project.path_with_namespace };
}
