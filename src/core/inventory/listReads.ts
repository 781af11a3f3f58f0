import { ownerKey } from '../model/cluster';
import type { ClusterOwner, ListedCluster } from '../model/cluster';

/** Reads lists of a host's owners in such a way that none is of before a write that was confirmed meanwhile. */
export class ListReads {
  /** How many writes to its clusters were confirmed, by owner. */
  private readonly writes = new Map<string, number>();

  /** A write to an owner's clusters was confirmed. */
  countWrite(owner: ClusterOwner): void {
    const key = ownerKey(owner);
    this.writes.set(key, (this.writes.get(key) ?? 0) + 1);
  }

  /** Reads a list; once more where a cluster of the owner was changed from here meanwhile. */
  async read(owner: ClusterOwner, read: () => Promise<readonly ListedCluster[]>): Promise<readonly ListedCluster[]> {
    const key = ownerKey(owner);
    for (;;) {
      const writes = this.writes.get(key);
      const list = await read();
      if (this.writes.get(key) === writes) return list;
    }
  }
}
