import * as vscode from 'vscode';
import { commands } from '../../contributions';
import type { ClusterDocuments } from './clusterDocument';
import type { Cluster } from '../../core/model/cluster';
import { clusterPage, ownerPage, projectPage } from '../../core/model/pages';
import type { CommandTable } from '../../editor/commandTable';
import { openExternal } from '../../editor/openExternal';
import type { Pickers } from '../../editor/pickers';

/** Show clusters, copy from them and open their pages. */
export function detailsCommands(documents: ClusterDocuments, pickers: Pickers) {
  /** Copies what `read` takes from the selected clusters, a line each, or from the one the user picks. */
  const copy =
    (title: string, read: (cluster: Cluster) => string | undefined) => async (node: unknown, selected: unknown) => {
      const rows = pickers.rows(node, selected);
      const ofRows = rows.flatMap((row) => (row.type === 'cluster' ? [row.cluster] : []));
      const picked = rows.length > 0 ? undefined : await pickers.cluster(node, title, (one) => read(one) !== undefined);
      const texts = (picked ? [picked] : ofRows).flatMap((cluster) => read(cluster) ?? []);
      if (texts.length === 0) return;
      await vscode.env.clipboard.writeText(texts.join('\n'));
      vscode.window.setStatusBarMessage(vscode.l10n.t('Copied.'), 3000);
    };
  const openOwner = async (value: unknown): Promise<void> => {
    const title = vscode.l10n.t('Open Project or Group in GitLab');
    const node = pickers.node(value);
    const picked = node?.type === 'cluster' ? node.cluster : await pickers.owner(value, title, false);
    if (picked) await openExternal(ownerPage(picked.host, picked.owner));
  };

  return {
    [commands.openCluster]: async (node: unknown) => {
      const cluster = await pickers.cluster(node, vscode.l10n.t('Show Cluster Details'));
      if (cluster) await documents.show(cluster);
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
