import { GitLabError } from './errors';
import { passes, restsHost } from './failureKinds';
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
      const wait = waitAfter(error, policy, tried);
      const forAll = restsHost(error);
      if (forAll) gate.rest(wait, error);
      if (!passes(error) || tried >= policy.tries || wait > policy.patience) throw error;
      if (!forAll) await sleep(wait, signal);
    }
  }
}

/**
 * Sends a write once, after a rest the host asked for. Where it is asked for more than `patience`, the write is not sent
 * and that is thrown at once; a limit this write meets holds back whatever comes after it.
 */
export async function sentOnce<T>(
  write: () => Promise<T>,
  policy: RetryPolicy,
  gate: HostGate,
  signal?: AbortSignal,
): Promise<T> {
  const resting = async (): Promise<T> => {
    try {
      return await write();
    } catch (error) {
      if (error instanceof GitLabError && restsHost(error)) gate.rest(waitAfter(error, policy, 1), error);
      throw error;
    }
  };
  return gate.passToWrite(resting, policy.patience, signal);
}

function waitAfter({ retryAfter }: GitLabError, policy: RetryPolicy, tried: number): number {
  return Math.max(retryAfter ?? 0, backoff(policy, tried));
}

/** Between half and all of the doubled time, so that requests that failed together do not come back together. */
function backoff({ backoff: first }: RetryPolicy, tried: number): number {
  return first * 2 ** (tried - 1) * (0.5 + Math.random() / 2);
}
