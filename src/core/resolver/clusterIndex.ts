import { isReadable, ownerKey } from '../model/cluster';
import type { Cluster, ClusterOwner, ListedCluster, UnreadableCluster } from '../model/cluster';

/** Clusters of one host, found by owner and by management project. Made once, asked about many projects. */
export interface ClusterIndex {
  readonly all: readonly ListedCluster[];
  of(owner: ClusterOwner): readonly Cluster[];
  /** Entries of an owner's list that could not be read. */
  unreadableOf(owner: ClusterOwner): readonly UnreadableCluster[];
  managedBy(projectId: number): readonly Cluster[];
}

/** `clusters` must be of one host: ids mean something there only. */
export function indexClusters(clusters: readonly ListedCluster[]): ClusterIndex {
  const byOwner = new Map<string, Cluster[]>();
  const unreadable = new Map<string, UnreadableCluster[]>();
  const byManagement = new Map<number, Cluster[]>();
  for (const cluster of clusters) {
    const key = ownerKey(cluster.owner);
    if (!isReadable(cluster)) {
      add(unreadable, key, cluster);
      continue;
    }
    add(byOwner, key, cluster);
    if (cluster.managementProject) add(byManagement, cluster.managementProject.id, cluster);
  }
  return {
    all: clusters,
    of: (owner) => byOwner.get(ownerKey(owner)) ?? [],
    unreadableOf: (owner) => unreadable.get(ownerKey(owner)) ?? [],
    managedBy: (projectId) => byManagement.get(projectId) ?? [],
  };
}

function add<K, V>(lists: Map<K, V[]>, key: K, value: V): void {
  const list = lists.get(key);
  if (list) list.push(value);
  else lists.set(key, [value]);
}
