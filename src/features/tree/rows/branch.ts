import * as l10n from '@vscode/l10n';
import { explain } from '../../../core/gitlab/explain';
import type { OwnerBranch } from '../../../core/arrange/ownerTree';
import { ownerKey } from '../../../core/model/cluster';
import { countInWords } from '../../../core/model/countInWords';
import { tooltipMarkdown } from '../../../core/model/markdown';
import { plain } from '../../../core/model/plainText';
import { ownerTitle } from '../../../core/model/titles';
import { nodeId } from '../../../editor/clusterNodes';
import type {
  BranchNode,
  ClusterNode,
  ClusterTreeNode,
  FleetNode,
  HostNode,
  NamedNode,
  Place,
  UnreadableNode,
} from '../../../editor/clusterNodes';
import { canWriteAt, isWatched } from '../treeKnowledge';
import type { TreeKnowledge } from '../treeKnowledge';
import { agentsOf } from './agent';
import { findHost } from './findHost';
import { branchFailureNode } from './fleetMessages';
import { failureIcon, ownerIcons, watchFacet } from './ownerFacets';
import { paged } from './paged';
import type { NodeLook, Row } from './row';

/** An owner among all of a host's, with what GitLab nests below it. */
export function branchRow(node: BranchNode): Row {
  const { host, owner } = node;
  return {
    look: (knowledge) => look(node, knowledge),
    below: (knowledge) => below(node, knowledge),
    above: (knowledge) => above(node, knowledge),
    listed: (knowledge) => {
      const parent = above(node, knowledge);
      const tree = knowledge.finding.tree(host);
      const beside = tree.above(owner)?.children ?? tree.branches;
      const position = beside.findIndex((one) => ownerKey(one.owner) === ownerKey(owner));
      return parent && { list: nodeId(parent), position };
    },
    isAffected: (changes) => changes.isBranchAffected(host, owner),
  };
}

function above(node: BranchNode, knowledge: TreeKnowledge): ClusterTreeNode | undefined {
  const branch = knowledge.finding.tree(node.host).above(node.owner);
  return branch ? { ...node, owner: branch.owner } : topOfFleet(node.host, node.place, knowledge);
}

/** The row above the topmost owners: all clusters of a host, or the host where it shows what fits the filter. */
export function topOfFleet(host: string, place: Place, knowledge: TreeKnowledge): HostNode | FleetNode | undefined {
  const node = findHost(host, knowledge);
  if (!node) return undefined;
  return place === 'found' || place === 'foundMany' ? { ...node, place } : { type: 'fleet', host: node.host.url };
}

/** Why the owner cannot be read, then subgroups and projects, then its clusters. */
function below(node: BranchNode, knowledge: TreeKnowledge): readonly ClusterTreeNode[] {
  const branch = knowledge.finding.tree(node.host).branch(node.owner);
  if (!branch) return [];
  const { host, place } = node;
  const failure = branch.record?.failure;
  const rows = [
    ...branch.children.map(({ owner }): BranchNode => ({ type: 'branch', host, owner, place })),
    ...clusterRowsOf(branch, place, knowledge),
    ...agentsOf(node, knowledge),
  ];
  // Names say by themselves why there is no more.
  const messages = failure && branch.named.length === 0 ? [branchFailureNode(node, failure, knowledge)] : [];
  return [...messages, ...paged(node, rows, knowledge)];
}

function clusterRowsOf(
  { clusters, named, unreadable }: OwnerBranch,
  place: BranchNode['place'],
  { finding }: TreeKnowledge,
): readonly (ClusterNode | NamedNode | UnreadableNode)[] {
  return [
    ...finding.sorted(clusters).map((cluster): ClusterNode => ({ type: 'cluster', cluster, place })),
    ...named.map((cluster): NamedNode => ({ type: 'named', cluster, place })),
    ...unreadable.map((cluster): UnreadableNode => ({ type: 'unreadable', cluster, place })),
  ];
}

function look(node: BranchNode, knowledge: TreeKnowledge): NodeLook {
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
