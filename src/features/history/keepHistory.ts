import * as vscode from 'vscode';
import { CHANGE_SCHEME, SETTINGS_SECTION, commands } from '../../contributions';
import type { HostAccounts } from '../../core/accounts/hostAccounts';
import type { Journal } from '../../core/journal/journal';
import type { Recording } from '../../core/journal/recording';
import type { Disposable } from '../../core/time/event';
import { LazyPart } from '../../core/time/lazyPart';

/**
 * Notes changes in a folder of this computer; what writes them is loaded with the first change. `failed` is told why one
 * could not be noted.
 */
export function keepHistory(
  folder: vscode.Uri,
  failed: (problem: string) => unknown,
): { readonly journal: LazyPart<Journal>; readonly recording: Recording } {
  const isOn = (): boolean => vscode.workspace.getConfiguration(SETTINGS_SECTION).get('keepHistory', true);
  const journal = new LazyPart(async () => {
    const [{ Journal: Made }, { journalFiles }] = await Promise.all([
      import('../../core/journal/journal'),
      import('../../core/journal/journalFiles'),
    ]);
    const made = new Made({ storage: journalFiles(folder.fsPath), isOn });
    made.onDidFail(failed);
    return made;
  });
  const recording: Recording = {
    isOn,
    problem: async (hosts) => {
      const made = await journal.get();
      const problems = await Promise.all(hosts.map((host) => made.problem(host)));
      return problems.find((problem) => problem !== undefined);
    },
    undo: (change) => vscode.commands.executeCommand(commands.undoChange, change),
  };
  return { journal, recording };
}

/** Serves both sides of a change that is looked at. */
export function serveChanges(journal: LazyPart<Journal>, accounts: HostAccounts): Disposable {
  return vscode.workspace.registerTextDocumentContentProvider(CHANGE_SCHEME, {
    provideTextDocumentContent: async (uri) => {
      const { changeDocument } = await import('./changeDocuments');
      return changeDocument(uri, { journal: await journal.get(), accounts });
    },
  });
}
