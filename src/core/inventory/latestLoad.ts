import { toGitLabError } from '../gitlab/errors';
import type { GitLabError } from '../gitlab/errors';
import type { Disposable } from '../time/event';

/** Loading, loaded or failed; `value` is the last one known, so that a reload need not empty what is shown. */
export type LoadState<T> =
  | { readonly state: 'loading'; readonly value: T | undefined }
  | { readonly state: 'loaded'; readonly value: T; readonly at: Date }
  | { readonly state: 'failed'; readonly error: GitLabError };

/** Something that is loaded again and again; only the latest load's answer counts, earlier ones are cancelled. */
export class LatestLoad<T> implements Disposable {
  private readonly onDidChange: () => void;
  private running: AbortController | undefined;
  private now: LoadState<T> | undefined;

  constructor(onDidChange: () => void) {
    this.onDidChange = onDidChange;
  }

  get current(): LoadState<T> | undefined {
    return this.now;
  }

  /** The last value known, if the last load did not fail. */
  get value(): T | undefined {
    return this.now && this.now.state !== 'failed' ? this.now.value : undefined;
  }

  /** Starts a load, cancelling one under way. Resolves when it ended; what went wrong is the state, never thrown. */
  async run(read: (signal: AbortSignal) => Promise<T>): Promise<void> {
    this.running?.abort();
    const controller = new AbortController();
    this.running = controller;
    this.become({ state: 'loading', value: this.value });
    let next: LoadState<T>;
    try {
      next = { state: 'loaded', value: await read(controller.signal), at: new Date() };
    } catch (error) {
      next = { state: 'failed', error: toGitLabError(error) };
    }
    if (this.running !== controller) return;
    this.running = undefined;
    this.become(next);
  }

  /** Changes the known value in place, after a write GitLab confirmed. */
  update(change: (value: T) => T): void {
    if (!this.now || this.now.state === 'failed' || this.now.value === undefined) return;
    this.become({ ...this.now, value: change(this.now.value) });
  }

  private become(state: LoadState<T>): void {
    this.now = state;
    this.onDidChange();
  }

  /** Cancels; an answer that still comes is dropped. */
  dispose(): void {
    this.running?.abort();
    this.running = undefined;
  }
}
