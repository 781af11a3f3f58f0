import type { GitLabClient } from '../gitlab/client';
import type { ClusterOwner } from '../model/cluster';
import type { HostUrl } from '../model/host';
import type { Disposable } from '../time/event';
import { Fleet } from './fleet';
import { HostIdentityLoad } from './hostIdentityLoad';
import { OwnerLoads } from './ownerLoads';

interface StorePorts {
  /** Undefined while the host has no token. */
  readonly storedClient: () => Promise<GitLabClient | undefined>;
  /** Throws GitLabError `noToken` then. */
  readonly client: () => Promise<GitLabClient>;
  /** The host's own state has changed, or what is known of an owner that somebody opened. */
  readonly changed: (owner?: ClusterOwner) => void;
}

/** Everything kept of one host: who we are there, and its owners with their clusters. */
export class HostStore implements Disposable {
  readonly identity: HostIdentityLoad;
  readonly fleet: Fleet;
  readonly loads: OwnerLoads;

  constructor(host: HostUrl, { storedClient, client, changed }: StorePorts) {
    this.identity = new HostIdentityLoad(storedClient, () => changed());
    this.fleet = new Fleet(host, changed);
    this.loads = new OwnerLoads(this.fleet, client);
  }

  dispose(): void {
    this.identity.dispose();
    this.loads.dispose();
    this.fleet.dispose();
  }
}
