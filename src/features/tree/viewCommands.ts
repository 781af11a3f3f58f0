import * as vscode from 'vscode';
import { commands } from '../../contributions';
import type { FleetFinder } from '../../core/arrange/fleetFinder';
import type { Fleets } from '../../core/inventory/fleets';
import type { Host } from '../../core/model/host';
import type { HostAccounts } from '../../core/accounts/hostAccounts';
import type { Inventory } from '../../core/inventory/inventory';
import type { CommandTable } from '../../editor/commandTable';
import type { Pickers } from '../../editor/pickers';

/** Refresh everything, a host or an owner; show the log. */
export function viewCommands(
  accounts: HostAccounts,
  inventory: Inventory,
  tree: { refresh(): void },
  pickers: Pickers,
  log: vscode.LogOutputChannel,
  fleets: Fleets,
  finder: FleetFinder,
  extension: string,
) {
  /** Everything read before is read again; all clusters of a host only where they are shown. */
  const reload = async (hosts: readonly Host[]): Promise<void> => {
    await Promise.all(
      hosts.map(async ({ url }) => {
        await inventory.reloadHost(url);
        // Not awaited: the tree shows how far it is. A host that does not answer keeps what is known of it.
        if (inventory.hostState(url)?.state === 'loaded') void fleets.revalidate(url, finder.shape !== 'owners');
      }),
    );
  };
  return {
    [commands.refresh]: async () => {
      tree.refresh();
      await reload(accounts.hosts);
    },
    [commands.refreshHost]: async (node: unknown, selected: unknown) => {
      await reload(await pickers.hosts(node, selected, vscode.l10n.t('Refresh Host')));
    },
    [commands.refreshOwner]: async (node: unknown, selected: unknown) => {
      const given = pickers.selectedOwners(node, selected);
      const picked = given.length > 0 ? undefined : await pickers.owner(node, vscode.l10n.t('Refresh Clusters'), false);
      const owners = picked ? [picked] : given;
      await Promise.all(owners.map(({ host, owner }) => inventory.load(host, owner)));
    },
    // The page, not the file: opening the file at a key would write that key.
    [commands.openSettings]: () => vscode.commands.executeCommand('workbench.action.openSettings', `@ext:${extension}`),
    [commands.showLog]: () => log.show(),
    [commands.openDocumentation]: () => vscode.commands.executeCommand('extension.open', extension),
    [commands.showWhatsNew]: () => vscode.commands.executeCommand('extension.open', extension, 'changelog'),
    [commands.saveText]: () => vscode.commands.executeCommand('workbench.action.files.saveAs'),
  } satisfies CommandTable;
}
