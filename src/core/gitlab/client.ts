import type { RequestInit, Response } from 'node-fetch';
import * as z from 'zod/mini';
import type { HostUrl } from '../model/host';
import { addressOn } from '../model/host';
import { answerWithout, describeIssues, expectNothing, parseAnswer, textOf, withoutSecrets } from './answers';
import type { Answer } from './answers';
import { withDeadline } from './deadline';
import { GitLabError } from './errors';
import { writeAfter } from './failureKinds';
import { errorOfAnswer, errorOfFailure } from './failures';
import { HostGate } from './hostGate';
import { PAGE_SIZE, checkProgress, nextPage } from './paging';
import type { Page } from './paging';
import { retried, sentOnce, usualRetries } from './retry';
import type { RetryPolicy } from './retry';

export type Fetch = (url: string, init: RequestInit) => Promise<Response>;
export type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';
export type Query = Readonly<Record<string, string | number | boolean | undefined>>;

interface RequestOptions {
  readonly query?: Query;
  readonly body?: unknown;
  /** What of the body must never be shown, should a server send it back. */
  readonly secrets?: readonly string[];
  readonly signal?: AbortSignal | undefined;
}

export interface ClientOptions {
  readonly fetch: Fetch;
  /** One line per request: method, path, status, milliseconds. Never a header, a query or a body. */
  readonly log: (line: string) => void;
  /** Milliseconds until a read is given up. */
  readonly readDeadline: number;
  /** The same for writes: longer, since GitLab resolves the API URL's name while it saves (GitLab API contract 11.19). */
  readonly writeDeadline: number;
  /** Shared by all clients of a host. One of its own by default. */
  readonly gate?: HostGate;
  readonly retries?: RetryPolicy;
  /** No answer of the endpoints in use comes near the default of 32 MiB; a larger one is a mistake or an attack. */
  readonly maxAnswerBytes?: number;
  /** Who sends: see `userAgent`. */
  readonly userAgent?: string;
}

/** How a request is sent: a REST method, or a GraphQL query, which is a POST that only reads. */
type Sending = Method | 'QUERY';

/** A moved project leads to its new id; more hops than these go nowhere. */
const MAX_HOPS = 3;

/**
 * One GitLab host as one token sees it. Every request of the extension goes through here. Throws GitLabError only.
 * Reads are repeated where that helps; a write is sent once, and `unknownOutcome` is thrown where its answer got lost.
 */
export class GitLabClient {
  readonly host: HostUrl;
  private readonly token: string;
  private readonly options: ClientOptions;
  private readonly gate: HostGate;

  constructor(host: HostUrl, token: string, options: ClientOptions) {
    this.host = host;
    this.token = token;
    this.options = options;
    this.gate = options.gate ?? new HostGate();
  }

  /** Sends one request to `/api/v4` + `path` and parses the JSON answer with `schema`. */
  async request<T extends z.core.$ZodType>(
    method: Method,
    path: string,
    schema: T,
    options: RequestOptions = {},
  ): Promise<z.output<T>> {
    return this.send(method, path, options, (answer) => parseAnswer(answer, schema));
  }

  /** A request whose answer has no body (DELETE answers 204). */
  async requestNothing(method: Method, path: string, options: RequestOptions = {}): Promise<void> {
    await this.send(method, path, options, expectNothing);
  }

  /**
   * Asks GraphQL and parses `data` with `schema`. Queries only: one is repeated like any other read, and `read_api` is
   * enough for it. GitLab gives null, and no error, for what the token may not see, and null for what it cannot look up now
   * (agents and environments 9).
   */
  async query<T extends z.core.$ZodType>(
    query: string,
    variables: Readonly<Record<string, string | number>>,
    schema: T,
    signal?: AbortSignal,
  ): Promise<z.output<T>> {
    const asking = { body: { query, variables }, signal };
    return this.send('QUERY', '/api/graphql', asking, (answer) => {
      const { data, errors } = parseAnswer(answer, queryAnswer);
      // An old GitLab does not know the field that is asked for. Beside data, errors say that one field cannot be had now.
      if ((data === null || data === undefined) && errors && errors.length > 0)
        throw new GitLabError('unsupported', { status: answer.status });
      const parsed = z.safeParse(schema, data);
      if (!parsed.success)
        throw new GitLabError('protocol', { status: answer.status, message: describeIssues(parsed.error) });
      return parsed.data;
    });
  }

  /** One page of a list, and the number of the next one, if GitLab names one. */
  async page<T extends z.core.$ZodType>(
    path: string,
    item: T,
    page: number,
    options: RequestOptions = {},
  ): Promise<{ readonly items: z.output<T>[]; readonly next: number | undefined }> {
    const { items, next } = await this.pageAsItCame(path, item, page, options);
    return { items, next };
  }

  /** One page of a list just as it came: the caller names the paging, and reads from the headers what follows. */
  async rows<T extends z.core.$ZodType>(
    path: string,
    item: T,
    options: RequestOptions = {},
  ): Promise<{ readonly items: z.output<T>[]; readonly headers: Response['headers'] }> {
    return this.send('GET', path, options, (answer) => ({
      items: parseAnswer(answer, z.array(item)),
      headers: answer.headers,
    }));
  }

  /** A whole list, page after page; `onPage` is called after each. A list that never ends is refused. */
  async list<T extends z.core.$ZodType>(
    path: string,
    item: T,
    options: RequestOptions = {},
    onPage?: () => void,
  ): Promise<z.output<T>[]> {
    const all: z.output<T>[] = [];
    let before: Page | undefined;
    for (let number: number | undefined = 1; number !== undefined;) {
      const page: Awaited<ReturnType<typeof this.pageAsItCame<T>>> = await this.pageAsItCame(
        path,
        item,
        number,
        options,
      );
      checkProgress(page.came, before);
      before = page.came;
      for (const one of page.items) all.push(one);
      number = page.next;
      onPage?.();
    }
    return all;
  }

  private async pageAsItCame<T extends z.core.$ZodType>(path: string, item: T, page: number, options: RequestOptions) {
    const query = { ...options.query, page, per_page: PAGE_SIZE };
    return this.send('GET', path, { ...options, query }, (answer) => {
      const items = parseAnswer(answer, z.array(item));
      const came: Page = { number: page, items: items.length, bytes: answer.bytes, headers: answer.headers };
      return { items, next: nextPage(came), came };
    });
  }

  private async send<T>(
    method: Sending,
    path: string,
    options: RequestOptions,
    read: (answer: FetchedAnswer) => T,
  ): Promise<T> {
    // Such a token cannot be a header, so it cannot be GitLab's.
    if (!/^[\x21-\x7e]+$/.test(this.token)) throw new GitLabError('unauthorized');
    let sentAt: number | undefined;
    const once = async (): Promise<T> => {
      sentAt = performance.now();
      return read(await this.exchange(method, path, options));
    };
    const policy = this.options.retries ?? usualRetries;
    if (reads(method)) return retried(once, policy, this.gate, options.signal);
    try {
      return await sentOnce(once, policy, this.gate, options.signal);
    } catch (error) {
      if (sentAt === undefined || !(error instanceof GitLabError) || writeAfter(error) !== 'lost') throw error;
      throw new GitLabError('unknownOutcome', { status: error.status, cause: error, sentAt });
    }
  }

  /** One request and its whole answer. Refusals and failures are thrown. */
  private async exchange(method: Sending, path: string, options: RequestOptions): Promise<FetchedAnswer> {
    const started = performance.now();
    const log = (outcome: string): void =>
      this.options.log(`${method} ${this.host}${path} ${outcome} ${Math.round(performance.now() - started)} ms`);
    const secrets = [this.token, ...(options.secrets ?? [])];
    const deadline = reads(method) ? this.options.readDeadline : this.options.writeDeadline;
    const root = method === 'QUERY' ? '' : '/api/v4';
    const address = addressOn(this.host, `${root}${path}${queryString(options.query)}`);
    let answer: FetchedAnswer;
    try {
      answer = await withDeadline(deadline, options.signal, (signal) =>
        this.fetchWhole(method, address, options.body, signal),
      );
    } catch (cause) {
      const error = errorOfFailure(cause, (text) => withoutSecrets(text, secrets));
      log(error.kind === 'network' || error.kind === 'tls' ? `${error.kind} ${error.message}` : error.kind);
      throw error;
    }
    log(String(answer.status));
    if (answer.status >= 200 && answer.status <= 299) return answerWithout(this.token, answer);
    throw errorOfAnswer(answer, {
      address,
      text: withoutSecrets(textOf(answer), secrets),
      location: withoutSecrets(answer.headers.get('location') ?? '', secrets),
    });
  }

  private async fetchWhole(
    method: Sending,
    address: string,
    body: unknown,
    signal: AbortSignal,
    hops = 0,
  ): Promise<FetchedAnswer> {
    const isQuery = method === 'QUERY';
    const response = await this.options.fetch(address, {
      method: isQuery ? 'POST' : method,
      // Followed redirects would carry PRIVATE-TOKEN to wherever they point (GitLab API contract 11.24).
      redirect: 'manual',
      size: this.options.maxAnswerBytes ?? 32 * 1024 * 1024,
      signal,
      headers: {
        Accept: 'application/json',
        // Whether GraphQL takes PRIVATE-TOKEN in every version is not known (agents and environments 18).
        ...(isQuery ? { Authorization: `Bearer ${this.token}` } : { 'PRIVATE-TOKEN': this.token }),
        'User-Agent': this.options.userAgent ?? 'GitLabClusters',
        // Inside the extension host the agent is replaced; only this header keeps the connection for the next request.
        Connection: 'keep-alive',
        ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const { status, headers } = response;
    const bytes = new Uint8Array(await response.arrayBuffer());
    const moved = method === 'GET' && hops < MAX_HOPS && this.ownRedirect(address, status, headers.get('location'));
    return moved ? this.fetchWhole(method, moved, undefined, signal, hops + 1) : { status, headers, bytes };
  }

  /** GitLab sends reads of a moved project on to its new id: the same API of the same host, so it is followed. */
  private ownRedirect(address: string, status: number, location: string | null): string | undefined {
    if (status < 300 || status > 399 || location === null || !URL.canParse(location, address)) return undefined;
    const target = new URL(location, address);
    const own = target.username === '' && target.password === '' && target.href.startsWith(`${this.host}/api/v4/`);
    return own ? target.href : undefined;
  }
}

/** Errors of fields are words for developers and hold nothing else; they are not looked into. */
const queryAnswer = z.object({ data: z.nullish(z.unknown()), errors: z.nullish(z.array(z.unknown())) });

function reads(method: Sending): boolean {
  return method === 'GET' || method === 'QUERY';
}

interface FetchedAnswer extends Answer {
  readonly headers: Response['headers'];
}

function queryString(query: Query = {}): string {
  const pairs = new URLSearchParams();
  for (const [key, value] of Object.entries(query)) if (value !== undefined) pairs.append(key, String(value));
  return pairs.size === 0 ? '' : `?${pairs.toString()}`;
}
