/** What a server says is cut here where it is shown inside a sentence or row of ours: it may send anything. */
const MAX_WORDS = 300;

/**
 * What VS Code makes a link of in notifications and below input boxes (`[text](command:…)`, which runs a command when it is
 * clicked), and an icon in lists and the status bar (`$(trash)`): https://code.visualstudio.com/api/references/icons-in-labels
 */
const MARKUP = /(?<=\])(?=\()|(?<=\$)(?=\()/gu;
/** Seen by nobody, and between two characters enough that they are no markup any more. */
const WORD_JOINER = '\u2060';

/** What has no shape of its own; a joiner after a part of an emoji belongs to it. */
const INVISIBLE =
  /(?<!\p{Extended_Pictographic}\ufe0f?|\p{Emoji_Modifier})\u200d|[^\P{Cf}\u200d]|[^\P{Cc}\t\r\n]|[\p{Zl}\p{Zp}\u115f\u1160\u3164\uffa0]/gu;

/**
 * One line, no control, direction-changing or invisible characters, no markup of VS Code, capped: fit for rows, messages and the log.
 * For the eyes only: what is copied, sent or compared stays as it is.
 */
export function plain(text: string): string {
  // Only the beginning is looked at: a server may send megabytes.
  const line = text
    .slice(0, 20 * MAX_WORDS)
    .replace(/[\p{Cc}\p{Zl}\p{Zp}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]+/gu, ' ')
    .replace(INVISIBLE, '')
    .replace(MARKUP, WORD_JOINER)
    .trim();
  return wellFormed(line.length > MAX_WORDS ? `${line.slice(0, MAX_WORDS)}…` : line);
}

/** Longer names are cut where one line has to hold more than the name: headings, tabs, questions, notifications. */
const MAX_NAME = 100;

/** A name as `plain`, cut for a heading. Empty where nobody would see anything. */
export function plainName(name: string): string {
  const line = plain(name);
  return line.length > MAX_NAME ? wellFormed(`${line.slice(0, MAX_NAME).trimEnd()}…`) : line;
}

/**
 * A text without the characters nobody sees: controls, direction changes, joiners, fillers. Line breaks and tabs stay, and
 * what joins the parts of an emoji.
 */
export function visible(text: string): string {
  return text.replace(INVISIBLE, '');
}

/** Halves of surrogate pairs become question marks; addresses cannot be made with them. */
export function wellFormed(text: string): string {
  return text.replace(/\p{Cs}/gu, '\ufffd');
}
