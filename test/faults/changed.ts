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
  { name: 'the same page for ever', react: (exchange) => repeated(exchange, false), onlyAlways: true },
  { name: 'new pages for ever', react: (exchange) => repeated(exchange, true), onlyAlways: true },
];

async function slow(exchange: Exchange): Promise<Reaction> {
  await new Promise((resolve) => setTimeout(resolve, 30));
  return exchange.gitlab();
}

/** Changes GitLab's cluster lists; everything else passes. `lastPage` is empty, as pages behind the end are. */
function lists(
  name: string,
  change: (rows: readonly object[]) => readonly unknown[],
  headers?: Record<string, string>,
  lastPage = 0,
): Fault {
  return {
    name,
    react: (exchange) => {
      const answer = exchange.gitlab();
      const rows = rowsOf(answer);
      if (!rows || !/\/clusters\?/.test(exchange.request.path)) return answer;
      const page = Number(/[?&]page=(\d+)/.exec(exchange.request.path)?.[1]);
      const kept = lastPage > 0 && page >= lastPage ? [] : change(rows);
      return { ...answer, headers: headers ? { ...asJson, ...headers } : answer.headers, body: JSON.stringify(kept) };
    },
  };
}

function repeated(exchange: Exchange, fresh: boolean): Answer {
  const answer = exchange.gitlab();
  if (!rowsOf(answer) || !/\/clusters\?/.test(exchange.request.path)) return answer;
  const page = Number(/[?&]page=(\d+)/.exec(exchange.request.path)?.[1]);
  const rows = [{ id: fresh ? 1_000_000 + page : 1_000_000, name: 'x' }];
  return json(200, rows, { 'X-Next-Page': `${page + 1}` });
}

function rowsOf({ status, body: content }: Answer): readonly object[] | undefined {
  if (status !== 200) return undefined;
  const parsed: unknown = JSON.parse(String(content));
  return Array.isArray(parsed) ? parsed.filter((row) => typeof row === 'object' && row !== null) : undefined;
}
