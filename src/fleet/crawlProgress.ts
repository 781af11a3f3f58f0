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
  readonly requests: number;
  /** An estimate; undefined while nobody can know. */
  readonly timeLeft: number | undefined;
  /** GitLab asked to be left alone until then (milliseconds since 1970). */
  readonly waitingUntil: number | undefined;
}

/** Weight of the newest request in the moving average of their durations. */
const WEIGHT = 0.05;

/** Counts for one crawl; plain numbers, so that reading them is cheap. */
export class CrawlTally {
  seen = 0;
  done = 0;
  found = 0;
  failures = 0;
  requests = 0;
  private averageRead = 0;

  /** A list of clusters was read, which took so many milliseconds. */
  timed(duration: number): void {
    this.averageRead = this.averageRead === 0 ? duration : this.averageRead + WEIGHT * (duration - this.averageRead);
  }

  /** How long so many reads will take, so many at a time. */
  timeFor(reads: number, slots: number): number | undefined {
    return this.averageRead === 0 ? undefined : Math.ceil((reads * this.averageRead) / slots);
  }
}
