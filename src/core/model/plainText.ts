/** What a server says is cut here where it is shown inside a sentence or row of ours: it may send anything. */
const MAX_WORDS = 300;

/**
 * What VS Code makes a link of in notifications and below input boxes (`[text](command:…)`, which runs a command when it is
 * clicked), and an icon in lists and the status bar (`$(trash)`): https://code.visualstudio.com/api/references/icons-in-labels
 */
const MARKUP = /(?<=\])(?=\()|(?<=\$)(?=\()/gu;
/** Seen by nobody, and between two characters enough that they are no markup any more. */
const WORD_JOINER = '\u2060';

/**
 * One line, no control or direction-changing characters, no markup of VS Code, capped: fit for rows, messages and the log.
 * For the eyes only: what is copied, sent or compared stays as it is.
 */
export function plain(text: string): string {
  // Only the beginning is looked at: a server may send megabytes.
  const line = text
    .slice(0, 20 * MAX_WORDS)
    .replace(/[\p{Cc}\p{Zl}\p{Zp}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]+/gu, ' ')
    .replace(MARKUP, WORD_JOINER)
    .trim();
  return wellFormed(line.length > MAX_WORDS ? `${line.slice(0, MAX_WORDS)}…` : line);
}

/** Halves of surrogate pairs become question marks; addresses cannot be made with them. */
export function wellFormed(text: string): string {
  return text.replace(/\p{Cs}/gu, '\ufffd');
}
