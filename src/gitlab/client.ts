import type { RequestInit, Response } from 'node-fetch';
import * as z from 'zod/mini';
import type { HostUrl } from '../model/host';
import { addressOn } from '../model/host';
import { GitLabError } from './errors';
import { errorOfFailure, errorOfResponse, errorOfUnreadable } from './failures';

export type Fetch = (url: string, init: RequestInit) => Promise<Response>;
export type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';
export type Query = Readonly<Record<string, string | number | boolean | undefined>>;

export interface RequestOptions {
  readonly query?: Query;
  readonly body?: unknown;
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
}

/** Lists longer than this many pages are refused: a paging header that never ends must not hang the editor. */
const MAX_PAGES = 1000;
/** GitLab's cap on `per_page` (GitLab API contract 5). */
const PAGE_SIZE = 100;
/** No answer of the endpoints in use comes near this; a larger one is a mistake or an attack. */
const MAX_BODY_BYTES = 32 * 1024 * 1024;

/** One GitLab host as one token sees it. Every request of the extension goes through `request`. Throws GitLabError only. */
export class GitLabClient {
  readonly host: HostUrl;
  private readonly token: string;
  private readonly options: ClientOptions;

  constructor(host: HostUrl, token: string, options: ClientOptions) {
    this.host = host;
    this.token = token;
    this.options = options;
  }

  /** Sends one request to `/api/v4` + `path` and parses the JSON answer with `schema`. */
  async request<T extends z.core.$ZodType>(
    method: Method,
    path: string,
    schema: T,
    options: RequestOptions = {},
  ): Promise<z.output<T>> {
    const { text } = await this.send(method, path, options);
    return parseJson(text, schema);
  }

  /** A request whose answer has no body (DELETE answers 204). */
  async requestNothing(method: Method, path: string, options: RequestOptions = {}): Promise<void> {
    await this.send(method, path, options);
  }

  /** One page of a list, and the number of the next one, if GitLab names one. */
  async page<T extends z.core.$ZodType>(
    path: string,
    item: T,
    page: number,
    options: RequestOptions = {},
  ): Promise<{ readonly items: z.output<T>[]; readonly next: number | undefined }> {
    const query = { ...options.query, page, per_page: PAGE_SIZE };
    const { text, response } = await this.send('GET', path, { ...options, query });
    const items = parseJson(text, z.array(item));
    return { items, next: nextPage(response, page, items.length) };
  }

  /** One page of a list just as it came: the caller names the paging, and reads from the headers what follows. */
  async rows<T extends z.core.$ZodType>(
    path: string,
    item: T,
    options: RequestOptions = {},
  ): Promise<{ readonly items: z.output<T>[]; readonly headers: Response['headers'] }> {
    const { text, response } = await this.send('GET', path, options);
    return { items: parseJson(text, z.array(item)), headers: response.headers };
  }

  /** A whole list, page after page. */
  async list<T extends z.core.$ZodType>(path: string, item: T, options: RequestOptions = {}): Promise<z.output<T>[]> {
    const all: z.output<T>[] = [];
    let next: number | undefined = 1;
    for (let pages = 0; next !== undefined; pages++) {
      if (pages === MAX_PAGES) throw new GitLabError('protocol', { message: `more than ${MAX_PAGES} pages` });
      const page: { readonly items: z.output<T>[]; readonly next: number | undefined } = await this.page(
        path,
        item,
        next,
        options,
      );
      all.push(...page.items);
      next = page.next;
    }
    return all;
  }

  private async send(
    method: Method,
    path: string,
    options: RequestOptions,
  ): Promise<{ text: string; response: Response }> {
    const started = performance.now();
    const deadline = AbortSignal.timeout(method === 'GET' ? this.options.readDeadline : this.options.writeDeadline);
    const signal = options.signal ? AbortSignal.any([deadline, options.signal]) : deadline;
    const log = (outcome: string | number): void =>
      this.options.log(`${method} ${this.host}${path} ${outcome} ${Math.round(performance.now() - started)} ms`);
    let response: Response;
    let text: string;
    try {
      response = await this.options.fetch(addressOn(this.host, `/api/v4${path}${queryString(options.query)}`), {
        method,
        // Followed redirects would carry PRIVATE-TOKEN to wherever they point (GitLab API contract 11.24).
        redirect: 'manual',
        size: MAX_BODY_BYTES,
        signal,
        headers: {
          Accept: 'application/json',
          'PRIVATE-TOKEN': this.token,
          // Inside the extension host the agent is replaced; only this header keeps the connection for the next request.
          Connection: 'keep-alive',
          ...(options.body === undefined ? {} : { 'Content-Type': 'application/json' }),
        },
        ...(options.body === undefined ? {} : { body: JSON.stringify(options.body) }),
      });
      text = await response.text();
    } catch (cause) {
      const error = errorOfFailure(cause, { deadline, cancelled: options.signal });
      log(error.kind);
      throw error;
    }
    log(response.status);
    if (response.status < 200 || response.status > 299) throw errorOfResponse(response, text);
    return { text, response };
  }
}

function parseJson<T extends z.core.$ZodType>(text: string, schema: T): z.output<T> {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw errorOfUnreadable(text, cause);
  }
  const parsed = z.safeParse(schema, json);
  if (!parsed.success)
    throw new GitLabError('protocol', { message: describeIssues(parsed.error), cause: parsed.error });
  return parsed.data;
}

/** Field names and what was expected there, never the values: they may hold what must not be shown. */
export function describeIssues(error: z.core.$ZodError): string {
  return error.issues
    .slice(0, 3)
    .map((issue) => `${issue.path.map(String).join('.') || 'answer'}: ${issue.code}`)
    .join('; ');
}

function queryString(query: Query = {}): string {
  const pairs = new URLSearchParams();
  for (const [key, value] of Object.entries(query)) if (value !== undefined) pairs.append(key, String(value));
  return pairs.size === 0 ? '' : `?${pairs.toString()}`;
}

/**
 * GitLab says the next page in X-Next-Page, empty on the last one. Proxies strip it: then a full page means more
 * (GitLab API contract 5, 11.26). A number that does not go forward would loop, so it ends the list.
 */
function nextPage(response: Response, page: number, items: number): number | undefined {
  const header = response.headers.get('x-next-page');
  if (header === null) return items >= PAGE_SIZE ? page + 1 : undefined;
  const next = Number.parseInt(header, 10);
  return Number.isInteger(next) && next > page && items > 0 ? next : undefined;
}
