import { GitLabError } from '../gitlab/errors';
import { probeClusters } from '../gitlab/clusters';
import type { GitLabClient } from '../gitlab/client';
import type { ClusterOwner } from '../model/cluster';

/** Milliseconds for which one answer speaks for all clusters of a host that are missed. */
const PROBE_AGE = 2000;

/**
 * Finds out what "not found" for one cluster means: where the list of its owner is switched off, the integration is, and
 * not the cluster gone (GitLab API contract 4.5). Clusters that are missed in a row share one request per host.
 */
export class IntegrationProbe {
  private readonly probed = new WeakMap<
    GitLabClient,
    { readonly at: number; readonly off: Promise<GitLabError | undefined> }
  >();

  /** GitLabError `clustersUnavailable` in place of a `notFound` that comes from it; any other error as it is. */
  async explained(error: unknown, client: GitLabClient, owner: ClusterOwner): Promise<unknown> {
    if (!(error instanceof GitLabError) || error.kind !== 'notFound') return error;
    return (await this.switchedOff(client, owner)) ?? error;
  }

  private switchedOff(client: GitLabClient, owner: ClusterOwner): Promise<GitLabError | undefined> {
    const known = this.probed.get(client);
    const now = performance.now();
    if (known && now - known.at < PROBE_AGE) return known.off;
    const off = probeClusters(client, owner).then(
      () => undefined,
      (reason: unknown) =>
        reason instanceof GitLabError && reason.kind === 'clustersUnavailable' ? reason : undefined,
    );
    this.probed.set(client, { at: now, off });
    return off;
  }
}
