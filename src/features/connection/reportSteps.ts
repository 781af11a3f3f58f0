import { GitLabError } from '../../core/gitlab/errors';
import { explain } from '../../core/gitlab/explain';
import type { GitLabClient } from '../../core/gitlab/client';
import type { HostUrl } from '../../core/model/host';
import type { HostLook } from '../../core/net/hostLook';
import type { Trust } from '../../core/net/ownCa';

/** What is tried, in this order. */
export const stepNames = ['address', 'route', 'tls', 'token', 'version', 'instance'] as const;
export type StepName = (typeof stepNames)[number];

/** One thing that was tried on the way to a host. */
export interface Step {
  readonly name: StepName;
  readonly outcome: 'ok' | 'warning' | 'failed' | 'skipped';
  /** Undefined where it took none of its own. */
  readonly milliseconds: number | undefined;
  /** What is worth knowing, or why it failed and what to do: whole lines, no secrets. */
  readonly lines: readonly string[];
}

export interface ReportParts {
  readonly url: HostUrl;
  readonly trust: Trust;
  /** All addresses of a name. */
  readonly resolve: (name: string) => Promise<readonly string[]>;
  readonly look: () => Promise<HostLook>;
  /** Throws GitLabError where the token cannot be had; undefined where there is none. */
  readonly client: () => Promise<GitLabClient | undefined>;
  readonly now: Date;
  readonly signal?: AbortSignal | undefined;
}

export interface Timed<T> {
  readonly value: T;
  readonly milliseconds: number;
}

export async function timed<T>(run: () => Promise<T>): Promise<Timed<T>> {
  const started = performance.now();
  const value = await run();
  return { value, milliseconds: Math.round(performance.now() - started) };
}

export function failureLines(error: unknown): string[] {
  const { title, sentence } = explain(error);
  return [title, sentence];
}

/** Throws GitLabError `cancelled` once the user has cancelled. */
export function throwIfCancelled(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new GitLabError('cancelled');
}
