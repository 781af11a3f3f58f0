import { isList, isMapping } from '../importer/tree';
import type { Tree } from '../importer/tree';

/** A text by its lines, so that some can be inserted and every other one keeps each character, line ends included. */
export interface Lines {
  readonly lines: readonly string[];
  readonly end: '\n' | '\r\n';
}

export function linesOf(text: string): Lines {
  const end = text.includes('\r\n') ? '\r\n' : '\n';
  const lines = text.split(/(?<=\n)/).map((line) => line.replace(/\r?\n$/, ''));
  // Behind the last line break there is no line.
  return { lines: text.endsWith('\n') ? lines : text === '' ? [] : lines, end };
}

/** The text with lines inserted before the line of this index. */
export function inserted(text: string, at: number, added: readonly string[]): string {
  const { end } = linesOf(text);
  const parts = text.split(/(?<=\n)/).filter((part) => part !== '');
  const before = parts.slice(0, at);
  const last = before.at(-1);
  if (last !== undefined && !last.endsWith('\n')) before[before.length - 1] = `${last}${end}`;
  return [...before, ...added.map((line) => `${line}${end}`), ...parts.slice(at)].join('');
}

/** Nobody writes longer lines with a key that opens a block; looking at them would take long. */
export const MAX_LINE = 1000;

/** The blanks a line begins with; undefined for one with nothing but blanks or a comment. */
export function indentOf(line: string): string | undefined {
  const [, indent = '', first] = /^(\s*)(\S)?/.exec(line) ?? [];
  return first === undefined || first === '#' ? undefined : indent;
}

/** A line `key:` with nothing behind it but a comment or an anchor, so that what it holds stands below it. */
export function opensBlock(line: string | undefined, key: string): boolean {
  if ((line ?? '').length > MAX_LINE) return false;
  const match =
    /^\s*(?:"([^"\\]*)"|'([^']*)'|([^\s"'#&*!|>{[-][^#]*?|[^\s"'#&*!|>{[-]))\s*:(?:\s+&[\w-]+)?\s*(?:\s#.*)?$/.exec(
      line ?? '',
    );
  return match !== null && (match[1] ?? match[2] ?? match[3]) === key;
}

/**
 * Where the block below a line begins and ends, as indexes of lines: `end` is behind its last line that is neither blank nor
 * a comment. `indent` is that of its first line; undefined where nothing stands below. A list may stand as far out as its key.
 */
export function blockBelow(
  lines: readonly string[],
  at: number,
): { readonly start: number; readonly end: number; readonly indent: string | undefined } {
  const own = indentOf(lines[at] ?? '') ?? '';
  let indent: string | undefined;
  let end = at + 1;
  for (let index = at + 1; index < lines.length; index++) {
    const line = lines[index] ?? '';
    const here = indentOf(line);
    if (here === undefined) continue;
    const isItem = line.startsWith(`${own}- `) || line === `${own}-`;
    const isInside = here.length > own.length || (here === own && isItem && (indent === undefined || indent === own));
    if (!isInside) break;
    indent ??= here;
    end = index + 1;
  }
  return { start: at + 1, end, indent };
}

/** Whether two texts that were read say the same; the order of keys means nothing. */
export function sameTree(one: Tree, other: Tree): boolean {
  if (typeof one === 'string' || typeof other === 'string') return one === other;
  if (isList(one) || isList(other)) {
    if (!isList(one) || !isList(other) || one.length !== other.length) return false;
    return one.every((item, index) => sameTree(item, other[index] ?? ''));
  }
  if (!isMapping(one) || !isMapping(other)) return false;
  const keys = Object.keys(one);
  return (
    keys.length === Object.keys(other).length &&
    keys.every((key) => {
      const [mine, theirs] = [one[key], other[key]];
      return mine !== undefined && theirs !== undefined && Object.hasOwn(other, key) && sameTree(mine, theirs);
    })
  );
}

/** A text as YAML: plain where it can be nothing else, in double quotes otherwise. */
export function scalar(text: string): string {
  const isPlain = /^[A-Za-z0-9_./][\w./:@ $-]*$/.test(text) && !/:(?:\s|$)|\s$/.test(text);
  const isWord = /^(?:true|false|yes|no|on|off|y|n|null|~|[\d.+-]+(?:e\d+)?)$/i.test(text);
  return isPlain && !isWord ? text : JSON.stringify(text);
}
