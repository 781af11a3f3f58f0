import type { Response } from 'node-fetch';
import * as z from 'zod/mini';
import type { HostUrl } from '../model/host';
import { describeIssues, expectNothing, parseAnswer } from './answers';
import { GitLabError } from './errors';
import { exchange, reads } from './exchange';
import type { ExchangeOptions, FetchedAnswer, Method, RequestOptions, Sending } from './exchange';
import { writeAfter } from './failureKinds';
import { HostGate } from './hostGate';
import { PAGE_SIZE, checkProgress, nextPage } from './paging';
import type { Page } from './paging';
import { retried, sentOnce, usualRetries } from './retry';
import type { RetryPolicy } from './retry';

export interface ClientOptions extends ExchangeOptions {
  /** Shared by all clients of a host. One of its own by default. */
  readonly gate?: HostGate;
  readonly retries?: RetryPolicy;
}

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
      return read(await exchange({ host: this.host, token: this.token, options: this.options }, method, path, options));
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
}

/** Errors of fields are words for developers and hold nothing else; they are not looked into. */
const queryAnswer = z.object({ data: z.nullish(z.unknown()), errors: z.nullish(z.array(z.unknown())) });
