import * as vscode from 'vscode';
import { TEXT_SCHEME, contextKeys, commands } from '../contributions';
import type { TextDocuments } from './textDocuments';

interface Pending {
  readonly uri: vscode.Uri;
  /** What is done once it is agreed to, as a button says it. */
  readonly action: string;
  readonly answer: (agreed: boolean) => void;
}

/**
 * Plans that wait for an answer. The buttons are on the plan itself, as lenses and in its title, so that they stay as
 * long as it is read; closing it cancels.
 */
export class Reviews implements vscode.CodeLensProvider, vscode.Disposable {
  private readonly texts: TextDocuments;
  private readonly pending = new Map<string, Pending>();
  private readonly changed = new vscode.EventEmitter<void>();
  private readonly subscriptions: readonly vscode.Disposable[];

  readonly onDidChangeCodeLenses = this.changed.event;

  constructor(texts: TextDocuments) {
    this.texts = texts;
    this.subscriptions = [
      this.changed,
      vscode.languages.registerCodeLensProvider({ scheme: TEXT_SCHEME }, this),
      vscode.window.tabGroups.onDidChangeTabs(({ closed }) => {
        for (const { input } of closed) if (input instanceof vscode.TabInputText) this.closed(input.uri);
      }),
    ];
  }

  /** Shows a plan and waits for the answer. A plan of the same title that is still open is cancelled by it. */
  async ask(title: string, text: string, action: string): Promise<boolean> {
    const uri = this.texts.addressOf(title);
    this.answer(uri, false);
    return new Promise<boolean>((resolve, reject) => {
      this.pending.set(uri.toString(), { uri, action, answer: resolve });
      this.tell();
      this.texts.show(title, text, 'txt', '', false).catch(reject);
    });
  }

  /** The answer to the plan of a document; without one, to the plan in the active editor. */
  answer(value: unknown, agreed: boolean): void {
    const uri = value instanceof vscode.Uri ? value : vscode.window.activeTextEditor?.document.uri;
    const key = uri?.toString() ?? '';
    const pending = this.pending.get(key);
    if (!pending) return;
    this.pending.delete(key);
    this.tell();
    pending.answer(agreed);
  }

  provideCodeLenses({ uri }: vscode.TextDocument): vscode.CodeLens[] {
    const pending = this.pending.get(uri.toString());
    if (!pending) return [];
    const top = new vscode.Range(0, 0, 0, 0);
    return [
      new vscode.CodeLens(top, {
        title: `$(check) ${pending.action}`,
        command: commands.applyPlan,
        arguments: [uri],
      }),
      new vscode.CodeLens(top, {
        title: `$(close) ${vscode.l10n.t('Cancel')}`,
        command: commands.cancelPlan,
        arguments: [uri],
      }),
    ];
  }

  /** One tab of it may be closed while another is open. */
  private closed(uri: vscode.Uri): void {
    const isOpen = vscode.window.tabGroups.all.some(({ tabs }) =>
      tabs.some(({ input }) => input instanceof vscode.TabInputText && input.uri.toString() === uri.toString()),
    );
    if (!isOpen) this.answer(uri, false);
  }

  private tell(): void {
    this.changed.fire();
    void vscode.commands.executeCommand('setContext', contextKeys.pendingPlans, [...this.pending.keys()]);
  }

  dispose(): void {
    for (const subscription of this.subscriptions) subscription.dispose();
    for (const { answer } of this.pending.values()) answer(false);
    this.pending.clear();
  }
}
