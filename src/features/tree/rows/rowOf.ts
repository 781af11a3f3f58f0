import type { ClusterTreeNode } from '../../../editor/clusterNodes';
import { nodeId } from '../../../editor/clusterNodes';
import type { TreeKnowledge } from '../treeKnowledge';
import { agentRow } from './agent';
import { branchRow } from './branch';
import { clusterRow } from './cluster';
import { fleetRow } from './fleet';
import { groupRow } from './group';
import { hostRow } from './host';
import { messageRow } from './message';
import { moreRow } from './more';
import { namedRow } from './named';
import { ownerRow } from './owner';
import type { NodeLook, Row } from './row';
import { topRows } from './top';
import { unreadableRow } from './unreadable';
import { warningRow } from './warning';

/** The only place that lists the kinds of rows. */
export function rowOf(node: ClusterTreeNode): Row {
  switch (node.type) {
    case 'host':
      return hostRow(node);
    case 'owner':
      return ownerRow(node);
    case 'cluster':
      return clusterRow(node);
    case 'unreadable':
      return unreadableRow(node);
    case 'message':
      return messageRow(node);
    case 'fleet':
      return fleetRow(node);
    case 'branch':
      return branchRow(node);
    case 'group':
      return groupRow(node);
    case 'named':
      return namedRow(node);
    case 'warnings':
    case 'warning':
      return warningRow(node);
    case 'agents':
    case 'agent':
    case 'usableAgent':
    case 'agentAccess':
      return agentRow(node);
    case 'more':
      return moreRow(node);
  }
}

/** The rows below a row; those at the top for none. */
export function children(node: ClusterTreeNode | undefined, knowledge: TreeKnowledge): readonly ClusterTreeNode[] {
  return node ? (rowOf(node).below?.(knowledge) ?? []) : topRows(knowledge);
}

/** The row a row hangs under, or undefined for the top ones and for what is no longer shown. */
export function parentOf(node: ClusterTreeNode, knowledge: TreeKnowledge): ClusterTreeNode | undefined {
  return rowOf(node).above(knowledge);
}

/** How a row looks as of now, with its id. */
export function present(node: ClusterTreeNode, knowledge: TreeKnowledge): NodeLook & { readonly id: string } {
  return { id: nodeId(node), ...rowOf(node).look(knowledge) };
}

/** Lists whose rows lead to a node, with the position it has there: long ones may not show it yet. */
export function listsTo(
  node: ClusterTreeNode,
  knowledge: TreeKnowledge,
): readonly { readonly list: string; readonly position: number }[] {
  const row = rowOf(node);
  const place = row.listed?.(knowledge);
  const parent = place && row.above(knowledge);
  return place ? [place, ...(parent ? listsTo(parent, knowledge) : [])] : [];
}
