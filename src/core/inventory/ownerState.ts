import { failureKinds } from '../gitlab/failureKinds';
import type { ListedCluster } from '../model/cluster';
import type { LoadState } from './latestLoad';
import type { OwnerRecord } from './ownerRecord';

/** An owner's clusters as a load. */
export type OwnerState = LoadState<readonly ListedCluster[]>;

/** A record as a load: what was remembered of another window counts as known while it is read again, not as loaded. */
export function stateOf({ clusters, failure, readAt, current, loading }: OwnerRecord): OwnerState | undefined {
  const value = readAt === undefined ? undefined : clusters;
  if (loading) return { state: 'loading', value };
  const at = readAt === undefined ? undefined : new Date(readAt);
  if (failure) return { state: 'failed', error: failure, ...(failureKinds[failure.kind].keepsKnown && { value, at }) };
  return current && at ? { state: 'loaded', value: clusters, at } : undefined;
}
