import * as l10n from '@vscode/l10n';
import { commands } from '../../contributions';
import type { CommandId } from '../../contributions';
import { plain } from '../../core/model/plainText';
import { clusterLook } from './clusterLook';
import { nodeId } from '../../editor/clusterNodes';
import type {
  ClusterTreeNode,
  MessageNode,
  UnreadableNode,
  WarningNode,
  WarningsNode,
} from '../../editor/clusterNodes';
import { branchLook, fleetLook, groupLook, moreLook, namedLook } from './fleetLook';
import { hostLook } from './hostLook';
import { tooltipMarkdown } from '../../core/model/markdown';
import { ownerLook } from './ownerLook';
import type { TreeKnowledge } from './treeKnowledge';

/** How a row looks and what it offers; the view only copies it into a TreeItem. */
export interface NodeLook {
  readonly label: string;
  /** Shown after the label, in words: the state is never told by colour or icon alone. */
  readonly description: string;
  /** Markdown; everything that is not ours is escaped. */
  readonly tooltip: string;
  /** Ids of a codicon and of a theme colour. */
  readonly icon: { readonly id: string; readonly color?: string };
  /**
   * Facets for `when` clauses, space-joined. The kind of row comes first and `writable` last, for
   * `viewItem =~ /\bcluster.*\bwritable\b/`.
   */
  readonly contextValue: string;
  readonly collapsible: 'none' | 'collapsed' | 'expanded';
  /**
   * For screen readers: first what is seen, in the same order (WCAG 2.5.3, for those who speak to their computer), then
   * a sentence with what the row is and where.
   */
  readonly accessibilityLabel: string;
  /** What Enter or a click does. */
  readonly command:
    { readonly id: CommandId; readonly title: string; readonly arguments: readonly unknown[] } | undefined;
}

/** How a row looks as of now, with its id. */
export function present(node: ClusterTreeNode, knowledge: TreeKnowledge): NodeLook & { readonly id: string } {
  return { id: nodeId(node), ...look(node, knowledge) };
}

function look(node: ClusterTreeNode, knowledge: TreeKnowledge): NodeLook {
  switch (node.type) {
    case 'host':
      return hostLook(node, knowledge);
    case 'owner':
      return ownerLook(node, knowledge);
    case 'cluster':
      return clusterLook(node, knowledge);
    case 'unreadable':
      return unreadableLook(node);
    case 'message':
      return messageLook(node);
    case 'fleet':
      return fleetLook(node, knowledge);
    case 'branch':
      return branchLook(node, knowledge);
    case 'group':
      return groupLook(node, knowledge);
    case 'named':
      return namedLook(node, knowledge);
    case 'warnings':
    case 'warning':
      return warningsLook(node, knowledge);
    case 'agents':
    case 'agent':
    case 'usableAgent':
    case 'agentAccess':
      return knowledge.agents?.current?.look(node, knowledge) ?? unopenedLook(l10n.t('GitLab agents'));
    case 'more':
      return moreLook(node);
  }
}

/** Agents before any of them were asked for. */
function unopenedLook(label: string): NodeLook {
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

function unreadableLook(node: UnreadableNode): NodeLook {
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

/** A group that was not opened yet; what is known after that comes from whom opened it. */
function warningsLook(node: WarningsNode | WarningNode, knowledge: TreeKnowledge): NodeLook {
  const label = l10n.t('Warnings');
  const description = l10n.t('open to check');
  return {
    label,
    description,
    tooltip: label,
    icon: { id: 'checklist' },
    contextValue: 'scopeWarnings',
    collapsible: 'collapsed',
    accessibilityLabel: `${label}, ${description}. ${l10n.t('Scopes, namespaces and CA certificates.')}`,
    command: undefined,
    ...(knowledge.warnings !== 'unopened' && knowledge.warnings?.lookOf(node, knowledge)),
  };
}

const severityIcons = {
  loading: { id: 'loading~spin' },
  info: { id: 'info' },
  warning: { id: 'warning', color: 'list.warningForeground' },
  error: { id: 'error', color: 'list.errorForeground' },
} as const;

/** Letters that a side bar of 300 pixels shows of a row. */
const NARROW = 42;

function messageLook({ text, detail, severity, action, finding }: MessageNode): NodeLook {
  const next = action && l10n.t('{0}: press Enter.', action.title);
  // "Start again" is there for a load that hangs; on every short wait it would only flicker.
  const offered = severity === 'loading' ? '' : (action?.title ?? '');
  // What is to be done must not be cut off: after a long text it comes first, and the icon says how bad it is.
  const isLong = offered !== '' && text.length + offered.length > NARROW;
  const [label, description] = isLong ? [offered, text] : [text, offered];
  return {
    label,
    description,
    tooltip: tooltipMarkdown(text, [], [detail, action && l10n.t('{0}: click.', action.title)]),
    icon: severityIcons[severity],
    contextValue: finding === undefined ? 'message' : 'message crawling',
    collapsible: 'none',
    accessibilityLabel: [...(isLong ? [`${label},`] : []), `${text.replace(/[.…]$/, '')}.`, next, detail]
      .filter(Boolean)
      .join(' '),
    command: action && {
      id: action.command,
      title: action.title,
      arguments: action.argument ? [action.argument] : [],
    },
  };
}
