import * as vscode from 'vscode';
import { SETTINGS_SECTION, commands } from '../contributions';
import type { HostAccounts } from '../model/hostAccounts';
import type { Inventory } from '../model/inventory';
import type { CommandTable } from './commandTable';
import type { Pickers } from './pickers';

/** Refresh everything, a host or an owner; show the log. */
export function viewCommands(
  accounts: HostAccounts,
  inventory: Inventory,
  tree: { refresh(): void },
  pickers: Pickers,
  log: vscode.LogOutputChannel,
): CommandTable {
  return {
    [commands.refresh]: async () => {
      tree.refresh();
      await Promise.all(accounts.hosts.map(({ url }) => inventory.reloadHost(url)));
    },
    [commands.refreshHost]: async (node: unknown) => {
      const host = await pickers.host(node, vscode.l10n.t('Refresh Host'));
      if (host) await inventory.reloadHost(host.url);
    },
    [commands.refreshOwner]: async (node: unknown) => {
      const picked = await pickers.owner(node, vscode.l10n.t('Refresh Clusters'), false);
      if (picked) await inventory.load(picked.host, picked.owner);
    },
    [commands.openSettings]: () =>
      vscode.commands.executeCommand('workbench.action.openApplicationSettingsJson', {
        revealSetting: { key: `${SETTINGS_SECTION}.hosts`, edit: true },
      }),
    [commands.showLog]: () => log.show(),
  };
}
