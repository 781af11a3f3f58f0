import type { GitLabClient } from '../gitlab/client';
import { GitLabError } from '../gitlab/errors';
import { failureKinds } from '../gitlab/failureKinds';
import { ownerKey } from '../model/cluster';
import type { ClusterOwner } from '../model/cluster';
import type { HostUrl } from '../model/host';
import { IntegrationProbe } from './integrationProbe';

interface HostOwner {
  readonly host: HostUrl;
  readonly owner: ClusterOwner;
}

interface ConsequencePorts {
  /** Throws GitLabError `noToken` while the host has no token. */
  readonly client: (host: HostUrl) => Promise<GitLabClient>;
  readonly reload: (host: HostUrl, owner: ClusterOwner) => void;
}

/**
 * What follows from the failure of a request about one cluster. Where the failure says that rows are not up to date, their
 * owner is read again: at once, or once when many writes have ended.
 */
export class FailureConsequences {
  private readonly ports: ConsequencePorts;
  private readonly probe = new IntegrationProbe();
  private gathered: Map<string, HostOwner> | undefined;

  constructor(ports: ConsequencePorts) {
    this.ports = ports;
  }

  /** Gives the error with its reason: a cluster that is not found may be there, with the integration switched off. */
  async of(thrown: unknown, host: HostUrl, owner: ClusterOwner): Promise<unknown> {
    const client = await this.ports.client(host).catch(() => undefined);
    const error = client ? await this.probe.explained(thrown, client, owner) : thrown;
    if (error instanceof GitLabError && failureKinds[error.kind].outdated) this.readAgain({ host, owner });
    return error;
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
      for (const one of gathered.values()) this.readAgain(one);
    }
  }

  private readAgain({ host, owner }: HostOwner): void {
    if (this.gathered) this.gathered.set(`${host}|${ownerKey(owner)}`, { host, owner });
    else this.ports.reload(host, owner);
  }
}
