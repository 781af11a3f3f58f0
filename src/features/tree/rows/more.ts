import * as l10n from '@vscode/l10n';
import { commands } from '../../../contributions';
import { ROWS_PER_PAGE } from '../../../core/arrange/grouping';
import { tooltipMarkdown } from '../../../core/model/markdown';
import type { MoreNode } from '../../../editor/clusterNodes';
import { alwaysAffected } from './row';
import type { NodeLook, Row } from './row';

/** Stands for the rows a long list does not show yet. */
export function moreRow(node: MoreNode): Row {
  return { look: () => look(node), above: () => node.parent, isAffected: alwaysAffected };
}

function look(node: MoreNode): NodeLook {
  const next = Math.min(ROWS_PER_PAGE, node.left);
  const label = next === 1 ? l10n.t('Show 1 more') : l10n.t('Show {0} more', next);
  const left = l10n.t('{0} not shown', node.left.toLocaleString());
  return {
    label,
    description: left,
    tooltip: tooltipMarkdown(label, [], [l10n.t('{0}: click.', label)]),
    icon: { id: 'ellipsis' },
    contextValue: 'more',
    collapsible: 'none',
    accessibilityLabel: `${label}, ${left}. ${l10n.t('{0}: press Enter.', label)}`,
    command: { id: commands.showMore, title: label, arguments: [node] },
  };
}
