import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { plain } from '../../../../src/core/model/plainText';
import { escapeMarkdown, escapeMarkdownLightly, tooltipMarkdown } from '../../../../src/core/model/markdown';

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

  it('is escaped lightly where people read the source, and nothing of it acts either', () => {
    assert.equal(escapeMarkdownLightly('1. k8s-a.example.com: 10.0.0.1, “x”'), '1\\. k8s-a.example.com: 10.0.0.1, “x”');
    assert.equal(
      escapeMarkdownLightly('[a](command:x) <b> &amp; https://e.example | `c` *d* _e_'),
      '\\[a\\]\u2060(command:x) \\<b\\> \\&amp; https\\://e.example \\| \\`c\\` \\*d\\* \\_e\\_',
    );
    for (const start of ['# a', '- a', '+ a', '= a']) assert.equal(escapeMarkdownLightly(start), `\\${start}`);
    fc.assert(
      fc.property(fc.string({ unit: 'binary-ascii', maxLength: 60 }), (text) => {
        const left = escapeMarkdownLightly(text).replace(/\\[!-/:-@[-`{-~]/g, '·');
        assert.doesNotMatch(left, /[\\`*_[\]<>|&~!$]|:\/\/|^[-+=#]|^\d+[.)]/);
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
