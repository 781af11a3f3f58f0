/**
 * GitLab's search in lists (GitLab API contract 1.6): every word of three letters or more, or quoted phrase, must be in
 * one and the same text; a query without such a word must be that text. Case never matters.
 */
export function searched(query: string | null | undefined, texts: readonly string[]): boolean {
  const wanted = (query ?? '').trim().replaceAll(/\s+/g, ' ').toLowerCase();
  if (wanted === '') {
    return true;
  }
  const quoted = wanted.match(/(?<=^| )"[^"]+"(?= |$)/g) ?? [];
  const rest = quoted.reduce((left, phrase) => left.replaceAll(phrase, ''), wanted);
  const words = [...rest.split(' '), ...quoted.map((phrase) => phrase.slice(1, -1))].filter(
    (word) => [...word].length >= 3,
  );
  return texts
    .map((text) => text.toLowerCase())
    .some((text) => (words.length === 0 ? text === wanted : words.every((word) => text.includes(word))));
}
