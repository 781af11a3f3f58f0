import * as l10n from '@vscode/l10n';
import { tooltipMarkdown } from '../../../core/model/markdown';
import type { MessageNode } from '../../../editor/clusterNodes';
import { alwaysAffected } from './row';
import type { NodeLook, Row } from './row';

/** Loading, empty, or a failure, with what can be done about it. */
export function messageRow(node: MessageNode): Row {
  return { look: () => look(node), above: () => node.parent, isAffected: alwaysAffected };
}

const severityIcons = {
  loading: { id: 'loading~spin' },
  info: { id: 'info' },
  warning: { id: 'warning', color: 'list.warningForeground' },
  error: { id: 'error', color: 'list.errorForeground' },
} as const;

/** Letters that a side bar of 300 pixels shows of a row. */
const NARROW = 42;

function look({ text, detail, severity, action, finding }: MessageNode): NodeLook {
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
