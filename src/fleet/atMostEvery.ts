import type { Disposable } from '../model/event';

export interface Paced extends Disposable {
  /** Asks for a call: at once if the last one is long enough ago, else when it is. */
  request(): void;
  /** Makes a call that is due now. */
  flush(): void;
}

/** Calls `call` when asked to, but never more often than every `interval` milliseconds: rows must not flicker. */
export function atMostEvery(interval: number, call: () => void): Paced {
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
      due ??= setTimeout(fire, Math.max(0, last + interval - performance.now()));
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
