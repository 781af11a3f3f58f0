import * as l10n from '@vscode/l10n';
import { commands } from '../../../contributions';
import { tooltipMarkdown } from '../../../core/model/markdown';
import { plain } from '../../../core/model/plainText';
import type { UnreadableNode } from '../../../editor/clusterNodes';
import { aboveCluster } from './cluster';
import { affectedByClusters } from './row';
import type { NodeLook, Row } from './row';

/** A cluster of a list whose answer is not as expected. */
export function unreadableRow(node: UnreadableNode): Row {
  return {
    look: () => look(node),
    above: (knowledge) => aboveCluster(node, knowledge),
    isAffected: affectedByClusters,
  };
}

function look(node: UnreadableNode): NodeLook {
  const { host, owner, index, problem } = node.cluster;
  const label = l10n.t('Cluster no. {0} cannot be read', index + 1);
  const sentence = l10n.t(
    'GitLab’s answer for this cluster is not as expected ({0}). The others are not affected.',
    plain(problem),
  );
  return {
    label,
    description: plain(problem),
    tooltip: tooltipMarkdown(label, [], [sentence]),
    icon: { id: 'question', color: 'list.warningForeground' },
    contextValue: 'unreadable',
    collapsible: 'none',
    accessibilityLabel: `${label}, ${plain(problem)}. ${l10n.t('The others are not affected.')}`,
    command: {
      id: commands.openOwnerPage,
      title: l10n.t('Open in GitLab'),
      arguments: [{ type: 'owner', host, owner, watched: false, fromWorkspace: false }],
    },
  };
}
