import assert from 'node:assert/strict';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { GitLabClient } from '../../src/core/gitlab/client';
import type { ClusterOwner } from '../../src/core/model/cluster';
import { parseHostUrl } from '../../src/core/model/host';
import type { Host } from '../../src/core/model/host';
import { Inventory } from '../../src/core/inventory/inventory';
import { agentOpener } from '../../src/core/net/agents';
import { hostFetches } from '../../src/core/net/hostFetch';
import { ClusterRows } from '../../src/features/tree/clusterRows';
import type { ClusterTreeNode } from '../../src/editor/clusterNodes';
import { html, json, text, type Answer } from '../gitlab/answer';
import { demoFleet } from '../gitlab/demoFleet';
import { cutShort, dropConnection, type Exchange, type Reaction } from '../gitlab/faults';
import { startGitLab, type GitLab } from '../gitlab/server';
import { outputMark } from '../lab/outputMark';
import { fixedAccounts, treeSources } from './treeSources';

const REFRESHES = 2000;
/** Until everything has been loaded, compiled and cached once. */
const WARM_UP = 200;
const SEED = 20_261_122;
/** How many refreshes do not wait for the one before, and cancel it if it is slow. */
const IMPATIENCE = 0.2;
/** Milliseconds of a slow answer. */
const SLOW = 20;

const owners: readonly ClusterOwner[] = [
  { level: 'instance' },
  { level: 'group', id: 1, path: 'platform' },
  { level: 'project', id: 1, path: 'platform/payments-api' },
  { level: 'project', id: 2, path: 'platform/checkout-web' },
];

/** What happens to a request, as often as it stands here; the rest is answered as GitLab does. */
const faults: readonly ((exchange: Exchange) => Reaction | Promise<Reaction>)[] = [
  dropConnection,
  ({ socket }) => (socket.resetAndDestroy(), 'taken'),
  () => json(500, { message: '500 Internal Server Error' }),
  () => html(502, '<html>Bad Gateway</html>'),
  () => text(503, 'Deploying', { 'Retry-After': '0' }),
  () => text(429, 'Retry later', { 'Retry-After': '0' }),
  () => json(401, { message: '401 Unauthorized' }),
  () => html(200, '<html>Please sign in</html>'),
  (exchange) => {
    const answer = exchange.gitlab();
    return { ...answer, body: answer.body.slice(0, 20) };
  },
  (exchange) => cutShort(exchange, exchange.gitlab(), 20),
  (exchange) => json(200, [{ id: 'x' }, null, ...listOf(exchange.gitlab()), { name: 5 }]),
  (exchange) => {
    const answer = exchange.gitlab();
    return { ...answer, headers: { ...answer.headers, 'X-Next-Page': '2' } };
  },
  later,
  later,
];
const HEALTHY = 2 * faults.length;

/** An answer so slow that a newer refresh may come before it. */
async function later(exchange: Exchange): Promise<Answer> {
  await pause(SLOW);
  return exchange.gitlab();
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

function listOf({ body }: Answer): readonly unknown[] {
  const list: unknown = JSON.parse(body.toString());
  return Array.isArray(list) ? list : [list];
}

/** The same numbers between 0 and 1 for the same seed (mulberry32). */
function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Bytes in use once everything that nobody holds is gone. */
async function heapInUse(): Promise<number> {
  setFlagsFromString('--expose-gc');
  const collect: unknown = runInNewContext('gc');
  assert.ok(isCollector(collect));
  for (let round = 0; round < 4; round++) {
    await new Promise((resolve) => setImmediate(resolve));
    collect();
  }
  return process.memoryUsage().heapUsed;
}

function isCollector(value: unknown): value is () => void {
  return typeof value === 'function';
}

/** How many handles of each kind keep the process busy. */
function handles(): Map<string, number> {
  const counts = new Map<string, number>();
  for (const kind of process.getActiveResourcesInfo()) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  return counts;
}

function leftOver(before: ReadonlyMap<string, number>): string[] {
  return [...handles()].flatMap(([kind, count]) => {
    const more = count - (before.get(kind) ?? 0);
    return more > 0 ? [`${more} ${kind}`] : [];
  });
}

/** The extension's own inventory and rows over its own connections, on a stand-in that fails at random. */
function startFleet(gitlab: GitLab) {
  const parsed = parseHostUrl(gitlab.url);
  assert.ok(parsed.ok);
  const { url } = parsed;
  const host: Host = {
    url,
    name: 'Example GitLab',
    groups: [{ id: 1, path: 'platform' }],
    projects: [
      { id: 1, path: 'platform/payments-api' },
      { id: 2, path: 'platform/checkout-web' },
    ],
  };
  const fetches = hostFetches({ ownCa: () => ({}), openAgent: agentOpener(() => undefined) });
  const accounts = fixedAccounts(
    host,
    (address, token) =>
      new GitLabClient(address, token, {
        fetch: fetches.of(address),
        log: () => undefined,
        readDeadline: 20_000,
        writeDeadline: 20_000,
        retries: { tries: 3, backoff: 1, patience: 1000 },
      }),
  );
  const inventory = new Inventory(accounts);
  const sources = treeSources(accounts, inventory);
  const rows = new ClusterRows(sources, sources.loading);
  return { url, accounts, inventory, rows, sources };
}

type Fleet = ReturnType<typeof startFleet>;

/** Asks for every row there is, as VS Code does after each change. */
function readRows(rows: ClusterRows, node?: ClusterTreeNode): number {
  return rows.getChildren(node).reduce((count, child) => {
    rows.resolveTreeItem(rows.getTreeItem(child), child);
    return count + 1 + (child.type === 'host' || child.type === 'owner' ? readRows(rows, child) : 0);
  }, 0);
}

/** Refreshes all owners beside each other, again and again; some are asked for again before their answer is there. */
async function refresh({ url, inventory, rows }: Fleet, times: number, random: () => number): Promise<void> {
  const one = async (owner: ClusterOwner): Promise<void> => {
    for (let done = 0; done < times / owners.length; done++) {
      const load =
        owner.level === 'instance' && done % 10 === 0 ? inventory.reloadHost(url) : inventory.load(url, owner);
      await (random() < IMPATIENCE ? Promise.race([load, pause(random() * SLOW)]) : load);
      if (done % 10 === 0) readRows(rows);
    }
  };
  await Promise.all(owners.map(one));
}

describe('2,000 refreshes with random faults', () => {
  it('hold no memory, leave no handle and no rejection, and end with what GitLab has', async function () {
    this.timeout(300_000);
    const random = randomNumbers(SEED);
    const rejections: unknown[] = [];
    const note = (reason: unknown) => rejections.push(reason);
    process.on('unhandledRejection', note);
    const before = handles();
    const gitlab = await startGitLab({ world: demoFleet() });
    let [requests, spoilt] = [0, 0];
    const mend = gitlab.onRequest((exchange) => {
      requests += 1;
      if (gitlab.requests.length > 100) gitlab.clearRequests();
      const fault = faults[Math.floor(random() * (faults.length + HEALTHY))];
      if (fault) spoilt += 1;
      return fault?.(exchange);
    });
    const fleet = startFleet(gitlab);
    try {
      await refresh(fleet, WARM_UP, random);
      gitlab.clearRequests();
      const heapBefore = await heapInUse();
      const started = performance.now();
      [requests, spoilt] = [0, 0];
      await refresh(fleet, REFRESHES, random);
      const seconds = (performance.now() - started) / 1000;
      gitlab.clearRequests();
      const heapAfter = await heapInUse();
      const growth = (heapAfter / heapBefore - 1) * 100;

      mend();
      await fleet.inventory.reloadHost(fleet.url);
      const known = fleet.inventory.fleet(fleet.url).clusters.map(({ name }) => name);
      fleet.rows.dispose();
      fleet.sources.dispose();
      fleet.inventory.dispose();
      fleet.accounts.dispose();
      await gitlab.close();
      const patience = performance.now() + 10_000;
      let left = leftOver(before);
      while (left.length > 0 && performance.now() < patience) {
        await pause(SLOW);
        left = leftOver(before);
      }
      console.log(
        `${outputMark}    soak: ${REFRESHES} refreshes, ${requests} requests, ${spoilt} of them spoilt, in ${seconds.toFixed(1)} s; heap ${megabytes(heapBefore)} → ${megabytes(heapAfter)} MB (${growth.toFixed(1)} %); handles left: ${left.join(', ') || 'none'}; unhandled rejections: ${rejections.length}`,
      );
      assert.ok(requests > REFRESHES && spoilt > REFRESHES / 4, `${requests} requests, ${spoilt} spoilt`);
      assert.ok(growth < 10, `the heap grew by ${growth.toFixed(1)} %`);
      assert.deepEqual(left, []);
      assert.deepEqual(rejections, []);
      assert.equal(known.length, 10);
    } finally {
      process.off('unhandledRejection', note);
      fleet.rows.dispose();
      fleet.inventory.dispose();
      await gitlab.close();
    }
  });
});

function megabytes(bytes: number): string {
  return (bytes / 1_000_000).toFixed(1);
}
