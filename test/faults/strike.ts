import type { Answer } from '../gitlab/answer';
import { dropConnection, type Exchange, type Hook, type Reaction } from '../gitlab/faults';
import type { Fault } from './fault';

/**
 * When a fault strikes. `always`: every request from now on. `once`: the first one, before GitLab sees it. `done`:
 * every write, after GitLab has carried it out. `later`: every write, which GitLab carries out only after the first
 * three looks at what became of it. `look`: a write is carried out and its answer lost by a broken connection, then
 * every look is struck. `oneLook`: only the first one.
 */
export type Striking = 'always' | 'once' | 'done' | 'later' | 'look' | 'oneLook';

/** Strikes the requests of one trial, and counts. */
export interface Strike {
  readonly hook: Hook;
  /** How often the fault has struck. */
  readonly struck: () => number;
  /** GitLab carries out what it was to do `later`, if it has not yet. */
  readonly finish: () => void;
}

/** The looks after which GitLab carries a write out `later`: one more than are made at all events. */
const LATE = 4;

export function strike(fault: Fault, striking: Striking, elsewhere: string): Strike {
  let struck = 0;
  let looks = 0;
  let write: Exchange | undefined;
  const hit = async (exchange: Exchange): Promise<Reaction> => {
    const reaction = fault.react(exchange, elsewhere);
    // Counted at once: of several requests on their way only one is struck `once`.
    if (reaction !== undefined) struck += 1;
    return (await reaction) ?? exchange.gitlab();
  };
  const hook: Hook = (asked) => {
    const exchange = carriedOutOnce(asked);
    const looking = exchange.request.method === 'GET';
    if (!looking) write = exchange;
    else if (write) looks += 1;
    switch (striking) {
      case 'always':
        return hit(exchange);
      case 'once':
        return struck > 0 ? undefined : hit(exchange);
      case 'done':
        if (looking) return undefined;
        exchange.gitlab();
        return hit(exchange);
      case 'later':
        if (!looking) return hit(exchange);
        if (looks === LATE) write?.gitlab();
        return undefined;
      case 'look':
      case 'oneLook':
        if (looks > 0) return striking === 'look' || struck === 0 ? hit(exchange) : undefined;
        if (looking) return undefined;
        exchange.gitlab();
        return dropConnection(exchange);
    }
  };
  const finish = (): void => {
    if (striking === 'later') write?.gitlab();
  };
  return { hook, finish, struck: () => struck };
}

/** GitLab answers one request once, however often its answer is asked for. */
function carriedOutOnce(exchange: Exchange): Exchange {
  let answer: Answer | undefined;
  return { ...exchange, gitlab: () => (answer ??= exchange.gitlab()) };
}
