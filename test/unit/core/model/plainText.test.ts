import assert from 'node:assert/strict';
import { plain, plainName, wellFormed } from '../../../../src/core/model/plainText';
import { clusterTitle } from '../../../../src/core/model/titles';

describe('plain text', () => {
  for (const [said, shown] of [
    ['a name', 'a name'],
    [' \n two\r\nlines\t', 'two lines'],
    ['escape \u001b[31mred\u0007', 'escape  [31mred'],
    ['admin\u202egpj.exe', 'admin gpj.exe'],
    ['\u2066isolated\u2069\u200f', 'isolated'],
    ['para\u2029graph', 'para graph'],
    ['<b>bold</b> [link](command:x)', '<b>bold</b> [link]\u2060(command:x)'],
    ['$(trash) and $$(gear) for 5 $ (or so)', '$\u2060(trash) and $$\u2060(gear) for 5 $ (or so)'],
    ['zero\u200bwidth\ufeff \u2060\u00ad', 'zerowidth'],
    ['\u3164\u200d\u180e', ''],
    ['👩\u200d🚀', '👩\u200d🚀'],
    ['half a pair \ud83d', 'half a pair \ufffd'],
  ] as const) {
    it(`shows ${JSON.stringify(said)} as one line`, () => assert.equal(plain(said), shown));
  }

  it('of a name is cut for one line, and has a stand-in where nobody would see anything', () => {
    assert.equal(plainName(` ${'x'.repeat(100)} `), 'x'.repeat(100));
    assert.equal(plainName('x'.repeat(101)), `${'x'.repeat(100)}…`);
    assert.equal(clusterTitle({ id: 7, name: 'pro\u202educ\n tion' }), 'pro duc  tion');
    for (const name of ['', ' ', '\u200b\u202e', '\u3164']) {
      assert.equal(clusterTitle({ id: 7, name }), 'Cluster 7 (no name)');
    }
  });

  it('is cut where a server sends megabytes, between characters', () => {
    const shown = plain('🦊'.repeat(5_000_000));
    assert(shown.length <= 301);
    assert.equal(wellFormed(shown), shown);
    assert.match(shown, /…$/);
  });
});
