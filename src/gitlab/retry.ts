import { GitLabError } from './errors';
import type { HostGate } from './hostGate';
import { sleep } from './hostGate';

/** How often and how patiently reads are repeated. Writes never are: nobody knows whether the first one arrived. */
export interface RetryPolicy {
  /** Requests sent for one read, in all. */
  readonly tries: number;
  /** Milliseconds before the second try; doubled for each further one. */
  readonly backoff: number;
  /** Milliseconds that are waited without a word where GitLab asks for them. Longer ones are told instead. */
  readonly patience: number;
}

export const usualRetries: RetryPolicy = { tries: 3, backoff: 400, patience: 10_000 };

/** What passes by itself: a broken connection, a limit, a proxy whose GitLab is just restarting. */
const passingStatuses: readonly (number | undefined)[] = [502, 503, 504];

/** Runs a read until it works, fails for good, or the tries are used up. Throws what the last try threw. */
export async function retried<T>(
  read: () => Promise<T>,
  policy: RetryPolicy,
  gate: HostGate,
  signal?: AbortSignal,
): Promise<T> {
  for (let tried = 1; ; tried++) {
    try {
      return await gate.passRested(read, policy.patience, signal);
    } catch (error) {
      if (!(error instanceof GitLabError)) throw error;
      const wait = Math.max(error.retryAfter ?? 0, backoff(policy, tried));
      // The host speaks for itself, so that all its reads wait; a broken connection may be this one's alone.
      const forAll = error.kind === 'rateLimited' || (error.kind === 'server' && error.retryAfter !== undefined);
      if (forAll) gate.rest(wait, error);
      if (!isPassing(error) || tried >= policy.tries || wait > policy.patience) throw error;
      if (!forAll) await sleep(wait, signal);
    }
  }
}

function isPassing({ kind, status }: GitLabError): boolean {
  return kind === 'network' || kind === 'rateLimited' || (kind === 'server' && passingStatuses.includes(status));
}

/** Between half and all of the doubled time, so that requests that failed together do not come back together. */
function backoff({ backoff: first }: RetryPolicy, tried: number): number {
  return first * 2 ** (tried - 1) * (0.5 + Math.random() / 2);
}
