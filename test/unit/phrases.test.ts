import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import * as z from 'zod/mini';

/** Sentences of before that a native writer would not write, and words that mark such sentences. */
const phrases = readFileSync('test/unit/phrases.txt', 'utf8').trim().split('\n');
const words = /\b(?:so already|begun|taken over|shall|hence|anew|wholly|mend|does not tell|not told|gone on with)\b/i;

const bundle = z.parse(z.record(z.string(), z.unknown()), JSON.parse(readFileSync('l10n/bundle.l10n.json', 'utf8')));
const manifest = z.parse(z.record(z.string(), z.string()), JSON.parse(readFileSync('package.nls.json', 'utf8')));
const drawings = readdirSync('media/walkthrough').map((file) => `media/walkthrough/${file}`);

/** Everything people read, with where it is. Apostrophes count as one, however they are drawn. */
const texts: readonly (readonly [where: string, text: string])[] = [
  ...Object.keys(bundle).map((text) => ['code', text] as const),
  ...Object.entries(manifest).map(([key, text]) => [`package.nls.json ${key}`, text] as const),
  ...['README.md', 'CHANGELOG.md', 'CONTRIBUTING.md', 'SECURITY.md', ...drawings].map(
    (file) => [file, readFileSync(file, 'utf8').replace(/\s+/g, ' ')] as const,
  ),
];

const plainQuotes = (text: string): string => text.replaceAll('’', "'");

describe('What people read', () => {
  it('holds none of the phrases that were replaced', () => {
    assert.ok(phrases.length > 100 && texts.length > 500);
    const found = texts.flatMap(([where, text]) =>
      phrases
        .filter((phrase) => plainQuotes(text).includes(plainQuotes(phrase)))
        .map((phrase) => `${where}: ${phrase}`),
    );
    assert.deepEqual(found, []);
  });

  it('holds none of the words that mark such phrases', () => {
    const found = texts.flatMap(([where, text]) => {
      const [word] = words.exec(text) ?? [];
      return word === undefined ? [] : [`${where}: “${word}” in ${text.slice(0, 120)}`];
    });
    assert.deepEqual(found, []);
  });
});
