/** Tasks wait in lanes; a lane is a first-in-first-out queue with a share of the slots. Earlier lanes go first. */
interface Lane<T> {
  readonly tasks: Queue<T>;
  /** How many of its tasks may run at once while other lanes have some waiting. */
  readonly share: number;
}

/** A first-in-first-out queue that stays cheap with ten thousand entries. */
export class Queue<T> {
  private entries: T[] = [];
  private head = 0;

  get length(): number {
    return this.entries.length - this.head;
  }

  push(entry: T): void {
    this.entries.push(entry);
  }

  shift(): T | undefined {
    const entry = this.entries[this.head];
    if (this.head < this.entries.length) this.head++;
    if (this.head > 1000 && this.head * 2 > this.entries.length) {
      this.entries = this.entries.slice(this.head);
      this.head = 0;
    }
    return entry;
  }
}

interface PoolOptions<T> {
  readonly lanes: readonly Lane<T>[];
  /** Tasks at a time. */
  readonly slots: number;
  /** Does one task, and may push more onto the lanes. Throws only when the whole run has to end. */
  readonly run: (task: T, signal: AbortSignal) => Promise<void>;
  /** Milliseconds to wait before the next task starts; 0 when there is no reason to wait. */
  readonly pause?: () => number;
  /** Called when nothing runs or waits any more; may push more tasks. */
  readonly onIdle?: () => void;
  /** Is given what starts tasks pushed while others run; without a call they wait until one of those has ended. */
  readonly begun?: (wake: () => void) => void;
  readonly signal?: AbortSignal | undefined;
}

/** Node fires a timer of more milliseconds at once. */
const LONGEST_TIMER = 2 ** 31 - 1;

/**
 * Runs tasks until none is left, keeping all slots busy. Rejects with what `run` threw or with the signal's reason,
 * after every running task has been told to stop and has ended.
 */
export function drain<T>(options: PoolOptions<T>): Promise<void> {
  const { lanes, slots, run, pause, onIdle, begun, signal } = options;
  // Of our own, so that ten thousand requests do not all listen to one signal.
  const running = new Map<AbortController, Lane<T>>();
  return new Promise((resolve, reject) => {
    let stopped: { readonly reason: unknown } | undefined;
    let waiting: NodeJS.Timeout | undefined;

    const stop = (reason: unknown): void => {
      if (stopped) return;
      stopped = { reason };
      clearTimeout(waiting);
      for (const controller of running.keys()) controller.abort(reason);
      settle();
    };
    const onAbort = (): void => stop(signal?.reason);
    const settle = (): void => {
      if (running.size > 0) return;
      signal?.removeEventListener('abort', onAbort);
      if (stopped) reject(stopped.reason instanceof Error ? stopped.reason : new Error('stopped'));
      else resolve();
    };
    const start = (task: T, lane: Lane<T>): void => {
      const controller = new AbortController();
      running.set(controller, lane);
      run(task, controller.signal)
        .catch(stop)
        .finally(() => {
          running.delete(controller);
          fill();
        });
    };
    const fill = (): void => {
      if (stopped) return settle();
      clearTimeout(waiting);
      const wait = pause?.() ?? 0;
      if (wait > 0) {
        waiting = setTimeout(fill, Math.min(wait, LONGEST_TIMER));
        return;
      }
      while (running.size < slots) {
        const lane = nextLane(lanes, running);
        const task = lane?.tasks.shift();
        if (!lane || task === undefined) break;
        start(task, lane);
      }
      if (running.size > 0) return;
      onIdle?.();
      if (lanes.some(({ tasks }) => tasks.length > 0)) fill();
      else settle();
    };

    if (signal?.aborted) return stop(signal.reason);
    signal?.addEventListener('abort', onAbort);
    begun?.(fill);
    fill();
  });
}

/** The first lane with a task and a free share; where all shares are used up, the first with a task. */
function nextLane<T>(lanes: readonly Lane<T>[], running: ReadonlyMap<unknown, Lane<T>>): Lane<T> | undefined {
  const waiting = lanes.filter(({ tasks }) => tasks.length > 0);
  if (waiting.length <= 1) return waiting[0];
  const inFlight = (lane: Lane<T>): number => [...running.values()].filter((other) => other === lane).length;
  return waiting.find((lane) => inFlight(lane) < lane.share) ?? waiting[0];
}
