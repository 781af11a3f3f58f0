import { nodeId } from '../../../editor/clusterNodes';
import type { ClusterTreeNode, MoreNode } from '../../../editor/clusterNodes';
import type { TreeKnowledge } from '../treeKnowledge';

/** Long lists show their first rows, and one that shows more. */
export function paged<T extends ClusterTreeNode>(
  parent: MoreNode['parent'],
  rows: readonly T[],
  { finding }: TreeKnowledge,
): readonly (T | MoreNode)[] {
  const limit = finding.limit(parent ? nodeId(parent) : '');
  return rows.length <= limit ? rows : [...rows.slice(0, limit), { type: 'more', parent, left: rows.length - limit }];
}
