import * as l10n from '@vscode/l10n';
import { GitLabError } from './errors';

/** GitLab's cap on `per_page` (GitLab API contract 5). */
export const PAGE_SIZE = 100;
/** A list of clusters longer than this is a paging header that never ends. */
const MAX_PAGES = 200;

/** One page of a list as it came, to tell it from the one before. */
export interface Page {
  readonly number: number;
  readonly items: number;
  readonly bytes: Uint8Array;
  readonly headers: { get(name: string): string | null };
}

/**
 * The number of the next page. GitLab says it in X-Next-Page, empty on the last one. Proxies strip it: then a full page
 * means more (GitLab API contract 5, 11.26). What does not name the following page is not believed; the list goes on
 * until a page is empty, so that nothing is lost.
 */
export function nextPage({ number, items, headers }: Omit<Page, 'bytes'>): number | undefined {
  if (items === 0) return undefined;
  const header = headers.get('x-next-page');
  if (header === null) return items >= PAGE_SIZE ? number + 1 : undefined;
  return header.trim() === '' ? undefined : number + 1;
}

/** Throws GitLabError `protocol` for a list that goes round in circles or never ends. */
export function checkProgress(page: Page, before: Page | undefined): void {
  if (before && page.items > 0 && Buffer.compare(page.bytes, before.bytes) === 0) {
    throw new GitLabError('protocol', { status: 200, message: l10n.t('the list keeps returning the same page') });
  }
  if (page.number > MAX_PAGES) {
    const message = l10n.t('the list has no end (more than {0} pages)', MAX_PAGES);
    throw new GitLabError('protocol', { status: 200, message });
  }
}
