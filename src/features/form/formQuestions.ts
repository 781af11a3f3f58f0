import * as l10n from '@vscode/l10n';
import { ownerPlace, placedTitle } from '../../core/model/titles';
import type { Dialogs } from '../../editor/dialogs';
import type { FormTarget, UnsavedForm } from './formPorts';

type Confirming = Pick<Dialogs, 'confirm'>;

/** The title of a form, which tells two clusters of one name apart. */
export function titleOf(target: FormTarget): string {
  if (target.mode === 'edit') {
    return l10n.t('Edit {0}', placedTitle(target.cluster, target.hostName));
  }
  return l10n.t('Add cluster to {0}', ownerPlace(target.owner, target.hostName));
}

/** Not said after a save whose outcome is unknown. */
function nothingSaved(mayBeSaved: boolean): string[] {
  return mayBeSaved ? [] : [l10n.t('Nothing has been saved.')];
}

/** Whether to save what cannot be recorded. */
export async function confirmUnrecorded(problem: string, dialogs: Confirming): Promise<boolean> {
  const save = l10n.t('Save All the Same');
  const question = l10n.t('Save without a way back?');
  const detail = [problem, l10n.t('This change can then be neither shown nor undone.')].join('\n');
  const back = l10n.t('Keep Editing');
  return (await dialogs.confirm(question, detail, back, save)) === save;
}

/** Whether to lose what was typed. */
export async function confirmDiscard(title: string, mayBeSaved: boolean, dialogs: Confirming): Promise<boolean> {
  const discard = l10n.t('Discard Changes');
  const question = l10n.t('Discard the changes in “{0}”?', title);
  const detail = nothingSaved(mayBeSaved).join('');
  const keep = l10n.t('Keep Editing');
  return (await dialogs.confirm(question, detail, keep, discard)) === discard;
}

/** Whether to lose what was typed in a form that was closed. Enter and Escape reopen: nothing is lost by accident. */
export async function confirmClosed(
  { target, rejected, mayBeSaved }: UnsavedForm,
  dialogs: Confirming,
): Promise<boolean> {
  const discard = l10n.t('Discard Changes');
  const question = l10n.t('“{0}” was closed with unsaved changes.', titleOf(target));
  const detail = [...(rejected?.summary ?? []), ...nothingSaved(mayBeSaved)].join('\n');
  // The first one is what Enter presses.
  const reopen = l10n.t('Reopen');
  return (await dialogs.confirm(question, detail, reopen, discard)) === discard;
}
