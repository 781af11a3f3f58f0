import { GitLabError } from '../gitlab/errors';
import { writeAfter } from '../gitlab/failureKinds';
import type { Cluster, ClusterOwner } from '../model/cluster';
import type { ClusterFields } from '../model/clusterFields';
import type { HostUrl } from '../model/host';
import type { NamedThing, ProjectWriteKind } from './journalLine';

/** A write that is about to be sent, with everything that is known of the cluster before it. */
export type PlannedWrite = {
  readonly host: HostUrl;
  /** Who we are at the host, where that is known. */
  readonly user: string | undefined;
  /** One ID for everything that the user did at once, such as a bulk change. */
  readonly change: string | undefined;
} & (
  | { readonly kind: 'add'; readonly owner: ClusterOwner; readonly fields: ClusterFields }
  | { readonly kind: 'edit'; readonly cluster: Cluster; readonly fields: ClusterFields }
  | { readonly kind: 'delete'; readonly cluster: Cluster }
);

/** A write in a project that is about no cluster, such as a new agent; never with a secret. */
export interface PlannedProjectWrite {
  readonly host: HostUrl;
  readonly user: string | undefined;
  readonly change: string | undefined;
  readonly kind: ProjectWriteKind;
  readonly project: { readonly id: number; readonly path: string };
  readonly thing: NamedThing;
  readonly part?: NamedThing | undefined;
}

/** How a write ended. `gone`: somebody had deleted it before. */
export type WriteEnd =
  | { readonly outcome: 'done'; /** As GitLab has it now. */ readonly cluster?: Cluster }
  | { readonly outcome: 'gone' }
  | { readonly outcome: 'failed' | 'unknown'; readonly error: unknown };

/** Where writes are noted. Neither step throws: a write is not lost for want of a note. */
export interface WriteJournal {
  /** Resolves when the note is on disk. The function it gives adds the outcome. */
  begin(write: PlannedWrite | PlannedProjectWrite): Promise<(end: WriteEnd) => Promise<void>>;
}

/** Notes nothing. */
export const noJournal: WriteJournal = { begin: () => Promise.resolve(() => Promise.resolve()) };

/** Notes a write before it is sent, and how it ended after. Throws what `send` throws. */
export async function noted<T>(
  journal: WriteJournal,
  write: PlannedWrite | PlannedProjectWrite,
  send: () => Promise<T>,
  endOf: (result: T) => WriteEnd = () => ({ outcome: 'done' }),
): Promise<T> {
  const end = await journal.begin(write);
  try {
    const result = await send();
    await end(endOf(result));
    return result;
  } catch (error) {
    const isUnknown = error instanceof GitLabError && writeAfter(error) !== 'none';
    await end({ outcome: isUnknown ? 'unknown' : 'failed', error });
    throw error;
  }
}
