import assert from 'node:assert/strict';
import { LazyPart } from '../../../../src/core/time/lazyPart';

class Part {
  disposals = 0;
  dispose(): void {
    this.disposals++;
  }
}

describe('A part that is made when it is first asked for', () => {
  it('is made once, and not before', async () => {
    let made = 0;
    const lazy = new LazyPart(() => {
      made++;
      return Promise.resolve(new Part());
    });
    assert.equal(made, 0);
    const [first, second] = await Promise.all([lazy.get(), lazy.get()]);
    assert.equal(await lazy.get(), first);
    assert.equal(second, first);
    assert.equal(made, 1);
  });

  it('is disposed with its owner', async () => {
    const lazy = new LazyPart(() => Promise.resolve(new Part()));
    const part = await lazy.get();
    lazy.dispose();
    assert.equal(part.disposals, 1);
  });

  it('is disposed as soon as it is there when its owner went meanwhile', async () => {
    const lazy = new LazyPart(() => Promise.resolve(new Part()));
    const asked = lazy.get();
    lazy.dispose();
    assert.equal((await asked).disposals, 1);
  });

  it('is never made for the sake of being disposed', () => {
    let made = 0;
    const lazy = new LazyPart(() => {
      made++;
      return Promise.resolve(new Part());
    });
    lazy.dispose();
    assert.equal(made, 0);
  });

  it('is made anew after that failed', async () => {
    let fails = true;
    const lazy = new LazyPart(() => (fails ? Promise.reject(new Error('no such file')) : Promise.resolve(new Part())));
    await assert.rejects(lazy.get(), /no such file/);
    fails = false;
    assert.ok(await lazy.get());
  });
});
