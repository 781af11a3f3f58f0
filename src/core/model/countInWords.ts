import * as l10n from '@vscode/l10n';

/** "1 cluster", "1,204 clusters". */
export function countInWords(count: number): string {
  return count === 1 ? l10n.t('1 cluster') : l10n.t('{0} clusters', count.toLocaleString());
}
