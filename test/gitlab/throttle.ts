import { json, Refusal, text } from './answer';
import type { Profile } from './profiles';
import type { Limit } from './world';

/** Counts requests of one GitLab, per caller and per limit. */
export interface Throttle {
  /** The rack throttle: 429 in plain text, with `RateLimit-*` headers (GitLab API contract 6). */
  wholeInstance(limit: Limit | undefined, caller: string, now: Date): void;
  /** The endpoint limiter: 429 in JSON. */
  endpoint(limit: Limit | undefined, route: string, caller: string, profile: Profile, now: Date): void;
}

export function startThrottle(): Throttle {
  const windows = new Map<string, { until: number; requests: number }>();

  function count(key: string, limit: Limit, now: Date): { requests: number; until: number } {
    const known = windows.get(key);
    const open = known && known.until > now.getTime();
    const window = open ? known : { until: now.getTime() + limit.seconds * 1000, requests: 0 };
    window.requests += 1;
    windows.set(key, window);
    return window;
  }

  return {
    wholeInstance(limit, caller, now) {
      const window = limit && count(`instance ${caller}`, limit, now);
      if (!limit || !window || window.requests <= limit.requests) {
        return;
      }
      const reset = new Date(Math.ceil(window.until / 1000) * 1000);
      throw new Refusal(
        text(429, `${limit.text ?? 'Retry later'}\n`, {
          'RateLimit-Name': caller === 'nobody' ? 'throttle_unauthenticated_api' : 'throttle_authenticated_api',
          'RateLimit-Limit': `${Math.ceil((limit.requests * 60) / limit.seconds)}`,
          'RateLimit-Observed': `${window.requests}`,
          'RateLimit-Remaining': '0',
          'RateLimit-Reset': `${reset.getTime() / 1000}`,
          'RateLimit-ResetTime': reset.toUTCString(),
          'Retry-After': `${Math.max(1, Math.ceil((window.until - now.getTime()) / 1000))}`,
        }),
      );
    },
    endpoint(limit, route, caller, profile, now) {
      if (!limit || count(`${route} ${caller}`, limit, now).requests <= limit.requests) {
        return;
      }
      const error = limit.text ?? 'This endpoint has been requested too many times. Try again later.';
      throw new Refusal(json(429, { message: { error } }, profile.retryAfterOnLimit ? { 'Retry-After': '60' } : {}));
    },
  };
}
