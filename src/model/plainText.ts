/** What a server says is cut here where it is shown inside a sentence or row of ours: it may send anything. */
const MAX_WORDS = 300;

/** One line, no control or direction-changing characters, capped: fit for rows, messages and the log. */
export function plain(text: string): string {
  const line = text.replace(/[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]+/gu, ' ').trim();
  return line.length > MAX_WORDS ? `${line.slice(0, MAX_WORDS)}…` : line;
}
