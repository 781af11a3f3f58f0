import assert from 'node:assert/strict';
import { drain, Queue } from '../../../../src/core/time/taskPool';
import { sleep } from '../../../../src/core/gitlab/hostGate';

describe('a pool of tasks', () => {
  it('sleeps through a pause of a month, longer than a timer can be', async () => {
    const tasks = new Queue<number>();
    tasks.push(1);
    const stop = new AbortController();
    let asked = 0;
    const drained = drain<number>({
      lanes: [{ tasks, share: 1 }],
      slots: 1,
      pause: () => {
        asked++;
        return 30 * 86_400_000;
      },
      run: () => assert.fail('begun in the pause'),
      signal: stop.signal,
    });
    // A timer that overflows fires after a millisecond.
    await sleep(20);
    stop.abort(new Error('enough'));
    await assert.rejects(drained, /enough/);
    assert.equal(asked, 1);
  });
});
