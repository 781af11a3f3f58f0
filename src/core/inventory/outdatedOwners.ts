import { ownerKey } from '../model/cluster';
import type { ClusterOwner } from '../model/cluster';
import type { HostUrl } from '../model/host';

interface HostOwner {
  readonly host: HostUrl;
  readonly owner: ClusterOwner;
}

/** Owners whose lists turned out not to be up to date: read again at once, or once each when many writes have ended. */
export class OutdatedOwners {
  private readonly reload: (host: HostUrl, owner: ClusterOwner) => void;
  private gathered: Map<string, HostOwner> | undefined;

  constructor(reload: (host: HostUrl, owner: ClusterOwner) => void) {
    this.reload = reload;
  }

  add(host: HostUrl, owner: ClusterOwner): void {
    if (this.gathered) this.gathered.set(`${host}|${ownerKey(owner)}`, { host, owner });
    else this.reload(host, owner);
  }

  /** Reads each owner once when all of the work is done, however many of its clusters failed. */
  async gather<T>(work: () => Promise<T>): Promise<T> {
    if (this.gathered) return work();
    const gathered = new Map<string, HostOwner>();
    this.gathered = gathered;
    try {
      return await work();
    } finally {
      this.gathered = undefined;
      for (const { host, owner } of gathered.values()) this.add(host, owner);
    }
  }
}
