import * as l10n from '@vscode/l10n';
import { commands } from '../../contributions';
import type { HostAccounts } from '../../core/accounts/hostAccounts';
import type { OwnerRoles } from '../../core/inventory/ownerRoles';
import type { Cluster, ClusterOwner } from '../../core/model/cluster';
import type { Host } from '../../core/model/host';
import { ownerPage } from '../../core/model/pages';
import { ownerTitle } from '../../core/model/titles';
import type { CommandTable } from '../../editor/commandTable';
import type { Dialogs } from '../../editor/dialogs';
import type { ImportFiles } from '../../editor/importFile';
import type { Pickers } from '../../editor/pickers';

interface FormSources {
  readonly accounts: Pick<HostAccounts, 'find'>;
  readonly forms: { get(): Promise<Forms> };
  readonly pickers: Pickers;
  readonly roles: Pick<OwnerRoles, 'ask'>;
  readonly dialogs: Dialogs;
  readonly files: ImportFiles;
}

interface Forms {
  add(host: Host, owner: ClusterOwner, text?: string): void;
  edit(cluster: Cluster): Promise<void>;
}

/** Add and edit clusters. */
export function formCommands({ accounts, forms, pickers, roles, dialogs, files }: FormSources) {
  /** Says before the form is filled that GitLab would refuse it. */
  const isAllowed = async (host: Host, owner: ClusterOwner): Promise<boolean> => {
    const allowed = await dialogs.progress({ title: '', where: 'view' }, () => roles.ask(host.url, owner));
    if (allowed !== false) return true;
    const message = l10n.t(
      '{0} at {1}: adding and changing clusters needs the Maintainer role there. Ask a Maintainer to do it, or an Owner for the role.',
      ownerTitle(owner),
      host.name,
    );
    const open = l10n.t('Open in GitLab');
    // Not awaited: what was asked for is over.
    void dialogs.notify('warning', message, open).then((answer) => {
      if (answer === open) void dialogs.openExternal(ownerPage(host.url, owner));
    });
    return false;
  };
  const add = async (node: unknown, text?: string): Promise<void> => {
    const picked = await pickers.owner(node, l10n.t('Add Cluster'), true);
    const host = picked && accounts.find(picked.host);
    if (host && (await isAllowed(host, picked.owner))) (await forms.get()).add(host, picked.owner, text);
  };
  const addFromFile = async (node: unknown): Promise<void> => {
    const isFile = files.isFile(node);
    const chosen = isFile ? await files.read(node) : await files.choose();
    if (!chosen) return;
    if ('text' in chosen) return add(isFile ? undefined : node, chosen.text);
    const another = l10n.t('Choose Another File…');
    const answer = await dialogs.notify('error', chosen.problem, another);
    if (answer === another) await addFromFile(isFile ? undefined : node);
  };
  return {
    [commands.addCluster]: (node: unknown) => add(node),
    [commands.addClusterFromClipboard]: async (node: unknown) => {
      const text = await dialogs.readClipboard();
      if (text.trim() !== '') return add(node, text);
      const message = l10n.t('The clipboard holds no text. Copy a kubeconfig first.');
      const file = l10n.t('Choose File…');
      if ((await dialogs.notify('warning', message, file)) === file) await addFromFile(node);
    },
    [commands.addClusterFromFile]: addFromFile,
    [commands.editCluster]: async (node: unknown) => {
      const cluster = await pickers.cluster(node, l10n.t('Edit Cluster'), ({ host }) => pickers.canWrite(host));
      const host = cluster && accounts.find(cluster.host);
      if (!host || !pickers.isWritable(cluster) || !(await isAllowed(host, cluster.owner))) return;
      await (await forms.get()).edit(cluster);
    },
  } satisfies CommandTable;
}
