import * as l10n from '@vscode/l10n';
import { tooltipMarkdown } from '../../../core/model/markdown';
import type { ClusterTreeNode, WarningNode, WarningsNode } from '../../../editor/clusterNodes';
import type { TreeKnowledge } from '../treeKnowledge';
import { findHost } from './findHost';
import { loadingNode } from './messages';
import { neverAffected } from './row';
import type { NodeLook, Row } from './row';

/** The warnings of a host, and each of them. What they say is loaded when the group is first opened. */
export function warningRow(node: WarningsNode | WarningNode): Row {
  const row = { look: (knowledge: TreeKnowledge) => look(node, knowledge), isAffected: neverAffected };
  if (node.type === 'warning')
    return {
      ...row,
      above: () => ({ type: 'warnings', ...(node.list && { list: node.list }), host: node.cluster.host }),
    };
  return {
    ...row,
    below: (knowledge) => below(node, knowledge),
    load: (loading) => loading.warnings(node),
    above: (knowledge) => findHost(node.host, knowledge),
  };
}

function below(node: WarningsNode, knowledge: TreeKnowledge): readonly ClusterTreeNode[] {
  const { warnings } = knowledge;
  return (warnings !== 'unopened' && warnings?.below(node, knowledge)) || [loadingNode(node)];
}

/** A group that was not opened yet; what is known after that comes from whom opened it. */
function look(node: WarningsNode | WarningNode, knowledge: TreeKnowledge): NodeLook {
  const isMoves = node.list === 'moves';
  const label = isMoves ? l10n.t('Moves to the agent') : l10n.t('Warnings');
  const about = isMoves
    ? l10n.t('Clusters whose move was planned in this window.')
    : l10n.t('Scopes, namespaces and CA certificates.');
  const description = isMoves ? l10n.t('expand to see') : l10n.t('open to check');
  return {
    label,
    description,
    tooltip: tooltipMarkdown(label, [], [about]),
    icon: { id: isMoves ? 'git-compare' : 'checklist' },
    contextValue: isMoves ? 'moves' : 'scopeWarnings',
    collapsible: 'collapsed',
    accessibilityLabel: `${label}, ${description}. ${about}`,
    command: undefined,
    ...(knowledge.warnings !== 'unopened' && knowledge.warnings?.lookOf(node, knowledge)),
  };
}
