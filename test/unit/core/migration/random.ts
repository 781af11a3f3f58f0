/** A whole number from 0 to below the one given. */
export type Random = (below: number) => number;

/** Numbers that are the same for the same seed. */
export function randomFrom(seed: number): Random {
  let state = seed >>> 0 || 1;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    state >>>= 0;
    return state % below;
  };
}

/** One of those given. */
export function pick<T>(random: Random, from: readonly T[]): T {
  const rest = from.slice(random(from.length));
  for (const one of rest) return one;
  throw new Error('nothing to pick from');
}
