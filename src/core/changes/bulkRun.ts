import { GitLabError, toGitLabError } from '../gitlab/errors';
import { restAfter, searchAfter } from '../gitlab/failureKinds';
import type { Cluster } from '../model/cluster';
import type { HostUrl } from '../model/host';
import type { Event } from '../time/event';
import { Emitter } from '../time/event';
import { drain, Queue } from '../time/taskPool';
import type { BulkChange, BulkRow } from './bulkPlan';
import type { BulkOutcome, BulkProgress, BulkResult, BulkWrites } from './bulkResult';
import { RowWork } from './rowWork';

export interface BulkRunOptions {
  readonly rows: readonly BulkRow[];
  readonly change: BulkChange;
  readonly writes: BulkWrites;
  /** One for all, or one for each cluster. Kept in memory until `dispose`, and nowhere in rows or results. */
  readonly serviceToken?: string | ReadonlyMap<Cluster, string> | undefined;
}

/** Changes at a time at one host; never more, whatever is asked of it elsewhere. */
const SLOTS = 4;
/** Pauses in a row, with nothing done between them, after which the rest is left. */
const MAX_PAUSES = 5;
/** A run is watched: what GitLab wants to have postponed for longer is left to the user. Milliseconds. */
const LONGEST_PAUSE = 120_000;

interface Count {
  done: number;
  failed: number;
  readonly total: number;
  /** Milliseconds since 1970: the latest of all hosts. */
  pausedUntil: number;
}

/**
 * Carries out a planned change, cluster by cluster. Each is read again right before, so that nothing is sent that the
 * table did not show nor to another cluster than it showed, and every PUT repeats what GitLab would otherwise reset.
 * Hosts do not wait for each other.
 */
export class BulkRun {
  private readonly options: Omit<BulkRunOptions, 'serviceToken'>;
  /** A closure, so that the token is no value of this object. */
  private readonly token: { readonly take: (cluster: Cluster) => string | undefined; readonly forget: () => void };
  private readonly work: RowWork;
  private readonly outcomes: BulkOutcome[];
  private readonly endedAt: (Date | undefined)[] = [];
  private readonly progressed = new Emitter<BulkProgress>();

  /** After each line. */
  readonly onDidProgress: Event<BulkProgress> = this.progressed.event;

  constructor({ serviceToken, ...options }: BulkRunOptions) {
    let token = serviceToken;
    this.options = options;
    this.token = {
      take: (cluster) => (typeof token === 'object' ? token.get(cluster) : token),
      forget: () => (token = undefined),
    };
    this.work = new RowWork(options.writes, options.change, (cluster) => this.token.take(cluster));
    this.outcomes = options.rows.map((row) =>
      row.verdict === 'cannot'
        ? { outcome: 'cannot', reason: row.reason }
        : { outcome: row.verdict === 'unchanged' ? 'unchanged' : 'waiting' },
    );
  }

  /** One result per line of the table, in its order. */
  get results(): readonly BulkResult[] {
    return this.options.rows.flatMap((row, index) => {
      const result = this.outcomes[index];
      return result ? [{ row, result, at: this.endedAt[index] }] : [];
    });
  }

  /** Does what has not been begun. The signal ends it between two clusters: what is under way is finished. */
  run(signal?: AbortSignal): Promise<readonly BulkResult[]> {
    return this.gathered((result) => result === 'waiting' || result === 'notBegun', signal);
  }

  /** Tries the failed ones again, and nothing else: what was cancelled stays so until `run` is called. */
  retryFailed(signal?: AbortSignal): Promise<readonly BulkResult[]> {
    return this.gathered((result) => result === 'failed', signal);
  }

  private gathered(...what: Parameters<BulkRun['carryOut']>): Promise<readonly BulkResult[]> {
    const work = () => this.carryOut(...what);
    return this.options.writes.gather?.(work) ?? work();
  }

  private async carryOut(
    wanted: (outcome: BulkOutcome['outcome']) => boolean,
    signal: AbortSignal | undefined,
  ): Promise<readonly BulkResult[]> {
    const perHost = new Map<HostUrl, number[]>();
    const former = [...this.outcomes];
    let total = 0;
    for (const [index, { cluster }] of this.options.rows.entries()) {
      if (!wanted(this.outcomes[index]?.outcome ?? 'cannot')) continue;
      const indexes = perHost.get(cluster.host);
      if (indexes) indexes.push(index);
      else perHost.set(cluster.host, [index]);
      this.outcomes[index] = { outcome: 'waiting' };
      total++;
    }
    const count: Count = { done: 0, failed: 0, total, pausedUntil: 0 };
    await Promise.all([...perHost.values()].map((indexes) => this.atHost(indexes, former, count, signal)));
    return this.results;
  }

  private async atHost(
    indexes: readonly number[],
    former: readonly BulkOutcome[],
    count: Count,
    signal: AbortSignal | undefined,
  ): Promise<void> {
    const tasks = new Queue<number>();
    for (const index of indexes) tasks.push(index);
    let pausedUntil = 0;
    /** Pauses since a cluster was last done. */
    let pauses = 0;
    /** Clusters in a row for which the host could not be reached, or did not answer a write. */
    let unreached = 0;
    const settle = (index: number, result: BulkOutcome): void => {
      const row = this.options.rows[index];
      if (!row) return;
      this.outcomes[index] = result;
      this.endedAt[index] = new Date();
      count.done++;
      if (result.outcome === 'failed' || result.outcome === 'outdated') count.failed++;
      const { done, failed, total } = count;
      const pause = Math.max(0, count.pausedUntil - Date.now());
      this.progressed.fire({ done, failed, total, last: { row, result }, pause });
    };
    try {
      await drain<number>({
        lanes: [{ tasks, share: SLOTS }],
        slots: SLOTS,
        pause: () => pausedUntil - Date.now(),
        signal,
        run: async (index) => {
          try {
            const row = this.options.rows[index];
            if (row) settle(index, await this.work.carryOut(row));
            unreached = 0;
            pauses = 0;
          } catch (thrown) {
            const error = toGitLabError(thrown);
            const next = searchAfter(error);
            if (error.kind === 'clustersUnavailable') {
              // Nothing was sent, and nothing else would be taken: the rest waits until the integration is on again.
              settle(index, { outcome: former[index]?.outcome === 'failed' ? 'failed' : 'notBegun', error });
              throw error;
            }
            if (next === 'wait') {
              // It was turned away, so nothing was done; sending it again is the user's, as for every write.
              const now = Date.now();
              const wait = restAfter(error);
              if (now >= pausedUntil) pauses++;
              const goesOn = wait <= LONGEST_PAUSE && pauses <= MAX_PAUSES;
              if (goesOn) pausedUntil = Math.max(pausedUntil, now + wait);
              count.pausedUntil = Math.max(count.pausedUntil, pausedUntil);
              settle(index, { outcome: former[index]?.outcome === 'failed' ? 'failed' : 'notBegun', error });
              if (goesOn) return;
              throw error;
            }
            settle(index, { outcome: 'failed', error });
            unreached = next === 'repeat' || isLost(error) ? unreached + 1 : 0;
            if (next === 'stop' || unreached >= SLOTS) throw error;
          }
        },
      });
    } catch (thrown) {
      const error = signal?.aborted ? new GitLabError('cancelled') : toGitLabError(thrown);
      for (const index of indexes) {
        if (this.outcomes[index]?.outcome !== 'waiting') continue;
        const was = former[index];
        // What failed before its second try began has failed still.
        this.outcomes[index] = was?.outcome === 'failed' ? was : { outcome: 'notBegun', error };
      }
    }
  }

  /** Forgets the service token. */
  dispose(): void {
    this.token.forget();
    this.progressed.dispose();
  }
}

/** A write whose answer never came, whatever was found out about it later: several in a row say that the host hangs. */
function isLost({ kind }: GitLabError): boolean {
  return kind === 'unknownOutcome' || kind === 'notHappened';
}
