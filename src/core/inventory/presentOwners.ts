import type { GitLabClient } from '../gitlab/client';
import { presentOwner } from '../gitlab/presentOwner';
import { ownerKey } from '../model/cluster';
import type { ClusterOwner } from '../model/cluster';
import type { Host } from '../model/host';
import { watchesOwner } from '../accounts/watching';
import type { KnownCluster } from './ownerRecord';

type Clusters = readonly KnownCluster[];

/**
 * Clusters of a host with the path that GitLab has now for each owner the host watches: the setting keeps the one of the
 * day it was written. What was found otherwise came with its path. One request per watched owner; throws no GitLabError.
 */
export async function withPresentOwners(
  clusters: Clusters,
  host: Pick<Host, 'projects' | 'groups'>,
  client: () => Promise<GitLabClient>,
): Promise<Clusters> {
  const reading = new Map<string, Promise<ClusterOwner>>();
  const read = (owner: ClusterOwner): Promise<ClusterOwner> => {
    const key = ownerKey(owner);
    const known = reading.get(key) ?? presentOwner(owner, client).read();
    reading.set(key, known);
    return known;
  };
  return Promise.all(
    clusters.map(async (cluster) =>
      cluster.detail === 'full' && watchesOwner(host, cluster.owner)
        ? { ...cluster, owner: await read(cluster.owner) }
        : cluster,
    ),
  );
}
