/** A command of a line of shell script. */
interface Piece {
  /** As it is written, with what ends it. */
  readonly text: string;
  readonly separator: string;
  /** What it prints may go somewhere else than into the log. */
  readonly isUsed: boolean;
}

const PRINTS = /^\s*(?:(?:then|else|do|!)\s+)*(?:echo|printf|write-host)(?:\s+(?!-v)|$)/i;
const VARIABLES = /\$\{[^}]*\}|\$(?:env:)?\w+|%\w+%/gi;
/** Words that end what prints as a whole, and the one that sends everything on. */
const WHOLE = /^\s*(?:done|fi|esac|\}|exec)(?![\w-])/;
/** Output to the log, or to where nothing reads it. */
const TO_THE_LOG = /[12]?>&[12]|[12&]?>{1,2}[ \t]*\/dev\/null/g;
/** Longer lines are no script that anybody wrote. */
const MAX_LINE = 10_000;

/**
 * A script without its comments and without the words it only prints, which use nothing of a cluster: of `echo "kubectl
 * for $CI_PROJECT_NAME"` the variable is left. What is printed into a pipe, a file or another command stays, and so does
 * everything where it cannot be told what is printed. `script` is the text of one shell; its lines stay lines.
 */
export function withoutPrintedWords(script: string): string {
  if (!/echo|printf|write-host|#/i.test(script)) return script;
  const lines = script.replace(/\\\r?\n/g, ' ').split('\n');
  if (lines.some((line) => line.length > MAX_LINE)) return script;
  const read: (readonly Piece[])[] = [];
  for (const line of lines) {
    const pieces = /^\s*function\s/.test(line) ? undefined : piecesOf(line);
    if (!pieces || pieces.some(({ text, isUsed }) => isUsed && WHOLE.test(text))) return script;
    read.push(pieces);
  }
  return read.map((pieces) => pieces.map(quieted).join('')).join('\n');
}

function quieted({ text, separator, isUsed }: Piece): string {
  const start = PRINTS.exec(text);
  if (!start || isUsed) return text + separator;
  return [start[0].trimEnd(), ...(text.match(VARIABLES) ?? [])].join(' ') + separator;
}

/**
 * The commands of a line. Undefined for the beginning of a text over several lines, a function, a group or a
 * here-document: what is printed inside may be read by anything.
 */
function piecesOf(line: string): readonly Piece[] | undefined {
  const pieces: Piece[] = [];
  let quote: string | undefined;
  let text = '';
  let isPiped = false;
  /** Commands within the line's texts, and how many of them are open. */
  let [substitutions, open, ticks] = [0, 0, 0];
  const end = (separator: string): void => {
    const plain = text.replace(/"(?:\\.|[^"\\])*"|'[^']*'/g, '').replace(TO_THE_LOG, '');
    pieces.push({ text, separator, isUsed: isPiped || plain.includes('>') });
    text = '';
    isPiped = false;
  };
  for (let index = 0; index < line.length; index++) {
    const char = line.charAt(index);
    const next = line.charAt(index + 1);
    const before = line.charAt(index - 1);
    if (char === '\\' && quote !== "'") {
      text += char + next;
      index++;
      continue;
    }
    if (quote !== "'") {
      if (char === '`') ticks++;
      if (char === '$' && next === '(') substitutions++;
      if (char === '(') open++;
      if (char === ')') open--;
      if (open < 0) return undefined;
    }
    if (quote !== undefined) {
      if (char === quote) quote = undefined;
    } else if (char === '"' || char === "'") {
      quote = char;
    } else if (char === '#' && next !== '!' && (index === 0 || /\s/.test(before))) {
      break;
    } else if ((char === '(' && before !== '$') || (char === '<' && next === '<')) {
      return undefined;
    } else if (char === ';' || (char === '&' && before !== '>' && next !== '>') || (char === '|' && next === '|')) {
      const separator = next === char ? char + next : char;
      end(separator);
      index += separator.length - 1;
      continue;
    } else if (char === '|') {
      // What reads the pipe stays with what is printed into it.
      isPiped = true;
    }
    text += char;
  }
  end('');
  if (quote !== undefined || open > 0 || ticks % 2 > 0) return undefined;
  return substitutions + ticks > 0 ? pieces.map((piece) => ({ ...piece, isUsed: true })) : pieces;
}
