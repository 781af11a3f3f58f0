import * as vscode from 'vscode';
import { commands } from '../../contributions';
import type { CommandId } from '../../contributions';
import type { Cluster } from '../../core/model/cluster';
import type { Host } from '../../core/model/host';
import { lintScopes } from '../../core/resolver/lints';
import type { ScopeWarning } from '../../core/resolver/lints';
import { remedyOf, warningInWords } from '../../core/resolver/lintsInWords';
import type { Remedy } from '../../core/resolver/lintsInWords';
import type { ReadProject } from '../../core/resolver/resolver';
import type { ClusterNode } from '../../editor/clusterNodes';
import type { TextDocuments } from '../../editor/textDocuments';
import { warningsDocument } from './warningsDocument';

const acts: Readonly<Record<Remedy['act'], CommandId>> = {
  edit: commands.editCluster,
  delete: commands.deleteCluster,
  showServed: commands.showServed,
};

/** Looks over everything known of a host, without asking it: warnings in a list, each with its remedy, or as a document. */
export async function checkScopes(
  host: Host,
  clusters: readonly Cluster[],
  projects: readonly ReadProject[],
  texts: TextDocuments,
): Promise<void> {
  const warnings = lintScopes(clusters, projects, new Date());
  if (warnings.length === 0) {
    const nothing = vscode.l10n.t('No problem was found with the scopes of the clusters known of {0}.', host.name);
    void vscode.window.showInformationMessage(nothing);
    return;
  }
  const all = { label: vscode.l10n.t('Show All as a Document'), iconPath: new vscode.ThemeIcon('go-to-file') };
  const items = warnings.map((warning) => ({ ...itemOf(warning), warning }));
  const picked = await vscode.window.showQuickPick<vscode.QuickPickItem & { readonly warning?: ScopeWarning }>(
    [all, ...items],
    {
      title: vscode.l10n.t('Environment Scopes: {0} Warnings', warnings.length),
      placeHolder: vscode.l10n.t('Choose a warning to do something about it'),
      matchOnDetail: true,
    },
  );
  if (!picked) return;
  if (!picked.warning) {
    const text = warningsDocument(host, warnings, clusters.length, projects.length, new Date());
    await texts.show(vscode.l10n.t('Environment scopes of {0}', host.name), text, 'md');
    return;
  }
  const { cluster, act } = remedyOf(picked.warning);
  const node: ClusterNode = { type: 'cluster', cluster };
  await vscode.commands.executeCommand(acts[act], node);
}

function itemOf(warning: ScopeWarning): vscode.QuickPickItem {
  const { title } = remedyOf(warning);
  return { label: title, detail: warningInWords(warning), iconPath: new vscode.ThemeIcon('warning') };
}
