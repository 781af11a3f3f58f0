import { json, refuse, refuseWithError, type Answer } from './answer';
import type { Value, Values } from './body';
import type { Params, Parameter } from './params';

/** The parameters of a list that declares its paging. */
export const pagingParameters: readonly Parameter[] = [
  { name: 'page', type: 'integer', fallback: 1 },
  { name: 'per_page', type: 'integer', fallback: 20, except: [0] },
];

export interface Paging {
  readonly page: number;
  readonly perPage: number;
}

/** The page a caller asked for, clamped as GitLab clamps it (GitLab API contract 5). */
export function pagingOf(params: Params): Paging {
  return clamped(params.integer('page') ?? 1, params.integer('per_page') ?? 20);
}

/** The same for a list without declared paging, which reads the raw query and tolerates nonsense. */
export function rawPaging(query: Values): Paging {
  const text = (value: Value | undefined, otherwise: string) => (typeof value === 'string' ? value : otherwise);
  const perPage = text(query['per_page'], '20');
  const page = Number.parseInt(text(query['page'], '1'), 10);
  const sent = Number.parseInt(perPage, 10);
  return clamped(Number.isNaN(page) ? 1 : page, /^(\d|-\d)/.test(perPage) ? sent : 20);
}

function clamped(page: number, perPage: number): Paging {
  // Only a list that declares nothing comes this far with a size of 0, and GitLab fails there.
  if (perPage === 0) {
    throw refuse(500, '500 Internal Server Error');
  }
  return { page: Math.max(1, page), perPage: perPage < 0 ? 20 : Math.min(perPage, 100) };
}

/** More rows than this are not counted: `X-Total`, `X-Total-Pages` and the `last` link are left out. */
const countLimit = 10_000;

/** A page of rows with the offset headers. `address` is the list's on the configured host, `echoed` goes into links. */
export function offsetPage<T>(
  rows: readonly T[],
  paging: Paging,
  address: string,
  echoed: URLSearchParams,
  present: (row: T) => unknown,
): Answer {
  const { page, perPage } = paging;
  const pages = Math.max(1, Math.ceil(rows.length / perPage));
  const counted = rows.length <= countLimit;
  const link = (number: number, rel: string) =>
    `<${withQuery(address, echoed, { page: number, per_page: perPage })}>; rel="${rel}"`;
  const links = [
    ...(page > 1 && page <= pages ? [link(page - 1, 'prev')] : []),
    ...(page < pages ? [link(page + 1, 'next')] : []),
    link(1, 'first'),
    ...(counted ? [link(pages, 'last')] : []),
  ];
  return json(200, rows.slice((page - 1) * perPage, page * perPage).map(present), {
    Link: links.join(', '),
    'X-Next-Page': page < pages ? `${page + 1}` : '',
    'X-Page': `${page}`,
    'X-Per-Page': `${perPage}`,
    'X-Prev-Page': page > 1 && page <= pages ? `${page - 1}` : '',
    ...(counted ? { 'X-Total': `${rows.length}`, 'X-Total-Pages': `${pages}` } : {}),
  });
}

/** The largest `page` times `per_page` of a limited list. */
const maxOffset = 50_000;

/** Refuses pages that lie too far out; the numbers count as they were sent, before they are clamped. */
export function checkOffset(params: Params, type: 'Project' | 'Group'): void {
  if ((params.integer('page') ?? 1) * (params.integer('per_page') ?? 20) > maxOffset) {
    throw refuseWithError(
      405,
      `Offset pagination has a maximum allowed offset of ${maxOffset} for requests that return objects of ` +
        `type ${type}. Remaining records can be retrieved using keyset pagination.`,
    );
  }
}

/**
 * A page by key: rows come in the wanted order of ids and only as many as needed are taken.
 * The next address is offered after every page that is not empty, the last one included, and no other header is there
 * (GitLab API contract 13).
 */
export function keysetPage<T extends { readonly id: number }>(
  rows: Iterable<T>,
  { perPage, descending }: { perPage: number; descending: boolean },
  address: string,
  echoed: URLSearchParams,
  present: (row: T) => unknown,
): Answer {
  const page: T[] = [];
  for (const row of rows) {
    page.push(row);
    if (page.length === perPage) {
      break;
    }
  }
  const last = page.at(-1);
  const next = last && withQuery(address, echoed, { [descending ? 'id_before' : 'id_after']: last.id });
  return json(200, page.map(present), next === undefined ? {} : { Link: `<${next}>; rel="next"` });
}

function withQuery(address: string, echoed: URLSearchParams, changes: Record<string, number>): string {
  const query = new URLSearchParams(echoed);
  query.delete('private_token');
  query.delete('access_token');
  for (const [name, value] of Object.entries(changes)) {
    query.set(name, `${value}`);
  }
  query.sort();
  return `${address}?${query.toString()}`;
}
