import type { Answer } from './answer';
import { answeredBy, apiPath, openProxy } from './answered';
import type { Answered } from './answered';
import type { Asked } from './ask';
import type { Target } from './target';

/** What was answered over HTTP, asked once per address. */
export interface HttpResult {
  readonly answered: Answered;
  readonly status: number;
  /** Of `/livez`, where it was asked. */
  readonly health: Answer | undefined;
  readonly milliseconds: number;
}

/** Reads the answer to `/version`, and asks `more` where that leaves open what it is (Kubernetes facts 6.2). */
export async function httpResultOf(
  target: Target,
  asked: Asked,
  answer: Answer,
  more: (path: string) => Promise<Answer | undefined>,
): Promise<HttpResult> {
  const milliseconds = Math.round(asked.endedAt - (asked.securedAt ?? asked.connectedAt ?? 0));
  let answered = answeredBy(answer, target.path);
  let health: Answer | undefined;
  const tooLong = apiPath(target.path, answer.status);
  if (tooLong) answered = { who: 'stranger', problem: tooLong };
  else if (answered.who === 'kubernetes' && answered.anonymous === 'allowed') health = await more('/livez');
  else if (answered.who === 'stranger' && answer.status === 404) {
    // An API server that hides its version still has this.
    const api = await more('/api');
    const second = api && answeredBy(api, target.path);
    if (second?.who === 'kubernetes') answered = second;
  }
  if (!target.secure && answered.who === 'kubernetes' && answered.anonymous === 'allowed')
    answered = { who: 'stranger', problem: openProxy() };
  return { answered, status: answer.status, health, milliseconds };
}
