import * as vscode from 'vscode';
import type { Dialogs } from '../../editor/dialogs';

/** Shows how to make a service account for GitLab, as a document to copy from, with its manifest ready to be copied. */
export async function showRecipe(dialogs: Pick<Dialogs, 'notify' | 'writeClipboard'>): Promise<void> {
  const { recipeDocument, recipeManifest } = await import('../../core/importer/recipe');
  const document = await vscode.workspace.openTextDocument({ language: 'markdown', content: recipeDocument() });
  await vscode.window.showTextDocument(document, { viewColumn: vscode.ViewColumn.Beside, preview: true });
  const managed = vscode.l10n.t('Copy Manifest (Managed)');
  const namespace = vscode.l10n.t('Copy Manifest (One Namespace)');
  const message = vscode.l10n.t('The recipe contains a manifest and the commands to run.');
  const answer = await dialogs.notify('information', message, managed, namespace);
  if (answer === undefined) return;
  const isManaged = answer === managed;
  await dialogs.writeClipboard(
    recipeManifest(isManaged ? 'managed' : 'namespace', isManaged ? 'kube-system' : 'my-namespace'),
  );
}
