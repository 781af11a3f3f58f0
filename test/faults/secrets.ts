/** Marked: wherever one of them turns up but in a header or body of a request, it has leaked. */
export const gitlabToken = 'glpat-MARKED-gitlab-token';
export const serviceToken = 'MARKED-service-token-of-kubernetes';

const marked = /MARKED-(gitlab|service)-token/;

/** Where a marked token is found in an error: its words, its stack, its causes, every property of theirs. */
export function leakOf(error: unknown, where = 'error', depth = 0): string | undefined {
  if (typeof error === 'string') return marked.test(error) ? where : undefined;
  if (error instanceof Uint8Array) return marked.test(Buffer.from(error).toString()) ? where : undefined;
  if (typeof error !== 'object' || error === null || depth > 6) return undefined;
  const names = [
    ...Object.getOwnPropertyNames(error),
    ...(error instanceof Error ? ['message', 'stack', 'cause'] : []),
  ];
  for (const name of names) {
    const value: unknown = Reflect.get(error, name);
    const found = leakOf(value, `${where}.${name}`, depth + 1);
    if (found !== undefined) return found;
  }
  return undefined;
}
