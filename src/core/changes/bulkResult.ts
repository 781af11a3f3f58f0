import type { GitLabError } from '../gitlab/errors';
import type { Cluster, ClusterOwner, ListedCluster } from '../model/cluster';
import type { ClusterField, ClusterFields } from '../model/clusterFields';
import type { HostUrl } from '../model/host';
import type { BulkDifference, BulkRow } from './bulkPlan';

/** What a run does its work with. The inventory's methods do, bound to it: they also settle writes whose answer got lost. */
export interface BulkWrites {
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

/** How many a further step would do: those that failed can be tried again, those not begun be gone on with. */
export function leftToDo(results: readonly BulkResult[]): { readonly failed: number; readonly notBegun: number } {
  const count = (...outcomes: readonly BulkOutcome['outcome'][]): number =>
    results.filter(({ result }) => outcomes.includes(result.outcome)).length;
  return { failed: count('failed'), notBegun: count('notBegun', 'waiting') };
}
