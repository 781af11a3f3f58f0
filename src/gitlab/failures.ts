import type { Response } from 'node-fetch';
import * as z from 'zod/mini';
import { plain } from '../model/plainText';
import { GitLabError } from './errors';
import type { FieldProblem, GitLabErrorKind } from './errors';

const MAX_PROBLEMS = 20;

/**
 * What GitLab's error bodies look like (GitLab API contract 11.12): `error` a string, `message` a string, an object of
 * field → sentences, or `{error: string}`. Anything else is read as no words at all.
 */
const errorBody = z.looseObject({
  error: z.optional(z.unknown()),
  error_description: z.optional(z.unknown()),
  scope: z.optional(z.unknown()),
  message: z.optional(z.unknown()),
});
const fieldMessages = z.record(z.string(), z.unknown());

/** Turns a refused request into a GitLabError. Branches on status and keys; the words are localised, so never on them. */
export function errorOfResponse(response: Response, text: string): GitLabError {
  const { status } = response;
  const location = response.headers.get('location') ?? undefined;
  if (status >= 300 && status < 400)
    return new GitLabError('redirected', { status, ...(location && { location: plain(location) }) });
  const body = parseBody(text);
  if (!body)
    return new GitLabError(kindOf(status, undefined), {
      status,
      ...plainWords(response, text),
      ...retryAfter(response),
    });
  const problems = problemsOf(body);
  const message = wordsOf(body, problems);
  return new GitLabError(kindOf(status, body), {
    status,
    problems,
    ...(message && { message }),
    ...(typeof body.scope === 'string' && { scopes: body.scope.split(/\s+/).slice(0, MAX_PROBLEMS).map(plain) }),
    ...retryAfter(response),
  });
}

type ErrorBody = z.infer<typeof errorBody>;

function parseBody(text: string): ErrorBody | undefined {
  try {
    return z.safeParse(errorBody, JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

function kindOf(status: number, body: ErrorBody | undefined): GitLabErrorKind {
  switch (status) {
    case 400:
    case 422:
      return body ? 'invalid' : 'protocol';
    case 401:
      return unauthorizedKind(body);
    case 403:
      return typeof body?.error === 'string' && body.error.startsWith('insufficient_')
        ? 'insufficientScope'
        : 'forbidden';
    case 404:
      // A missing route answers with `error`, a missing or switched-off thing with `message` (GitLab API contract 4.5).
      return body === undefined ? 'protocol' : body.error !== undefined ? 'unsupported' : 'notFound';
    case 405:
    case 409:
    case 412:
      return 'conflict';
    case 410:
    case 415:
      return 'unsupported';
    case 429:
      return 'rateLimited';
    default:
      return status >= 500 ? 'server' : 'protocol';
  }
}

/** Expired and revoked tokens share `invalid_token`; only GitLab's (never translated) sentence tells them apart. */
function unauthorizedKind(body: ErrorBody | undefined): GitLabErrorKind {
  if (body?.error !== 'invalid_token' || typeof body.error_description !== 'string') return 'unauthorized';
  if (/expired/i.test(body.error_description)) return 'tokenExpired';
  return /revoked/i.test(body.error_description) ? 'tokenRevoked' : 'unauthorized';
}

function problemsOf(body: ErrorBody): FieldProblem[] {
  if (typeof body.error === 'string') return parameterProblems(body.error);
  const fields = z.safeParse(fieldMessages, body.message);
  if (!fields.success) return [];
  return Object.entries(fields.data)
    .flatMap(([field, messages]) => {
      const sentences = Array.isArray(messages) ? messages : [messages];
      return [...new Set(sentences.map(words))].map((message) => ({
        field: field === 'error' ? undefined : plain(field),
        message,
      }));
    })
    .slice(0, MAX_PROBLEMS);
}

/** The parameter layer answers one sentence, `a is missing, b[c] is empty`; `b[c]` becomes the model layer's `b.c`. */
function parameterProblems(sentence: string): FieldProblem[] {
  return sentence
    .split(', ')
    .slice(0, MAX_PROBLEMS)
    .map((part) => {
      const match = /^([a-z_]+)(?:\[([a-z_]+)\])? (.+)$/s.exec(part);
      if (!match) return { field: undefined, message: plain(part) };
      const [, name = '', nested, message = ''] = match;
      const field = nested ? `${name.replace(/_attributes$/, '')}.${nested}` : name;
      return { field, message: plain(message) };
    });
}

function wordsOf(body: ErrorBody, problems: readonly FieldProblem[]): string | undefined {
  const said = [body.error_description, body.message, body.error].find((value) => typeof value === 'string');
  if (said !== undefined) return plain(said);
  const listed = problems.map(({ field, message }) => (field ? `${field}: ${message}` : message)).join('; ');
  return listed === '' ? undefined : plain(listed);
}

function words(value: unknown): string {
  return plain(typeof value === 'string' ? value : JSON.stringify(value));
}

/** A proxy's or Workhorse's own page: a plain-text sentence is worth showing, HTML is not. */
function plainWords(response: Response, text: string): { message?: string } {
  const type = response.headers.get('content-type') ?? '';
  if (!type.startsWith('text/plain') || text.trim() === '') return {};
  return { message: plain(text) };
}

function retryAfter(response: Response): { retryAfter?: number } {
  const header = response.headers.get('retry-after');
  if (header === null) return {};
  const seconds = Number(header);
  const wait = Number.isFinite(seconds) ? seconds * 1000 : Date.parse(header) - Date.now();
  return Number.isFinite(wait) && wait >= 0 ? { retryAfter: wait } : {};
}

/** A 2xx answer that is not JSON: a sign-in page of a portal, most often (GitLab API contract 11.22). */
export function errorOfUnreadable(text: string, cause: unknown): GitLabError {
  const html = /^\s*<(!doctype|html|head|body)/i.test(text);
  return new GitLabError('protocol', { message: html ? 'HTML' : 'JSON', cause });
}

const systemError = z.object({
  code: z.optional(z.string()),
  type: z.optional(z.string()),
  message: z.optional(z.string()),
});

/** Certificate and handshake codes of Node's TLS (nodejs.org, "TLS/SSL: X509 certificate error codes"). */
const tlsCode =
  /^(CERT_|ERR_TLS_|ERR_SSL_|UNABLE_TO_|SELF_SIGNED_|DEPTH_ZERO_|HOSTNAME_MISMATCH|EPROTO|INVALID_CA|PATH_LENGTH)/;

/** Turns what fetch threw into a GitLabError: given up, cancelled, no network, or TLS. */
export function errorOfFailure(
  cause: unknown,
  signals: { readonly deadline: AbortSignal; readonly cancelled: AbortSignal | undefined },
): GitLabError {
  if (signals.cancelled?.aborted) return new GitLabError('cancelled', { cause });
  if (signals.deadline.aborted) return new GitLabError('timeout', { cause });
  const { code, type, message } = z.safeParse(systemError, cause).data ?? {};
  if (type === 'max-size') return new GitLabError('protocol', { message: 'size', cause });
  const words = plain(code ?? message ?? '');
  return new GitLabError(code && tlsCode.test(code) ? 'tls' : 'network', { message: words, cause });
}
