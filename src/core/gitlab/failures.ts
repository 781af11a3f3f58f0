import * as l10n from '@vscode/l10n';
import * as z from 'zod/mini';
import { plain } from '../model/plainText';
import type { Answer } from './answers';
import { isHtml } from './answers';
import { problemsOf, readErrorBody, wordsOf } from './errorBody';
import type { ErrorBody } from './errorBody';
import { GitLabError, LONGEST_WAIT } from './errors';
import type { GitLabErrorKind } from './errors';

/** What of a refused request is shown: the address asked, and body and `Location` without secrets. */
export interface Refused {
  readonly address: string;
  readonly text: string;
  readonly location: string;
}

/** Turns a refused request into a GitLabError. Branches on status and keys; the words are localised, so never on them. */
export function errorOfAnswer({ status, headers }: Omit<Answer, 'bytes'>, refused: Refused): GitLabError {
  if (status >= 300 && status < 400 && refused.location !== '') return errorOfRedirect(status, refused);
  const body = readErrorBody(refused.text);
  const retryAfter = retryAfterOf(headers.get('retry-after'));
  if (!body) return errorOfOtherBody(status, headers.get('content-type') ?? '', refused.text, retryAfter);
  const kind = kindOf(status, body);
  // The keys of other refusals look like fields: `{"error":"insufficient_scope"}`.
  const problems = kind === 'invalid' || kind === 'conflict' ? problemsOf(body) : [];
  return new GitLabError(kind, { status, problems, message: wordsOf(body, problems), scopes: body.scopes, retryAfter });
}

function errorOfRedirect(status: number, { address, location }: Refused): GitLabError {
  const target = URL.canParse(location, address) ? new URL(location, address) : undefined;
  if (!target || !/^https?:$/.test(target.protocol)) return new GitLabError('redirected', { status });
  return new GitLabError('redirected', {
    status,
    location: plain(`${target.origin}${target.pathname}`),
    sameOrigin: target.origin === new URL(address).origin,
  });
}

/** Not GitLab's own answer: a proxy's, a portal's or Workhorse's. A plain sentence is worth showing, a web page is not. */
function errorOfOtherBody(status: number, type: string, text: string, retryAfter: number | undefined): GitLabError {
  const page = type.startsWith('text/html') || isHtml(text);
  const kind = kindOf(status, undefined);
  // A portal's or firewall's page says nothing about our token or role.
  if (page && (kind === 'unauthorized' || kind === 'forbidden' || kind === 'protocol')) {
    return new GitLabError('protocol', { status, message: l10n.t('it is a web page with status {0}', status) });
  }
  const words = type.startsWith('text/plain') && !page ? plain(text) : '';
  if (kind !== 'protocol') return new GitLabError(kind, { status, message: words || undefined, retryAfter });
  return new GitLabError('protocol', {
    status,
    message: words ? l10n.t('status {0}, “{1}”', status, words) : l10n.t('status {0} without a reason', status),
  });
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
      // A list that goes no further by number says so with `error`; a moved project with `message` (contract 3.4, 5).
      return body?.error !== undefined ? 'unsupported' : 'conflict';
    case 409:
    case 412:
      return 'conflict';
    case 408:
      return 'timeout';
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
  if (body?.error !== 'invalid_token' || typeof body.description !== 'string') return 'unauthorized';
  if (/expired/i.test(body.description)) return 'tokenExpired';
  return /revoked/i.test(body.description) ? 'tokenRevoked' : 'unauthorized';
}

/**
 * Milliseconds of a Retry-After in seconds or as a date; a date that has passed means now. A proxy may ask for a day, or
 * its clock be wrong: what is told and waited for is `LONGEST_WAIT` at most.
 */
export function retryAfterOf(header: string | null): number | undefined {
  const text = header?.trim() ?? '';
  if (/^\d+$/.test(text)) return Math.min(Number(text) * 1000, LONGEST_WAIT);
  const date = /^[A-Z][a-z]+,? .+ GMT$/.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(date) ? undefined : Math.min(Math.max(0, date - Date.now()), LONGEST_WAIT);
}

const systemError = z.object({
  code: z.optional(z.string()),
  type: z.optional(z.string()),
  message: z.optional(z.string()),
});

/**
 * Turns what fetch threw into a GitLabError: given up, no network, or not HTTP. A failed secure connection and a proxy in
 * the way are told by fetch itself (src/core/net/hostFetch.ts). `cleaned` takes secrets out.
 */
export function errorOfFailure(cause: unknown, cleaned: (text: string) => string): GitLabError {
  if (cause instanceof GitLabError) return cause;
  const { code, type, message } = z.safeParse(systemError, cause).data ?? {};
  const protocol = damageOf(code, type);
  if (protocol !== undefined) return new GitLabError('protocol', { message: protocol, cause });
  // Messages without a code quote the address; its query is nobody's business.
  const words = plain(cleaned(code ?? message ?? '').replace(/\?\S*/g, ''));
  return new GitLabError('network', { message: words, cause });
}

function damageOf(code = '', type = ''): string | undefined {
  if (type === 'max-size') return l10n.t('it is larger than any answer of GitLab');
  if (code.startsWith('HPE_')) return l10n.t('it is not HTTP');
  return /^(Z_|ERR_.*BROTLI|ERR__ERROR_)/.test(code) ? l10n.t('its compression is damaged') : undefined;
}
