/**
 * A reader of Terraform's language for what can be known without running it: blocks, labels, and attributes whose value is a
 * literal, each with its place in the text. Expressions are kept as text and marked as such (Kubernetes facts 8.2, 8.3).
 */

import { HclCursor, MAX_DEPTH, brackets } from './hclCursor';
import type { HclAttribute, HclBlock, HclFile, HclValue } from './hclFile';

const IDENTIFIER = /[\p{L}_][\p{L}\p{N}_-]*/uy;

/** Reads a whole file. Never throws; what cannot be read is a problem. */
export function readHcl(text: string): HclFile {
  return new HclReader(text).file();
}

class HclReader {
  private readonly cursor: HclCursor;
  private readonly text: string;

  constructor(text: string) {
    this.cursor = new HclCursor(text);
    this.text = text;
  }

  file(): HclFile {
    const { blocks, attributes } = this.body(0);
    return { blocks, attributes, problems: this.cursor.problems };
  }

  /** Up to the closing brace, or the end of the file at depth 0. */
  private body(depth: number): Pick<HclBlock, 'blocks' | 'attributes'> {
    const blocks: HclBlock[] = [];
    const attributes: HclAttribute[] = [];
    for (;;) {
      this.cursor.blanks();
      if (this.cursor.at >= this.text.length || (depth > 0 && this.text[this.cursor.at] === '}'))
        return { blocks, attributes };
      const start = this.cursor.at;
      const name = this.cursor.match(IDENTIFIER)?.[0];
      if (name === undefined) {
        this.unexpected(start);
        continue;
      }
      this.cursor.blanks(false);
      if (this.text[this.cursor.at] === '=' && this.text[this.cursor.at + 1] !== '=') {
        this.cursor.at++;
        const value = this.value();
        attributes.push({ name, value, start, end: this.cursor.at });
      } else {
        const block = this.block(name, start, depth);
        if (block) blocks.push(block);
      }
    }
  }

  private block(type: string, start: number, depth: number): HclBlock | undefined {
    const labels: string[] = [];
    for (;;) {
      this.cursor.blanks(false);
      if (this.text[this.cursor.at] === '"') {
        const label = this.cursor.quoted();
        labels.push(label.type === 'string' ? label.value : '');
      } else {
        const word = this.cursor.match(IDENTIFIER)?.[0];
        if (word === undefined) break;
        labels.push(word);
      }
    }
    if (this.text[this.cursor.at] !== '{') {
      this.unexpected(start);
      return undefined;
    }
    if (depth >= MAX_DEPTH) {
      this.cursor.problems.push({ reason: 'tooDeep', start, end: this.text.length });
      this.cursor.at = this.text.length;
      return undefined;
    }
    this.cursor.at++;
    const body = this.body(depth + 1);
    if (this.text[this.cursor.at] === '}') this.cursor.at++;
    else this.cursor.problems.push({ reason: 'unclosed', start, end: this.text.length });
    return { type, labels, ...body, start, end: this.cursor.at };
  }

  /** The value behind an equals sign: a literal, or an expression up to the end of its line outside brackets. */
  private value(): HclValue {
    this.cursor.blanks(false);
    const start = this.cursor.at;
    const literal = this.literal();
    const end = this.cursor.at;
    this.cursor.blanks(false);
    const next = this.text[this.cursor.at];
    if (literal && (next === undefined || /[\n}\],]/.test(next))) {
      this.cursor.at = end;
      return literal;
    }
    this.cursor.at = start;
    return this.expression(start);
  }

  private literal(): HclValue | undefined {
    const start = this.cursor.at;
    const character = this.text[start];
    if (character === '"') return this.cursor.quoted();
    if (character === '[') return this.list();
    if (character === '<') return this.cursor.heredoc();
    const number = this.cursor.match(/-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/y)?.[0];
    if (number !== undefined) return { type: 'number', value: Number(number), start, end: this.cursor.at };
    const word = this.cursor.match(/(?:true|false|null)\b(?![\w.([-])/y)?.[0];
    if (word === undefined) return undefined;
    const range = { start, end: this.cursor.at };
    return word === 'null' ? { type: 'null', ...range } : { type: 'bool', value: word === 'true', ...range };
  }

  private list(): HclValue | undefined {
    const start = this.cursor.at++;
    const items: HclValue[] = [];
    for (;;) {
      this.cursor.blanks();
      if (this.text[this.cursor.at] === ']') return { type: 'list', items, start, end: ++this.cursor.at };
      const item = this.text[this.cursor.at] === '[' || this.text[this.cursor.at] === '<' ? undefined : this.literal();
      if (!item) return undefined;
      items.push(item);
      this.cursor.blanks();
      if (this.text[this.cursor.at] === ',') this.cursor.at++;
      else if (this.text[this.cursor.at] !== ']') return undefined;
    }
  }

  private expression(start: number): HclValue {
    while (this.cursor.at < this.text.length && !/[\n}\],]/.test(this.text[this.cursor.at] ?? '')) {
      const character = this.text[this.cursor.at] ?? '';
      if (/^(?:#|\/\/)/.test(this.text.slice(this.cursor.at, this.cursor.at + 2))) break;
      const close = brackets[character];
      if (character === '"') this.cursor.quoted();
      else if (close !== undefined) {
        this.cursor.at++;
        this.cursor.balanced(close);
      } else if (character !== '<' || !this.cursor.heredoc()) this.cursor.at++;
    }
    return { type: 'expression', text: this.text.slice(start, this.cursor.at).trim(), start, end: this.cursor.at };
  }

  private unexpected(start: number): void {
    const end = this.text.indexOf('\n', Math.max(this.cursor.at, start + 1));
    this.cursor.at = end < 0 ? this.text.length : end;
    this.cursor.problems.push({ reason: 'unexpected', start, end: this.cursor.at });
  }
}
