import * as l10n from '@vscode/l10n';
import type { GroupBy } from '../../../core/arrange/grouping';
import { groupingInWords } from '../../../core/arrange/groupingInWords';
import { GitLabError } from '../../../core/gitlab/errors';
import type { GitLabErrorKind } from '../../../core/gitlab/errors';
import { explain } from '../../../core/gitlab/explain';
import type { KnownCluster } from '../../../core/inventory/ownerRecord';
import type { ClusterLevel } from '../../../core/model/cluster';
import { countInWords } from '../../../core/model/countInWords';
import { tooltipMarkdown } from '../../../core/model/markdown';
import { plain } from '../../../core/model/plainText';
import type { ClusterNode, ClusterTreeNode, GroupNode, NamedNode } from '../../../editor/clusterNodes';
import { incompleteInWords } from '../treeKnowledge';
import type { TreeKnowledge } from '../treeKnowledge';
import { paged } from './paged';
import { affectedByClusters } from './row';
import type { NodeLook, Row } from './row';

/** Clusters of all hosts that have something in common. */
export function groupRow(node: GroupNode): Row {
  return {
    look: (knowledge) => look(node, knowledge),
    below: (knowledge) => below(node, knowledge),
    above: () => undefined,
    listed: ({ finding }) => ({ list: '', position: finding.groups().findIndex(({ key }) => key === node.key) }),
    isAffected: affectedByClusters,
  };
}

/** The group a cluster is shown in. */
export function groupNodeOf(cluster: KnownCluster, { finding }: TreeKnowledge): GroupNode | undefined {
  const group = finding.groupOf(cluster);
  return group && { type: 'group', by: finding.groupBy, key: group.key };
}

/** Clusters that have something in common, in the order chosen. */
function below(node: GroupNode, knowledge: TreeKnowledge): readonly ClusterTreeNode[] {
  const group = knowledge.finding.group(node.key);
  const place = 'group';
  const rows = [
    ...(group?.clusters ?? []).map((cluster): ClusterNode => ({ type: 'cluster', cluster, place })),
    ...(group?.named ?? []).map((cluster): NamedNode => ({ type: 'named', cluster, place })),
  ];
  return paged(node, rows, knowledge);
}

const groupIcons: Readonly<Record<GroupBy, string>> = {
  host: 'server',
  owner: 'organization',
  level: 'type-hierarchy',
  apiUrl: 'server-environment',
  environmentScope: 'tag',
};

function look({ key, by }: GroupNode, knowledge: TreeKnowledge): NodeLook {
  const group = knowledge.finding.group(key);
  const known = countInWords((group?.clusters.length ?? 0) + (group?.named.length ?? 0));
  const unsearched = incompleteInWords(knowledge);
  const count = unsearched === undefined ? known : l10n.t('at least {0}', known);
  if (group?.unknown) return unknownLook(by, group.unknown, count);
  const label = groupLabel(by, group?.label ?? key, knowledge);
  return {
    label,
    description: count,
    tooltip: tooltipMarkdown(
      label,
      [
        [groupingInWords(by), plain(group?.label ?? '')],
        [l10n.t('Clusters'), count],
      ],
      [unsearched],
    ),
    icon: { id: groupIcons[by] },
    contextValue: 'clusterGroup',
    collapsible: 'collapsed',
    accessibilityLabel: `${label}, ${count}. ${l10n.t('Group by {0}.', groupingInWords(by))}`,
    command: undefined,
  };
}

/** Clusters known by name only. Nothing can be done with them but to see that they are there. */
function unknownLook(by: GroupBy, reason: GitLabErrorKind, count: string): NodeLook {
  const { title, sentence } = explain(new GitLabError(reason));
  const label = l10n.t('Unknown');
  const words = [count, title];
  const why = l10n.t('GitLab reveals only the names of these clusters.');
  return {
    label,
    description: words.join(' · '),
    tooltip: tooltipMarkdown(
      l10n.t('{0}: {1}', label, title),
      [
        [groupingInWords(by), l10n.t('not known')],
        [l10n.t('Clusters'), count],
      ],
      [why, sentence],
    ),
    icon: { id: 'circle-slash', color: 'disabledForeground' },
    contextValue: 'unknownGroup',
    collapsible: 'collapsed',
    accessibilityLabel: `${[label, ...words].join(', ')}. ${why}`,
    command: undefined,
  };
}

const levelWords: Readonly<Record<ClusterLevel, () => string>> = {
  instance: () => l10n.t('Instance clusters'),
  group: () => l10n.t('Group clusters'),
  project: () => l10n.t('Project clusters'),
};

function groupLabel(by: GroupBy, label: string, { hosts }: TreeKnowledge): string {
  switch (by) {
    case 'host':
      return plain(hosts.find(({ url }) => url === label)?.name ?? label);
    case 'level':
      return label === 'instance' || label === 'group' || label === 'project' ? levelWords[label]() : plain(label);
    case 'apiUrl':
      // All begin alike, and what tells them apart has to fit a narrow side bar.
      return plain(label.replace(/^https:\/\//, '')) || l10n.t('No API URL');
    case 'environmentScope':
      return label === '*' ? l10n.t('* (all environments)') : plain(label);
    case 'owner':
      return plain(label) || l10n.t('Instance');
  }
}
