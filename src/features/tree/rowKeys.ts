import { commands } from '../../contributions';
import type { CommandId } from '../../contributions';
import { contextName } from '../../core/model/agent';
import { usableContext } from '../../core/gitlab/usableAgents';
import type { ClusterTreeNode } from '../../editor/clusterNodes';

/** Keys that act on the selected rows. VS Code gives no rows to a key, as it does to a menu. */
export type RowKey = 'delete' | 'edit' | 'refresh';

/** A command with the rows it is called on: the first one, and all. */
interface RowAction {
  readonly command: CommandId;
  readonly rows: readonly ClusterTreeNode[];
}

/**
 * What a key does to rows: what their own menu offers for it, or nothing. A key never asks which row is meant, so that
 * Delete on a group is not taken for Delete of everything.
 */
export function actionOfKey(key: RowKey, rows: readonly ClusterTreeNode[]): RowAction | undefined {
  const [first] = rows;
  if (!first || rows.some(({ type }) => type !== first.type)) return undefined;
  const one = rows.length === 1;
  switch (key) {
    case 'delete':
      if (first.type === 'cluster') return { command: commands.deleteCluster, rows };
      if (first.type === 'agent' && one) return { command: commands.deleteAgent, rows };
      return first.type === 'host' && one ? { command: commands.removeHost, rows } : undefined;
    case 'edit':
      if (first.type === 'cluster' && one) return { command: commands.editCluster, rows };
      return first.type === 'host' && one ? { command: commands.renameHost, rows } : undefined;
    case 'refresh':
      if (first.type === 'host') return { command: commands.refreshHost, rows };
      if (first.type === 'agents' && one) return { command: commands.refreshAgents, rows };
      if (first.type === 'owner' || first.type === 'branch') return { command: commands.refreshOwner, rows };
      return first.type === 'fleet' && one ? { command: commands.findAgain, rows } : undefined;
  }
}

/** What copying rows puts on the clipboard, a line each: names of clusters, paths, addresses. */
export function textOfRows(rows: readonly ClusterTreeNode[]): string {
  return rows.flatMap((row) => textOf(row) ?? []).join('\n');
}

function textOf(row: ClusterTreeNode): string | undefined {
  switch (row.type) {
    case 'host':
      return row.host.url;
    case 'owner':
    case 'branch':
      return row.owner.level === 'instance' ? row.host : row.owner.path;
    case 'cluster':
    case 'named':
      return row.cluster.name;
    case 'agent':
      return contextName(row.agent);
    case 'usableAgent':
      return usableContext(row.agent);
    default:
      return undefined;
  }
}
