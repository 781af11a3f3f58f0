import { toGitLabError } from '../gitlab/errors';
import type { GitLabError } from '../gitlab/errors';
import type { Disposable } from '../time/event';

/**
 * Loading, loaded or failed; `value` is the last one known, so that a reload need not empty what is shown. After a failure
 * there is one only where the failure says nothing of it.
 */
export type LoadState<T> =
  | { readonly state: 'loading'; readonly value: T | undefined }
  | { readonly state: 'loaded'; readonly value: T; readonly at: Date }
  | {
      readonly state: 'failed';
      readonly error: GitLabError;
      readonly value?: T | undefined;
      /** When `value` was read. */
      readonly at?: Date | undefined;
    };

/** Something that is loaded again and again; only the latest load's answer counts, earlier ones are cancelled. */
export class LatestLoad<T> implements Disposable {
  private readonly onDidChange: () => void;
  private readonly keepsAfter: (error: GitLabError) => boolean;
  private readAt: Date | undefined;
  private running: AbortController | undefined;
  private ending: Promise<void> | undefined;
  private now: LoadState<T> | undefined;

  /** `keepsAfter`: whether the last value is still the best there is after this failure. */
  constructor(onDidChange: () => void, keepsAfter: (error: GitLabError) => boolean = () => false) {
    this.onDidChange = onDidChange;
    this.keepsAfter = keepsAfter;
  }

  get current(): LoadState<T> | undefined {
    return this.now;
  }

  /** The last value known, unless a failure since says that it is worth nothing any more. */
  get value(): T | undefined {
    return this.now?.value;
  }

  /** Resolves when the load under way has ended; undefined where there is none. */
  get ended(): Promise<void> | undefined {
    return this.running && this.ending;
  }

  /** Starts a load, cancelling one under way. Resolves when it ended; what went wrong is the state, never thrown. */
  run(read: (signal: AbortSignal) => Promise<T>): Promise<void> {
    this.ending = this.start(read);
    return this.ending;
  }

  private async start(read: (signal: AbortSignal) => Promise<T>): Promise<void> {
    this.running?.abort();
    const controller = new AbortController();
    this.running = controller;
    this.become({ state: 'loading', value: this.value });
    let next: LoadState<T>;
    try {
      next = { state: 'loaded', value: await read(controller.signal), at: new Date() };
    } catch (thrown) {
      const error = toGitLabError(thrown);
      next = { state: 'failed', error, ...(this.keepsAfter(error) && { value: this.value, at: this.readAt }) };
    }
    if (this.running !== controller) return;
    this.readAt = next.at;
    this.running = undefined;
    this.become(next);
  }

  /** Changes the known value in place, after a write GitLab confirmed. */
  update(change: (value: T) => T): void {
    if (this.now?.value === undefined) return;
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
