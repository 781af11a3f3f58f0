import * as l10n from '@vscode/l10n';
import type { FleetFinder } from '../core/arrange/fleetFinder';
import type { Known } from '../core/arrange/fleetFinding';
import { countInWords } from '../core/model/countInWords';
import type { Dialogs } from './dialogs';

/** Everything known, or what fits the filter. */
export async function choosePart(
  title: string,
  finder: FleetFinder,
  all: Known,
  fitting: Known,
  dialogs: Dialogs,
): Promise<Known | undefined> {
  const parts = [
    { part: fitting, label: l10n.t('What matches “{0}”', finder.filterText) },
    { part: all, label: l10n.t('Everything known') },
  ];
  const chosen = await dialogs.choose(title, parts, ({ label, part }) => ({
    label,
    description: countInWords(part.clusters.length + part.named.length),
  }));
  return chosen?.part;
}
