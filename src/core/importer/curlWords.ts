/** Splits a command line into words as sh, cmd or PowerShell do: enough for what people copy, and it runs nothing. */
export function wordsOf(text: string): readonly string[] {
  const line = text.replace(/[\\^`][ \t]*\r?\n\s*/g, ' ');
  const words: string[] = [];
  let at = 0;
  while (at < line.length) {
    const character = line[at] ?? '';
    if (/\s/.test(character)) {
      at++;
      continue;
    }
    // What follows belongs to another command.
    if (/[|;&<>\n]/.test(character)) break;
    const word = readWord(line, at);
    words.push(word.text);
    at = word.end;
  }
  return words;
}

function readWord(line: string, start: number): { readonly text: string; readonly end: number } {
  let text = '';
  let at = start;
  while (at < line.length && !/[\s|;&]/.test(line[at] ?? '')) {
    const [quote] = /^(?:\$'|'|\^?")/.exec(line.slice(at, at + 2)) ?? [];
    if (quote === undefined) {
      // A backslash keeps the next character in sh; in a path of Windows it is one itself.
      const isEscape = line[at] === '\\' && /[\s"'\\$`&|;<>()]/.test(line[at + 1] ?? '');
      if (isEscape) at++;
      text += line[at] ?? '';
      at++;
      continue;
    }
    const inside = readQuoted(line, at + quote.length, quote);
    text += inside.text;
    at = inside.end;
  }
  return { text, end: Math.max(at, start + 1) };
}

const escapes: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t' };

function readQuoted(line: string, start: number, quote: string): { readonly text: string; readonly end: number } {
  const close = quote.slice(-1);
  const isEscaping = quote !== "'";
  let text = '';
  let at = start;
  for (; at < line.length && line[at] !== close; at++) {
    if (quote === '^"' && line.startsWith('^"', at)) break;
    if (isEscaping && line[at] === '\\' && at + 1 < line.length) {
      const next = line[at + 1] ?? '';
      const unicode = /^\\u([0-9a-fA-F]{4})/.exec(line.slice(at, at + 6));
      if (quote === "$'" && unicode) {
        text += String.fromCharCode(Number.parseInt(unicode[1] ?? '', 16));
        at += 5;
      } else if (quote === "$'" || /["\\$`]/.test(next)) {
        text += (quote === "$'" && escapes[next]) || next;
        at++;
      } else text += '\\';
    } else text += line[at];
  }
  return { text, end: at + (line.startsWith('^"', at) ? 2 : 1) };
}
