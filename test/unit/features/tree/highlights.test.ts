import assert from 'node:assert/strict';
import { highlightsIn } from '../../../../src/features/tree/highlights';

/** What is marked of a label. */
function marked(label: string, ...words: string[]): string[] {
  return highlightsIn(label, words).map(([start, end]) => label.slice(start, end));
}

describe('What a filter marks in a row', () => {
  it('is each occurrence of each word, in any case', () => {
    assert.deepEqual(marked('Production-EU-production', 'production'), ['Production', 'production']);
    assert.deepEqual(marked('production-eu', 'eu', 'prod'), ['prod', 'eu']);
  });

  it('is the longest of words that begin at the same place, and nothing twice', () => {
    assert.deepEqual(marked('production', 'prod', 'product'), ['product']);
    assert.deepEqual(marked('aaa', 'aa'), ['aa']);
    assert.deepEqual(highlightsIn('banana', ['ana', 'nan']), [[1, 4]]);
  });

  it('is nothing without words, and nothing where no word occurs', () => {
    assert.deepEqual(highlightsIn('production', []), []);
    assert.deepEqual(highlightsIn('production', ['']), []);
    assert.deepEqual(highlightsIn('production', ['staging']), []);
  });

  it('is nothing in a label whose lower case has other places', () => {
    assert.deepEqual(highlightsIn('İstanbul-eu', ['eu']), []);
  });
});
