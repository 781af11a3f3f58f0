import type { GitLabClient } from '../gitlab/client';
import type { GitLabError } from '../gitlab/errors';
import { toGitLabError } from '../gitlab/errors';
import { restAfter, searchAfter } from '../gitlab/failureKinds';
import { drain, Queue } from '../time/taskPool';

/** One request and what to do with its answer. */
export interface Errand {
  /** Pages come first, since what is to be read follows from them; reads fill the rest. */
  readonly lane: 'pages' | 'discoveries' | 'reads';
  perform(client: GitLabClient, signal: AbortSignal): Promise<void>;
  /** It failed for good. */
  failed(error: GitLabError): void;
}

/** Limits in a row, without any other answer between them, after which the errands stop. */
const MAX_PAUSES = 5;

/**
 * The requests of one crawl, so many at a time. A fault of a single one is told to it and stops nothing; what may pass
 * is repeated once at the end; a limit makes all of them wait; a token that no longer works or a host that is gone stops
 * them. Whatever was not done then is kept for the next `run`.
 */
export class Errands {
  private readonly slots: number;
  private readonly lanes = { pages: new Queue<Errand>(), discoveries: new Queue<Errand>(), reads: new Queue<Errand>() };
  private later: Errand[] = [];
  private readonly repeated = new WeakSet<Errand>();
  private pauses = 0;
  /** Requests in a row that did not reach the host. */
  private unreached = 0;
  private answered = false;
  /** Starts what was added, while there is a run. */
  private wake: (() => void) | undefined;
  /** Milliseconds since 1970 until which GitLab asked to be left alone. */
  pausedUntil = 0;

  constructor(slots: number) {
    this.slots = slots;
  }

  add(errand: Errand): void {
    this.putBack(errand);
    this.wake?.();
  }

  /** What was not answered waits for its turn again; it is not the time to start anything. */
  private putBack(errand: Errand): void {
    this.lanes[errand.lane].push(errand);
  }

  waiting(lane: Errand['lane']): number {
    return this.lanes[lane].length;
  }

  /**
   * Does all errands there are and those they add. `onIdle` is called whenever none is left and may add more. Throws a
   * GitLabError where it has to stop, or what the signal was aborted with.
   */
  async run(client: GitLabClient, onIdle: () => void, signal?: AbortSignal): Promise<void> {
    this.pauses = 0;
    this.unreached = 0;
    this.answered = false;
    const { pages, discoveries, reads } = this.lanes;
    await drain<Errand>({
      lanes: [
        { tasks: pages, share: Math.ceil(this.slots / 2) },
        { tasks: discoveries, share: Math.ceil(this.slots / 4) },
        { tasks: reads, share: this.slots },
      ],
      slots: this.slots,
      run: (errand, stop) => this.perform(errand, client, stop),
      pause: () => this.pausedUntil - Date.now(),
      onIdle: () => {
        const again = this.later;
        this.later = [];
        for (const errand of again) this.putBack(errand);
        if (again.length === 0) onIdle();
      },
      begun: (wake) => (this.wake = wake),
      signal,
    }).finally(() => (this.wake = undefined));
  }

  private async perform(errand: Errand, client: GitLabClient, signal: AbortSignal): Promise<void> {
    try {
      await errand.perform(client, signal);
    } catch (thrown) {
      const error = toGitLabError(thrown);
      if (signal.aborted || error.kind === 'cancelled') this.putBack(errand);
      else this.face(error, errand);
      return;
    }
    this.reached();
  }

  private face(error: GitLabError, errand: Errand): void {
    switch (searchAfter(error)) {
      case 'stop':
        this.putBack(errand);
        throw error;
      case 'wait':
        this.putBack(errand);
        this.pausedUntil = Math.max(this.pausedUntil, Date.now() + restAfter(error));
        if (++this.pauses > MAX_PAUSES * this.slots) throw error;
        return;
      case 'repeat':
        if (this.repeated.has(errand) && this.answered) return errand.failed(error);
        if (this.repeated.has(errand) || ++this.unreached >= this.slots) {
          this.putBack(errand);
          throw error;
        }
        this.repeated.add(errand);
        this.later.push(errand);
        return;
      case 'skip':
        this.reached();
        errand.failed(error);
    }
  }

  private reached(): void {
    this.answered = true;
    this.unreached = 0;
    this.pauses = 0;
  }
}
