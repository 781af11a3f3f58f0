import assert from 'node:assert/strict';
import { Emitter, onListenerError } from '../../../../src/core/time/event';

describe('an event', () => {
  it('reaches every listener until it unsubscribes', () => {
    const emitter = new Emitter<number>();
    const heard: string[] = [];
    const first = emitter.event((value) => heard.push(`a${value}`));
    emitter.event((value) => heard.push(`b${value}`));
    emitter.fire(1);
    first.dispose();
    emitter.fire(2);
    assert.deepEqual(heard, ['a1', 'b1', 'b2']);
  });

  it('takes the same function twice as two listeners', () => {
    const emitter = new Emitter<void>();
    let heard = 0;
    const listener = (): void => void (heard += 1);
    emitter.event(listener);
    emitter.event(listener).dispose();
    emitter.fire();
    assert.equal(heard, 1);
  });

  it('spares listeners that come while it is fired, and all of them once disposed', () => {
    const emitter = new Emitter<void>();
    let late = 0;
    emitter.event(() => void emitter.event(() => (late += 1)));
    emitter.fire();
    assert.equal(late, 0);
    emitter.dispose();
    emitter.fire();
    assert.equal(late, 0);
  });

  it('does no harm to others, nor to whoever fires, where a listener throws; the error is reported', () => {
    const reported: unknown[] = [];
    onListenerError((error) => reported.push(error));
    const emitter = new Emitter<void>();
    const mistake = new Error('a mistake of the listener');
    let heard = 0;
    emitter.event(() => {
      throw mistake;
    });
    emitter.event(() => void (heard += 1));
    emitter.fire();
    assert.equal(heard, 1);
    assert.deepEqual(reported, [mistake]);
  });
});
