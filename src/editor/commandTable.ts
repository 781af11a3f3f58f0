import * as vscode from 'vscode';
import { commands } from '../contributions';
import type { CommandId } from '../contributions';
import { GitLabError } from '../core/gitlab/errors';

/** Command ids with what they do. Arguments are unknown: anyone may call a command with anything. */
export type CommandTable = { readonly [Id in CommandId]?: (...args: unknown[]) => unknown };

/**
 * Registers every command behind one boundary: what a command throws is told once, in words, and logged. What they do is
 * loaded when the first is used.
 */
export function registerCommands(
  load: () => Promise<Required<CommandTable>>,
  log: vscode.LogOutputChannel,
  /** Says why a command failed, which was called with this first argument. */
  tell: (error: unknown, given: unknown) => Promise<void>,
  /** What a command's first argument stands for, such as the row of a document. */
  read: (given: unknown) => Promise<unknown> = (given) => Promise.resolve(given),
): vscode.Disposable {
  let table: Required<CommandTable> | undefined;
  const registrations = Object.values(commands).map((id) =>
    vscode.commands.registerCommand(id, async (first: unknown, ...rest: unknown[]) => {
      try {
        table ??= await load();
        await table[id](await read(first), ...rest);
      } catch (error) {
        if (error instanceof GitLabError && error.kind === 'cancelled') return;
        note(error, id, log);
        // Not awaited: a command is over when it has failed, not when somebody has read so.
        void tell(error, first);
      }
    }),
  );
  return vscode.Disposable.from(...registrations);
}

function note(error: unknown, id: string, log: vscode.LogOutputChannel): void {
  log.error(
    id,
    error instanceof GitLabError
      ? `${error.kind} ${error.status ?? ''}`
      : error instanceof Error
        ? (error.stack ?? '')
        : '',
  );
}
