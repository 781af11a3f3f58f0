import * as vscode from 'vscode';
import { commands } from '../../contributions';
import type { HostAccounts } from '../../core/accounts/hostAccounts';
import type { LazyPart } from '../../core/time/lazyPart';
import type { CommandTable } from '../../editor/commandTable';
import type { Pickers } from '../../editor/pickers';
import type { ClusterForms } from './clusterFormPanel';

/** Add and edit clusters. */
export function formCommands(accounts: HostAccounts, forms: LazyPart<ClusterForms>, pickers: Pickers) {
  return {
    [commands.addCluster]: async (node: unknown) => {
      const picked = await pickers.owner(node, vscode.l10n.t('Add Cluster'), true);
      const host = picked && accounts.find(picked.host);
      if (host) (await forms.get()).add(host, picked.owner);
    },
    [commands.editCluster]: async (node: unknown) => {
      const cluster = await pickers.cluster(node, vscode.l10n.t('Edit Cluster'), ({ host }) => pickers.canWrite(host));
      if (cluster && pickers.isWritable(cluster)) await (await forms.get()).edit(cluster);
    },
  } satisfies CommandTable;
}
