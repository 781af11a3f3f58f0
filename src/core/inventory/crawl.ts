import { setImmediate as nextTurn } from 'node:timers/promises';
import type { GitLabClient } from '../gitlab/client';
import { listClusters } from '../gitlab/clusters';
import { mayDiscover } from '../gitlab/discovery';
import { GitLabError, toGitLabError } from '../gitlab/errors';
import type { HostIdentity } from '../gitlab/identity';
import { refusesDevelopers } from '../gitlab/owners';
import { isReadable, ownerPath } from '../model/cluster';
import type { Event } from '../time/event';
import { Emitter } from '../time/event';
import { atMostEvery } from '../time/atMostEvery';
import { Errands } from './errands';
import type { Fleet } from './fleet';
import type { FleetOwner } from './ownerRecord';
import type { OwnerToRead } from './ownerSurvey';
import type { CrawlGap } from './ownerLists';
import { OwnerSurvey } from './ownerSurvey';

/** How far a crawl is. Times in milliseconds. */
export interface CrawlProgress {
  /** Groups and projects met so far, and the instance for administrators. */
  readonly ownersSeen: number;
  /** Of them those whose clusters are known now, or known not to be readable. */
  readonly ownersDone: number;
  /** How many there are, once all lists of owners have been read. */
  readonly ownersTotal: number | undefined;
  readonly clustersFound: number;
  /** Owners whose clusters could not be read, each with its reason in the fleet. */
  readonly failures: number;
  /** An estimate; undefined while nobody can know. */
  readonly timeLeft: number | undefined;
  /** GitLab asked to be left alone until then (milliseconds since 1970). */
  readonly waitingUntil: number | undefined;
}

/**
 * `stopped` by a cancel (`error.kind` is `cancelled`) or by a fault that concerns the whole host. After that, and after
 * a completion with gaps, `run` goes on with what is left.
 */
export type CrawlOutcome =
  | { readonly outcome: 'complete'; readonly gaps: readonly CrawlGap[] }
  | { readonly outcome: 'stopped'; readonly error: GitLabError };

interface CrawlOptions {
  /** Filled as the crawl goes; what it knew before stays until it is met again or the crawl is complete. */
  readonly fleet: Fleet;
  readonly identity: HostIdentity;
  /** Requests at a time; 8 by default. */
  readonly slots?: number;
}

/** Milliseconds between two progress events. */
const PROGRESS_INTERVAL = 100;
/** So many answers of one top-level namespace say that the integration is switched off for all of it. */
const SURE = 2;
/** Weight of the newest request in the moving average of their durations. */
const WEIGHT = 0.05;

/**
 * Finds every cluster of a host that its token may read: lists groups and projects, asks discovery which of them have
 * clusters, and reads the clusters of those, and of all owners discovery does not speak for. Stopped, it keeps what is
 * left to do. A crawl belongs to one token: after a change of token, begin a new one.
 */
export class Crawl {
  private readonly fleet: Fleet;
  private readonly slots: number;
  private readonly errands: Errands;
  private readonly survey: OwnerSurvey;
  private readonly refusesDevelopers: boolean;
  /** Top-level namespaces, and how many answers said that the integration is switched off there. */
  private readonly off = new Map<string, number>();
  private started = false;
  private running: Promise<CrawlOutcome> | undefined;
  private done = 0;
  private found = 0;
  private failures = 0;
  private skipped = 0;
  private averageRead = 0;
  private readonly progressed = new Emitter<CrawlProgress>();
  private readonly pace = atMostEvery(PROGRESS_INTERVAL, () => this.progressed.fire(this.progress));

  /** At most ten times a second, and once at the end. */
  readonly onDidProgress: Event<CrawlProgress> = this.progressed.event;

  constructor({ fleet, identity, slots = 8 }: CrawlOptions) {
    this.fleet = fleet;
    this.slots = slots;
    this.refusesDevelopers = refusesDevelopers(identity.version?.number);
    this.errands = new Errands(slots);
    this.survey = new OwnerSurvey({
      fleet,
      administrator: identity.user.isAdmin,
      discovers: mayDiscover(identity.version?.number),
      add: (errand) => this.errands.add(errand),
      read: (owner) => this.addRead(owner),
      named: (owner) => this.addNames(owner),
      hasNone: () => this.tell(() => this.done++),
      lost: () => this.tell(() => this.failures++),
    });
  }

  get progress(): CrawlProgress {
    const { seen, complete, settled } = this.survey;
    const reads = this.errands.waiting('reads');
    const timed = settled && this.averageRead > 0;
    return {
      ownersSeen: seen,
      ownersDone: this.done,
      ownersTotal: complete ? seen : undefined,
      clustersFound: this.found,
      failures: this.failures,
      timeLeft: timed ? Math.ceil(Math.ceil(reads / this.slots) * this.averageRead) : undefined,
      waitingUntil: this.errands.pausedUntil > Date.now() ? this.errands.pausedUntil : undefined,
    };
  }

  /** Starts the crawl, or goes on where it was stopped. Never throws: the outcome says how it ended. */
  run(client: GitLabClient, signal?: AbortSignal): Promise<CrawlOutcome> {
    this.running ??= this.toTheEnd(client, signal).finally(() => (this.running = undefined));
    return this.running;
  }

  private async toTheEnd(client: GitLabClient, signal: AbortSignal | undefined): Promise<CrawlOutcome> {
    if (!this.started) {
      this.started = true;
      this.fleet.beginRound();
      this.survey.start();
    }
    this.survey.closeGaps();
    try {
      await this.errands.run(client, () => this.survey.goOn(), signal);
    } catch (error) {
      this.tell();
      return { outcome: 'stopped', error: signal?.aborted ? new GitLabError('cancelled') : toGitLabError(error) };
    } finally {
      this.pace.flush();
    }
    const { gaps } = this.survey;
    this.fleet.endRound(gaps.length === 0 ? new Date() : undefined);
    return { outcome: 'complete', gaps };
  }

  private addRead(owner: OwnerToRead): void {
    this.errands.add({
      lane: 'reads',
      perform: (client, signal) => this.read(owner, client, signal),
      failed: (error) => this.failed(owner, error),
    });
  }

  private async read(owner: OwnerToRead, client: GitLabClient, signal: AbortSignal): Promise<void> {
    if ((this.off.get(namespaceOf(owner)) ?? 0) >= SURE) {
      // Thousands of these come in a row, and each is done at once.
      if (++this.skipped % 100 === 0) await nextTurn();
      return this.failed(owner, new GitLabError('clustersUnavailable', { status: 404 }));
    }
    const began = performance.now();
    const list = () => listClusters(client, owner.owner, signal, owner.answered);
    const clusters = await this.fleet.lists.read(owner.owner, list);
    this.timed(performance.now() - began);
    this.fleet.putClusters(owner, clusters);
    this.tell(() => {
      this.found += clusters.filter(isReadable).length;
      this.done++;
    });
    owner.settled?.(undefined);
  }

  /**
   * Where the integration is switched off, owners without known clusters are not worth a row each, and neither are those
   * an old GitLab refuses. It is switched on for the whole host or granted to top-level namespaces (GitLab API contract
   * 10), so a few answers speak for the rest.
   */
  private failed(owner: OwnerToRead, error: GitLabError): void {
    const unavailable = error.kind === 'clustersUnavailable';
    if (unavailable) {
      const namespace = namespaceOf(owner);
      this.off.set(namespace, (this.off.get(namespace) ?? 0) + 1);
      this.fleet.putSwitchedOff(namespace);
    }
    const known = owner.names.length > 0 || this.fleet.record(owner.owner) !== undefined;
    const { level } = owner.owner;
    // GitLab before 12.1 has no clusters of groups, before 13.2 none of the instance.
    const absent = level !== 'project' && error.kind === 'unsupported';
    // The lists hold what a Developer has too, and do not tell it apart.
    const closed = level !== 'instance' && error.kind === 'forbidden' && this.refusesDevelopers;
    const shown = known || !(unavailable || absent || closed);
    if (shown) this.fleet.putFailure(owner, error, owner.names);
    this.tell(() => {
      this.done++;
      if (shown && !unavailable) this.failures++;
    });
    owner.settled?.(error);
  }

  /** Names that came later than the answer matter where that was a failure. */
  private addNames(owner: OwnerToRead): void {
    const record = this.fleet.record(owner.owner);
    const off = this.off.has(namespaceOf(owner));
    const failure = record ? record.failure : off ? new GitLabError('clustersUnavailable', { status: 404 }) : undefined;
    if (failure) this.fleet.putFailure(owner, failure, owner.names);
  }

  private timed(duration: number): void {
    this.averageRead = this.averageRead === 0 ? duration : this.averageRead + WEIGHT * (duration - this.averageRead);
  }

  private tell(change?: () => void): void {
    change?.();
    this.pace.request();
  }

  dispose(): void {
    this.pace.dispose();
    this.progressed.dispose();
  }
}

/** The top-level namespace of an owner; `''` is the instance. */
function namespaceOf({ owner }: FleetOwner): string {
  return ownerPath(owner)?.split('/')[0] ?? '';
}
