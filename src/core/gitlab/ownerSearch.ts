import type { GitLabClient } from './client';
import { toProject } from './owners';
import type { FoundOwner } from './owners';
import { groupPayload, projectPayload } from './schemas';

export interface FoundPage {
  readonly items: readonly FoundOwner[];
  /** The next page's number, if there is one. */
  readonly next: number | undefined;
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
