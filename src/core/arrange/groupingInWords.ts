import * as l10n from '@vscode/l10n';
import type { GroupBy } from './grouping';

/** What clusters are grouped by, in words. */
export function groupingInWords(by: GroupBy): string {
  switch (by) {
    case 'owner':
      return l10n.t('Location');
    case 'host':
      return l10n.t('Host');
    case 'level':
      return l10n.t('Level');
    case 'apiUrl':
      return l10n.t('API URL');
    case 'environmentScope':
      return l10n.t('Environment scope');
  }
}
