/** Days before its expiry from which on a token is talked about. */
const NOTICE_DAYS = 14;

/**
 * How many whole days a token still works, where that is worth telling: 0 on its last day, undefined when it is far off,
 * past, or never. GitLab gives the day (`YYYY-MM-DD`) from whose start, in UTC, the token no longer works.
 */
export function daysLeft(expiresAt: string | undefined, now: Date): number | undefined {
  if (expiresAt === undefined) return undefined;
  const end = Date.parse(`${expiresAt.slice(0, 10)}T00:00:00Z`);
  const days = Math.floor((end - now.getTime()) / 86_400_000);
  return days >= 0 && days < NOTICE_DAYS ? days : undefined;
}
