import * as l10n from '@vscode/l10n';
import type { FleetStatus } from '../../../core/inventory/fleetStatus';
import { agoInWords } from '../../../core/model/agoInWords';
import { countInWords } from '../../../core/model/countInWords';
import { tooltipMarkdown } from '../../../core/model/markdown';
import { plain } from '../../../core/model/plainText';
import type { BranchNode, ClusterTreeNode, FleetNode, NamedNode } from '../../../editor/clusterNodes';
import type { TreeKnowledge } from '../treeKnowledge';
import { findHost } from './findHost';
import { fleetMessages, progressInWords } from './fleetMessages';
import { paged } from './paged';
import type { NodeLook, Row } from './row';

/** All clusters of a host, watched or not. */
export function fleetRow(node: FleetNode): Row {
  const { host } = node;
  return {
    look: (knowledge) => look(node, knowledge),
    below: (knowledge) => below(node, knowledge),
    load: (loading) => loading.fleet(host),
    above: (knowledge) => findHost(host, knowledge),
    isAffected: ({ hosts }) => hosts.has(host),
  };
}

/** All of a host's owners with clusters, as they nest, after how far finding them is. */
function below(node: FleetNode, knowledge: TreeKnowledge): readonly ClusterTreeNode[] {
  const { host } = node;
  const { branches, unresolved } = knowledge.finding.tree(host);
  const rows = [
    ...branches.map(({ owner }): BranchNode => ({ type: 'branch', host, owner, place: 'fleet' })),
    ...unresolved.map((cluster): NamedNode => ({ type: 'named', cluster, place: 'fleet' })),
  ];
  return [...fleetMessages(node, knowledge), ...paged(node, rows, knowledge)];
}

function look({ host }: FleetNode, knowledge: TreeKnowledge): NodeLook {
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
