import * as vscode from 'vscode';
import { CLUSTERS_VIEW, commands } from '../../contributions';
import type { HostAccounts } from '../../core/accounts/hostAccounts';
import type { OwnerRoles } from '../../core/inventory/ownerRoles';
import type { ClusterOwner } from '../../core/model/cluster';
import type { Host } from '../../core/model/host';
import { ownerTitle } from '../../core/model/titles';
import type { LazyPart } from '../../core/time/lazyPart';
import type { CommandTable } from '../../editor/commandTable';
import { chooseImportFile, readImportFile } from '../../editor/importFile';
import type { Pickers } from '../../editor/pickers';
import type { ClusterForms } from './clusterFormPanel';

/** Add and edit clusters. */
export function formCommands(
  accounts: HostAccounts,
  forms: LazyPart<ClusterForms>,
  pickers: Pickers,
  roles: OwnerRoles,
) {
  /** Says before the form is filled that GitLab would refuse it. */
  const isAllowed = async (host: Host, owner: ClusterOwner): Promise<boolean> => {
    const asked = vscode.window.withProgress({ location: { viewId: CLUSTERS_VIEW } }, () => roles.ask(host.url, owner));
    if ((await asked) !== false) return true;
    void vscode.window.showWarningMessage(
      vscode.l10n.t(
        '{0} at {1}: adding and changing clusters needs the Maintainer role there. Ask a Maintainer to do it, or an Owner for the role.',
        ownerTitle(owner),
        host.name,
      ),
    );
    return false;
  };
  const addFrom = async (text: string, node: unknown): Promise<void> => {
    const picked = await pickers.owner(node, vscode.l10n.t('Add Cluster'), true);
    const host = picked && accounts.find(picked.host);
    if (host && (await isAllowed(host, picked.owner))) (await forms.get()).add(host, picked.owner, text);
  };
  return {
    [commands.addCluster]: async (node: unknown) => {
      const picked = await pickers.owner(node, vscode.l10n.t('Add Cluster'), true);
      const host = picked && accounts.find(picked.host);
      if (host && (await isAllowed(host, picked.owner))) (await forms.get()).add(host, picked.owner);
    },
    [commands.addClusterFromClipboard]: async (node: unknown) => {
      const text = await vscode.env.clipboard.readText();
      if (text.trim() === '') {
        void vscode.window.showWarningMessage(vscode.l10n.t('The clipboard holds no text. Copy a kubeconfig first.'));
        return;
      }
      await addFrom(text, node);
    },
    [commands.addClusterFromFile]: async (node: unknown) => {
      const chosen = node instanceof vscode.Uri ? await readImportFile(node) : await chooseImportFile();
      if (!chosen) return;
      if ('problem' in chosen) void vscode.window.showErrorMessage(chosen.problem);
      else await addFrom(chosen.text, node instanceof vscode.Uri ? undefined : node);
    },
    [commands.editCluster]: async (node: unknown) => {
      const cluster = await pickers.cluster(node, vscode.l10n.t('Edit Cluster'), ({ host }) => pickers.canWrite(host));
      const host = cluster && accounts.find(cluster.host);
      if (!host || !pickers.isWritable(cluster) || !(await isAllowed(host, cluster.owner))) return;
      await (await forms.get()).edit(cluster);
    },
  } satisfies CommandTable;
}
