import { plain } from '../../core/model/plainText';

/** What means something to Markdown inside a line, and addresses, which would become links. */
const special = /[\\`*_[\]<>|&~$@]|:\/\/|^www\./i;

/** Foreign text as a code span: it stays as it is, readable in the source too. */
export function codeSpan(text: string): string {
  const shown = plain(text);
  if (shown === '') return '';
  const longest = Math.max(0, ...[...shown.matchAll(/`+/g)].map(([ticks]) => ticks.length));
  const fence = '`'.repeat(longest + 1);
  const space = longest > 0 ? ' ' : '';
  return `${fence}${space}${shown}${space}${fence}`;
}

/** A sentence: what is quoted in it, and words that Markdown would take for its own, become code spans. */
export function inlineText(text: string): string {
  const words = plain(text).match(/“[^”]*”|\s+|[^\s“]+|“/g) ?? [];
  return words.map(wordOf).join('');
}

function wordOf(word: string, index: number): string {
  const quoted = /^“([^”]+)”$/.exec(word)?.[1];
  if (quoted !== undefined) return codeSpan(quoted);
  const [, before = '', core = '', after = ''] = /^(\(*)(.*?)([.,;:)?]*)$/s.exec(word) ?? [];
  if (special.test(core)) return `${before}${codeSpan(core)}${after}`;
  // What would begin a list or heading, in front alone.
  return index > 0 ? word : word.replace(/^(\d+)([.)])/, '$1\\$2').replace(/^[-+=#:]/, '\\$&');
}

/** One row of a table. In code spans, too, only a backslash keeps a pipe from ending the cell. */
export function tableRow(cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}
