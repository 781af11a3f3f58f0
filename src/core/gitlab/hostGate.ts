import type { HostUrl } from '../model/host';
import { GitLabError } from './errors';
import { failureKinds } from './failureKinds';

/** Requests one host gets at a time. */
const PLACES = 8;
/** Writes one host gets at a time, of whichever runs and forms together. */
const WRITES = 4;

/**
 * The way to one host: so many requests at a time, and none while it asked to be left alone. Each host has its own, so
 * a throttled one slows only itself.
 */
export class HostGate {
  private free: number;
  private readonly queue = new Set<() => void>();
  private restsUntil = 0;
  private reason: GitLabError | undefined;
  private writes: HostGate | undefined;

  constructor(places = PLACES) {
    this.free = places;
  }

  /** Milliseconds the host still wants to rest. */
  get restsFor(): number {
    return Math.max(0, this.restsUntil - performance.now());
  }

  /** The host asked for a rest of so many milliseconds, with these words. */
  rest(milliseconds: number, reason = new GitLabError('rateLimited')): void {
    const until = performance.now() + Math.min(milliseconds, failureKinds[reason.kind].longestRest);
    if (until <= this.restsUntil) return;
    this.restsUntil = until;
    this.reason = reason;
  }

  /** What is told to those who do not wait. */
  private restError(): GitLabError {
    const { kind, status, message, proxy } = this.reason ?? new GitLabError('rateLimited');
    return new GitLabError(kind, { status, message, proxy, retryAfter: this.restsFor });
  }

  /** Runs something once there is a place for it. Throws GitLabError `cancelled` when given up while waiting. */
  async pass<T>(run: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    await this.place(signal);
    try {
      return await run();
    } finally {
      this.leave();
    }
  }

  /** `passRested` for a write, of which there are never more than four at a time. */
  async passToWrite<T>(run: () => Promise<T>, patience: number, signal?: AbortSignal): Promise<T> {
    this.writes ??= new HostGate(WRITES);
    return this.writes.pass(() => this.passRested(run, patience, signal), signal);
  }

  /**
   * `pass` after the host's rest. A rest longer than `patience` milliseconds is not waited for: that throws
   * what the host said when it asked for it, GitLabError `rateLimited`, `server` or `proxy`.
   */
  async passRested<T>(run: () => Promise<T>, patience: number, signal?: AbortSignal): Promise<T> {
    for (;;) {
      const rest = this.restsFor;
      if (rest > patience) throw this.restError();
      if (rest > 0) await sleep(rest, signal);
      // While this one waited for a place, an answer may have asked for a rest.
      const outcome = await this.pass(async () => (this.restsFor > 0 ? undefined : { value: await run() }), signal);
      if (outcome) return outcome.value;
    }
  }

  private async place(signal: AbortSignal | undefined): Promise<void> {
    if (signal?.aborted) throw new GitLabError('cancelled');
    if (this.free > 0) {
      this.free -= 1;
      return;
    }
    await new Promise<void>((resolve, reject) => {
      const enter = (): void => {
        signal?.removeEventListener('abort', giveUp);
        resolve();
      };
      const giveUp = (): void => {
        this.queue.delete(enter);
        reject(new GitLabError('cancelled'));
      };
      signal?.addEventListener('abort', giveUp, { once: true });
      this.queue.add(enter);
    });
  }

  /** A place goes straight to whoever waited longest. */
  private leave(): void {
    const [next] = this.queue;
    if (!next) {
      this.free += 1;
      return;
    }
    this.queue.delete(next);
    next();
  }
}

/** One gate per host, shared by all clients of it. */
export class HostGates {
  private readonly gates = new Map<HostUrl, HostGate>();
  private readonly places: () => number;

  /** `places`: requests one host gets at a time, asked for when its gate is made. */
  constructor(places = () => PLACES) {
    this.places = places;
  }

  of(host: HostUrl): HostGate {
    const gate = this.gates.get(host) ?? new HostGate(this.places());
    this.gates.set(host, gate);
    return gate;
  }

  /** Makes new gates from now on; whoever passes an old one is let through. */
  forget(): void {
    this.gates.clear();
  }
}

/** Waits. Throws GitLabError `cancelled` at once when given up. */
export async function sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
  if (signal?.aborted) throw new GitLabError('cancelled');
  await new Promise<void>((resolve, reject) => {
    const giveUp = (): void => {
      clearTimeout(timer);
      reject(new GitLabError('cancelled'));
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', giveUp);
      resolve();
    }, milliseconds);
    signal?.addEventListener('abort', giveUp, { once: true });
  });
}
