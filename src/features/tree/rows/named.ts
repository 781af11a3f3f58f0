import * as l10n from '@vscode/l10n';
import type { FleetFinding } from '../../../core/arrange/fleetFinding';
import { GitLabError } from '../../../core/gitlab/errors';
import { explain } from '../../../core/gitlab/explain';
import type { NameOnlyCluster } from '../../../core/inventory/ownerRecord';
import { tooltipMarkdown } from '../../../core/model/markdown';
import { plain } from '../../../core/model/plainText';
import { clusterTitle } from '../../../core/model/titles';
import { nodeId } from '../../../editor/clusterNodes';
import type { ClusterTreeNode, NamedNode } from '../../../editor/clusterNodes';
import type { TreeKnowledge } from '../treeKnowledge';
import { topOfFleet } from './branch';
import { groupNodeOf } from './group';
import { affectedByClusters } from './row';
import type { NodeLook, Row } from './row';

/** A cluster of which GitLab revealed nothing but the name. */
export function namedRow(node: NamedNode): Row {
  return {
    look: (knowledge) => look(node, knowledge),
    above: (knowledge) => above(node, knowledge),
    listed: (knowledge) => {
      const parent = above(node, knowledge);
      return parent && { list: nodeId(parent), position: position(node, knowledge) };
    },
    isAffected: affectedByClusters,
  };
}

function above({ cluster, place }: NamedNode, knowledge: TreeKnowledge): ClusterTreeNode | undefined {
  const { host, level, ownerId, path } = cluster;
  if (place === 'group') return groupNodeOf(cluster, knowledge);
  return ownerId === undefined
    ? topOfFleet(host, place, knowledge)
    : { type: 'branch', host, owner: { level, id: ownerId, path }, place };
}

/** After the other rows of its list. */
function position({ cluster, place }: NamedNode, knowledge: TreeKnowledge): number {
  const { finding } = knowledge;
  const isIt = ({ id }: NameOnlyCluster): boolean => id === cluster.id;
  if (place === 'group') {
    const group = groupNodeOf(cluster, knowledge);
    const { clusters = [], named = [] } = (group && finding.group(group.key)) ?? {};
    return clusters.length + named.findIndex(isIt);
  }
  const { host, level, ownerId, path } = cluster;
  const tree = finding.tree(host);
  const branch = ownerId === undefined ? undefined : tree.branch({ level, id: ownerId, path });
  const before = (branch?.children ?? tree.branches).length + (branch?.clusters.length ?? 0);
  return before + namedBeside(cluster, finding).findIndex(isIt);
}

/** Those known by name only that stand below the same row. */
export function namedBeside(
  { host, level, ownerId, path }: NameOnlyCluster,
  finding: FleetFinding,
): readonly NameOnlyCluster[] {
  const tree = finding.tree(host);
  return ownerId === undefined ? tree.unresolved : (tree.branch({ level, id: ownerId, path })?.named ?? []);
}

function look({ cluster, place }: NamedNode, { hosts }: TreeKnowledge): NodeLook {
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
