import * as l10n from '@vscode/l10n';
import { commands } from '../../contributions';
import { GitLabError } from '../../core/gitlab/errors';
import type { GitLabErrorKind } from '../../core/gitlab/errors';
import { explain } from '../../core/gitlab/explain';
import { ROWS_PER_PAGE } from '../../core/arrange/grouping';
import type { FleetStatus } from '../../core/inventory/fleetStatus';
import type { GroupBy } from '../../core/arrange/grouping';
import type { ClusterLevel } from '../../core/model/cluster';
import { countInWords } from '../../core/model/countInWords';
import { plain } from '../../core/model/plainText';
import { agoInWords } from '../../core/model/agoInWords';
import { clusterTitle } from '../../core/model/titles';
import type { BranchNode, FleetNode, GroupNode, MoreNode, NamedNode } from '../../editor/clusterNodes';
import { progressInWords } from './fleetMessages';
import { tooltipMarkdown } from '../../core/model/markdown';
import { groupingInWords } from '../../core/arrange/groupingInWords';
import type { NodeLook } from './nodeLook';
import { failureIcon, ownerIcons, watchFacet } from './ownerLook';
import { ownerTitle } from '../../core/model/titles';
import { canWriteAt, incompleteInWords, isWatched } from './treeKnowledge';
import type { TreeKnowledge } from './treeKnowledge';

export function fleetLook({ host }: FleetNode, knowledge: TreeKnowledge): NodeLook {
  const { finding } = knowledge;
  const status = finding.status(host);
  const fleet = finding.fleet(host);
  const { clusters, named, failures } = fleet.counts;
  const label = l10n.t('All clusters');
  const complete = fleet.completedAt !== undefined;
  // Before that, what is known is what was looked at by chance.
  const looked = complete || status.status === 'ended';
  const known = [
    ...(complete || clusters + named > 0 ? [countInWords(clusters + named)] : []),
    ...(failures > 0 ? [failures === 1 ? l10n.t('1 failure') : l10n.t('{0} failures', failures)] : []),
    ...(status.status === 'ended' && status.outcome.outcome === 'stopped'
      ? [l10n.t('stopped')]
      : fleet.completedAt
        ? [agoInWords(fleet.completedAt, new Date())]
        : []),
  ];
  const progress = status.status === 'crawling' ? status.progress : undefined;
  const looking = progress ? progressInWords(progress) : [l10n.t('starting…')];
  const words =
    status.status === 'crawling'
      ? // The new count would be a part of what is shown.
        complete
        ? [...known, l10n.t('refreshing'), ...looking.slice(1)]
        : looking
      : !looked || known.length === 0
        ? [l10n.t('expand to search')]
        : known;
  const hostName = plain(knowledge.hosts.find(({ url }) => url === host)?.name ?? host);
  const crawling = status.status === 'crawling';
  return {
    label,
    description: words.join(' · '),
    tooltip: tooltipMarkdown(
      label,
      [
        [l10n.t('Host'), hostName],
        [l10n.t('Clusters'), looked ? String(clusters + named) : undefined],
        [l10n.t('Found'), fleet.completedAt?.toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'short' })],
      ],
      [!looked ? l10n.t('Open to find the clusters of every project and group the access token may read.') : undefined],
    ),
    icon: crawling ? { id: 'sync~spin' } : { id: 'layers' },
    contextValue: `fleet ${stageOf(status, complete)}`,
    collapsible: 'collapsed',
    accessibilityLabel: `${[label, ...words].join(', ')}. ${l10n.t('Every cluster of {0}.', hostName)}`,
    command: undefined,
  };
}

/** What can be done about finding a host's clusters. */
function stageOf(status: FleetStatus, complete: boolean): 'unasked' | 'crawling' | 'unfinished' | 'found' {
  if (status.status === 'crawling') return 'crawling';
  const outcome = status.status === 'ended' ? status.outcome : undefined;
  if (outcome?.outcome === 'stopped' || (outcome?.gaps.length ?? 0) > 0) return 'unfinished';
  return complete ? 'found' : 'unasked';
}

export function branchLook(node: BranchNode, knowledge: TreeKnowledge): NodeLook {
  const { host, owner, place } = node;
  const branch = knowledge.finding.tree(host).branch(owner);
  const record = branch?.record;
  const failure = record?.failure;
  const watched = isWatched(host, owner, knowledge);
  const words = [
    ...(failure ? [explain(failure).title] : []),
    ...(failure && !branch?.total ? [] : [countInWords(branch?.total ?? 0)]),
    ...(record?.archived ? [l10n.t('archived')] : []),
    ...(watched ? [l10n.t('watched')] : []),
  ];
  const label = owner.level === 'instance' ? l10n.t('Instance') : plain(branch?.label ?? owner.path);
  const hostName = plain(knowledge.hosts.find(({ url }) => url === host)?.name ?? host);
  return {
    label,
    description: words.join(' · '),
    tooltip: tooltipMarkdown(
      ownerTitle(owner),
      [
        [l10n.t('Host'), hostName],
        [l10n.t('ID'), owner.level === 'instance' ? undefined : String(owner.id)],
        [l10n.t('Clusters here and below'), String(branch?.total ?? 0)],
      ],
      [
        failure && explain(failure).sentence,
        watched ? l10n.t('Watched: also listed directly below its host.') : undefined,
      ],
    ),
    icon: failure ? failureIcon(failure) : { id: ownerIcons[owner.level] },
    contextValue: [
      'owner',
      owner.level,
      ...watchFacet(owner, watched),
      ...(canWriteAt(host, owner, knowledge) ? ['writable'] : []),
    ].join(' '),
    collapsible: place === 'found' ? 'expanded' : 'collapsed',
    accessibilityLabel: `${[label, ...words].join(', ')}. ${l10n.t('{0} at {1}.', ownerTitle(owner), hostName)}`,
    command: undefined,
  };
}

const groupIcons: Readonly<Record<GroupBy, string>> = {
  host: 'server',
  owner: 'organization',
  level: 'type-hierarchy',
  apiUrl: 'server-environment',
  environmentScope: 'tag',
};

export function groupLook({ key, by }: GroupNode, knowledge: TreeKnowledge): NodeLook {
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

export function namedLook({ cluster, place }: NamedNode, { hosts }: TreeKnowledge): NodeLook {
  const label = clusterTitle(cluster);
  const { title, sentence } = explain(new GitLabError(cluster.reason));
  const hostName = plain(hosts.find(({ url }) => url === cluster.host)?.name ?? cluster.host);
  const path = plain(cluster.path);
  const words =
    place === 'group'
      ? [hosts.length > 1 ? l10n.t('{0} at {1}', path, hostName) : path, title]
      : [title, ...(cluster.ownerId === undefined ? [path] : [])];
  return {
    label,
    description: words.join(' · '),
    tooltip: tooltipMarkdown(
      label,
      [
        [l10n.t('Host'), hostName],
        [l10n.t('Location'), path],
        [l10n.t('ID'), String(cluster.id)],
      ],
      [l10n.t('GitLab reveals only the name of this cluster.'), sentence],
    ),
    icon: { id: 'circle-slash', color: 'disabledForeground' },
    contextValue: 'named',
    collapsible: 'none',
    accessibilityLabel: `${[label, ...words].join(', ')}. ${l10n.t('Cluster of {0}, known by name only.', path)}`,
    command: undefined,
  };
}

export function moreLook(node: MoreNode): NodeLook {
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
