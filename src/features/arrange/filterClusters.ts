import * as l10n from '@vscode/l10n';
import { prepareFilter, stateWords } from '../../core/arrange/clusterFilter';
import type { FleetFinder } from '../../core/arrange/fleetFinder';
import { decodeCas } from '../../core/model/caFacts';
import type { Dialogs } from '../../editor/dialogs';

/** Filters the tree while one types. `incomplete` says which hosts may have others. */
export async function filterClusters(
  finder: FleetFinder,
  dialogs: Pick<Dialogs, 'typeFilter'>,
  incomplete: () => string | undefined,
): Promise<void> {
  const decoding = new AbortController();
  const prompt = (): string => {
    const { fitting, total } = finder.counts;
    const words =
      finder.filterText === ''
        ? l10n.t('{0} clusters known. The filter is kept until you clear it.', total.toLocaleString())
        : l10n.t('{0} of {1} clusters match.', fitting.toLocaleString(), total.toLocaleString());
    const unsearched = incomplete();
    return unsearched === undefined ? words : `${words} ${unsearched}.`;
  };
  const closed = dialogs.typeFilter({
    title: l10n.t('Filter Clusters'),
    placeholder: l10n.t('Name, path, API URL, #id, host:…, scope:…; also: {0}', stateWords.join(', ')),
    value: finder.filterText,
    prompt,
    onDidChange: (listener) => finder.onDidChange(listener),
    clear: l10n.t('Clear Filter'),
    onType: (text) => finder.setFilter(text),
  });
  // What the first key and the word "expired" need is better made before they are typed.
  const { clusters } = finder.known();
  void prepareFilter(clusters, decoding.signal)
    .then(() => decodeCas(clusters, decoding.signal))
    .catch(() => undefined);
  await closed;
  decoding.abort();
}
