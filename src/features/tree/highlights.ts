/** Where words occur in a label, from the first one on and without overlaps, as VS Code marks them. */
export function highlightsIn(label: string, words: readonly string[]): [start: number, end: number][] {
  const text = label.toLowerCase();
  // Where lower case has another length, places would be wrong.
  if (text.length !== label.length) return [];
  const found: [number, number][] = [];
  for (let at = 0; at < text.length; at++) {
    const length = Math.max(0, ...words.map((word) => (text.startsWith(word, at) ? word.length : 0)));
    if (length === 0) continue;
    found.push([at, at + length]);
    at += length - 1;
  }
  return found;
}
