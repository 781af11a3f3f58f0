import { createHistogram, monitorEventLoopDelay } from 'node:perf_hooks';
import { getHeapStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { prepareFilter, readFilter } from '../../src/fleet/clusterFilter';
import { Crawl } from '../../src/fleet/crawl';
import type { CrawlOutcome } from '../../src/fleet/crawl';
import { Fleet } from '../../src/fleet/fleet';
import { recallFleet, rememberFleet } from '../../src/fleet/fleetMemory';
import { groupClusters, pagesOf, sortClusters } from '../../src/fleet/grouping';
import { ownerTree, OwnerTree } from '../../src/fleet/ownerTree';
import type { Fetch } from '../../src/gitlab/client';
import { GitLabClient } from '../../src/gitlab/client';
import { readIdentity } from '../../src/gitlab/identity';
import type { HostUrl } from '../../src/model/host';

/*
 * What the speed of a fleet is measured by. Nothing in here starts a process or knows where it runs, so that the same
 * is measured in plain Node and inside the extension host: the way to the host (`fetch`) is given.
 */

/** Milliseconds between two looks at the event loop; a block shorter than this hides in its noise. */
const RESOLUTION = 10;

export interface Blocks {
  /** Milliseconds the event loop was late, 99 of 100 times at most, and at worst. */
  readonly p99: number;
  readonly max: number;
  /** The most this process computed between two looks, helper threads included: what of `max` others did not cause. */
  readonly computing: number;
}

/** Watches the event loop until it is asked for what it saw. */
function watchLoop(): () => Blocks {
  const loop = monitorEventLoopDelay({ resolution: RESOLUTION });
  let computing = 0;
  let last = process.cpuUsage();
  const look = setInterval(() => {
    const now = process.cpuUsage();
    computing = Math.max(computing, (now.user + now.system - last.user - last.system) / 1000);
    last = now;
  }, RESOLUTION);
  loop.enable();
  return () => {
    loop.disable();
    clearInterval(look);
    // The histogram counts from timer to timer, its own interval included.
    const late = (nanoseconds: number): number => Math.max(0, nanoseconds / 1e6 - RESOLUTION);
    return { p99: late(loop.percentile(99)), max: late(loop.max), computing };
  };
}

export interface CrawlFigures {
  readonly fleet: Fleet;
  readonly outcome: CrawlOutcome['outcome'];
  /** Milliseconds. */
  readonly wall: number;
  /** Milliseconds this process computed meanwhile; unlike `wall` the same on a busy machine. */
  readonly cpu: number;
  /** Until the first change event with clusters in it, whose rows can then be shown. */
  readonly firstRows: number;
  /** Every address asked, in order. */
  readonly addresses: readonly string[];
  readonly blocks: Blocks;
  /** Bytes the fleet holds after it all, above what was held before. */
  readonly heap: number;
  /** The most that was in use on the way, above the same. */
  readonly heapPeak: number;
}

/** Crawls a host while a tree of it is built again on every change, as rows on a screen would be. */
export async function measureCrawl(fetch: Fetch, host: HostUrl, token: string, slots = 8): Promise<CrawlFigures> {
  const addresses: string[] = [];
  const client = new GitLabClient(host, token, {
    fetch: (url, init) => {
      addresses.push(url);
      return fetch(url, init);
    },
    log: () => undefined,
    readDeadline: 60_000,
    writeDeadline: 60_000,
  });
  const identity = await readIdentity(client);
  addresses.length = 0;
  const before = heapInUse();
  const fleet = new Fleet(host);
  let firstRows = Number.NaN;
  let heapPeak = 0;
  const watched = watchLoop();
  const cpuBefore = process.cpuUsage();
  const began = performance.now();
  const tree = new OwnerTree(fleet);
  const watching = fleet.onDidChange((change) => {
    tree.follow(change);
    if (tree.branches.length > 0 && Number.isNaN(firstRows)) {
      firstRows = performance.now() - began;
    }
    heapPeak = Math.max(heapPeak, getHeapStatistics().used_heap_size - before);
  });
  const { outcome } = await new Crawl({ fleet, identity, slots }).run(client);
  const wall = performance.now() - began;
  const { user, system } = process.cpuUsage(cpuBefore);
  const blocks = watched();
  watching.dispose();
  const asked = [...addresses];
  return {
    fleet,
    outcome,
    wall,
    cpu: (user + system) / 1000,
    firstRows,
    addresses: asked,
    blocks,
    heap: heapInUse() - before,
    heapPeak,
  };
}

/** The same addresses, one after the other: milliseconds. The fetch should keep its connection. */
export async function measureOneAfterAnother(
  fetch: Fetch,
  addresses: readonly string[],
  token: string,
): Promise<number> {
  const began = performance.now();
  for (const address of addresses) {
    const headers = { 'PRIVATE-TOKEN': token, Connection: 'keep-alive' };
    await (await fetch(address, { headers })).text();
  }
  return performance.now() - began;
}

/** One piece of work: milliseconds by the clock, and milliseconds computed, which a busy machine does not stretch. */
export interface Work {
  readonly wall: number;
  readonly cpu: number;
}

export interface FindingFigures {
  /** Preparing the filter, in slices. */
  readonly prepare: Work;
  /** From a key to the filtered tree. */
  readonly medianKey: Work;
  readonly worstKey: Work;
  readonly groupByApiUrl: Work;
  readonly sortByName: Work;
}

/** Types queries key by key, and builds the tree and the first page of what they leave after each. */
export async function measureFinding(fleet: Fleet): Promise<FindingFigures> {
  const prepare = await timed(() => prepareFilter(fleet.clusters));
  const keys: Work[] = [];
  for (const query of ['cluster-12 production', 'k8s-3. unmanaged', 'group-1/ disabled', '#77', 'nothing like it']) {
    for (let end = 1; end <= query.length; end++) {
      const key = await timed(() => {
        const filter = readFilter(query.slice(0, end), { hostName: () => 'Fleet' });
        return [ownerTree(fleet, filter).length, pagesOf(fleet.clusters.filter(filter ?? (() => true)))];
      });
      keys.push(key);
    }
  }
  return {
    prepare,
    medianKey: { wall: median(keys.map(({ wall }) => wall)), cpu: median(keys.map(({ cpu }) => cpu)) },
    worstKey: { wall: Math.max(...keys.map(({ wall }) => wall)), cpu: Math.max(...keys.map(({ cpu }) => cpu)) },
    groupByApiUrl: await timed(() =>
      groupClusters(fleet.clusters, 'apiUrl').map((group) => sortClusters(group.clusters, 'name')),
    ),
    sortByName: await timed(() => sortClusters(fleet.clusters, 'name')),
  };
}

export interface MemoryFigures {
  /** Bytes of the remembered text. */
  readonly size: number;
  readonly write: Work;
  /** From asking the storage to the tree of all owners. */
  readonly toRows: Work;
  readonly blocks: Blocks;
}

/** Remembers a fleet, and starts from it. `read` and `write` are where the text is kept. */
export async function measureMemory(
  fleet: Fleet,
  kept: { read(): Promise<string>; write(text: string): Promise<void> },
): Promise<MemoryFigures> {
  const storage = {
    read: () => kept.read(),
    write: (_: HostUrl, text: string) => kept.write(text),
    delete: async () => {},
  };
  const watched = watchLoop();
  const write = await timed(() => rememberFleet(fleet, storage));
  const again = new Fleet(fleet.host);
  let found = false;
  let rows = 0;
  const toRows = await timed(async () => {
    found = await recallFleet(again, storage);
    rows = ownerTree(again).length;
  });
  const blocks = watched();
  if (!found || rows === 0 || again.clusters.length !== fleet.clusters.length)
    throw new Error('not what was remembered');
  return { size: (await kept.read()).length, write, toRows, blocks };
}

async function timed(work: () => unknown): Promise<Work> {
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

/** Bytes in use after everything that can be let go is gone. */
export function heapInUse(): number {
  setFlagsFromString('--expose-gc');
  const collect: unknown = runInNewContext('gc');
  if (typeof collect === 'function') for (let turn = 0; turn < 3; turn++) void Reflect.apply(collect, undefined, []);
  return process.memoryUsage().heapUsed;
}
