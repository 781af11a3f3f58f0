import * as vscode from 'vscode';
import { TEXT_SCHEME } from '../contributions';
import type { TextFormat } from './dialogs';
import { plain } from '../core/model/plainText';

/** A text that is shown. */
export interface ShownText {
  /** What commands in its title are called with, as text. */
  readonly uri: string;
  /** Shows another text in its place, for as long as it is open. */
  replace(text: string): void;
}
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

  /** The address of the text with this title. */
  addressOf(title: string, format: TextFormat = 'txt', kind = ''): vscode.Uri {
    const path = `/${plain(title).replace(/[/\\?#:]+/g, '-')}.${format}`;
    return vscode.Uri.from({ scheme: TEXT_SCHEME, path, query: kind });
  }

  /**
   * Shows a text; one with the same title is replaced. Markdown is shown as it is, highlighted. `kind` is the query of its
   * address, for the `when` clauses of commands in its title.
   */
  async show(title: string, text: string, format: TextFormat = 'txt', kind = '', preview = true): Promise<ShownText> {
    const uri = this.addressOf(title, format, kind);
    this.texts.set(uri.path, text);
    this.changed.fire(uri);
    const column = vscode.window.tabGroups.all.find(({ tabs }) =>
      tabs.some(({ input }) => input instanceof vscode.TabInputText && input.uri.toString() === uri.toString()),
    )?.viewColumn;
    // Where it is open already, also beside another editor, it is brought to the front there.
    const options = { preview, ...(column !== undefined && { viewColumn: column }) };
    await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(uri), options);
    const replace = (next: string): void => {
      if (!this.texts.has(uri.path)) return;
      this.texts.set(uri.path, next);
      this.changed.fire(uri);
    };
    return { uri: uri.toString(), replace };
  }

  /** Shows two texts beside each other, to be compared. They are coloured as a file with this ending, such as `yml`. */
  async compare(title: string, before: string, after: string, ending: string): Promise<void> {
    const name = `${plain(title)}.${ending}`.replace(/[/\\?#:]+/g, '-');
    const [left, right] = [before, after].map((text, side) => {
      const uri = vscode.Uri.from({ scheme: TEXT_SCHEME, path: `/${side === 0 ? 'before' : 'after'}/${name}` });
      this.texts.set(uri.path, text);
      this.changed.fire(uri);
      return uri;
    });
    await vscode.commands.executeCommand('vscode.diff', left, right, plain(title), { preview: true });
  }

  provideTextDocumentContent({ path }: vscode.Uri): string {
    return this.texts.get(path) ?? vscode.l10n.t('This document has expired. Run the command again.');
  }

  dispose(): void {
    for (const subscription of this.subscriptions) subscription.dispose();
    this.texts.clear();
  }
}
