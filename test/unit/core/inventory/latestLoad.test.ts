import assert from 'node:assert/strict';
import { GitLabError } from '../../../../src/core/gitlab/errors';
import { LatestLoad } from '../../../../src/core/inventory/latestLoad';

/** Something that is read from outside: it ends when the test says so. */
function reading() {
  let resolve: (value: string) => void = () => undefined;
  let reject: (error: unknown) => void = () => undefined;
  const promise = new Promise<string>((onResolve, onReject) => {
    resolve = onResolve;
    reject = onReject;
  });
  const signals: AbortSignal[] = [];
  const read = (signal: AbortSignal): Promise<string> => {
    signals.push(signal);
    return promise;
  };
  return {
    read,
    resolve: (value: string) => resolve(value),
    reject: (error: unknown) => reject(error),
    isCancelled: () => signals.some((signal) => signal.aborted),
  };
}

describe('the latest load', () => {
  function start() {
    const states: string[] = [];
    const load: LatestLoad<string> = new LatestLoad<string>(() => {
      const now = load.current;
      states.push(now?.state === 'failed' ? `failed ${now.error.kind}` : `${now?.state} ${now?.value}`);
    });
    return { load, states };
  }

  it('is loading, then loaded', async () => {
    const { load, states } = start();
    assert.equal(load.current, undefined);
    await load.run(() => Promise.resolve('a'));
    assert.deepEqual(states, ['loading undefined', 'loaded a']);
  });

  it('keeps the last value while it loads again, and not after a failure', async () => {
    const { load, states } = start();
    await load.run(() => Promise.resolve('a'));
    await load.run(() => Promise.reject(new GitLabError('network')));
    assert.equal(load.value, undefined);
    await load.run(() => Promise.resolve('b'));
    assert.deepEqual(states.slice(2), ['loading a', 'failed network', 'loading undefined', 'loaded b']);
  });

  it('keeps the last value and its date after a failure that says nothing of it', async () => {
    const load = new LatestLoad<string>(
      () => undefined,
      ({ kind }) => kind === 'server',
    );
    await load.run(() => Promise.resolve('a'));
    const at = load.current?.state === 'loaded' ? load.current.at : undefined;
    for (let failures = 0; failures < 2; failures++) {
      await load.run(() => Promise.reject(new GitLabError('server')));
      assert.ok(load.current?.state === 'failed');
      assert.deepEqual([load.current.value, load.current.at], ['a', at]);
      assert.ok(at);
    }
    await load.run(() => Promise.reject(new GitLabError('unauthorized')));
    assert.equal(load.value, undefined);
  });

  it('calls anything that is not a GitLabError a mistake of ours', async () => {
    const { load, states } = start();
    await load.run(() => {
      throw new TypeError('thrown at once');
    });
    assert.deepEqual(states, ['loading undefined', 'failed internal']);
  });

  for (const [order, ending] of [
    ['the first', (one: ReturnType<typeof reading>, two: ReturnType<typeof reading>) => [one, two]],
    ['the second', (one: ReturnType<typeof reading>, two: ReturnType<typeof reading>) => [two, one]],
  ] as const) {
    it(`takes the answer of the latest, also where ${order} answers first`, async () => {
      const { load } = start();
      const one = reading();
      const two = reading();
      const runs = [load.run(one.read), load.run(two.read)];
      assert(one.isCancelled() && !two.isCancelled());
      for (const each of ending(one, two)) each.resolve(each === one ? 'old' : 'new');
      await Promise.all(runs);
      assert.equal(load.value, 'new');
    });
  }

  it('drops the failure of an earlier one', async () => {
    const { load } = start();
    const one = reading();
    const first = load.run(one.read);
    const second = load.run(() => Promise.resolve('new'));
    one.reject(new GitLabError('cancelled'));
    await Promise.all([first, second]);
    assert.equal(load.value, 'new');
  });

  it('says nothing any more once it is disposed', async () => {
    const { load, states } = start();
    const one = reading();
    const run = load.run(one.read);
    load.dispose();
    assert(one.isCancelled());
    one.resolve('late');
    await run;
    assert.deepEqual(states, ['loading undefined']);
  });

  it('changes a known value in place, and nothing where none is known', async () => {
    const { load } = start();
    load.update(() => 'x');
    assert.equal(load.current, undefined);
    await load.run(() => Promise.resolve('a'));
    load.update((value) => `${value}b`);
    assert.equal(load.value, 'ab');
  });
});
