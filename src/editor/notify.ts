import * as vscode from 'vscode';
import type { Dialogs, Severity } from './dialogs';

/** Milliseconds that a success without anything to do about it is in the status bar. */
const QUIET = 8000;

/**
 * Notifications as VS Code shows them; a file of its own, since a start needs these and no other dialog. What went well and
 * asks for nothing is said quietly, in the status bar.
 */
export const notify: Dialogs['notify'] = async (severity: Severity, message: string, ...buttons: readonly string[]) => {
  if (severity !== 'information' || buttons.length > 0) return show(severity)(message, ...buttons);
  vscode.window.setStatusBarMessage(message, QUIET);
  return undefined;
};

function show(severity: Severity): (message: string, ...buttons: readonly string[]) => Thenable<string | undefined> {
  switch (severity) {
    case 'information':
      return vscode.window.showInformationMessage;
    case 'warning':
      return vscode.window.showWarningMessage;
    case 'error':
      return vscode.window.showErrorMessage;
  }
}
