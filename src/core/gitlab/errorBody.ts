import * as z from 'zod/mini';
import { plain } from '../model/plainText';
import type { FieldProblem } from './errors';

/** A cluster has twelve fields; more complaints than this are not read. */
const MAX_PROBLEMS = 20;

/**
 * What GitLab's error bodies look like (GitLab API contract 11.12): `error` a string, `message` a string, an object of
 * field → sentences, or `{error: string}`. Anything else is read as no words at all.
 */
const errorBody = z.looseObject({
  error: z.optional(z.unknown()),
  error_description: z.optional(z.unknown()),
  scope: z.optional(z.unknown()),
  message: z.optional(z.unknown()),
});
const fieldMessages = z.record(z.string(), z.unknown());

/** GitLab's refusal, read. The strings are what GitLab sent: pass them through `plain` to show them. */
export interface ErrorBody {
  readonly error: unknown;
  readonly description: unknown;
  readonly message: unknown;
  /** Scopes GitLab says would do (403 insufficient_scope). */
  readonly scopes: readonly string[];
}

/** Reads a refusal's body. Undefined where it is none of GitLab's: a web page, plain text, a list. Never throws. */
export function readErrorBody(text: string): ErrorBody | undefined {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return undefined;
  }
  const body = z.safeParse(errorBody, json).data;
  if (!body) return undefined;
  const scopes = typeof body.scope === 'string' ? body.scope.split(/\s+/).slice(0, MAX_PROBLEMS).map(plain) : [];
  return { error: body.error, description: body.error_description, message: body.message, scopes };
}

/** GitLab's complaints, each with the field it is about. */
export function problemsOf(body: ErrorBody): FieldProblem[] {
  if (typeof body.error === 'string') return parameterProblems(body.error);
  const fields = z.safeParse(fieldMessages, body.message);
  if (!fields.success) return [];
  return Object.entries(fields.data)
    .slice(0, MAX_PROBLEMS)
    .flatMap(([field, messages]) => {
      const sentences = Array.isArray(messages) ? messages.slice(0, MAX_PROBLEMS) : [messages];
      // GitLab may say the same twice (GitLab API contract 3.3).
      return [...new Set(sentences.map(words))].map((message) => ({
        field: field === 'error' ? undefined : plain(field),
        message,
      }));
    })
    .slice(0, MAX_PROBLEMS);
}

/** The parameter layer answers one sentence, `a is missing, b[c] is empty`; `b[c]` becomes the model layer's `b.c`. */
function parameterProblems(sentence: string): FieldProblem[] {
  return sentence
    .split(', ')
    .slice(0, MAX_PROBLEMS)
    .map((part) => {
      const match = /^([a-z_]+)(?:\[([a-z_]+)\])? (.+)$/s.exec(part);
      if (!match) return { field: undefined, message: plain(part) };
      const [, name = '', nested, message = ''] = match;
      const field = nested ? `${name.replace(/_attributes$/, '')}.${nested}` : name;
      return { field, message: plain(message) };
    });
}

/** GitLab's own words in one sentence, fit to be quoted. */
export function wordsOf(body: ErrorBody, problems: readonly FieldProblem[]): string | undefined {
  const said = [body.description, body.message, body.error].find((value) => typeof value === 'string');
  if (said !== undefined) return plain(said) || undefined;
  const all = problems.length > 0 ? problems : problemsOf(body);
  const listed = all.map(({ field, message }) => (field ? `${field}: ${message}` : message)).join('; ');
  return plain(listed) || undefined;
}

function words(value: unknown): string {
  if (typeof value === 'string') return plain(value);
  try {
    return plain(JSON.stringify(value));
  } catch {
    return ''; // nested deeper than the stack
  }
}
