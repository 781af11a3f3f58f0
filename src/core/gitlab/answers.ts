import * as l10n from '@vscode/l10n';
import * as z from 'zod/mini';
import { plain, wellFormed } from '../model/plainText';
import { GitLabError } from './errors';

/** One answer as it came: read to its end, not yet understood. */
export interface Answer {
  readonly status: number;
  readonly headers: { get(name: string): string | null };
  readonly bytes: Uint8Array;
}

const strictUtf8 = new TextDecoder('utf-8', { fatal: true });
const lenientUtf8 = new TextDecoder('utf-8');

/** The words of a refusal. Odd bytes become question marks: the status says what counts. */
export function textOf({ bytes }: Answer): string {
  return lenientUtf8.decode(bytes);
}

/** Parses a good answer. Throws GitLabError `protocol`, which says what is wrong and never quotes the answer. */
export function parseAnswer<T extends z.core.$ZodType>(answer: Answer, schema: T): z.output<T> {
  const parsed = z.safeParse(schema, jsonOf(answer));
  if (!parsed.success) throw unusable(answer, l10n.t('not the expected fields ({0})', describeIssues(parsed.error)));
  return parsed.data;
}

/**
 * GitLab answers a DELETE with 204 and nothing else (GitLab API contract 1). Anything more comes from somebody in
 * between, who may not have passed the request on.
 */
export function expectNothing(answer: Answer): void {
  if (answer.status === 204) return;
  throw unusable(answer, isHtml(textOf(answer)) ? webPage() : l10n.t('it is not the expected response'));
}

function jsonOf(answer: Answer): unknown {
  const { bytes } = answer;
  if (bytes.length === 0) throw unusable(answer, l10n.t('it is empty'));
  let text: string;
  try {
    text = strictUtf8.decode(bytes);
  } catch {
    throw unusable(answer, l10n.t('it is not valid UTF-8 text'));
  }
  try {
    return JSON.parse(text);
  } catch {
    // The parser's own error quotes the text, which may hold anything.
    throw unusable(answer, isHtml(text) ? webPage() : l10n.t('it is not JSON'));
  }
}

function webPage(): string {
  return l10n.t('it is a web page, not JSON');
}

export function isHtml(text: string): boolean {
  return /^\s*<(!doctype|!--|html|head|body)/i.test(text);
}

function unusable({ status }: Answer, message: string): GitLabError {
  return new GitLabError('protocol', { status, message });
}

/** Field names and what is wrong there, never the values: they may hold what must not be shown. */
export function describeIssues(error: z.core.$ZodError): string {
  return plain(
    error.issues
      .slice(0, 3)
      .map((issue) => `${issue.path.map(String).join('.') || 'answer'}: ${issue.code}`)
      .join('; '),
  );
}

/** Takes secrets out of what a server said: an echo of the request must not reach a message, the log or a row. */
export function withoutSecrets(text: string, secrets: readonly string[]): string {
  return spellings(secrets).reduce((rest, one) => rest.replaceAll(one, HIDDEN), text);
}

/** The same for a good answer: a name that repeats our token would be shown and kept. */
export function answerWithout<A extends Answer>(token: string, answer: A): A {
  const bytes = Buffer.from(answer.bytes.buffer, answer.bytes.byteOffset, answer.bytes.byteLength);
  const repeated = spellingsOf(token).filter((one) => bytes.includes(one));
  if (repeated.length === 0) return answer;
  // A character for each byte, so that what is no valid UTF-8 stays as it is, and is told.
  const cleaned = repeated.reduce((rest, one) => rest.replaceAll(one, bytewise(HIDDEN)), bytes.toString('latin1'));
  return { ...answer, bytes: Buffer.from(cleaned, 'latin1') };
}

function bytewise(text: string): string {
  return Buffer.from(text).toString('latin1');
}

let spelt: { readonly token: string; readonly spellings: readonly string[] } | undefined;

/** The same token comes with thousands of answers. */
function spellingsOf(token: string): readonly string[] {
  if (spelt?.token !== token) spelt = { token, spellings: spellings([token]) };
  return spelt.spellings;
}

/** Secrets as they are, inside JSON and inside an address. */
function spellings(secrets: readonly string[]): string[] {
  const long = secrets.filter((secret) => secret.length >= SHORTEST);
  return [
    ...new Set(long.flatMap((one) => [one, JSON.stringify(one).slice(1, -1), encodeURIComponent(wellFormed(one))])),
  ];
}

const HIDDEN = '•••';
/** Anything shorter is no secret, and taking it out would only garble words. */
const SHORTEST = 6;
