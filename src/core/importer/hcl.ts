/**
 * A reader of Terraform's language for what can be known without running it: blocks, labels, and attributes whose value is a
 * literal, each with its place in the text. Expressions are kept as text and marked as such (Kubernetes facts 8.2, 8.3).
 */

/** Offsets in UTF-16 code units: the first character, and the one behind the last. */
export interface HclRange {
  readonly start: number;
  readonly end: number;
}

export type HclValue = (
  | { readonly type: 'string'; readonly value: string }
  | { readonly type: 'number'; readonly value: number }
  | { readonly type: 'bool'; readonly value: boolean }
  | { readonly type: 'null' }
  | { readonly type: 'list'; readonly items: readonly HclValue[] }
  /** A reference, a call, a template: only Terraform knows its value. */
  | { readonly type: 'expression'; readonly text: string }
) &
  HclRange;

export interface HclAttribute extends HclRange {
  readonly name: string;
  readonly value: HclValue;
}

export interface HclBlock extends HclRange {
  readonly type: string;
  readonly labels: readonly string[];
  readonly attributes: readonly HclAttribute[];
  readonly blocks: readonly HclBlock[];
}

/** A place the reader did not understand; it went on behind it. */
export interface HclProblem extends HclRange {
  readonly reason: 'unclosed' | 'unexpected' | 'tooDeep';
}

export interface HclFile {
  readonly blocks: readonly HclBlock[];
  readonly attributes: readonly HclAttribute[];
  readonly problems: readonly HclProblem[];
}

const MAX_DEPTH = 50;
const IDENTIFIER = /[\p{L}_][\p{L}\p{N}_-]*/uy;
const HEREDOC = /<<(-?)([\p{L}_][\p{L}\p{N}_-]*)[ \t]*\r?\n/uy;

/** Reads a whole file. Never throws; what cannot be read is a problem. */
export function readHcl(text: string): HclFile {
  return new HclReader(text).file();
}

class HclReader {
  private at = 0;
  private readonly text: string;
  private readonly problems: HclProblem[] = [];

  constructor(text: string) {
    this.text = text;
  }

  file(): HclFile {
    const { blocks, attributes } = this.body(0);
    return { blocks, attributes, problems: this.problems };
  }

  /** Up to the closing brace, or the end of the file at depth 0. */
  private body(depth: number): Pick<HclBlock, 'blocks' | 'attributes'> {
    const blocks: HclBlock[] = [];
    const attributes: HclAttribute[] = [];
    for (;;) {
      this.blanks();
      if (this.at >= this.text.length || (depth > 0 && this.text[this.at] === '}')) return { blocks, attributes };
      const start = this.at;
      const name = this.match(IDENTIFIER)?.[0];
      if (name === undefined) {
        this.unexpected(start);
        continue;
      }
      this.blanks(false);
      if (this.text[this.at] === '=' && this.text[this.at + 1] !== '=') {
        this.at++;
        const value = this.value();
        attributes.push({ name, value, start, end: this.at });
      } else {
        const block = this.block(name, start, depth);
        if (block) blocks.push(block);
      }
    }
  }

  private block(type: string, start: number, depth: number): HclBlock | undefined {
    const labels: string[] = [];
    for (;;) {
      this.blanks(false);
      if (this.text[this.at] === '"') {
        const label = this.quoted();
        labels.push(label.type === 'string' ? label.value : '');
      } else {
        const word = this.match(IDENTIFIER)?.[0];
        if (word === undefined) break;
        labels.push(word);
      }
    }
    if (this.text[this.at] !== '{') {
      this.unexpected(start);
      return undefined;
    }
    if (depth >= MAX_DEPTH) {
      this.problems.push({ reason: 'tooDeep', start, end: this.text.length });
      this.at = this.text.length;
      return undefined;
    }
    this.at++;
    const body = this.body(depth + 1);
    if (this.text[this.at] === '}') this.at++;
    else this.problems.push({ reason: 'unclosed', start, end: this.text.length });
    return { type, labels, ...body, start, end: this.at };
  }

  /** The value behind an equals sign: a literal, or an expression up to the end of its line outside brackets. */
  private value(): HclValue {
    this.blanks(false);
    const start = this.at;
    const literal = this.literal();
    const end = this.at;
    this.blanks(false);
    const next = this.text[this.at];
    if (literal && (next === undefined || /[\n}\],]/.test(next))) {
      this.at = end;
      return literal;
    }
    this.at = start;
    return this.expression(start);
  }

  private literal(): HclValue | undefined {
    const start = this.at;
    const character = this.text[start];
    if (character === '"') return this.quoted();
    if (character === '[') return this.list();
    if (character === '<') return this.heredoc();
    const number = this.match(/-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/y)?.[0];
    if (number !== undefined) return { type: 'number', value: Number(number), start, end: this.at };
    const word = this.match(/(?:true|false|null)\b(?![\w.([-])/y)?.[0];
    if (word === undefined) return undefined;
    const range = { start, end: this.at };
    return word === 'null' ? { type: 'null', ...range } : { type: 'bool', value: word === 'true', ...range };
  }

  private list(): HclValue | undefined {
    const start = this.at++;
    const items: HclValue[] = [];
    for (;;) {
      this.blanks();
      if (this.text[this.at] === ']') return { type: 'list', items, start, end: ++this.at };
      const item = this.text[this.at] === '[' || this.text[this.at] === '<' ? undefined : this.literal();
      if (!item) return undefined;
      items.push(item);
      this.blanks();
      if (this.text[this.at] === ',') this.at++;
      else if (this.text[this.at] !== ']') return undefined;
    }
  }

  /** `"…"`; with an interpolation inside it is an expression. */
  private quoted(): HclValue {
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
  private heredoc(): HclValue | undefined {
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

  private expression(start: number): HclValue {
    while (this.at < this.text.length && !/[\n}\],]/.test(this.text[this.at] ?? '')) {
      const character = this.text[this.at] ?? '';
      if (/^(?:#|\/\/)/.test(this.text.slice(this.at, this.at + 2))) break;
      const close = brackets[character];
      if (character === '"') this.quoted();
      else if (close !== undefined) {
        this.at++;
        this.balanced(close);
      } else if (character !== '<' || !this.heredoc()) this.at++;
    }
    return { type: 'expression', text: this.text.slice(start, this.at).trim(), start, end: this.at };
  }

  /** Goes behind the bracket that closes what was opened; quotes, comments and brackets inside count. */
  private balanced(close: string): void {
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

  /** Blanks and comments; line ends too, unless told otherwise. */
  private blanks(lines = true): void {
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

  private unexpected(start: number): void {
    const end = this.text.indexOf('\n', Math.max(this.at, start + 1));
    this.at = end < 0 ? this.text.length : end;
    this.problems.push({ reason: 'unexpected', start, end: this.at });
  }

  private match(pattern: RegExp): RegExpExecArray | undefined {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text);
    if (found) this.at = pattern.lastIndex;
    return found ?? undefined;
  }
}

const brackets: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}' };
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
