import assert from 'node:assert/strict';
import { setImmediate as turn } from 'node:timers/promises';
import { draftOf } from '../../../../src/core/model/clusterDraft';
import type { ClusterDraft } from '../../../../src/core/model/clusterDraft';
import { ServingEffect } from '../../../../src/features/form/servingEffect';
import type { Effect } from '../../../../src/features/form/servingEffect';
import { toForm } from '../../../../src/features/form/protocol';
import type { ToForm } from '../../../../src/features/form/protocol';
import { clusterWith } from './drafts';

describe('the line beside Save', () => {
  const cluster = clusterWith();
  const draft = (changes: Partial<ClusterDraft> = {}): ClusterDraft => ({ ...draftOf(cluster), ...changes });
  const words: Effect = ({ environmentScope, enabled }) => [`${environmentScope} ${enabled}`];

  /** A line whose reading the test ends. */
  function line(patience?: number) {
    const posted: ToForm[] = [];
    const readings: { readonly signal: AbortSignal; readonly end: (effect: Effect) => void }[] = [];
    const effect = new ServingEffect(
      (_cluster, signal) =>
        new Promise((end, fail) => {
          readings.push({ signal, end });
          signal.addEventListener('abort', () => fail(new Error('aborted')));
        }),
      (message) => posted.push(toForm.parse(message)),
      patience,
    );
    const states = () => posted.flatMap((one) => (one.type === 'effect' ? [[one.state, ...one.lines].join(' ')] : []));
    return { effect, readings, states };
  }

  it('says nothing, and asks nothing, while no change matters to environments', () => {
    const { effect, readings, states } = line();
    effect.judge(cluster, draft());
    effect.judge(cluster, draft({ name: 'other', apiUrl: 'https://other.example.com', baseDomain: '' }));
    assert.deepEqual([readings.length, states()], [0, []]);
  });

  it('asks once, and judges what is typed after that by the same answer', async () => {
    const { effect, readings, states } = line();
    effect.judge(cluster, draft({ enabled: false }));
    readings[0]?.end(words);
    await turn();
    effect.judge(cluster, draft({ environmentScope: 'staging' }));
    effect.judge(cluster, draft());
    assert.equal(readings.length, 1);
    assert.deepEqual(states(), ['checking', 'checked production false', 'checked staging true', 'none']);
  });

  it('judges what stands there when the answer comes', async () => {
    const { effect, readings, states } = line();
    effect.judge(cluster, draft({ environmentScope: 's' }));
    effect.judge(cluster, draft({ environmentScope: 'st' }));
    readings[0]?.end(words);
    await turn();
    assert.deepEqual(states(), ['checking', 'checked st true']);
  });

  it('says that nothing was checked where that takes too long, and waits when it is asked to', async () => {
    const { effect, readings, states } = line(1);
    effect.judge(cluster, draft({ enabled: false }));
    await new Promise((end) => readings[0]?.signal.addEventListener('abort', end));
    await turn();
    assert.deepEqual(states(), ['checking', 'notChecked']);
    effect.judge(cluster, draft({ enabled: false, environmentScope: 'x' }));
    assert.equal(readings.length, 1);
    const checking = effect.checkNow(cluster);
    readings[1]?.end(words);
    await checking;
    assert.deepEqual(states(), ['checking', 'notChecked', 'notChecked', 'checking', 'checked x false']);
  });

  it('ends its reading with the form', () => {
    const { effect, readings } = line();
    effect.judge(cluster, draft({ managed: false }));
    effect.dispose();
    assert.equal(readings[0]?.signal.aborted, true);
  });
});
