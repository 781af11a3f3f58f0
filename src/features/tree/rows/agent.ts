import * as l10n from '@vscode/l10n';
import { tooltipMarkdown } from '../../../core/model/markdown';
import type { AgentsNode, BranchNode, OwnerNode } from '../../../editor/clusterNodes';
import { hasAgents } from '../treeKnowledge';
import type { AgentRow, TreeKnowledge } from '../treeKnowledge';
import { loadingNode } from './messages';
import { neverAffected } from './row';
import type { NodeLook, Row } from './row';

/** The agents of a project, each of them, and what its configuration allows: loaded with the first that is opened. */
export function agentRow(node: AgentRow): Row {
  const row = {
    look: (knowledge: TreeKnowledge) => knowledge.agents?.current?.look(node, knowledge) ?? unopened(),
    above: () => node.parent,
    isAffected: neverAffected,
  };
  if (node.type !== 'agents' && node.type !== 'agent') return row;
  return {
    ...row,
    below: (knowledge) => knowledge.agents?.current?.below(node, knowledge) ?? [loadingNode(node)],
    load: (loading) => loading.agents(node),
  };
}

/** The row of a project's agents: of a watched one always, of a found one once its agents were asked for. */
export function agentsOf(parent: OwnerNode | BranchNode, knowledge: TreeKnowledge): readonly AgentsNode[] {
  const { host, owner } = parent;
  if (owner.level !== 'project') return [];
  const { id, path } = owner;
  const isShown =
    parent.type === 'owner' ? hasAgents(host, knowledge) : knowledge.agents?.current?.knows(host, id) === true;
  return isShown ? [{ type: 'agents', list: 'own', host, project: { id, path }, parent }] : [];
}

/** Agents before any of them were asked for. */
function unopened(): NodeLook {
  const label = l10n.t('GitLab agents');
  const description = l10n.t('expand to see');
  const sentence = l10n.t('GitLab is asked when you open this row.');
  return {
    label,
    description,
    tooltip: tooltipMarkdown(label, [], [sentence]),
    icon: { id: 'radio-tower' },
    contextValue: 'agents',
    collapsible: 'collapsed',
    accessibilityLabel: `${label}, ${description}. ${sentence}`,
    command: undefined,
  };
}
