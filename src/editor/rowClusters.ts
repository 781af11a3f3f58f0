import { knownKey } from '../core/inventory/ownerRecord';
import type { KnownCluster } from '../core/inventory/ownerRecord';
import type { ClusterGroup, GroupBy } from '../core/arrange/grouping';
import type { ClusterTreeNode } from './clusterNodes';

/** The rows of groups there are now. */
export interface ShownGroups {
  readonly groupBy: GroupBy;
  group(key: string): ClusterGroup | undefined;
}

/**
 * The clusters that rows stand for, each once; none for rows of other things. `gone` where a row of a group is no longer
 * there: nobody may take that for “no row”, which means everything known.
 */
export function clustersOfRows(
  rows: readonly ClusterTreeNode[],
  groups: ShownGroups,
): readonly KnownCluster[] | 'gone' {
  const found = new Map<string, KnownCluster>();
  for (const row of rows) {
    if (row.type === 'cluster' || row.type === 'named') found.set(knownKey(row.cluster), row.cluster);
    if (row.type !== 'group') continue;
    // A key means something in its own grouping only.
    const group = row.by === groups.groupBy ? groups.group(row.key) : undefined;
    if (!group) return 'gone';
    for (const cluster of [...group.clusters, ...group.named]) found.set(knownKey(cluster), cluster);
  }
  return [...found.values()];
}
