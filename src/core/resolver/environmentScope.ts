/**
 * Whether an environment scope matches an environment's name (GitLab API contract 7.1): `*` stands for any run of
 * characters, none and slashes included; everything else is literal and compared with regard to case.
 */
export function matchesScope(scope: string, environment: string): boolean {
  let at = 0;
  let inScope = 0;
  /** Behind the last `*` met, and where in the name the text behind it was tried. */
  let retryScope = -1;
  let retryAt = 0;
  while (at < environment.length) {
    if (scope[inScope] === '*') {
      retryScope = ++inScope;
      retryAt = at;
    } else if (inScope < scope.length && scope[inScope] === environment[at]) {
      inScope++;
      at++;
    } else if (retryScope >= 0) {
      inScope = retryScope;
      at = ++retryAt;
    } else {
      return false;
    }
  }
  while (scope[inScope] === '*') inScope++;
  return inScope === scope.length;
}

/** How specific a scope is that matches: the very name, any other pattern, the literal `*` (GitLab API contract 7.2). */
export type ScopeRank = 'exact' | 'pattern' | 'everything';

/** The rank of a scope for an environment it matches. `**` is a pattern, so that it beats `*`. */
export function scopeRank(scope: string, environment: string): ScopeRank {
  if (scope === '*') return 'everything';
  return scope === environment ? 'exact' : 'pattern';
}

/** Whether every environment that `inner` matches is matched by `outer` too. */
export function coversScope(outer: string, inner: string): boolean {
  // Whatever a `*` of the inner scope stands for, only a `*` of the outer one can take it: like a letter no scope has.
  return matchesScope(outer, inner.replaceAll('*', '\u0000'));
}

/** Whether there is an environment name that both scopes match. */
export function overlapScopes(one: string, other: string): boolean {
  /** By how much of `other` is used up, after the part of `one` looked at. */
  let reached = reachedFromStart(other);
  for (const letter of one) {
    const next = new Array<boolean>(other.length + 1).fill(false);
    for (let used = 0; used <= other.length; used++) {
      const theirs = other[used - 1];
      const before = used > 0 && reached[used - 1] === true;
      next[used] =
        letter === '*'
          ? reached[used] === true || (used > 0 && next[used - 1] === true)
          : theirs === '*'
            ? reached[used] === true || next[used - 1] === true
            : before && theirs === letter;
    }
    reached = next;
  }
  return reached[other.length] === true;
}

/** How much of a scope an empty name uses up: the `*` at its beginning. */
function reachedFromStart(scope: string): boolean[] {
  const reached = [true];
  for (const letter of scope) reached.push(letter === '*' && reached.at(-1) === true);
  return reached;
}
