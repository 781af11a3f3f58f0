import assert from 'node:assert/strict';
import { faults } from '../../faults/faults';
import { leakOf } from '../../faults/secrets';
import { runAll, summary } from '../../faults/table';
import { allTrials, type Outcome } from '../../faults/trial';

describe('under fire', function () {
  this.timeout(180_000);
  const outcomes: Outcome[] = [];

  before(async () => {
    outcomes.push(...(await runAll()));
    console.log(`    ${summary(outcomes)}`);
  });

  for (const { name } of faults) {
    it(`nothing is lost with “${name}”, whatever is done`, () => {
      const tried = outcomes.filter(({ fault }) => fault === name);
      assert(tried.length >= 6);
      for (const { lost, operation, striking, sees } of tried)
        assert.equal(lost, undefined, `${operation} ${striking}: ${sees}`);
    });
  }

  it('every fault is tried against every operation', () => {
    assert.equal(outcomes.length, allTrials().length);
    assert.equal(new Set(outcomes.map(({ fault, operation }) => `${fault} ${operation}`)).size, faults.length * 6);
  });

  it('a leak would be found wherever it hides', () => {
    const token = 'glpat-MARKED-gitlab-token';
    assert.equal(leakOf(new Error('clean')), undefined);
    assert.equal(leakOf(new Error(`with ${token}`)), 'error.stack');
    assert.equal(leakOf(new Error('x', { cause: { rawPacket: Buffer.from(token) } })), 'error.cause.rawPacket');
  });
});
