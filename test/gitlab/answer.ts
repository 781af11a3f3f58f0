/** One HTTP answer before it goes out. A header with several values is a list. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  readonly body: string | Buffer;
}

/** A JSON answer, as Grape renders them. */
export function json(status: number, value: unknown, headers: Answer['headers'] = {}): Answer {
  return { status, headers: { 'Content-Type': 'application/json', ...headers }, body: JSON.stringify(value) };
}

/** A plain text answer, such as the throttle's. */
export function text(status: number, body: string, headers: Answer['headers'] = {}): Answer {
  return { status, headers: { 'Content-Type': 'text/plain', ...headers }, body };
}

/** A page for browsers, such as a sign-in form. */
export function html(status: number, body: string, headers: Answer['headers'] = {}): Answer {
  return { status, headers: { 'Content-Type': 'text/html; charset=utf-8', ...headers }, body };
}

/** Thrown to end a request early with an answer. */
export class Refusal extends Error {
  readonly answer: Answer;

  constructor(answer: Answer) {
    super(`refused with ${answer.status}`);
    this.answer = answer;
  }
}

/** A guard's refusal: `{"message":"403 Forbidden"}` and its siblings (GitLab API contract 3.1). */
export function refuse(status: number, message: string): Refusal {
  return new Refusal(json(status, { message }));
}

/** A refusal in Grape's own shape: `{"error":"…"}`. */
export function refuseWithError(status: number, error: string): Refusal {
  return new Refusal(json(status, { error }));
}
