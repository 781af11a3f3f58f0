import type { RequestInit, Response } from 'node-fetch';
import { addressOn } from '../model/host';
import type { HostUrl } from '../model/host';
import { answerWithout, textOf, withoutSecrets } from './answers';
import type { Answer } from './answers';
import { withDeadline } from './deadline';
import { errorOfAnswer, errorOfFailure } from './failures';

export type Fetch = (url: string, init: RequestInit) => Promise<Response>;
export type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';
type Query = Readonly<Record<string, string | number | boolean | undefined>>;

export interface RequestOptions {
  readonly query?: Query;
  readonly body?: unknown;
  /** What of the body must never be shown, should a server send it back. */
  readonly secrets?: readonly string[];
  readonly signal?: AbortSignal | undefined;
}

export interface ExchangeOptions {
  readonly fetch: Fetch;
  /** One line per request: method, path, status, milliseconds. Never a header, a query or a body. */
  readonly log: (line: string) => void;
  /** Milliseconds until a read is given up. */
  readonly readDeadline: number;
  /** The same for writes: longer, since GitLab resolves the API URL's name while it saves (GitLab API contract 11.19). */
  readonly writeDeadline: number;
  /** No answer of the endpoints in use comes near the default of 32 MiB; a larger one is a mistake or an attack. */
  readonly maxAnswerBytes?: number;
  /** Who sends: see `userAgent`. */
  readonly userAgent?: string;
}

/** How a request is sent: a REST method, or a GraphQL query, which is a POST that only reads. */
export type Sending = Method | 'QUERY';

/** Who sends, and where to. */
interface Sender {
  readonly host: HostUrl;
  readonly token: string;
  readonly options: ExchangeOptions;
}

export interface FetchedAnswer extends Answer {
  readonly headers: Response['headers'];
}

/** A moved project leads to its new id; more hops than these go nowhere. */
const MAX_HOPS = 3;

/** Sends one request and reads its whole answer. Throws GitLabError for refusals and failures; nothing is repeated here. */
export async function exchange(
  sender: Sender,
  method: Sending,
  path: string,
  options: RequestOptions,
): Promise<FetchedAnswer> {
  const { host, token, options: own } = sender;
  const started = performance.now();
  const log = (outcome: string): void =>
    own.log(`${method} ${host}${path} ${outcome} ${Math.round(performance.now() - started)} ms`);
  const secrets = [token, ...(options.secrets ?? [])];
  const deadline = reads(method) ? own.readDeadline : own.writeDeadline;
  const root = method === 'QUERY' ? '' : '/api/v4';
  const address = addressOn(host, `${root}${path}${queryString(options.query)}`);
  let answer: FetchedAnswer;
  try {
    answer = await withDeadline(deadline, options.signal, (signal) =>
      fetchWhole(sender, method, address, options.body, signal),
    );
  } catch (cause) {
    const error = errorOfFailure(cause, (text) => withoutSecrets(text, secrets));
    log(error.kind === 'network' || error.kind === 'tls' ? `${error.kind} ${error.message}` : error.kind);
    throw error;
  }
  log(String(answer.status));
  if (answer.status >= 200 && answer.status <= 299) return answerWithout(token, answer);
  throw errorOfAnswer(answer, {
    address,
    text: withoutSecrets(textOf(answer), secrets),
    location: withoutSecrets(answer.headers.get('location') ?? '', secrets),
  });
}

async function fetchWhole(
  sender: Sender,
  method: Sending,
  address: string,
  body: unknown,
  signal: AbortSignal,
  hops = 0,
): Promise<FetchedAnswer> {
  const { host, token, options } = sender;
  const isQuery = method === 'QUERY';
  const response = await options.fetch(address, {
    method: isQuery ? 'POST' : method,
    // Followed redirects would carry PRIVATE-TOKEN to wherever they point (GitLab API contract 11.24).
    redirect: 'manual',
    size: options.maxAnswerBytes ?? 32 * 1024 * 1024,
    signal,
    headers: {
      Accept: 'application/json',
      // Whether GraphQL takes PRIVATE-TOKEN in every version is not known (agents and environments 18).
      ...(isQuery ? { Authorization: `Bearer ${token}` } : { 'PRIVATE-TOKEN': token }),
      'User-Agent': options.userAgent ?? 'GitLabClusters',
      // Inside the extension host the agent is replaced; only this header keeps the connection for the next request.
      Connection: 'keep-alive',
      ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const { status, headers } = response;
  const bytes = new Uint8Array(await response.arrayBuffer());
  const moved = method === 'GET' && hops < MAX_HOPS && ownRedirect(host, address, status, headers.get('location'));
  return moved ? fetchWhole(sender, method, moved, undefined, signal, hops + 1) : { status, headers, bytes };
}

/** GitLab sends reads of a moved project on to its new id: the same API of the same host, so it is followed. */
function ownRedirect(host: HostUrl, address: string, status: number, location: string | null): string | undefined {
  if (status < 300 || status > 399 || location === null || !URL.canParse(location, address)) return undefined;
  const target = new URL(location, address);
  const own = target.username === '' && target.password === '' && target.href.startsWith(`${host}/api/v4/`);
  return own ? target.href : undefined;
}

/** Whether nothing is changed by it, so that it may be repeated. */
export function reads(method: Sending): boolean {
  return method === 'GET' || method === 'QUERY';
}

function queryString(query: Query = {}): string {
  const pairs = new URLSearchParams();
  for (const [key, value] of Object.entries(query)) if (value !== undefined) pairs.append(key, String(value));
  return pairs.size === 0 ? '' : `?${pairs.toString()}`;
}
