import * as vscode from 'vscode';
import { commands } from '../../contributions';
import { clusterKey } from '../../core/model/cluster';
import type { Cluster } from '../../core/model/cluster';
import type { Showing } from './clusterDocument';
import { clusterPage, ownerPage, projectPage } from '../../core/model/pages';
import type { CommandTable } from '../../editor/commandTable';
import { openExternal } from '../../editor/openExternal';
import type { Pickers } from '../../editor/pickers';

/** Milliseconds within which two clicks are one, and within which Enter opens a row. */
const DOUBLE_CLICK = 500;
const ENTERING = 1000;

/** The documents of clusters. */
export interface ShownDocuments {
  show(cluster: Cluster, how?: Showing): Promise<void>;
  refresh(cluster: Cluster): Promise<void>;
}

/** Show clusters, copy from them and open their pages. */
export function detailsCommands(documents: ShownDocuments, pickers: Pickers) {
  /** The row that was opened last, and when Enter was last pressed in the tree: it opens like a click. */
  let last: { readonly key: string; readonly at: number } | undefined;
  let enteredAt = -Infinity;
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
  const copyName = copy(vscode.l10n.t('Copy Cluster Name'), ({ name }) => name || undefined);
  const copyId = copy(vscode.l10n.t('Copy Cluster ID'), ({ id }) => String(id));
  const copyApiUrl = copy(vscode.l10n.t('Copy API URL'), ({ platform }) => platform?.apiUrl || undefined);
  const copyCaCertificate = copy(vscode.l10n.t('Copy CA Certificate'), ({ platform }) => platform?.caCert);
  const openOwner = async (value: unknown): Promise<void> => {
    const title = vscode.l10n.t('Open Project or Group in GitLab');
    const node = pickers.node(value);
    const picked = node?.type === 'cluster' ? node.cluster : await pickers.owner(value, title, false);
    if (picked) await openExternal(ownerPage(picked.host, picked.owner));
  };

  return {
    [commands.openCluster]: async (node: unknown, selected: unknown) => {
      const cluster = await pickers.cluster(node, vscode.l10n.t('Show Cluster Details'));
      if (!cluster) return;
      // A menu also gives what is selected, a click on the row does not.
      const isClick = pickers.node(node) !== undefined && selected === undefined;
      const now = performance.now();
      const isDouble = last !== undefined && last.key === clusterKey(cluster) && now - last.at < DOUBLE_CLICK;
      const isEnter = now - enteredAt < ENTERING;
      last = { key: clusterKey(cluster), at: now };
      enteredAt = -Infinity;
      await documents.show(cluster, { focus: !isClick || isDouble || isEnter, pinned: isClick && isDouble });
    },
    [commands.openRow]: async () => {
      enteredAt = performance.now();
      // What Enter does in every list.
      await vscode.commands.executeCommand('list.select');
    },
    [commands.refreshCluster]: async (node: unknown) => {
      const cluster = await pickers.cluster(node, vscode.l10n.t('Refresh Cluster'));
      if (cluster) await documents.refresh(cluster);
    },
    [commands.copyName]: copyName,
    [commands.copyNames]: copyName,
    [commands.copyId]: copyId,
    [commands.copyIds]: copyId,
    [commands.copyApiUrl]: copyApiUrl,
    [commands.copyApiUrls]: copyApiUrl,
    [commands.copyCaCertificate]: copyCaCertificate,
    [commands.copyCaCertificates]: copyCaCertificate,
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
