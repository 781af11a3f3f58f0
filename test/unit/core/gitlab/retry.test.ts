import assert from 'node:assert/strict';
import { GitLabError, type GitLabErrorDetails, type GitLabErrorKind } from '../../../../src/core/gitlab/errors';
import { explain } from '../../../../src/core/gitlab/explain';
import { HostGate, HostGates, sleep } from '../../../../src/core/gitlab/hostGate';
import { retried, sentOnce, type RetryPolicy } from '../../../../src/core/gitlab/retry';
import { hostUrl, failure } from './connection';

const policy: RetryPolicy = { tries: 3, backoff: 1, patience: 10_000 };

/** A read that fails in these ways, one after the other, and then works. */
function failing(...failures: readonly (readonly [GitLabErrorKind, GitLabErrorDetails?])[]) {
  const left = [...failures];
  const read = {
    runs: 0,
    run: (): Promise<string> => {
      read.runs += 1;
      const next = left.shift();
      return next ? Promise.reject(new GitLabError(...next)) : Promise.resolve('done');
    },
  };
  return read;
}

describe('retries', () => {
  for (const [what, kind, details] of [
    ['a broken connection', 'network', {}],
    ['a limit', 'rateLimited', { status: 429 }],
    ['a bad gateway', 'server', { status: 502 }],
    ['a GitLab that restarts', 'server', { status: 503 }],
    ['a gateway that waited', 'server', { status: 504 }],
    ['a proxy that could not be reached', 'proxy', { message: 'ECONNREFUSED' }],
    ['a proxy that could not reach the host', 'proxy', { status: 502 }],
    ['a proxy that restarts', 'proxy', { status: 503 }],
    ['a proxy that waited', 'proxy', { status: 504 }],
  ] as const) {
    it(`repeat a read after ${what}, twice at most`, async () => {
      const twice = failing([kind, details], [kind, details]);
      assert.equal(await retried(twice.run, policy, new HostGate()), 'done');
      assert.equal(twice.runs, 3);
      const always = failing([kind, details], [kind, details], [kind, details], [kind, details]);
      await failure(retried(always.run, policy, new HostGate()), kind);
      assert.equal(always.runs, 3);
    });
  }

  for (const [kind, status] of [
    ['server', 500],
    ['timeout', undefined],
    ['tls', undefined],
    ['proxy', 407],
    ['proxy', 403],
    ['proxy', 201],
    ['proxy', 500],
    ['protocol', 200],
    ['notFound', 404],
    ['unauthorized', 401],
    ['invalid', 400],
    ['redirected', 301],
    ['cancelled', undefined],
  ] as const) {
    it(`leave ${kind} ${status ?? ''} alone`, async () => {
      const read = failing([kind, { status }]);
      await failure(retried(read.run, policy, new HostGate()), kind);
      assert.equal(read.runs, 1);
    });
  }

  it('wait longer each time, and never all the same', async () => {
    const waits: number[] = [];
    for (let n = 0; n < 5; n++) {
      let before = performance.now();
      let runs = 0;
      const read = (): Promise<string> => {
        if (runs++ > 0) waits.push(performance.now() - before);
        before = performance.now();
        return Promise.reject(new GitLabError('network'));
      };
      await failure(retried(read, { ...policy, backoff: 20 }, new HostGate()), 'network');
    }
    assert(
      waits.every((wait, at) => wait >= (at % 2 === 0 ? 9 : 19)),
      waits.join(),
    );
    assert(new Set(waits.map((wait) => wait.toFixed(1))).size > 5, waits.join());
  });

  it('wait as long as GitLab asks', async () => {
    const read = failing(['rateLimited', { retryAfter: 60 }]);
    const before = performance.now();
    assert.equal(await retried(read.run, policy, new HostGate()), 'done');
    assert(performance.now() - before >= 59);
  });

  it('tell a limit that lasts longer than anybody’s patience at once, and send nothing more meanwhile', async () => {
    const gate = new HostGate();
    const read = failing(['rateLimited', { retryAfter: 50_000 }]);
    await failure(retried(read.run, policy, gate), 'rateLimited');
    assert.equal(read.runs, 1);
    const error = await failure(retried(read.run, policy, gate), 'rateLimited');
    assert.equal(read.runs, 1);
    assert(error.retryAfter !== undefined && error.retryAfter > 49_000 && error.retryAfter <= 50_000);
  });

  it('tell a long maintenance as such, also to those who come later', async () => {
    const gate = new HostGate();
    const read = failing(['server', { status: 503, message: 'Upgrading', retryAfter: 50_000 }]);
    await failure(retried(read.run, policy, gate), 'server');
    const error = await failure(retried(read.run, policy, gate), 'server');
    assert.deepEqual([error.status, error.message, read.runs], [503, 'Upgrading', 1]);
  });

  it('wait as long as a proxy asks, and tell a long wait with its name', async () => {
    const gate = new HostGate();
    const proxy = 'proxy.example.com:3128';
    const soon = failing(['proxy', { status: 503, proxy, retryAfter: 60 }]);
    const before = performance.now();
    assert.equal(await retried(soon.run, policy, gate), 'done');
    assert(performance.now() - before >= 59);
    const later = failing(['proxy', { status: 503, proxy, retryAfter: 50_000 }]);
    const first = await failure(retried(later.run, policy, gate), 'proxy');
    const second = await failure(retried(later.run, policy, gate), 'proxy');
    assert.equal(later.runs, 1);
    assert.equal(explain(second).sentence, explain(first).sentence);
  });

  it('hold back all reads of a throttled host and none of another', async () => {
    const throttled = new HostGate();
    const other = new HostGate();
    const before = performance.now();
    const order: string[] = [];
    const first = retried(failing(['rateLimited', { retryAfter: 300 }]).run, policy, throttled);
    await sleep(1);
    const second = retried(failing().run, policy, throttled).then(() => {
      order.push('second');
      return performance.now() - before;
    });
    const elsewhere = retried(failing().run, policy, other).then(() => order.push('elsewhere'));
    assert((await second) >= 299);
    await Promise.all([first, elsewhere]);
    assert.deepEqual(order, ['elsewhere', 'second']);
  });

  it('end at once when they are cancelled while they wait', async () => {
    const controller = new AbortController();
    const read = failing(['rateLimited', { retryAfter: 9000 }]);
    const before = performance.now();
    const run = retried(read.run, policy, new HostGate(), controller.signal);
    await sleep(5);
    controller.abort();
    await failure(run, 'cancelled');
    assert(performance.now() - before < 5000);
    assert.equal(read.runs, 1);
  });

  it('pass on what is no GitLabError', async () => {
    await assert.rejects(
      retried(() => Promise.reject(new TypeError('ours')), policy, new HostGate()),
      TypeError,
    );
  });
});

describe('a write', () => {
  for (const [kind, details] of [
    ['rateLimited', { status: 429, retryAfter: 60_000 }],
    ['server', { status: 503, retryAfter: 60_000 }],
  ] as const) {
    it(`that GitLab answers with ${details.status} holds back what comes after it, reads and writes`, async () => {
      const gate = new HostGate();
      await failure(sentOnce(failing([kind, details]).run, policy, gate), kind);
      const next = failing();
      for (const send of [sentOnce, retried]) {
        const told = await failure(send(next.run, policy, gate), kind);
        assert(told.retryAfter !== undefined && told.retryAfter > 59_000 && told.retryAfter <= 60_000);
      }
      assert.equal(next.runs, 0);
    });
  }

  it('is not sent while its host asked to be left alone, and told the time that was told before', async () => {
    const gate = new HostGate();
    const hour = { status: 429, retryAfter: 3_600_000 };
    const first = await failure(retried(failing(['rateLimited', hour]).run, policy, gate), 'rateLimited');
    const write = failing();
    const second = await failure(sentOnce(write.run, policy, gate), 'rateLimited');
    assert.equal(write.runs, 0);
    assert.equal(explain(second).sentence, explain(first).sentence);
  });

  it('waits for a short rest, and is sent once', async () => {
    const gate = new HostGate();
    gate.rest(100);
    const before = performance.now();
    const write = failing();
    assert.equal(await sentOnce(write.run, policy, gate), 'done');
    assert(performance.now() - before >= 99);
    assert.equal(write.runs, 1);
  });

  it('leaves its host alone after what concerns it alone', async () => {
    const gate = new HostGate();
    await failure(sentOnce(failing(['server', { status: 502 }]).run, policy, gate), 'server');
    assert.equal(gate.restsFor, 0);
  });
});

describe('the gate of a host', () => {
  it('lets so many through at a time, in the order they came', async () => {
    const gate = new HostGate(2);
    let inside = 0;
    let most = 0;
    const order: number[] = [];
    const run = (number: number) => async (): Promise<void> => {
      order.push(number);
      inside += 1;
      most = Math.max(most, inside);
      await sleep(1);
      inside -= 1;
    };
    await Promise.all([1, 2, 3, 4, 5, 6, 7].map((number) => gate.pass(run(number))));
    assert.equal(most, 2);
    assert.deepEqual(order, [1, 2, 3, 4, 5, 6, 7]);
  });

  it('gives the place back after a failure', async () => {
    const gate = new HostGate(1);
    await failure(
      gate.pass(() => Promise.reject(new GitLabError('network'))),
      'network',
    );
    assert.equal(await gate.pass(() => Promise.resolve('next')), 'next');
  });

  it('lets go of who is cancelled while waiting, and keeps no place for them', async () => {
    const gate = new HostGate(1);
    const controller = new AbortController();
    let open: () => void = () => undefined;
    const first = gate.pass(() => new Promise<void>((resolve) => (open = resolve)));
    const waiting = gate.pass(() => assert.fail('was cancelled'), controller.signal);
    controller.abort();
    await failure(waiting, 'cancelled');
    open();
    await first;
    assert.equal(await gate.pass(() => Promise.resolve('next')), 'next');
    await failure(
      gate.pass(() => assert.fail('was cancelled'), controller.signal),
      'cancelled',
    );
  });

  it('is left alone for as long as its limit lasts, an hour at most', () => {
    const gate = new HostGate();
    gate.rest(3_600_000);
    assert(gate.restsFor > 3_590_000);
    gate.rest(86_400_000);
    assert(gate.restsFor <= 3_600_000);
    gate.rest(5);
    assert(gate.restsFor > 3_590_000);
  });

  it('is asked again after two minutes of a maintenance, whatever a proxy says', () => {
    const gate = new HostGate();
    gate.rest(3_600_000, new GitLabError('server', { status: 503, retryAfter: 3_600_000 }));
    assert(gate.restsFor > 110_000 && gate.restsFor <= 120_000, String(gate.restsFor));
  });

  it('is one per host', () => {
    const gates = new HostGates();
    assert.equal(gates.of(hostUrl('https://a.example.com')), gates.of(hostUrl('https://a.example.com/')));
    assert.notEqual(gates.of(hostUrl('https://a.example.com')), gates.of(hostUrl('https://a.example.com/gitlab')));
  });
});
