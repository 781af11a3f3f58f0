/**
 * A text as it sorts: letters without case and accents, numbers by value. Comparing two keys with `<` takes a tenth of
 * what a collator takes, and ten thousand names are sorted on every change.
 */
export function naturalKey(text: string): string {
  const lower = text.toLowerCase();
  // eslint-disable-next-line no-control-regex -- the range is ASCII, which needs no normalising
  const plain = /^[\u0000-\u007f]*$/.test(lower) ? lower : lower.normalize('NFD').replace(/\p{M}+/gu, '');
  return plain.replace(/\d+/g, (digits) => digits.padStart(12, '0'));
}

/** Sorts by key, then by the tie-breaker; gives a new list. */
export function sortedByKey<T>(items: readonly T[], key: (item: T) => string, tie: (item: T) => number): T[] {
  return items
    .map((item) => ({ item, key: key(item) }))
    .sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : tie(a.item) - tie(b.item)))
    .map(({ item }) => item);
}
