import type { HclProblem, HclRange, HclValue } from './hclFile';

export const MAX_DEPTH = 50;
const HEREDOC = /<<(-?)([\p{L}_][\p{L}\p{N}_-]*)[ \t]*\r?\n/uy;

/** Goes through a text of Terraform's language word by word: blanks, comments, texts in quotes, and what brackets hold. */
export class HclCursor {
  at = 0;
  readonly text: string;
  readonly problems: HclProblem[] = [];

  constructor(text: string) {
    this.text = text;
  }

  /** What stands here, if the sticky pattern fits; then the cursor is behind it. */
  match(pattern: RegExp): RegExpExecArray | undefined {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text);
    if (found) this.at = pattern.lastIndex;
    return found ?? undefined;
  }

  /** Blanks and comments; line ends too, unless told otherwise. */
  blanks(lines = true): void {
    for (;;) {
      const character = this.text[this.at] ?? '';
      if (/^[ \t\r\ufeff]$/.test(character) || (lines && character === '\n')) this.at++;
      else if (/^(?:#|\/\/|\/\*)/.test(this.text.slice(this.at, this.at + 2))) this.comment();
      else return;
    }
  }

  private comment(): void {
    const isBlock = this.text.startsWith('/*', this.at);
    const end = this.text.indexOf(isBlock ? '*/' : '\n', this.at);
    this.at = end < 0 ? this.text.length : isBlock ? end + 2 : end;
  }

  /** Goes behind the bracket that closes what was opened; quotes, comments and brackets inside count. */
  balanced(close: string): void {
    const start = this.at;
    const expected = [close];
    while (this.at < this.text.length && expected.length > 0) {
      const character = this.text[this.at] ?? '';
      if (character === '"') {
        this.quoted();
        continue;
      }
      if (/^(?:#|\/\/|\/\*)/.test(this.text.slice(this.at, this.at + 2))) {
        this.comment();
        continue;
      }
      const inner = brackets[character];
      if (inner !== undefined && expected.length < MAX_DEPTH) expected.push(inner);
      else if (character === expected.at(-1)) expected.pop();
      this.at++;
    }
    if (expected.length > 0) this.problems.push({ reason: 'unclosed', start, end: this.at });
  }

  /** `"…"`; with an interpolation inside it is an expression. */
  quoted(): HclValue {
    const start = this.at++;
    let value = '';
    let isTemplate = false;
    while (this.at < this.text.length && this.text[this.at] !== '"' && this.text[this.at] !== '\n') {
      const rest = this.text.slice(this.at, this.at + 10);
      const escape = /^\\(?:u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|(.))/s.exec(rest);
      if (/^[$%]\{/.test(rest)) {
        isTemplate = true;
        this.at += 2;
        this.balanced('}');
      } else if (/^(?:\$\$|%%)\{/.test(rest)) {
        value += rest.slice(1, 3);
        this.at += 3;
      } else if (escape) {
        const [all, short, long, single = ''] = escape;
        const code = Number.parseInt(short ?? long ?? '', 16);
        value += code <= 0x10ffff ? String.fromCodePoint(code) : (simpleEscapes[single] ?? single);
        this.at += all.length;
      } else value += this.text[this.at++];
    }
    if (this.text[this.at] === '"') this.at++;
    else this.problems.push({ reason: 'unclosed', start, end: this.at });
    const range = { start, end: this.at };
    return isTemplate
      ? { type: 'expression', text: this.text.slice(start, this.at), ...range }
      : { type: 'string', value, ...range };
  }

  /** `<<EOT` and `<<-EOT`, which removes the indentation all lines have. */
  heredoc(): HclValue | undefined {
    const start = this.at;
    const opening = this.match(HEREDOC);
    if (!opening) return undefined;
    const [, indented, word = ''] = opening;
    const lines: string[] = [];
    while (this.at < this.text.length) {
      const newline = this.text.indexOf('\n', this.at);
      const end = newline < 0 ? this.text.length : newline;
      const line = this.text.slice(this.at, end);
      if (line.trim() === word) {
        this.at += line.trimEnd().length;
        return heredocValue(indented === '-' ? unindented(lines) : lines, { start, end: this.at });
      }
      lines.push(line);
      this.at = newline < 0 ? end : newline + 1;
    }
    this.problems.push({ reason: 'unclosed', start, end: this.at });
    return undefined;
  }
}

/** What closes each opening bracket. */
export const brackets: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}' };
const simpleEscapes: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t' };

function heredocValue(lines: readonly string[], range: HclRange): HclValue {
  const text = lines.map((line) => `${line}\n`).join('');
  return /(?<!\$)\$\{|(?<!%)%\{/.test(text)
    ? { type: 'expression', text, ...range }
    : { type: 'string', value: text.replace(/(?:\$\$|%%)(?=\{)/g, (mark) => mark.slice(1)), ...range };
}

function unindented(lines: readonly string[]): readonly string[] {
  const depths = lines.filter((line) => line.trim() !== '').map((line) => line.length - line.trimStart().length);
  const least = depths.length === 0 ? 0 : Math.min(...depths);
  return lines.map((line) => line.slice(Math.min(least, line.length - line.trimStart().length)));
}
