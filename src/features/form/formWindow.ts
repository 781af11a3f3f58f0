import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';
import { formPage } from './formPage';

/**
 * `retainContextWhenHidden` keeps what was typed while another tab is in front. The cheaper `setState` would write it,
 * service token included, to disk.
 */
export function openPanel(title: string, extensionUri: vscode.Uri): vscode.WebviewPanel {
  const panel = vscode.window.createWebviewPanel('gitlabClusters.clusterForm', title, vscode.ViewColumn.Active, {
    enableScripts: true,
    enableForms: true,
    retainContextWhenHidden: true,
    localResourceRoots: [vscode.Uri.joinPath(extensionUri, 'dist'), vscode.Uri.joinPath(extensionUri, 'media')],
  });
  panel.iconPath = {
    light: vscode.Uri.joinPath(extensionUri, 'media', 'clusterForm-light.svg'),
    dark: vscode.Uri.joinPath(extensionUri, 'media', 'clusterForm-dark.svg'),
  };
  return panel;
}

/** The page of the form, which may load its own script and style alone. */
export function pageOf(title: string, webview: vscode.Webview, extensionUri: vscode.Uri): string {
  const address = (...path: string[]): string =>
    webview.asWebviewUri(vscode.Uri.joinPath(extensionUri, ...path)).toString();
  return formPage({
    title,
    language: vscode.env.language,
    script: address('dist', 'clusterForm.js'),
    style: address('media', 'clusterForm.css'),
    cspSource: webview.cspSource,
    nonce: randomBytes(16).toString('hex'),
  });
}
