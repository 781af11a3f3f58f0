import assert from 'node:assert/strict';
import { mock } from 'node:test';
import { atMostEvery } from '../../../../src/core/time/atMostEvery';

describe('calling at most every so often', () => {
  beforeEach(() => {
    mock.timers.enable({ apis: ['setTimeout'] });
    mock.method(performance, 'now', () => now);
    now = 1000;
  });
  afterEach(() => {
    mock.timers.reset();
    mock.restoreAll();
  });

  let now = 0;
  const pass = (milliseconds: number): void => {
    for (let passed = 0; passed < milliseconds; passed++) {
      now++;
      mock.timers.tick(1);
    }
  };
  const calls = (interval: number, gather?: number) => {
    const at: number[] = [];
    const began = now;
    return { at, pace: atMostEvery(interval, () => at.push(now - began), gather) };
  };

  it('calls at once after a rest, and once for all that was asked meanwhile', () => {
    const { at, pace } = calls(100);
    for (let asked = 0; asked < 250; asked++) {
      pace.request();
      pass(1);
    }
    pass(500);
    pace.request();
    pass(5);
    assert.deepEqual(at, [1, 101, 201, 301, 751]);
  });

  it('gathers before the first call, where told to', () => {
    const { at, pace } = calls(250, 100);
    pace.request();
    pass(40);
    pace.request();
    pass(60);
    assert.deepEqual(at, [100]);
    pace.request();
    pass(250);
    assert.deepEqual(at, [100, 350]);
  });

  it('makes a call that is due when flushed, and none once it is disposed of', () => {
    const { at, pace } = calls(100, 50);
    pace.flush();
    assert.deepEqual(at, []);
    pace.request();
    pace.flush();
    assert.deepEqual(at, [0]);
    pace.request();
    pace.dispose();
    pass(500);
    assert.deepEqual(at, [0]);
  });
});
