import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** What the rows, pages and commands of the extension written here are called. */
export const bare = { view: 'Bare', row: 'bare row', page: 'bare page' } as const;

const manifest = {
  publisher: 'bench',
  name: 'bare',
  version: '1.0.0',
  engines: { vscode: '^1.100.0' },
  main: 'main.js',
  activationEvents: [],
  capabilities: { untrustedWorkspaces: { supported: true } },
  contributes: {
    viewsContainers: { activitybar: [{ id: 'bare', title: bare.view, icon: 'icon.svg' }] },
    views: { bare: [{ id: 'bare.rows', name: bare.view }] },
    commands: [{ command: 'bare.page', title: bare.page }],
  },
};

const icon = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24"><circle cx="12" cy="12" r="8"/></svg>';

const main = `
const vscode = require('vscode');
exports.activate = () => {
  vscode.window.registerTreeDataProvider('bare.rows', {
    getChildren: (row) => (row ? [] : ['${bare.row}']),
    getTreeItem: (row) => Object.assign(new vscode.TreeItem(row), { command: { command: 'bare.page', title: row } }),
  });
  vscode.commands.registerCommand('bare.page', () => {
    const panel = vscode.window.createWebviewPanel('bare', '${bare.page}', vscode.ViewColumn.Active, { enableScripts: true });
    panel.webview.html = '<!DOCTYPE html><html lang="en"><body><h1>${bare.page}</h1></body></html>';
  });
};
`;

/**
 * Writes an extension that does the least an extension can: a view of one row, and a page with one heading behind it. What
 * these take is the editor's own share of opening a view or a form, on this machine and at this moment.
 */
export async function writeBareExtension(folder: string): Promise<string> {
  const extension = join(folder, 'bare');
  await mkdir(extension, { recursive: true });
  await writeFile(join(extension, 'package.json'), JSON.stringify(manifest));
  await writeFile(join(extension, 'main.js'), main);
  await writeFile(join(extension, 'icon.svg'), icon);
  return extension;
}
