import * as vscode from 'vscode';
import { TEXT_SCHEME } from '../contributions';
import { plain } from '../core/model/plainText';

/** Read-only texts to look at and copy from: reports and certificate chains. Kept while they are open, never on disk. */
export class TextDocuments implements vscode.TextDocumentContentProvider, vscode.Disposable {
  private readonly texts = new Map<string, string>();
  private readonly changed = new vscode.EventEmitter<vscode.Uri>();
  private readonly subscriptions: readonly vscode.Disposable[];

  readonly onDidChange = this.changed.event;

  constructor() {
    this.subscriptions = [
      this.changed,
      vscode.workspace.registerTextDocumentContentProvider(TEXT_SCHEME, this),
      vscode.workspace.onDidCloseTextDocument(({ uri }) => this.texts.delete(uri.path)),
    ];
  }

  /** Shows a text; one with the same title is replaced. Markdown is shown as it is, coloured. */
  async show(title: string, text: string, format: 'txt' | 'md' = 'txt'): Promise<void> {
    const uri = vscode.Uri.from({ scheme: TEXT_SCHEME, path: `/${plain(title).replace(/[/\\?#:]+/g, '-')}.${format}` });
    this.texts.set(uri.path, text);
    this.changed.fire(uri);
    const column = vscode.window.tabGroups.all.find(({ tabs }) =>
      tabs.some(({ input }) => input instanceof vscode.TabInputText && input.uri.toString() === uri.toString()),
    )?.viewColumn;
    // Where it is open already, also beside another editor, it is brought to the front there.
    const options = { preview: true, ...(column !== undefined && { viewColumn: column }) };
    await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(uri), options);
  }

  provideTextDocumentContent({ path }: vscode.Uri): string {
    return this.texts.get(path) ?? vscode.l10n.t('This text was not kept. Run the command again.');
  }

  dispose(): void {
    for (const subscription of this.subscriptions) subscription.dispose();
    this.texts.clear();
  }
}
