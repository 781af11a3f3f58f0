import { listClusters } from '../gitlab/clusters';
import type { GitLabClient } from '../gitlab/client';
import { toGitLabError } from '../gitlab/errors';
import type { GitLabError } from '../gitlab/errors';
import { ownerKey } from '../model/cluster';
import type { ClusterOwner, ListedCluster } from '../model/cluster';
import type { Disposable } from '../time/event';
import type { Fleet } from './fleet';

/** Milliseconds for which what a search has read of an owner need not be read again when somebody opens that owner. */
const RECENT = 60_000;

/**
 * Reads the lists of single owners of a host into its records. Of several loads of one owner only the latest counts,
 * earlier ones are cancelled. Never throws: the outcome is in the record.
 */
export class OwnerLoads implements Disposable {
  private readonly fleet: Fleet;
  private readonly client: () => Promise<GitLabClient>;
  private readonly running = new Map<string, { readonly stop: AbortController; readonly ended: Promise<void> }>();

  constructor(fleet: Fleet, client: () => Promise<GitLabClient>) {
    this.fleet = fleet;
    this.client = client;
  }

  /** Reads an owner's list where nobody asked for it yet and no search has just read it. A failure stays as it is. */
  async ensure(owner: ClusterOwner): Promise<void> {
    const known = this.fleet.known(owner);
    if (known?.opened) return this.running.get(ownerKey(owner))?.ended;
    const isRecent = known?.current && !known.failure && Date.now() - (known.readAt ?? 0) < RECENT;
    if (isRecent) this.fleet.open(owner);
    else await this.load(owner);
  }

  /** Reads an owner's list now. */
  load(owner: ClusterOwner): Promise<void> {
    const key = ownerKey(owner);
    this.running.get(key)?.stop.abort();
    const stop = new AbortController();
    const ended = this.outcomeOf(owner, stop.signal).then((outcome) => {
      if (this.running.get(key)?.stop !== stop) return;
      this.running.delete(key);
      this.fleet.endLoad(owner, outcome);
    });
    this.running.set(key, { stop, ended });
    this.fleet.open(owner, true);
    return ended;
  }

  private async outcomeOf(owner: ClusterOwner, signal: AbortSignal): Promise<readonly ListedCluster[] | GitLabError> {
    try {
      const client = await this.client();
      return await this.fleet.lists.read(owner, () => listClusters(client, owner, signal));
    } catch (error) {
      return toGitLabError(error);
    }
  }

  /** Cancels a load; an answer that still comes is dropped. */
  cancel(owner: ClusterOwner): void {
    const key = ownerKey(owner);
    this.running.get(key)?.stop.abort();
    this.running.delete(key);
  }

  dispose(): void {
    for (const { stop } of this.running.values()) stop.abort();
    this.running.clear();
  }
}
