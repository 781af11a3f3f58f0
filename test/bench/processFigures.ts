import { writeFile } from 'node:fs/promises';
import { Session } from 'node:inspector';
import { createHistogram, monitorEventLoopDelay } from 'node:perf_hooks';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { Blocks, Work } from './orders';

/** Milliseconds between two looks at the event loop; a block shorter than this hides in its noise. */
const RESOLUTION = 10;

/** Watches the event loop until it is asked for what it saw. */
export function watchLoop(profile?: string): () => Promise<Blocks> {
  const profiled = profile === undefined ? undefined : startProfile(profile);
  const before = process.cpuUsage();
  const loop = monitorEventLoopDelay({ resolution: RESOLUTION });
  let computing = 0;
  let last = process.cpuUsage();
  const look = setInterval(() => {
    const now = process.cpuUsage();
    computing = Math.max(computing, (now.user + now.system - last.user - last.system) / 1000);
    last = now;
  }, RESOLUTION);
  loop.enable();
  return async () => {
    loop.disable();
    clearInterval(look);
    const { user, system } = process.cpuUsage(before);
    await profiled?.();
    // The histogram counts from timer to timer, its own interval included.
    const late = (nanoseconds: number): number => Math.max(0, nanoseconds / 1e6 - RESOLUTION);
    return { p99: late(loop.percentile(99)), max: late(loop.max), computing, cpu: (user + system) / 1000 };
  };
}

/** Notes what this thread computes, for Chrome's developer tools, until the function given back is called. */
function startProfile(file: string): () => Promise<void> {
  const session = new Session();
  session.connect();
  session.post('Profiler.enable');
  session.post('Profiler.start');
  return async () => {
    const profile = await new Promise((resolve) =>
      session.post('Profiler.stop', (_, result) => resolve(result.profile)),
    );
    session.disconnect();
    await writeFile(file, JSON.stringify(profile));
  };
}

/** Bytes in use after everything that can be let go is gone. */
export async function heapInUse(): Promise<number> {
  setFlagsFromString('--expose-gc');
  const collect: unknown = runInNewContext('gc');
  if (typeof collect !== 'function') throw new Error('This Node does not collect garbage when asked');
  for (let turn = 0; turn < 4; turn++) {
    await new Promise((resolve) => setImmediate(resolve));
    void Reflect.apply(collect, undefined, []);
  }
  return process.memoryUsage().heapUsed;
}

/** Measures a piece of work. */
export async function timed(work: () => unknown): Promise<Work> {
  const cpu = process.cpuUsage();
  const began = performance.now();
  await work();
  const wall = performance.now() - began;
  const { user, system } = process.cpuUsage(cpu);
  return { wall, cpu: (user + system) / 1000 };
}

export function median(values: readonly number[]): number {
  const histogram = createHistogram();
  for (const value of values) histogram.record(Math.max(1, Math.round(value * 1000)));
  return histogram.percentile(50) / 1000;
}
