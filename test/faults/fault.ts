import type { Answer } from '../gitlab/answer';
import type { Exchange, Reaction } from '../gitlab/faults';

/** Something that goes wrong with a request. */
export interface Fault {
  readonly name: string;
  /**
   * Answers in GitLab's place; undefined where it cannot strike this request, which GitLab then answers. `elsewhere` is a
   * host that no token must ever reach.
   */
  readonly react: (exchange: Exchange, elsewhere: string) => Reaction | Promise<Reaction>;
  /** GitLab may have carried the request out all the same: its answer is what gets lost. */
  readonly hidesAnswer?: boolean;
  /** An answer with which GitLab ends its work: nothing is carried out later. */
  readonly ends?: boolean;
  /** Only the deadline ends it. */
  readonly silent?: boolean;
  /** With one answer of this kind alone, nobody could tell. */
  readonly onlyAlways?: boolean;
  /** Nobody listens any more. */
  readonly closed?: boolean;
  /** What it can strike, where that is not everything: a list of clusters, or all but a DELETE. */
  readonly strikes?: 'clusterLists' | 'notDeletes';
}

export const asJson = { 'Content-Type': 'application/json' };
export const signIn = '<!DOCTYPE html><html><head><title>Sign in</title></head><body>Sign in to go on</body></html>';

/** Whether a list is asked for. */
export function isList(path: string): boolean {
  return /\/(clusters|projects)(\?|$)/.test(path);
}

/** What a careless proxy prints: the request's headers and body. */
export function echo({ request }: Exchange): string {
  return `Cannot handle ${request.method} with ${JSON.stringify(request.headers)} and ${request.body}`;
}

/** A good answer in JSON with this in it. */
export function body(content: string | Buffer, headers: Record<string, string> = {}): Answer {
  return { status: 200, headers: { ...asJson, ...headers }, body: content };
}
