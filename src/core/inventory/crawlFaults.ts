import { LONGEST_WAIT } from '../gitlab/errors';
import type { GitLabError } from '../gitlab/errors';

/** What a failed request means for a crawl. */
export type Consequence =
  | 'stop' // nothing else would be answered: the token does not work
  | 'pause' // GitLab asked to be left alone for a while
  | 'again' // the host could not be reached, or not just now: once more when all else is done
  | 'note'; // concerns this one owner or list

/** The client has repeated what passes by itself; what arrives here lasted longer (src/core/gitlab/retry.ts). */
export function consequenceOf({ kind, status }: GitLabError): Consequence {
  switch (kind) {
    case 'noToken':
    case 'keyring':
    case 'unauthorized':
    case 'tokenExpired':
    case 'tokenRevoked':
      return 'stop';
    case 'rateLimited':
      return 'pause';
    case 'network':
    case 'tls':
    case 'proxy':
    case 'timeout':
    case 'redirected':
      return 'again';
    case 'server':
      return status === 500 ? 'note' : 'again';
    default:
      // Also insufficientScope: a fine-grained token may lack it on this project alone (GitLab API contract 4.3).
      return 'note';
  }
}

/** Milliseconds to wait where GitLab gives no time: older versions do not (GitLab API contract 6). */
const USUAL_PAUSE = 30_000;

export function pauseOf({ retryAfter }: GitLabError): number {
  return Math.min(Math.max(1, retryAfter ?? USUAL_PAUSE), LONGEST_WAIT);
}
