import * as vscode from 'vscode';
import { commands } from '../../contributions';
import type { ClusterTreeNode } from '../../editor/clusterNodes';
import type { CommandTable } from '../../editor/commandTable';
import { actionOfKey, textOfRows } from './rowKeys';
import type { RowKey } from './rowKeys';

/** What the keys of the view do, each to the rows that are selected. */
export function keyCommands(tree: { readonly selection: readonly ClusterTreeNode[] }) {
  const act = (key: RowKey) => async (): Promise<void> => {
    const action = actionOfKey(key, tree.selection);
    if (action) await vscode.commands.executeCommand(action.command, action.rows[0], action.rows);
  };
  return {
    [commands.deleteRow]: act('delete'),
    [commands.editRow]: act('edit'),
    [commands.refreshRow]: async () => {
      if (tree.selection.length === 0) await vscode.commands.executeCommand(commands.refresh);
      else await act('refresh')();
    },
    [commands.copyRow]: async () => {
      const text = textOfRows(tree.selection);
      if (text === '') return;
      await vscode.env.clipboard.writeText(text);
      vscode.window.setStatusBarMessage(vscode.l10n.t('Copied.'), 3000);
    },
  } satisfies CommandTable;
}
