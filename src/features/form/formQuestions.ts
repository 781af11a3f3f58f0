import * as vscode from 'vscode';
import { ownerPlace, placedTitle } from '../../core/model/titles';
import type { FormTarget, UnsavedForm } from './formPorts';

/** The title of a form, which tells two clusters of one name apart. */
export function titleOf(target: FormTarget): string {
  if (target.mode === 'edit') {
    return vscode.l10n.t('Edit {0}', placedTitle(target.cluster, target.hostName));
  }
  return vscode.l10n.t('Add cluster to {0}', ownerPlace(target.owner, target.hostName));
}

/** Not said after a save whose outcome is unknown. */
function nothingSaved(mayBeSaved: boolean): string[] {
  return mayBeSaved ? [] : [vscode.l10n.t('Nothing has been saved.')];
}

/** Whether to save what cannot be recorded. */
export async function confirmUnrecorded(problem: string): Promise<boolean> {
  const save = vscode.l10n.t('Save All the Same');
  const question = vscode.l10n.t('Save without a way back?');
  const detail = [problem, vscode.l10n.t('This change can then be neither shown nor undone.')].join('\n');
  const back = vscode.l10n.t('Keep Editing');
  return (await vscode.window.showWarningMessage(question, { modal: true, detail }, back, save)) === save;
}

/** Whether to lose what was typed. */
export async function confirmDiscard(title: string, mayBeSaved: boolean): Promise<boolean> {
  const discard = vscode.l10n.t('Discard Changes');
  const question = vscode.l10n.t('Discard the changes in “{0}”?', title);
  const detail = nothingSaved(mayBeSaved).join('');
  const keep = vscode.l10n.t('Keep Editing');
  return (await vscode.window.showWarningMessage(question, { modal: true, detail }, keep, discard)) === discard;
}

/** Whether to lose what was typed in a form that was closed. Enter and Escape reopen: nothing is lost by accident. */
export async function confirmClosed({ target, rejected, mayBeSaved }: UnsavedForm): Promise<boolean> {
  const discard = vscode.l10n.t('Discard Changes');
  const question = vscode.l10n.t('“{0}” was closed with unsaved changes.', titleOf(target));
  const detail = [...(rejected?.summary ?? []), ...nothingSaved(mayBeSaved)].join('\n');
  // The first one is what Enter presses.
  const reopen = vscode.l10n.t('Reopen');
  return (await vscode.window.showWarningMessage(question, { modal: true, detail }, reopen, discard)) === discard;
}
