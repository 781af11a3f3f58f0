import { GitLabError } from './errors';

/** What a timer can take; longer ones would fire at once. */
const MAX_TIMER = 2 ** 31 - 1;
/** For a setting that is no number of milliseconds. */
const USUAL = 30_000;

/**
 * Runs something that heeds a signal. Throws GitLabError `timeout` after so many milliseconds and `cancelled` when
 * given up; either aborts the signal, which closes the socket, and neither waits for that.
 */
export function withDeadline<T>(
  milliseconds: number,
  cancelled: AbortSignal | undefined,
  run: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  if (cancelled?.aborted) return Promise.reject(new GitLabError('cancelled'));
  const controller = new AbortController();
  return new Promise<T>((resolve, reject) => {
    const stop = (kind: 'timeout' | 'cancelled'): void => {
      reject(new GitLabError(kind));
      controller.abort();
    };
    const cancel = (): void => stop('cancelled');
    const limit = milliseconds > 0 ? Math.min(milliseconds, MAX_TIMER) : USUAL;
    const timer = setTimeout(() => stop('timeout'), limit);
    cancelled?.addEventListener('abort', cancel, { once: true });
    run(controller.signal)
      .then(resolve, reject)
      .finally(() => {
        clearTimeout(timer);
        cancelled?.removeEventListener('abort', cancel);
      });
  });
}
