import assert from 'node:assert/strict';
import { faults } from '../../faults/faults';
import { operations } from '../../faults/operations';
import { leakOf } from '../../faults/secrets';
import { runAll, summary } from '../../faults/table';
import { allTrials, leftOut, type Outcome } from '../../faults/trial';

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
      assert(tried.length >= 3);
      for (const { lost, operation, striking, sees } of tried)
        assert.equal(lost, undefined, `${operation} ${striking}: ${sees}`);
    });
  }

  it('every trial that counts was struck', () => {
    assert.equal(outcomes.length, allTrials().length);
    assert.deepEqual(
      outcomes.filter(({ struck }) => struck === 0).map((one) => `${one.fault} × ${one.operation}, ${one.striking}`),
      [],
    );
  });

  it('no trial is left out that would have been struck', async () => {
    const missed = await runAll(leftOut());
    assert(missed.length > 0);
    assert.deepEqual(
      missed
        .filter(({ struck, lost }) => struck > 0 || lost !== undefined)
        .map((one) => `${one.fault} × ${one.operation}`),
      [],
    );
  });

  it('every fault of requests as such is tried against every operation', () => {
    const all = faults.filter(({ strikes }) => strikes === undefined);
    const pairs = new Set(outcomes.map(({ fault, operation }) => `${fault} ${operation}`));
    const untried = all.flatMap(({ name }) =>
      operations.map((operation) => `${name} ${operation.name}`).filter((pair) => !pairs.has(pair)),
    );
    assert.deepEqual(untried, []);
  });

  it('a leak would be found wherever it hides', () => {
    const token = 'glpat-MARKED-gitlab-token';
    assert.equal(leakOf(new Error('clean')), undefined);
    assert.equal(leakOf(new Error(`with ${token}`)), 'error.stack');
    assert.equal(leakOf(new Error('x', { cause: { rawPacket: Buffer.from(token) } })), 'error.cause.rawPacket');
  });
});
