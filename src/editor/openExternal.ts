import * as vscode from 'vscode';

/** Opens an address in the browser. Strictly parsed, since parts of it come from GitLab. */
export async function openExternal(address: string): Promise<void> {
  await vscode.env.openExternal(vscode.Uri.parse(address, true));
}
