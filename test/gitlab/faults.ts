import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Answer } from './answer';

/** One request as it was recorded. `status` is undefined until an answer went out, and for ever if none did. */
export interface RecordedRequest {
  /** Counts from 1 over the life of the server. */
  readonly number: number;
  readonly method: string;
  /** Path with query, as it stood in the request line, sub-path included. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
  status: number | undefined;
  /** When it was read, and when its answer went out; milliseconds since 1970. */
  readonly receivedAt: number;
  answeredAt: number | undefined;
  /** Counts connections from 1 over the life of the server: requests with the same number shared one. */
  readonly connection: number;
  readonly remotePort: number | undefined;
}

/** What a hook can do with one request. */
export interface Exchange {
  readonly request: RecordedRequest;
  readonly response: ServerResponse;
  readonly socket: Socket;
  /** GitLab's own answer, with its effect on the world; nothing is sent by this. */
  gitlab(): Answer;
}

/**
 * Looks at a request before GitLab does. Undefined leaves it to the next hook and then to GitLab, an answer is sent
 * instead of GitLab's, and `'taken'` says that the hook deals with socket or response itself.
 */
export type Hook = (exchange: Exchange) => Reaction | Promise<Reaction>;
export type Reaction = Answer | 'taken' | undefined;

/** Closes the connection without an answer. */
export function dropConnection({ socket }: Exchange): 'taken' {
  socket.destroy();
  return 'taken';
}

/** Never answers; the connection stays open until somebody gives up. */
export function neverAnswer(): 'taken' {
  return 'taken';
}

/** Sends only the first bytes of an answer, under a header that promises all of it, and closes the connection. */
export function cutShort({ request, response, socket }: Exchange, answer: Answer, bytes: number): 'taken' {
  const whole = Buffer.from(answer.body);
  request.status = answer.status;
  response.writeHead(answer.status, { ...headersOf(answer), 'Content-Length': whole.length });
  response.write(whole.subarray(0, bytes), () => socket.end());
  return 'taken';
}

/** The headers of an answer as node wants them. */
export function headersOf(answer: Answer): Record<string, string | string[]> {
  return Object.fromEntries(
    Object.entries(answer.headers).map(([name, value]) => [name, typeof value === 'string' ? value : [...value]]),
  );
}
