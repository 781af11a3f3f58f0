import assert from 'node:assert/strict';
import { daysLeft } from '../../../../src/core/model/tokenExpiry';

describe('The days an access token still works', () => {
  const now = new Date('2026-11-22T09:30:00Z');
  const table: readonly (readonly [string | undefined, number | undefined])[] = [
    [undefined, undefined],
    ['2026-11-22', undefined],
    ['2026-11-21', undefined],
    ['2026-11-23', 0],
    ['2026-11-24', 1],
    ['2026-12-06', 13],
    ['2026-12-07', undefined],
    ['2027-11-22', undefined],
    ['not a day', undefined],
  ];
  for (const [expiresAt, days] of table) {
    it(`${expiresAt ?? 'never'}: ${days ?? 'not worth telling'}`, () => {
      assert.equal(daysLeft(expiresAt, now), days);
    });
  }
});
