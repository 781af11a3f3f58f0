import * as l10n from '@vscode/l10n';
import type { Recording } from '../../core/journal/recording';
import type { Cluster } from '../../core/model/cluster';
import type { Difference } from '../../core/model/differences';
import { fieldLabel } from '../../core/model/fieldLabels';
import { placedTitle } from '../../core/model/titles';
import type { Dialogs } from '../../editor/dialogs';
import type { FormTarget } from './formPorts';

interface SavedSources {
  readonly dialogs: Pick<Dialogs, 'notify'>;
  /** The ID by which the change is undone. */
  readonly change: string;
  readonly recording: Pick<Recording, 'isOn' | 'undo'>;
  /** Opens the form of the cluster. */
  readonly edit: (cluster: Cluster) => unknown;
}

/** Says that GitLab has it, quietly where there is no way back to offer, and what it did not apply, with a way on. */
export async function tellSaved(
  target: FormTarget,
  cluster: Cluster,
  ignored: readonly Difference[],
  { dialogs, change, recording, edit }: SavedSources,
): Promise<void> {
  const name = placedTitle(cluster, target.hostName);
  const words = [
    ...listed(ignored, 'notApplied', (fields) => l10n.t('GitLab did not apply: {0}.', fields)),
    ...listed(ignored, 'untold', (fields) => l10n.t('GitLab didn’t confirm: {0}.', fields)),
  ];
  const undo = l10n.t('Undo');
  const again = l10n.t('Edit Again');
  const undoing = recording.isOn() ? [undo] : [];
  const saved = (): string =>
    ignored.some(({ kind }) => kind === 'notApplied')
      ? l10n.t('The cluster {0} was saved, but not all of it.', name)
      : l10n.t('The cluster {0} was saved, but perhaps not all of it.', name);
  const done = target.mode === 'add' ? l10n.t('Added the cluster {0}.', name) : l10n.t('Saved the cluster {0}.', name);
  const answer = await (words.length > 0
    ? dialogs.notify('warning', [saved(), ...words].join(' '), again, ...undoing)
    : dialogs.notify('information', done, ...undoing));
  if (answer === undo) await recording.undo(change);
  if (answer === again) await edit(cluster);
}

function listed(
  ignored: readonly Difference[],
  kind: Difference['kind'],
  sentence: (fields: string) => string,
): string[] {
  const fields = ignored.filter((difference) => difference.kind === kind).map(({ field }) => fieldLabel(field));
  return fields.length > 0 ? [sentence(fields.join(', '))] : [];
}
