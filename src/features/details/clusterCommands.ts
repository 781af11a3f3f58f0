import * as vscode from 'vscode';
import { commands } from '../../contributions';
import type { ClusterForms } from '../form/clusterFormPanel';
import type { ClusterDocuments } from './clusterDocument';
import type { Cluster } from '../../core/model/cluster';
import type { HostAccounts } from '../../core/accounts/hostAccounts';
import type { Inventory } from '../../core/inventory/inventory';
import type { LazyPart } from '../../core/time/lazyPart';
import { clusterPage, ownerPage, projectPage } from '../../core/model/pages';
import type { TextDocuments } from '../../editor/textDocuments';
import type { CommandTable } from '../../editor/commandTable';
import { deleteClusters } from '../bulk/deleteClusters';
import { openExternal } from '../../editor/openExternal';
import { tellReadOnly } from '../../editor/pickers';
import type { Pickers } from '../../editor/pickers';

/** Add, edit, show, delete, copy from and open clusters. */
export function clusterCommands(
  accounts: HostAccounts,
  inventory: Inventory,
  forms: LazyPart<ClusterForms>,
  documents: ClusterDocuments,
  pickers: Pickers,
  texts: TextDocuments,
) {
  /** Copies what `read` takes from a cluster; where it has none, says so. */
  const copy = (title: string, read: (cluster: Cluster) => string | undefined) => async (node: unknown) => {
    const cluster = await pickers.cluster(node, title, (one) => read(one) !== undefined);
    const text = cluster && read(cluster);
    if (text === undefined) return;
    await vscode.env.clipboard.writeText(text);
    vscode.window.setStatusBarMessage(vscode.l10n.t('Copied.'), 3000);
  };
  const writable = (cluster: Cluster): boolean => {
    if (pickers.canWrite(cluster.host)) return true;
    const host = accounts.find(cluster.host);
    if (host) tellReadOnly(host);
    return false;
  };

  const openOwner = async (value: unknown): Promise<void> => {
    const title = vscode.l10n.t('Open Project or Group in GitLab');
    const node = pickers.node(value);
    const picked = node?.type === 'cluster' ? node.cluster : await pickers.owner(value, title, false);
    if (picked) await openExternal(ownerPage(picked.host, picked.owner));
  };

  return {
    [commands.addCluster]: async (node: unknown) => {
      const picked = await pickers.owner(node, vscode.l10n.t('Add Cluster'), true);
      const host = picked && accounts.find(picked.host);
      if (host) (await forms.get()).add(host, picked.owner);
    },
    [commands.editCluster]: async (node: unknown) => {
      const cluster = await pickers.cluster(node, vscode.l10n.t('Edit Cluster'), ({ host }) => pickers.canWrite(host));
      if (cluster && writable(cluster)) await (await forms.get()).edit(cluster);
    },
    [commands.openCluster]: async (node: unknown) => {
      const cluster = await pickers.cluster(node, vscode.l10n.t('Show Cluster Details'));
      if (cluster) await documents.show(cluster);
    },
    [commands.deleteCluster]: async (node: unknown, selected: unknown) => {
      const clusters = await pickers.clusters(node, selected, vscode.l10n.t('Delete Clusters'));
      const allowed = clusters.filter(writable);
      if (allowed.length > 0) await deleteClusters(allowed, accounts, inventory, texts);
    },
    [commands.copyName]: copy(vscode.l10n.t('Copy Cluster Name'), ({ name }) => name || undefined),
    [commands.copyId]: copy(vscode.l10n.t('Copy Cluster ID'), ({ id }) => String(id)),
    [commands.copyApiUrl]: copy(vscode.l10n.t('Copy API URL'), ({ platform }) => platform?.apiUrl || undefined),
    [commands.copyCaCertificate]: copy(vscode.l10n.t('Copy CA Certificate'), ({ platform }) => platform?.caCert),
    [commands.openClusterPage]: async (node: unknown) => {
      const cluster = await pickers.cluster(node, vscode.l10n.t('Open Cluster in GitLab'));
      if (cluster) await openExternal(clusterPage(cluster));
    },
    [commands.openOwnerPage]: openOwner,
    [commands.openInstancePage]: openOwner,
    [commands.openManagementProject]: async (node: unknown) => {
      const title = vscode.l10n.t('Open Management Project in GitLab');
      const cluster = await pickers.cluster(node, title, ({ managementProject }) => !!managementProject?.path);
      if (cluster?.managementProject) await openExternal(projectPage(cluster.host, cluster.managementProject.path));
    },
  } satisfies CommandTable;
}
