/** What a server says is cut here where it is shown inside a sentence or row of ours: it may send anything. */
const MAX_WORDS = 300;

/** One line, no control or direction-changing characters, capped: fit for rows, messages and the log. */
export function plain(text: string): string {
  // Only the beginning is looked at: a server may send megabytes.
  const line = text
    .slice(0, 20 * MAX_WORDS)
    .replace(/[\p{Cc}\p{Zl}\p{Zp}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]+/gu, ' ')
    .trim();
  return wellFormed(line.length > MAX_WORDS ? `${line.slice(0, MAX_WORDS)}…` : line);
}

/** Halves of surrogate pairs become question marks; addresses cannot be made with them. */
export function wellFormed(text: string): string {
  return text.replace(/\p{Cs}/gu, '\ufffd');
}
