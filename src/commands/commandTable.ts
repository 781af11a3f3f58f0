import * as vscode from 'vscode';
import type { CommandId } from '../contributions';
import { GitLabError } from '../gitlab/errors';
import { explain } from '../gitlab/explain';

/** Command ids with what they do. Arguments are unknown: anyone may call a command with anything. */
export type CommandTable = { readonly [Id in CommandId]?: (...args: unknown[]) => unknown };

/** Registers commands behind one boundary: what a command throws is told once, in words, and logged. */
export function registerCommands(tables: readonly CommandTable[], log: vscode.LogOutputChannel): vscode.Disposable {
  const registrations = tables.flatMap((table) =>
    Object.entries(table).map(([id, run]) =>
      vscode.commands.registerCommand(id, async (...args: unknown[]) => {
        try {
          await run(...args);
        } catch (error) {
          tellFailure(error, id, log);
        }
      }),
    ),
  );
  return vscode.Disposable.from(...registrations);
}

function tellFailure(error: unknown, id: string, log: vscode.LogOutputChannel): void {
  if (error instanceof GitLabError && error.kind === 'cancelled') return;
  log.error(
    id,
    error instanceof GitLabError
      ? `${error.kind} ${error.status ?? ''}`
      : error instanceof Error
        ? (error.stack ?? '')
        : '',
  );
  const showLog = vscode.l10n.t('Show Log');
  // Not awaited: a command is over when it has failed, not when somebody has read so.
  void vscode.window.showErrorMessage(explain(error).sentence, showLog).then((answer) => {
    if (answer === showLog) log.show();
  });
}
