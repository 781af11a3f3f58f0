import * as vscode from 'vscode';
import { CLUSTERS_VIEW } from '../contributions';
import type { Disposable } from '../core/time/event';
import { ask, choose, toItem } from './ask';
import type { FileQuestion, Dialogs, ProgressOptions } from './dialogs';
import { filterBox } from './filterBox';
import { filterPick } from './filterPick';
import { notify } from './notify';
import { openExternal } from './openExternal';
import { searchManyPick } from './searchManyPick';
import { searchPick } from './searchPick';
import { Reviews } from './reviews';
import type { TextDocuments } from './textDocuments';

/** The dialogs as VS Code has them, and the plans that wait for an answer in them. */
export function editorDialogs(texts: TextDocuments): EditorDialogs {
  const reviews = new Reviews(texts);
  return { dialogs: vscodeDialogs(texts, reviews), reviews, dispose: () => reviews.dispose() };
}

interface EditorDialogs extends Disposable {
  readonly dialogs: Dialogs;
  readonly reviews: Reviews;
}

function vscodeDialogs(texts: TextDocuments, reviews: Reviews): Dialogs {
  return {
    ask,
    choose,
    chooseMany: async (title, things, toChoice) => {
      const items = things.map((thing) => ({ ...toItem(toChoice(thing)), thing }));
      const options = { title, canPickMany: true, matchOnDescription: true, matchOnDetail: true } as const;
      const picked = await vscode.window.showQuickPick(items, options);
      return picked?.map(({ thing }) => thing) ?? [];
    },
    typeFilter: filterBox,
    filterPick,
    search: searchPick,
    searchMany: searchManyPick,
    confirm: async (message, detail, ...buttons) =>
      vscode.window.showWarningMessage(message, { modal: true, detail }, ...buttons),
    notify,
    progress: async ({ title, where, cancellable = false }, work) =>
      vscode.window.withProgress({ location: location(where), title, cancellable }, async (progress, token) => {
        const cancelled = new AbortController();
        const subscription = token.onCancellationRequested(() => cancelled.abort());
        try {
          return await work((message, increment) => progress.report({ message, increment }), cancelled.signal);
        } finally {
          subscription.dispose();
        }
      }),
    showText: async (title, text, format) => void (await texts.show(title, text, format)),
    review: (title, text, action) => reviews.ask(title, text, action),
    openDocument: async (title, content, extension) => {
      const bringToFront = () => texts.show(title, content, extension, '', false);
      await bringToFront();
      return {
        saveAs: async () => {
          await bringToFront();
          await vscode.commands.executeCommand('workbench.action.files.saveAs');
        },
      };
    },
    readClipboard: async () => vscode.env.clipboard.readText(),
    writeClipboard: async (text) => vscode.env.clipboard.writeText(text),
    chooseFile: async (question) => (await openFile(question))?.fsPath,
    readFile: async ({ largest, ...question }) => {
      const chosen = await openFile(question);
      if (!chosen) return undefined;
      const { size } = await vscode.workspace.fs.stat(chosen);
      return size > largest ? 'tooLarge' : vscode.workspace.fs.readFile(chosen);
    },
    openExternal,
  };
}

async function openFile({ title, button, filters }: Omit<FileQuestion, 'largest'>): Promise<vscode.Uri | undefined> {
  const chosen = await vscode.window.showOpenDialog({ title, openLabel: button, filters: { ...filters } });
  return chosen?.[0];
}

function location(where: ProgressOptions['where']): vscode.ProgressOptions['location'] {
  switch (where) {
    case 'notification':
      return vscode.ProgressLocation.Notification;
    case 'statusBar':
      return vscode.ProgressLocation.Window;
    case 'view':
      return { viewId: CLUSTERS_VIEW };
  }
}
