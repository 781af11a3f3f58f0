import { isUtf8 } from 'node:buffer';
import { html, refuseWithError, Refusal, text } from './answer';

/** A value as JSON or a form can carry it. */
export type Value = string | number | boolean | null | readonly Value[] | { readonly [key: string]: Value };
export type Values = Readonly<Record<string, Value>>;

/** A value with keys of its own, not a list. */
export function isValues(value: unknown): value is Values {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A list of values. */
export function isList(value: unknown): value is readonly Value[] {
  return Array.isArray(value);
}

/** What Rails reads of a body before any endpoint sees it. */
export interface ReadBody {
  readonly values: Values;
  /** Grape's 415 for a content type it does not know, thrown later than what is malformed. */
  checkContentType(): void;
}

interface SentBody {
  readonly contentType: string | undefined;
  readonly accept: string | undefined;
  readonly bytes: Buffer;
}

/**
 * The parameters in a request's body. Refuses malformed text and JSON, which is before the throttle
 * (GitLab API contract 3.1 and 3.2).
 */
export function readBody({ contentType, accept, bytes }: SentBody): ReadBody {
  const mediaType = contentType?.split(';')[0]?.trim().toLowerCase() ?? '';
  if (bytes.length === 0) {
    return { values: {}, checkContentType: () => undefined };
  }
  if (mediaType === 'application/x-www-form-urlencoded') {
    return { values: parseForm(textOf(bytes)), checkContentType: () => undefined };
  }
  if (mediaType === 'multipart/form-data') {
    return { values: parseMultipart(bytes, contentType ?? ''), checkContentType: () => undefined };
  }
  if (mediaType !== '' && mediaType !== 'application/json') {
    const refusal = refuseWithError(415, `The provided content-type '${mediaType}' is not supported.`);
    return {
      values: {},
      checkContentType: () => {
        throw refusal;
      },
    };
  }
  const value = parseJson(textOf(bytes), accept);
  if (holdsNul(value)) {
    throw malformedText();
  }
  return { values: isValues(value) ? value : {}, checkContentType: () => undefined };
}

/** The answer to a NUL, broken UTF-8 or a broken `%` escape, wherever it stands. */
export function malformedText(): Refusal {
  return new Refusal(text(400, 'Bad Request'));
}

function textOf(bytes: Buffer): string {
  if (!isUtf8(bytes)) {
    throw malformedText();
  }
  return bytes.toString('utf8');
}

/** Rails meets malformed JSON before Grape does; its answer has a body for those alone who want JSON and nothing else. */
function parseJson(body: string, accept: string | undefined): Value {
  try {
    return toValue(JSON.parse(body));
  } catch {
    const wantsJson = /^\s*application\/json\s*(;[^,]*)?$/i.test(accept ?? '');
    const answer = { status: 400, error: 'Bad Request' };
    throw new Refusal(
      wantsJson
        ? {
            status: 400,
            headers: { 'Content-Type': 'application/json; charset=utf-8' },
            body: JSON.stringify(answer),
          }
        : html(400, ''),
    );
  }
}

function toValue(parsed: unknown): Value {
  if (isList(parsed)) {
    return parsed.map(toValue);
  }
  if (isValues(parsed)) {
    return Object.fromEntries(Object.entries(parsed).map(([key, value]) => [key, toValue(value)]));
  }
  return typeof parsed === 'string' || typeof parsed === 'number' || typeof parsed === 'boolean' ? parsed : null;
}

/** Values alone are looked at, never keys. */
function holdsNul(value: Value): boolean {
  if (typeof value === 'string') {
    return value.includes('\0');
  }
  return typeof value === 'object' && value !== null && Object.values(value).some(holdsNul);
}

/** Form encoding and query strings, nested as Rack nests them: `a[b]=…` makes objects, `a[]=…` lists, the last of equals counts. */
export function parseForm(encoded: string): Values {
  const values: Record<string, Value> = {};
  for (const pair of encoded.split('&')) {
    if (pair !== '') {
      const [name = '', ...rest] = pair.split('=');
      const value = rest.length === 0 ? null : unescaped(rest.join('='));
      put(values, unescaped(name), value);
    }
  }
  return values;
}

/**
 * The parts of a multipart body, nested like a form. A file is an object with its name and content. Refused where a part or
 * the end is missing.
 */
function parseMultipart(bytes: Buffer, contentType: string): Values {
  const [, quoted, bare] = /;\s*boundary=(?:"([^"]+)"|([^\s;]+))/i.exec(contentType) ?? [];
  const boundary = quoted ?? bare;
  // Latin 1 keeps every byte, whatever a file holds.
  const body = bytes.toString('latin1');
  const end = boundary === undefined ? -1 : body.lastIndexOf(`--${boundary}--`);
  if (boundary === undefined || end < 0) {
    throw malformedText();
  }
  const values: Record<string, Value> = {};
  const [, ...parts] = `\r\n${body.slice(0, end)}`.split(`\r\n--${boundary}\r\n`);
  for (const part of parts) {
    const [head = '', ...rest] = part.split('\r\n\r\n');
    const name = /\bname="([^"]*)"/i.exec(head)?.[1] ?? '';
    const filename = /\bfilename="([^"]*)"/i.exec(head)?.[1];
    const content = textOf(Buffer.from(rest.join('\r\n\r\n').replace(/\r\n$/, ''), 'latin1'));
    if (content.includes('\0')) {
      throw malformedText();
    }
    put(values, textOf(Buffer.from(name, 'latin1')), filename === undefined ? content : { filename, content });
  }
  return values;
}

/** Decodes `%` escapes and `+`; refuses what is broken and what holds a NUL. */
export function unescaped(encoded: string): string {
  try {
    const decoded = decodeURIComponent(encoded.replaceAll('+', ' '));
    if (!decoded.includes('\0')) {
      return decoded;
    }
  } catch {
    // A broken escape or broken UTF-8 is refused like a NUL.
  }
  throw malformedText();
}

function put(into: Record<string, Value>, name: string, value: Value): void {
  const [, first = '', rest = ''] = /^[[\]]*([^[\]]+)\]*(.*)$/s.exec(name) ?? [];
  if (first !== '') {
    into[first] = within(Object.hasOwn(into, first) ? into[first] : undefined, rest, value);
  }
}

/** What stands below a name once one more value is put there; a value that is there as something else is refused. */
function within(before: Value | undefined, rest: string, value: Value): Value {
  if (rest === '' || rest === '[') {
    return value;
  }
  if (rest.startsWith('[]')) {
    if (before !== undefined && !isList(before)) {
      throw malformedText();
    }
    const list: Value[] = before === undefined ? [] : [...before];
    return [...list, rest === '[]' ? value : within(undefined, rest.slice(2), value)];
  }
  if (before !== undefined && !isValues(before)) {
    throw malformedText();
  }
  const object: Record<string, Value> = { ...before };
  put(object, rest, value);
  return object;
}
