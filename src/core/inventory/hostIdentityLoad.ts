import type { GitLabClient } from '../gitlab/client';
import { GitLabError } from '../gitlab/errors';
import { failureKinds } from '../gitlab/failureKinds';
import { readIdentity } from '../gitlab/identity';
import type { HostIdentity } from '../gitlab/identity';
import type { Disposable } from '../time/event';
import { LatestLoad } from './latestLoad';
import type { LoadState } from './latestLoad';

/** Who we are at a host; `noToken` where none is stored. */
export type HostState = LoadState<HostIdentity> | { readonly state: 'noToken' };

/** Finds out who we are at one host, and what its token may do. */
export class HostIdentityLoad implements Disposable {
  private readonly client: () => Promise<GitLabClient | undefined>;
  private readonly latest: LatestLoad<HostIdentity>;
  private withoutToken = false;
  /** The host refused a write for the scope of its token. */
  private readOnly = false;

  constructor(client: () => Promise<GitLabClient | undefined>, changed: () => void) {
    this.client = client;
    this.latest = new LatestLoad(changed, ({ kind }) => failureKinds[kind].keepsKnown);
  }

  /** `undefined` before the first load. */
  get state(): HostState | undefined {
    return this.withoutToken ? { state: 'noToken' } : this.latest.current;
  }

  /** Who we are as far as known: also while that is asked again, or while the host does not answer. */
  get value(): HostIdentity | undefined {
    return this.withoutToken ? undefined : this.latest.value;
  }

  /** The end of a load that is under way. */
  get ended(): Promise<unknown> | undefined {
    return this.latest.ended;
  }

  /** Asks the host. Never throws: the outcome is the state. */
  async load(): Promise<void> {
    await this.latest.run(async (signal) => {
      const client = await this.client();
      // The host may have been removed, or got another token, in the meantime.
      if (signal.aborted) throw new GitLabError('cancelled');
      this.withoutToken = !client;
      if (!client) throw new GitLabError('noToken');
      const identity = await readIdentity(client, signal);
      return this.readOnly ? { ...identity, canWrite: false } : identity;
    });
  }

  /** Who we are; asked where that is not known, or was not answered last. Throws GitLabError. */
  async identify(): Promise<HostIdentity> {
    const known = this.state?.state === 'failed' ? undefined : this.value;
    if (known) return known;
    await (this.ended ?? this.load());
    const { state, value } = this;
    if (state?.state === 'failed') throw state.error;
    if (!value) throw new GitLabError(state?.state === 'noToken' ? 'noToken' : 'cancelled');
    return value;
  }

  /**
   * GitLab before 15.5 tells what a token may do by refusing the first write alone. A fine-grained token, whose refusal
   * names no scopes, may still write elsewhere (GitLab API contract 4.3).
   */
  learnScope(error: unknown): void {
    if (!(error instanceof GitLabError) || error.kind !== 'insufficientScope' || error.scopes.length === 0) return;
    this.readOnly = true;
    this.latest.update((identity) => ({ ...identity, canWrite: false }));
  }

  dispose(): void {
    this.latest.dispose();
  }
}
