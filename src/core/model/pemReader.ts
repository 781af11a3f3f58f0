/**
 * How GitLab's OpenSSL reads a text as a certificate: line by line, and strictly (GitLab API contract 3.3). Other readers
 * are more forgiving, the one of the editor among them, so what they accept proves nothing.
 */

/** What GitLab reads first, or why it reads nothing. */
type PemReading =
  | { readonly der: Uint8Array<ArrayBuffer>; /** What follows the certificate. */ readonly rest: string }
  | { readonly reason: PemFault };

export type PemFault =
  /** No line of its own that begins a certificate. */
  | 'noBegin'
  /** The next line that ends something does not end this certificate, or holds more than that. */
  | 'badEnd'
  | 'noEnd'
  /** More than one empty line, or an empty line before a short one. */
  | 'blankLines'
  /** Lines before an empty one count as header, and only encrypted keys have one. */
  | 'header'
  | 'badBase64';

/** OpenSSL reads at most so many characters at once; what is longer counts as several lines. */
const LINE = 254;
const NAMES = new Set(['CERTIFICATE', 'X509 CERTIFICATE']);

/** Reads the first certificate of a text; blocks of other kinds before it are skipped, if they are whole. */
export function readFirstCertificate(text: string): PemReading {
  const lines = linesOf(text.replace(/^\ufeff/, ''));
  let at = 0;
  for (;;) {
    while (at < lines.length && !BEGIN.test(lines[at]?.text ?? '')) at++;
    if (at >= lines.length) return { reason: 'noBegin' };
    const name = BEGIN.exec(lines[at]?.text ?? '')?.[1] ?? '';
    const block = readBlock(lines, at + 1, name);
    if ('reason' in block) return block;
    at = block.next;
    if (NAMES.has(name)) return decode(block.header, block.body, lines.slice(at));
  }
}

interface Line {
  readonly text: string;
  /** The end of a line that was longer than OpenSSL's buffer. */
  readonly continues: boolean;
}

const BEGIN = /^-----BEGIN (.*)-----$/;

function linesOf(text: string): readonly Line[] {
  return text.split('\n').flatMap((line) => {
    const parts: Line[] = [];
    for (let from = 0; from === 0 || from < line.length; from += LINE) {
      // Blanks and control characters at the end do not count.
      parts.push({ text: line.slice(from, from + LINE).replace(/[\0- ]+$/, ''), continues: from > 0 });
    }
    return parts;
  });
}

type Block = { readonly header: string; readonly body: string; readonly next: number } | { readonly reason: PemFault };

function readBlock(lines: readonly Line[], from: number, name: string): Block {
  let header: string | undefined;
  let body = '';
  let ended = false;
  for (let at = from; at < lines.length; at++) {
    const line = lines[at];
    if (!line) break;
    if (line.text === '') {
      if (line.continues) continue;
      if (header !== undefined) return { reason: at === lines.length - 1 ? 'noEnd' : 'blankLines' };
      [header, body] = [body, ''];
      continue;
    }
    if (line.text.startsWith('-----END ')) {
      return line.text === `-----END ${name}-----`
        ? { header: header ?? '', body, next: at + 1 }
        : { reason: 'badEnd' };
    }
    if (ended) return { reason: 'blankLines' };
    body += `${line.text}\n`;
    if (header !== undefined) {
      if (line.text.length > 64) return { reason: 'blankLines' };
      ended = line.text.length < 64;
    }
  }
  return { reason: 'noEnd' };
}

function decode(header: string, body: string, rest: readonly Line[]): PemReading {
  if (header !== '') return { reason: 'header' };
  const base64 = body.replace(/\s+/g, '');
  if (base64 === '' || base64.length % 4 !== 0 || !/^[A-Za-z0-9+/]+={0,2}$/.test(base64))
    return { reason: 'badBase64' };
  return { der: bytesOf(base64), rest: rest.map(({ text }) => text).join('\n') };
}

/** The bytes of base64 that is known to be right. */
function bytesOf(base64: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
}
