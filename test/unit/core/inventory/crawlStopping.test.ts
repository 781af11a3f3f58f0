import assert from 'node:assert/strict';
import { Crawl } from '../../../../src/core/inventory/crawl';
import type { CrawlProgress } from '../../../../src/core/inventory/crawl';
import { Fleet } from '../../../../src/core/inventory/fleet';
import { json, text } from '../../../gitlab/answer';
import { dropConnection, neverAnswer } from '../../../gitlab/faults';
import { generatedFleet } from '../../../gitlab/generatedFleet';
import { profileOf } from '../../../gitlab/profiles';
import type { GitLab } from '../../../gitlab/server';
import { asked, clientOf, crawled, held, hostOf, identityOf, readable, serving } from './fleetLab';

const TOKEN = 'fleet-maintainer';

describe('stopping and resuming a crawl', function () {
  this.timeout(30_000);
  const serve = serving();

  async function begun(gitlab: GitLab): Promise<{ crawl: Crawl; fleet: Fleet }> {
    const fleet = new Fleet(hostOf(gitlab));
    const identity = await identityOf(clientOf(gitlab, TOKEN));
    gitlab.clearRequests();
    return { crawl: new Crawl({ fleet, identity }), fleet };
  }

  /** Settles once so many requests have arrived since the last clearing. */
  function arrived(gitlab: GitLab, count: number): Promise<void> {
    return new Promise((resolve) => {
      const remove = gitlab.onRequest(() => {
        if (gitlab.requests.length >= count) {
          remove();
          resolve();
        }
        return undefined;
      });
    });
  }

  for (const [version, after] of [
    ['18.2.1-ee', 2],
    ['18.2.1-ee', 30],
    ['17.8.0', 100],
  ] as const) {
    it(`goes on where it was cancelled, after ${after} requests to ${version}`, async () => {
      const gitlab = await serve(generatedFleet({ projects: 220, clusters: 300, seed: 21 }), profileOf(version));
      const { crawl, fleet } = await begun(gitlab);
      const cancel = new AbortController();
      const running = crawl.run(clientOf(gitlab, TOKEN), cancel.signal);
      await arrived(gitlab, after);
      cancel.abort();
      const stopped = await running;
      assert.ok(stopped.outcome === 'stopped');
      assert.equal(stopped.error.kind, 'cancelled');
      const before = asked(gitlab);
      const known = held(fleet);
      assert.ok(before.length < after + 20);
      assert.ok(known.length < readable(gitlab, 'fiona').length);
      assert.equal(fleet.completedAt, undefined);

      gitlab.clearRequests();
      assert.deepEqual(await crawl.run(clientOf(gitlab, TOKEN)), { outcome: 'complete', gaps: [] });
      assert.deepEqual(held(fleet), readable(gitlab, 'fiona'));
      // Only what was under way at the cancel is asked again.
      const again = asked(gitlab).filter((path) => before.includes(path));
      assert.ok(again.length <= 8, again.join('\n'));
    });
  }

  it('does not wait for requests under way when it is cancelled', async () => {
    const gitlab = await serve(generatedFleet({ projects: 50, clusters: 50 }));
    const { crawl } = await begun(gitlab);
    const three = arrived(gitlab, 3);
    gitlab.onRequest(neverAnswer);
    const cancel = new AbortController();
    const running = crawl.run(clientOf(gitlab, TOKEN), cancel.signal);
    await three;
    cancel.abort();
    assert.equal((await running).outcome, 'stopped');
  });

  it('stops at once where the token is revoked on the way, and goes on with another client', async () => {
    const gitlab = await serve(generatedFleet({ projects: 200, clusters: 250, seed: 22 }), profileOf('17.8.0'));
    const { crawl, fleet } = await begun(gitlab);
    const token = gitlab.world.tokens.find(({ value }) => value === TOKEN) ?? assert.fail();
    const running = crawl.run(clientOf(gitlab, TOKEN));
    await arrived(gitlab, 60);
    token.revoked = true;
    const stopped = await running;
    assert.ok(stopped.outcome === 'stopped');
    assert.equal(stopped.error.kind, 'tokenRevoked');
    assert.ok(asked(gitlab).length < 80);
    assert.deepEqual(
      [...fleet.owners].filter(({ failure }) => failure),
      [],
    );
    token.revoked = false;
    assert.equal((await crawl.run(clientOf(gitlab, TOKEN))).outcome, 'complete');
    assert.deepEqual(held(fleet), readable(gitlab, 'fiona'));
  });

  it('stops where the host is gone, blames no owner, and finds everything when it is back', async () => {
    const gitlab = await serve(generatedFleet({ projects: 200, clusters: 250, seed: 23 }), profileOf('17.8.0'));
    const { crawl, fleet } = await begun(gitlab);
    let gone = 0;
    const back = gitlab.onRequest((exchange) =>
      gitlab.requests.length > 50 && gone++ >= 0 ? dropConnection(exchange) : undefined,
    );
    const stopped = await crawl.run(clientOf(gitlab, TOKEN));
    assert.ok(stopped.outcome === 'stopped');
    assert.equal(stopped.error.kind, 'network');
    assert.ok(gone < 30, `${gone} requests to a host that is gone`);
    assert.deepEqual(
      [...fleet.owners].filter(({ failure }) => failure),
      [],
    );
    back();
    assert.deepEqual(await crawl.run(clientOf(gitlab, TOKEN)), { outcome: 'complete', gaps: [] });
    assert.deepEqual(held(fleet), readable(gitlab, 'fiona'));
  });

  it('stops where the host cannot be reached from the start', async () => {
    const gitlab = await serve(generatedFleet({ projects: 30, clusters: 30 }));
    const { crawl } = await begun(gitlab);
    gitlab.onRequest(dropConnection);
    const stopped = await crawl.run(clientOf(gitlab, TOKEN));
    assert.ok(stopped.outcome === 'stopped' && stopped.error.kind === 'network');
  });

  for (const status of [429, 503]) {
    it(`leaves GitLab alone for as long as a ${status} asks, and then reads what was refused`, async () => {
      const gitlab = await serve(generatedFleet({ projects: 150, clusters: 200, seed: 24 }), profileOf('17.8.0'));
      const { crawl, fleet } = await begun(gitlab);
      let refusedAt = 0;
      let answeredAt = 0;
      gitlab.onRequest(({ request }) => {
        if (request.number >= 40 && (refusedAt === 0 || performance.now() < refusedAt + 300)) {
          refusedAt ||= performance.now();
          return text(status, 'Retry later\n', { 'Retry-After': '1' });
        }
        if (refusedAt > 0) answeredAt ||= performance.now();
        return undefined;
      });
      const seen: CrawlProgress[] = [];
      crawl.onDidProgress((progress) => seen.push(progress));
      assert.deepEqual(await crawl.run(clientOf(gitlab, TOKEN)), { outcome: 'complete', gaps: [] });
      assert.deepEqual(held(fleet), readable(gitlab, 'fiona'));
      assert.ok(answeredAt - refusedAt > 900, `${answeredAt - refusedAt} ms`);
      assert.ok(seen.some(({ waitingUntil }) => waitingUntil !== undefined));
      assert.equal(gitlab.requests.filter((request) => request.status === status).length <= 8, true);
    });
  }

  it('tells how far it is, at most ten times a second, and ends with everything done', async () => {
    const gitlab = await serve(generatedFleet({ projects: 200, clusters: 250, seed: 25 }), profileOf('17.8.0'));
    gitlab.latency = 10;
    const { crawl, fleet } = await begun(gitlab);
    const progress: CrawlProgress[] = [];
    let changes = 0;
    crawl.onDidProgress((now) => progress.push(now));
    fleet.onDidChange(() => changes++);
    const began = performance.now();
    await crawl.run(clientOf(gitlab, TOKEN));
    const most = (performance.now() - began) / 100 + 3;
    assert.ok(progress.length >= 2 && progress.length <= most, `${progress.length} of ${most}`);
    assert.ok(changes >= 2 && changes <= most, `${changes} of ${most}`);
    const last = progress.at(-1) ?? assert.fail();
    assert.equal(last.ownersDone, last.ownersSeen);
    assert.equal(last.ownersTotal, last.ownersSeen);
    assert.equal(last.clustersFound, fleet.clusters.length);
    assert.ok(progress.some(({ timeLeft, ownersDone }) => (timeLeft ?? 0) > 0 && ownersDone > 0));
    for (const [index, { ownersDone, ownersSeen }] of progress.entries()) {
      assert.ok(ownersDone >= (progress[index - 1]?.ownersDone ?? 0) && ownersDone <= ownersSeen);
    }
  });

  it('never has more than eight requests under way', async () => {
    const gitlab = await serve(generatedFleet({ projects: 120, clusters: 100, seed: 26 }));
    let under = 0;
    let most = 0;
    gitlab.onRequest(async (exchange) => {
      most = Math.max(most, ++under);
      await new Promise((resolve) => setTimeout(resolve, 5));
      under--;
      return exchange.gitlab();
    });
    await crawled(gitlab, TOKEN);
    assert.ok(most > 4 && most <= 8, `${most}`);
  });

  it('keeps what an earlier crawl found where an owner fails now, and drops what is gone', async () => {
    const gitlab = await serve(generatedFleet({ projects: 80, clusters: 200, seed: 27 }));
    const { fleet } = await crawled(gitlab, TOKEN);
    const [failing, emptied] = [...fleet.owners].filter(({ owner }) => owner.level === 'project');
    assert.ok(failing?.owner.level === 'project' && emptied?.owner.level === 'project');
    const [failingId, emptiedId] = [failing.owner.id, emptied.owner.id];
    const { clusters } = gitlab.world;
    for (let at = clusters.length - 1; at >= 0; at--) {
      const { owner } = clusters[at] ?? assert.fail();
      if (owner.level === 'project' && owner.id === emptiedId) clusters.splice(at, 1);
    }
    gitlab.onRequest(({ request }) =>
      request.path.includes(`/projects/${failingId}/clusters`) ? json(500, { message: '500' }) : undefined,
    );
    await crawled(gitlab, TOKEN, fleet);
    const now = fleet.record(failing.owner);
    assert.equal(now?.failure?.kind, 'server');
    assert.deepEqual([now.clusters, now.readAt, now.named], [failing.clusters, failing.readAt, []]);
    assert.equal(fleet.record(emptied.owner), undefined);
    assert.deepEqual(held(fleet), readable(gitlab, 'fiona'));
  });
});
