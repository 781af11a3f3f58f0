import * as vscode from 'vscode';
import type { FleetFinder, Known } from '../core/arrange/fleetFinder';
import { countInWords } from '../core/model/countInWords';
import { choose } from './ask';

/** Everything known, or what fits the filter. */
export async function choosePart(
  title: string,
  finder: FleetFinder,
  all: Known,
  fitting: Known,
): Promise<Known | undefined> {
  const parts = [
    { part: fitting, label: vscode.l10n.t('What matches “{0}”', finder.filterText) },
    { part: all, label: vscode.l10n.t('Everything known') },
  ];
  const chosen = await choose(title, parts, ({ label, part }) => ({
    label,
    description: countInWords(part.clusters.length + part.named.length),
  }));
  return chosen?.part;
}
