import * as l10n from '@vscode/l10n';
import { commands } from '../../contributions';
import { clusterKey } from '../../core/model/cluster';
import type { Cluster } from '../../core/model/cluster';
import type { Showing } from './clusterDocument';
import { clusterPage, ownerPage, projectPage } from '../../core/model/pages';
import type { CommandTable } from '../../editor/commandTable';
import type { Dialogs } from '../../editor/dialogs';
import type { Pickers } from '../../editor/pickers';

/** Milliseconds within which two clicks are one, and within which Enter opens a row. */
const DOUBLE_CLICK = 500;
const ENTERING = 1000;

/** The documents of clusters. */
export interface ShownDocuments {
  show(cluster: Cluster, how?: Showing): Promise<void>;
  refresh(cluster: Cluster): Promise<void>;
}

interface DetailsSources {
  readonly documents: ShownDocuments;
  readonly pickers: Pickers;
  readonly dialogs: Dialogs;
  /** Does with the row in front what Enter does in every list of the editor. */
  readonly selectRow: () => unknown;
}

/** Show clusters, copy from them and open their pages. */
export function detailsCommands({ documents, pickers, dialogs, selectRow }: DetailsSources) {
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
      await dialogs.writeClipboard(texts.join('\n'));
      void dialogs.notify('information', l10n.t('Copied.'));
    };
  const copyName = copy(l10n.t('Copy Cluster Name'), ({ name }) => name || undefined);
  const copyId = copy(l10n.t('Copy Cluster ID'), ({ id }) => String(id));
  const copyApiUrl = copy(l10n.t('Copy API URL'), ({ platform }) => platform?.apiUrl || undefined);
  const copyCaCertificate = copy(l10n.t('Copy CA Certificate'), ({ platform }) => platform?.caCert);
  const openOwner = async (value: unknown): Promise<void> => {
    const title = l10n.t('Open Project or Group in GitLab');
    const node = pickers.node(value);
    const picked = node?.type === 'cluster' ? node.cluster : await pickers.owner(value, title, false);
    if (picked) await dialogs.openExternal(ownerPage(picked.host, picked.owner));
  };

  return {
    [commands.openCluster]: async (node: unknown, selected: unknown) => {
      const cluster = await pickers.cluster(node, l10n.t('Show Cluster Details'));
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
      await selectRow();
    },
    [commands.refreshCluster]: async (node: unknown) => {
      const cluster = await pickers.cluster(node, l10n.t('Refresh Cluster'));
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
      const cluster = await pickers.cluster(node, l10n.t('Open Cluster in GitLab'));
      if (cluster) await dialogs.openExternal(clusterPage(cluster));
    },
    [commands.openOwnerPage]: openOwner,
    [commands.openInstancePage]: openOwner,
    [commands.openManagementProject]: async (node: unknown) => {
      const title = l10n.t('Open Management Project in GitLab');
      const cluster = await pickers.cluster(node, title, ({ managementProject }) => !!managementProject?.path);
      if (cluster?.managementProject)
        await dialogs.openExternal(projectPage(cluster.host, cluster.managementProject.path));
    },
  } satisfies CommandTable;
}
