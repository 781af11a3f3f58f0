import { isIP } from 'node:net';
import type { Surroundings } from './surroundings';

/** What a name led to. */
export interface Resolution {
  readonly addresses: readonly string[];
  /** Why there are none. */
  readonly code: string | undefined;
  readonly milliseconds: number;
}

/** Looks a name up, for `deadline` milliseconds at most. Never throws. */
export async function resolutionOf(
  hostname: string,
  resolve: Surroundings['resolve'],
  deadline: number,
): Promise<Resolution> {
  if (isIP(hostname) !== 0) return { addresses: [hostname], code: undefined, milliseconds: 0 };
  const started = performance.now();
  const found = (addresses: readonly string[], code?: string): Resolution => ({
    addresses,
    code,
    milliseconds: Math.round(performance.now() - started),
  });
  try {
    return found(await before(resolve(hostname), deadline));
  } catch (error) {
    return found([], error instanceof Error && 'code' in error ? String(error.code) : 'ENOTFOUND');
  }
}

/** Rejects where a promise takes longer, as a name server that does not answer does. */
async function before<T>(promise: Promise<T>, milliseconds: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(Object.assign(new Error('late'), { code: 'EAI_AGAIN' })), milliseconds);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
