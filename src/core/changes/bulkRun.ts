import * as l10n from '@vscode/l10n';
import { GitLabError, toGitLabError } from '../gitlab/errors';
import { restAfter, searchAfter } from '../gitlab/failureKinds';
import { attributeNames } from '../model/attributes';
import { attributeUses } from '../model/attributeUses';
import { isReadable } from '../model/cluster';
import type { Cluster, ClusterOwner, ListedCluster } from '../model/cluster';
import type { ClusterField, ClusterFields } from '../model/clusterFields';
import { differences, stored } from '../model/differences';
import type { Event } from '../time/event';
import { Emitter } from '../time/event';
import type { HostUrl } from '../model/host';
import { plain } from '../model/plainText';
import { isSameRegistration } from './addPlan';
import { differencesOf, fieldsOf, movedSince } from './bulkPlan';
import type { BulkChange, BulkDifference, BulkRow } from './bulkPlan';
import { drain, Queue } from '../time/taskPool';

/** What a run does its work with. The inventory's methods do, bound to it: they also settle writes whose answer got lost. */
export interface ClusterWrites {
  readonly get: (cluster: Cluster) => Promise<Cluster>;
  readonly edit: (cluster: Cluster, fields: ClusterFields) => Promise<Cluster>;
  readonly delete: (cluster: Cluster) => Promise<'deleted' | 'gone'>;
  /** For plans that add. */
  readonly adding?: {
    /** An owner's clusters as GitLab has them now. */
    readonly list: (host: HostUrl, owner: ClusterOwner) => Promise<readonly ListedCluster[]>;
    readonly add: (host: HostUrl, owner: ClusterOwner, fields: ClusterFields) => Promise<Cluster>;
  };
  /** Holds back until the end what is to be read again after failures. */
  readonly gather?: <T>(work: () => Promise<T>) => Promise<T>;
}

/** How it went for one line of the table. */
export type BulkOutcome =
  | { readonly outcome: 'waiting' }
  | {
      readonly outcome: 'changed' | 'added';
      readonly cluster: Cluster;
      /** Sent, and not what GitLab has now. */ readonly ignored: readonly ClusterField[];
    }
  | { readonly outcome: 'deleted' | 'gone' | 'unchanged' }
  /** Somebody changed it since it was shown. Nothing was sent. */
  | {
      readonly outcome: 'outdated';
      readonly cluster: Cluster;
      /** What tells it from others and is not as it was. */ readonly moved: readonly BulkDifference[];
      /** What would be changed instead of what was shown. */ readonly now: readonly BulkDifference[];
    }
  | { readonly outcome: 'failed'; readonly error: GitLabError }
  /**
   * Not done, since the run was cancelled, its host stopped answering, the integration was switched off, or GitLab asked
   * to be left alone before it was sent.
   */
  | { readonly outcome: 'notBegun'; readonly error: GitLabError }
  | { readonly outcome: 'cannot'; readonly reason: string };

export interface BulkResult {
  readonly row: BulkRow;
  readonly result: BulkOutcome;
  /** When it ended; undefined for what was not tried. */
  readonly at?: Date | undefined;
}

export interface BulkProgress {
  readonly done: number;
  readonly total: number;
  readonly failed: number;
  /** The line that is done now. */
  readonly last: BulkResult;
  /** Milliseconds until the next line is begun, where GitLab asked to wait; 0 otherwise. */
  readonly pause: number;
}

export interface BulkRunOptions {
  readonly rows: readonly BulkRow[];
  readonly change: BulkChange;
  readonly writes: ClusterWrites;
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
            if (row) settle(index, await this.carryOutRow(row));
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

  private async carryOutRow(row: BulkRow): Promise<BulkOutcome> {
    const { writes, change } = this.options;
    if (row.verdict === 'delete') return this.deleteRow(row.cluster);
    if (row.verdict === 'add') return this.addRow(row.cluster);
    if (row.verdict !== 'change' || change.type === 'delete') return { outcome: 'unchanged' };
    const fresh = await writes.get(row.cluster);
    const moved = movedSince(row.cluster, fresh, change);
    const now = differencesOf(fresh, change);
    if (moved.length > 0) return { outcome: 'outdated', cluster: fresh, moved, now };
    if (now.length === 0) return { outcome: 'unchanged' };
    if (!isAsPlanned(now, row.differences)) return { outcome: 'outdated', cluster: fresh, moved, now };
    const sent = this.toSend(fieldsOf(change, fresh), now, fresh);
    const cluster = await writes.edit(fresh, sent);
    return { outcome: 'changed', cluster, ignored: differences(sent, cluster).map(({ field }) => field) };
  }

  /** The list is read right before: what was added meanwhile, or by a try whose answer got lost, is not added twice. */
  private async addRow(wanted: Cluster): Promise<BulkOutcome> {
    const { writes, change } = this.options;
    const fields = change.type === 'add' ? change.fields.get(wanted) : undefined;
    const { adding } = writes;
    if (!fields || !adding) return { outcome: 'unchanged' };
    const { host, owner } = wanted;
    const there = (await adding.list(host, owner)).filter(isReadable);
    if (there.some((other) => isSameRegistration(other, wanted))) return { outcome: 'unchanged' };
    const taken = there.find(({ environmentScope }) => environmentScope.trim() === wanted.environmentScope);
    if (taken) {
      const reason = l10n.t('“{0}” (id {1}) already has this scope.', plain(taken.name), taken.id);
      return { outcome: 'cannot', reason };
    }
    const serviceToken = this.token.take(wanted);
    const sent: ClusterFields = serviceToken === undefined ? fields : { ...fields, serviceToken };
    const cluster = await adding.add(host, owner, sent);
    return { outcome: 'added', cluster, ignored: differences(sent, cluster).map(({ field }) => field) };
  }

  private async deleteRow(cluster: Cluster): Promise<BulkOutcome> {
    const { writes, change } = this.options;
    let fresh = cluster;
    try {
      fresh = await writes.get(cluster);
    } catch (error) {
      // Deleting tells whether it is gone or only hidden.
      if (toGitLabError(error).kind !== 'notFound') throw error;
    }
    const moved = movedSince(cluster, fresh, change);
    if (moved.length > 0) return { outcome: 'outdated', cluster: fresh, moved, now: [] };
    return { outcome: await writes.delete(fresh) };
  }

  /** Only what differs goes out, and the value GitLab resets when it is left out (GitLab API contract 11.2). */
  private toSend(wanted: ClusterFields, now: readonly BulkDifference[], fresh: Cluster): ClusterFields {
    const changed = new Set(now.map(({ field }) => field));
    const serviceToken = changed.has('serviceToken') ? this.token.take(fresh) : undefined;
    return attributeNames.reduce<ClusterFields>(
      (fields, attribute) => {
        const value = attributeUses[attribute].repeated
          ? stored[attribute](fresh)
          : changed.has(attribute)
            ? wanted[attribute]
            : undefined;
        return value === undefined ? fields : { ...fields, [attribute]: value };
      },
      serviceToken === undefined ? {} : { serviceToken },
    );
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

/** How many a further step would do: those that failed can be tried again, those not begun be gone on with. */
export function leftToDo(results: readonly BulkResult[]): { readonly failed: number; readonly notBegun: number } {
  const count = (...outcomes: readonly BulkOutcome['outcome'][]): number =>
    results.filter(({ result }) => outcomes.includes(result.outcome)).length;
  return { failed: count('failed'), notBegun: count('notBegun', 'waiting') };
}

/**
 * Whether the cluster still has what the table showed as before; a part that is done already is no surprise. Where its
 * API URL was moved to has been looked at.
 */
function isAsPlanned(now: readonly BulkDifference[], planned: readonly BulkDifference[]): boolean {
  return now.every((difference) => {
    if (difference.field === 'serviceToken' || difference.field === 'apiUrl') return true;
    const shown = planned.find(({ field }) => field === difference.field);
    return shown !== undefined && shown.field !== 'serviceToken' && shown.before === difference.before;
  });
}
