import type { ClusterTreeNode, GroupNode, HostNode } from '../../../editor/clusterNodes';
import { noMatchNode, topMessages } from './fleetMessages';
import { foundBelowHost } from './host';
import { problemNode } from './messages';
import { paged } from './paged';
import type { TreeKnowledge } from '../treeKnowledge';

/** The top rows: hosts, or groups over all of them, and what keeps those from being complete. */
export function topRows(knowledge: TreeKnowledge): readonly ClusterTreeNode[] {
  return [...shownAtTop(knowledge), ...knowledge.problems.map(problemNode)];
}

function shownAtTop(knowledge: TreeKnowledge): readonly ClusterTreeNode[] {
  const { finding, hosts } = knowledge;
  switch (finding.shape) {
    case 'owners':
      return hosts.map((host): HostNode => ({ type: 'host', host }));
    case 'filtered': {
      const place = finding.few ? 'found' : 'foundMany';
      const rows = hosts.map((host): HostNode => ({ type: 'host', host, place }));
      // A host that has something to say keeps its row.
      const shown = rows.filter((row) => foundBelowHost(row, knowledge).length > 0);
      const without = hosts.filter((host) => !shown.some((row) => row.host === host));
      return without.length === 0 ? shown : [...shown, noMatchNode(without, hosts.length)];
    }
    case 'grouped': {
      const by = finding.groupBy;
      const groups = finding.groups().map(({ key }): GroupNode => ({ type: 'group', by, key }));
      return [...topMessages(knowledge), ...paged(undefined, groups, knowledge)];
    }
  }
}
