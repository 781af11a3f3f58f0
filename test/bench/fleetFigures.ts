import { createHistogram, monitorEventLoopDelay } from 'node:perf_hooks';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { readFilter } from '../../src/fleet/clusterFilter';
import { Crawl } from '../../src/fleet/crawl';
import type { CrawlOutcome } from '../../src/fleet/crawl';
import { Fleet } from '../../src/fleet/fleet';
import { recallFleet, rememberFleet } from '../../src/fleet/fleetMemory';
import { groupClusters, pagesOf, sortClusters } from '../../src/fleet/grouping';
import { ownerTree } from '../../src/fleet/ownerTree';
import type { Fetch } from '../../src/gitlab/client';
import { GitLabClient } from '../../src/gitlab/client';
import { readIdentity } from '../../src/gitlab/identity';
import type { HostUrl } from '../../src/model/host';

/*
 * What the speed of a fleet is measured by. Nothing in here starts a process or knows where it runs, so that the same
 * is measured in plain Node and inside the extension host: the way to the host (`fetch`) is given.
 */

/** Milliseconds between two looks at the event loop; a block shorter than this hides in its noise. */
const RESOLUTION = 5;

export interface Blocks {
  /** Milliseconds the event loop was late, 99 of 100 times at most, and at worst. */
  readonly p99: number;
  readonly max: number;
}

export interface CrawlFigures {
  readonly fleet: Fleet;
  readonly outcome: CrawlOutcome['outcome'];
  /** Milliseconds. */
  readonly wall: number;
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
  const loop = monitorEventLoopDelay({ resolution: RESOLUTION });
  loop.enable();
  const began = performance.now();
  const watching = fleet.onDidChange(() => {
    if (fleet.clusters.length > 0 && ownerTree(fleet).length > 0 && Number.isNaN(firstRows)) {
      firstRows = performance.now() - began;
    }
    heapPeak = Math.max(heapPeak, process.memoryUsage().heapUsed - before);
  });
  const { outcome } = await new Crawl({ fleet, identity, slots }).run(client);
  const wall = performance.now() - began;
  loop.disable();
  watching.dispose();
  const asked = [...addresses];
  return {
    fleet,
    outcome,
    wall,
    firstRows,
    addresses: asked,
    blocks: blocksOf(loop),
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

export interface FindingFigures {
  /** Milliseconds from a key to the filtered tree: the first, when nothing is prepared, and the worst of the others. */
  readonly firstKey: number;
  readonly worstKey: number;
  readonly medianKey: number;
  /** Grouping and sorting everything by API URL. */
  readonly groupByApiUrl: number;
  readonly sortByName: number;
}

/** Types queries key by key, and builds the tree of what they leave after each. */
export function measureFinding(fleet: Fleet): FindingFigures {
  const keys: number[] = [];
  for (const query of ['cluster-12 production', 'k8s-3. unmanaged', 'group-1/ disabled', '#77', 'nothing like it']) {
    for (let end = 1; end <= query.length; end++) {
      const began = performance.now();
      const filter = readFilter(query.slice(0, end), { hostName: () => 'Fleet' });
      ownerTree(fleet, filter);
      pagesOf(fleet.clusters.filter(filter ?? (() => true)));
      keys.push(performance.now() - began);
    }
  }
  const [firstKey = Number.NaN, ...others] = keys;
  return {
    firstKey,
    worstKey: Math.max(...others),
    medianKey: median(others),
    groupByApiUrl: timed(() =>
      groupClusters(fleet.clusters, 'apiUrl').map((group) => sortClusters(group.clusters, 'name')),
    ),
    sortByName: timed(() => sortClusters(fleet.clusters, 'name')),
  };
}

export interface MemoryFigures {
  /** Bytes of the remembered text. */
  readonly size: number;
  /** Milliseconds to write it. */
  readonly write: number;
  /** Milliseconds from asking the storage to the tree of all owners. */
  readonly toRows: number;
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
  const loop = monitorEventLoopDelay({ resolution: RESOLUTION });
  loop.enable();
  const began = performance.now();
  await rememberFleet(fleet, storage);
  const write = performance.now() - began;
  const again = new Fleet(fleet.host);
  const start = performance.now();
  const found = await recallFleet(again, storage);
  const rows = ownerTree(again).length;
  const toRows = performance.now() - start;
  loop.disable();
  if (!found || rows === 0 || again.clusters.length !== fleet.clusters.length)
    throw new Error('not what was remembered');
  return { size: (await kept.read()).length, write, toRows, blocks: blocksOf(loop) };
}

function blocksOf(loop: { percentile(of: number): number; readonly max: number }): Blocks {
  // The histogram counts from timer to timer, its own interval included.
  const late = (nanoseconds: number): number => Math.max(0, nanoseconds / 1e6 - RESOLUTION);
  return { p99: late(loop.percentile(99)), max: late(loop.max) };
}

function timed(work: () => unknown): number {
  const began = performance.now();
  work();
  return performance.now() - began;
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
