import { json, type Answer } from '../gitlab/answer';
import type { Exchange, Reaction } from '../gitlab/faults';
import { asJson, type Fault } from './fault';

/** GitLab answers, and something changes its answer on the way. */
export const changed: readonly Fault[] = [
  { name: 'slow, but in time', react: slow },
  lists('one entry malformed', (rows) => rows.map((row, at) => (at === 2 ? { ...row, id: 'x' } : row))),
  lists('one entry null', (rows) => rows.map((row, at) => (at === 2 ? null : row))),
  lists('one cluster twice', (rows) => [...rows, ...rows.slice(1, 2)]),
  lists('paging headers stripped', (rows) => rows, {}),
  lists('X-Next-Page is nonsense', (rows) => rows, { 'X-Next-Page': 'soon' }, 2),
  lists('X-Next-Page goes back', (rows) => rows, { 'X-Next-Page': '1' }, 2),
  forEver('the same page for ever', () => 1_000_000),
  forEver('new pages for ever', (page) => 1_000_000 + page),
];

async function slow(exchange: Exchange): Promise<Reaction> {
  await new Promise((resolve) => setTimeout(resolve, 30));
  return exchange.gitlab();
}

/** Changes GitLab's cluster lists. `lastPage` is empty, as pages behind the end are. */
function lists(
  name: string,
  change: (rows: readonly object[]) => readonly unknown[],
  headers?: Record<string, string>,
  lastPage = 0,
): Fault {
  return {
    name,
    strikes: 'clusterLists',
    react: (exchange) => {
      const asked = askedList(exchange);
      if (!asked) return undefined;
      const { answer, rows, page } = asked;
      const kept = lastPage > 0 && page >= lastPage ? [] : change(rows);
      return { ...answer, headers: headers ? { ...asJson, ...headers } : answer.headers, body: JSON.stringify(kept) };
    },
  };
}

function forEver(name: string, id: (page: number) => number): Fault {
  return {
    name,
    strikes: 'clusterLists',
    onlyAlways: true,
    react: (exchange) => {
      const asked = askedList(exchange);
      return asked && json(200, [{ id: id(asked.page), name: 'x' }], { 'X-Next-Page': `${asked.page + 1}` });
    },
  };
}

/** GitLab's answer to a list of clusters. */
function askedList(
  exchange: Exchange,
): { readonly answer: Answer; readonly rows: readonly object[]; readonly page: number } | undefined {
  const { path } = exchange.request;
  if (!/\/clusters\?/.test(path)) return undefined;
  const answer = exchange.gitlab();
  const rows = rowsOf(answer);
  return rows && { answer, rows, page: Number(/[?&]page=(\d+)/.exec(path)?.[1]) };
}

function rowsOf({ status, body: content }: Answer): readonly object[] | undefined {
  if (status !== 200) return undefined;
  const parsed: unknown = JSON.parse(String(content));
  return Array.isArray(parsed) ? parsed.filter((row) => typeof row === 'object' && row !== null) : undefined;
}
