import type { ProjectPage, ProjectPageQuery } from '../gitlab/ownerPages';

type At = ProjectPageQuery['at'];

/** Into so many ranges the ids between the first and the last page are cut. */
const RANGES = 4;

/**
 * What to read after a page of projects that were asked for by key. After a full first page that is the page from the
 * other end, and then what lies between in several ranges: one page after the other would take as long as all the rest
 * of a crawl together.
 */
export function followUps(at: At, { projects, full }: Extract<ProjectPage, { paging: 'key' }>): readonly At[] {
  if (!full || 'page' in at) return [];
  const ids = projects.map(({ id }) => id);
  const [lowest, highest] = [Math.min(...ids), Math.max(...ids)];
  if (at.from === 'high') return ranges(at.after, lowest);
  if (at.before === undefined) return [{ after: highest, before: undefined, from: 'high' }];
  return highest + 1 < at.before ? [{ ...at, after: highest }] : [];
}

/** The ids strictly between two, cut into ranges of equal width with exclusive ends. */
function ranges(after: number, before: number): At[] {
  const ids = before - after - 1;
  const count = Math.max(0, Math.min(RANGES, ids));
  return Array.from({ length: count }, (_, index) => ({
    after: after + Math.floor((index * ids) / count),
    before: after + Math.floor(((index + 1) * ids) / count) + 1,
    from: 'low',
  }));
}
