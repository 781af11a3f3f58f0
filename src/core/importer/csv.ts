/**
 * The cells of a table as RFC 4180 and spreadsheets write it: separated by commas, semicolons or tabs, whichever the first
 * line has most of. Lines without any text are left out.
 */
export function readCsv(text: string): readonly (readonly string[])[] {
  const separator = separatorOf(text);
  const lines: string[][] = [];
  let line: string[] = [];
  let at = 0;
  const endLine = (): void => {
    if (line.some((cell) => cell.trim() !== '')) lines.push(line);
    line = [];
  };
  while (at < text.length) {
    const { cell, end } = text[at] === '"' ? quotedCell(text, at) : plainCell(text, at, separator);
    line.push(cell);
    at = end;
    if (text[at] === separator) {
      at++;
      // A separator at the very end has an empty cell behind it.
      if (at >= text.length) line.push('');
      continue;
    }
    at += text.startsWith('\r\n', at) ? 2 : 1;
    endLine();
  }
  endLine();
  return lines;
}

function separatorOf(text: string): string {
  const [first = ''] = text.split(/\r?\n|\r/, 1);
  const count = (separator: string): number => first.split(separator).length;
  return [',', ';', '\t'].reduce((best, one) => (count(one) > count(best) ? one : best));
}

function plainCell(text: string, at: number, separator: string): { readonly cell: string; readonly end: number } {
  let end = at;
  while (end < text.length && text[end] !== separator && text[end] !== '\n' && text[end] !== '\r') end++;
  return { cell: unguarded(text.slice(at, end)), end };
}

/** Two quotes stand for one; what follows the closing quote up to the separator is kept, as spreadsheets do. */
function quotedCell(text: string, at: number): { readonly cell: string; readonly end: number } {
  let cell = '';
  let end = at + 1;
  for (;;) {
    const quote = text.indexOf('"', end);
    if (quote < 0) return { cell: unguarded(cell + text.slice(end)), end: text.length };
    cell += text.slice(end, quote);
    end = quote + 1;
    if (text[end] !== '"') return { cell: unguarded(cell), end };
    cell += '"';
    end++;
  }
}

/** Without the apostrophes that keep a spreadsheet from running a cell, or a part of it, as a formula (see `csvCell`). */
function unguarded(cell: string): string {
  return cell
    .replace(/(?<=[;\t\r\n][;\s"]*)'(?=[=+\-@\uff1d\uff0b\uff0d\uff20])/g, '')
    .replace(/^'(?=[\t\r\n]|\s*[=+\-@\uff1d\uff0b\uff0d\uff20])/, '');
}

/** Whether a text begins with the heads of a table of clusters, as `readClusterList` needs them. */
export function isClusterTable(text: string): boolean {
  const [first = ''] = text.trimStart().split('\n', 1);
  const [heads = []] = readCsv(first);
  return heads.length > 1 && heads.some((head) => /^api[ _-]?url$/i.test(head.trim()));
}
