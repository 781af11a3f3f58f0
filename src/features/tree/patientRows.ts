import type * as vscode from 'vscode';
import type { Disposable } from '../../core/time/event';
import type { HostUrl } from '../../core/model/host';
import type { ClusterTreeNode } from '../../editor/clusterNodes';
import type { ClusterRows } from './clusterRows';
import type { TreeSources } from './treeKnowledge';

/**
 * Milliseconds for which rows that are just being read are waited for. VS Code shows a first change of rows at once, but the
 * next not before 200 ms of silence: where GitLab answers within this, its rows are the first thing to be seen. After it
 * a row says that they are being read.
 */
const PATIENCE = 300;
const STEP = 50;

type Rows = Pick<ClusterRows, 'onDidChangeTreeData' | 'getTreeItem' | 'resolveTreeItem' | 'getParent' | 'getChildren'>;
type Sources = Pick<TreeSources, 'accounts' | 'inventory' | 'fleets' | 'finder'>;

/** The rows as VS Code asks for them: what is about to be known is waited for a moment, instead of being shown twice. */
export function patientRows(rows: Rows, sources: Sources): vscode.TreeDataProvider<ClusterTreeNode> {
  return {
    onDidChangeTreeData: rows.onDidChangeTreeData,
    getTreeItem: (node) => rows.getTreeItem(node),
    resolveTreeItem: (item, node) => rows.resolveTreeItem(item, node),
    getParent: (node) => rows.getParent(node),
    getChildren(node) {
      const known = rows.getChildren(node);
      const reading = readingBelow(node, sources);
      return reading ? withinPatience(reading).then(() => rows.getChildren(node)) : known;
    },
  };
}

/** The end of what is being read for the rows below, where nothing is known of them yet. Never rejects. */
function readingBelow(node: ClusterTreeNode | undefined, sources: Sources): Promise<unknown> | undefined {
  const { accounts, inventory, fleets, finder } = sources;
  switch (node?.type) {
    case undefined: {
      // Groups and the filter are over what is remembered, too.
      const unread = accounts.hosts.filter(({ url }) => fleets.status(url).status === 'unasked');
      if (finder.shape === 'owners' || unread.length === 0) return undefined;
      return Promise.all(unread.map(({ url }) => fleets.recall(url)));
    }
    case 'host':
      return !node.place && isFirst(inventory.hostState(node.host.url)) ? inventory.ensure(node.host.url) : undefined;
    case 'owner':
      return isFirst(inventory.ownerState(node.host, node.owner)) ? inventory.ensure(node.host, node.owner) : undefined;
    case 'fleet':
      return fleets.status(node.host).status === 'crawling' && fleets.fleet(node.host).counts.owners === 0
        ? firstFound(node.host, fleets)
        : undefined;
    default:
      return undefined;
  }
}

function isFirst(state: { readonly state: string; readonly value?: unknown } | undefined): boolean {
  return state?.state === 'loading' && state.value === undefined;
}

/** A search has found something, or is over. */
function firstFound(host: HostUrl, fleets: Sources['fleets']): Promise<void> {
  return new Promise((resolve) => {
    const listening: Disposable = fleets.onDidChange((change) => {
      if (change.host !== host) return;
      if (fleets.fleet(host).counts.owners === 0 && fleets.status(host).status === 'crawling') return;
      listening.dispose();
      resolve();
    });
  });
}

/** Counts in steps, so that a moment in which the extension host itself was busy is no patience spent. */
async function withinPatience(reading: Promise<unknown>): Promise<void> {
  let isOver = false;
  const over = reading.then(() => (isOver = true));
  for (let waited = 0; waited < PATIENCE && !isOver; waited += STEP) {
    let timer: NodeJS.Timeout | undefined;
    await Promise.race([over, new Promise((resolve) => (timer = setTimeout(resolve, STEP)))]);
    clearTimeout(timer);
  }
}
