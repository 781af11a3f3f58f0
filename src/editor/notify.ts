import * as vscode from 'vscode';
import type { Dialogs, Severity } from './dialogs';

/** Notifications as VS Code shows them; a file of its own, since a start needs these and no other dialog. */
export const notify: Dialogs['notify'] = async (severity, message, ...buttons) => show(severity)(message, ...buttons);

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
