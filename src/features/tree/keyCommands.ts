import * as l10n from '@vscode/l10n';
import { commands } from '../../contributions';
import type { CommandId } from '../../contributions';
import type { ClusterTreeNode } from '../../editor/clusterNodes';
import type { CommandTable } from '../../editor/commandTable';
import type { Dialogs } from '../../editor/dialogs';
import { actionOfKey, textOfRows } from './rowKeys';
import type { RowKey } from './rowKeys';

/** What the keys of the view do, each to the rows that are selected. */
export function keyCommands(
  tree: { readonly selection: readonly ClusterTreeNode[] },
  dialogs: Pick<Dialogs, 'notify' | 'writeClipboard'>,
  run: (command: CommandId, ...rows: readonly unknown[]) => unknown,
) {
  const act = (key: RowKey) => async (): Promise<void> => {
    const action = actionOfKey(key, tree.selection);
    if (action) await run(action.command, action.rows[0], action.rows);
  };
  return {
    [commands.deleteRow]: act('delete'),
    [commands.editRow]: act('edit'),
    [commands.refreshRow]: async () => {
      if (tree.selection.length === 0) await run(commands.refresh);
      else await act('refresh')();
    },
    [commands.copyRow]: async () => {
      const text = textOfRows(tree.selection);
      if (text === '') return;
      await dialogs.writeClipboard(text);
      void dialogs.notify('information', l10n.t('Copied.'));
    },
  } satisfies CommandTable;
}
