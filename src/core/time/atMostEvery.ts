import type { Disposable } from './event';

export interface Paced extends Disposable {
  /** Asks for a call: at once if the last one is long enough ago, else when it is. */
  request(): void;
  /** Makes a call that is due now. */
  flush(): void;
}

/**
 * Calls `call` when asked to, but never more often than every `interval` milliseconds: rows must not flicker. No call
 * comes sooner than `gather` milliseconds after it was asked for, so that the first one tells more than its cause.
 */
export function atMostEvery(interval: number, call: () => void, gather = 0): Paced {
  let last = Number.NEGATIVE_INFINITY;
  let due: NodeJS.Timeout | undefined;
  const fire = (): void => {
    clearTimeout(due);
    due = undefined;
    last = performance.now();
    call();
  };
  return {
    request() {
      due ??= setTimeout(fire, Math.max(gather, last + interval - performance.now()));
    },
    flush() {
      if (due !== undefined) fire();
    },
    dispose() {
      clearTimeout(due);
      due = undefined;
    },
  };
}
