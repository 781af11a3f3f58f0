import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { plain } from '../../../../src/core/model/plainText';
import { escapeMarkdown, tooltipMarkdown } from '../../../../src/core/model/markdown';

describe('Markdown from foreign text', () => {
  it('escapes every punctuation mark, so that nothing of it acts', () => {
    assert.equal(
      escapeMarkdown('[a](command:x) <b> &amp; https://e.example'),
      '\\[a\\]\u2060\\(command\\:x\\) \\<b\\> \\&amp\\; https\\:\\/\\/e\\.example',
    );
  });

  it('is the text itself once the escapes are read, whatever it was', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary-ascii', maxLength: 60 }), (text) => {
        const escaped = escapeMarkdown(text);
        assert.equal(escaped.replace(/\\([!-/:-@[-`{-~])/g, '$1'), plain(text));
        assert.doesNotMatch(escaped.replace(/\\[!-/:-@[-`{-~]/g, ''), /[!-/:-@[-`{-~]/);
      }),
    );
  });

  it('leaves out fields without a value and sentences that do not apply', () => {
    assert.equal(
      tooltipMarkdown(
        'Title',
        [
          ['A', '1'],
          ['B', undefined],
          ['C', ''],
          ['D', '2'],
        ],
        [undefined, 'Why'],
      ),
      '**Title**\n\nA: 1  \nD: 2\n\nWhy',
    );
    assert.equal(tooltipMarkdown('Title', [], [undefined]), '**Title**');
  });
});
