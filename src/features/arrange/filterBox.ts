import * as vscode from 'vscode';
import { atMostEvery } from '../../core/time/atMostEvery';
import { decodeCas } from '../../core/model/caFacts';
import { prepareFilter, stateWords } from '../../core/arrange/clusterFilter';
import type { FleetFinder } from '../../core/arrange/fleetFinder';
import type { Disposable } from '../../core/time/event';

/** Milliseconds between two filters: the first key counts at once, a held one does not pile up work. */
const TYPING_INTERVAL = 40;

/**
 * An input box that filters the tree while one types. What was typed stays when it is closed. `incomplete` says which
 * hosts may have others.
 */
export function filterBox(finder: FleetFinder, incomplete: () => string | undefined): void {
  const box = vscode.window.createInputBox();
  const clear: vscode.QuickInputButton = {
    iconPath: new vscode.ThemeIcon('clear-all'),
    tooltip: vscode.l10n.t('Clear Filter'),
  };
  const decoding = new AbortController();
  const tell = (): void => {
    const { fitting, total } = finder.counts;
    box.prompt =
      finder.filterText === ''
        ? vscode.l10n.t('{0} clusters known. The filter stays until it is cleared.', total.toLocaleString())
        : vscode.l10n.t('{0} of {1} clusters match.', fitting.toLocaleString(), total.toLocaleString());
    const unsearched = incomplete();
    if (unsearched !== undefined) box.prompt += ` ${unsearched}.`;
  };
  const apply = (): void => finder.setFilter(box.value);
  const pace = atMostEvery(TYPING_INTERVAL, apply);
  box.title = vscode.l10n.t('Filter Clusters');
  box.placeholder = vscode.l10n.t('Name, path, API URL, #id, host:…, scope:…; also: {0}', stateWords.join(', '));
  box.value = finder.filterText;
  box.buttons = [clear];
  tell();
  const subscriptions: Disposable[] = [
    box,
    finder.onDidChange(tell),
    pace,
    box.onDidChangeValue(() => pace.request()),
    box.onDidTriggerButton(() => {
      box.value = '';
      apply();
    }),
    box.onDidAccept(() => box.hide()),
    box.onDidHide(() => {
      apply();
      decoding.abort();
      for (const subscription of subscriptions) subscription.dispose();
    }),
  ];
  box.show();
  // What the first key and the word "expired" need is better made before they are typed.
  const { clusters } = finder.known();
  void prepareFilter(clusters, decoding.signal)
    .then(() => decodeCas(clusters, decoding.signal))
    .catch(() => undefined);
}
