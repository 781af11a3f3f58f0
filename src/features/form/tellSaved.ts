import * as vscode from 'vscode';
import type { Recording } from '../../core/journal/recording';
import type { Cluster } from '../../core/model/cluster';
import type { Difference } from '../../core/model/differences';
import { fieldLabel } from '../../core/model/fieldLabels';
import { placedTitle } from '../../core/model/titles';
import type { FormTarget } from './formPorts';

/** Tells that GitLab has it, and what it did not take over; undone by the ID of the change. */
export function tellSaved(
  target: FormTarget,
  cluster: Cluster,
  ignored: readonly Difference[],
  { change, recording }: { readonly change: string; readonly recording: Recording },
): void {
  const name = placedTitle(cluster, target.hostName);
  const words = [
    ...listed(ignored, 'notApplied', (fields) => vscode.l10n.t('GitLab did not apply: {0}.', fields)),
    ...listed(ignored, 'untold', (fields) => vscode.l10n.t('GitLab didn’t confirm: {0}.', fields)),
  ];
  const undo = vscode.l10n.t('Undo');
  const buttons = recording.isOn() ? [undo] : [];
  const saved = (): string =>
    ignored.some(({ kind }) => kind === 'notApplied')
      ? vscode.l10n.t('The cluster {0} was saved, but not all of it.', name)
      : vscode.l10n.t('The cluster {0} was saved, but perhaps not all of it.', name);
  const done =
    target.mode === 'add'
      ? vscode.l10n.t('Added the cluster {0}.', name)
      : vscode.l10n.t('Saved the cluster {0}.', name);
  const told =
    words.length > 0
      ? vscode.window.showWarningMessage([saved(), ...words].join(' '), ...buttons)
      : vscode.window.showInformationMessage(done, ...buttons);
  void told.then((answer) => (answer === undo ? recording.undo(change) : undefined));
}

function listed(
  ignored: readonly Difference[],
  kind: Difference['kind'],
  sentence: (fields: string) => string,
): string[] {
  const fields = ignored.filter((difference) => difference.kind === kind).map(({ field }) => fieldLabel(field));
  return fields.length > 0 ? [sentence(fields.join(', '))] : [];
}
