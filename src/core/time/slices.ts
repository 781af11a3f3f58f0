import { setImmediate as nextTurn } from 'node:timers/promises';

/** Milliseconds of work before others have their turn. */
const SLICE = 10;

/** Does something with each item, letting others have their turn every ten milliseconds: nothing freezes the editor. */
export async function inSlices<T>(items: Iterable<T>, each: (item: T) => void, signal?: AbortSignal): Promise<void> {
  let began = performance.now();
  for (const item of items) {
    each(item);
    if (performance.now() - began < SLICE) continue;
    await nextTurn();
    signal?.throwIfAborted();
    began = performance.now();
  }
}
