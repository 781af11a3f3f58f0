import { ownerKey } from '../../core/model/cluster';
import type { Cluster, ClusterOwner } from '../../core/model/cluster';
import type { ClusterGroup, GroupBy } from '../../core/arrange/grouping';
import type { HostUrl } from '../../core/model/host';
import type { ClusterTreeNode } from '../../editor/clusterNodes';

/** Everything that rows may stand for. */
export interface KnownClusters {
  readonly groupBy: GroupBy;
  group(key: string): ClusterGroup | undefined;
  known(): { readonly clusters: readonly Cluster[] };
}

/** The clusters that the listed warnings of a host are about. */
type WarnedOf = (host: HostUrl) => readonly Cluster[];

/** The clusters that rows stand for, those of hosts, owners and groups included; each once. */
export function chosenClusters(
  rows: readonly ClusterTreeNode[],
  finder: KnownClusters,
  warnedOf: WarnedOf,
): readonly Cluster[] {
  const chosen = new Set<Cluster>();
  const add = (clusters: readonly Cluster[]): void => clusters.forEach((cluster) => chosen.add(cluster));
  const known = (fits: (cluster: Cluster) => boolean): void => add(finder.known().clusters.filter(fits));
  for (const row of rows) {
    switch (row.type) {
      case 'cluster':
      case 'warning':
        add([row.cluster]);
        break;
      case 'warnings':
        add(warnedOf(row.host));
        break;
      case 'host':
        known(({ host }) => host === row.host.url);
        break;
      case 'fleet':
        known(({ host }) => host === row.host);
        break;
      case 'owner':
        known(({ host, owner }) => host === row.host && ownerKey(owner) === ownerKey(row.owner));
        break;
      case 'branch':
        known(({ host, owner }) => host === row.host && isBelow(owner, row.owner));
        break;
      case 'group':
        // A key means something in its own grouping only.
        if (row.by === finder.groupBy) add(finder.group(row.key)?.clusters ?? []);
        break;
      case 'named':
      case 'unreadable':
      case 'message':
      case 'agents':
      case 'agent':
      case 'usableAgent':
      case 'agentAccess':
      case 'more':
        break;
    }
  }
  return [...chosen];
}

/** A branch stands for what GitLab nests below it, too. */
function isBelow(owner: ClusterOwner, above: ClusterOwner): boolean {
  if (ownerKey(owner) === ownerKey(above)) return true;
  return above.level === 'group' && owner.level !== 'instance' && owner.path.startsWith(`${above.path}/`);
}
