import * as vscode from 'vscode';
import type * as z from 'zod/mini';
import { prepareFilter } from '../../src/core/arrange/clusterFilter';
import type { Host } from '../../src/core/model/host';
import { parseHostUrl } from '../../src/core/model/host';
import { Inventory } from '../../src/core/inventory/inventory';
import { fleetFiles } from '../../src/core/inventory/fleetFiles';
import { ClusterRows } from '../../src/features/tree/clusterRows';
import { children } from '../../src/features/tree/rows/rowOf';
import { fixedAccounts, treeSources } from '../editor/treeSources';
import type { Filtered, Recalled, Work } from './orders';
import { median, timed } from './processFigures';

/** Typed key by key: words for many, few and no clusters. */
const queries = ['cluster-12 production', 'k8s-3. unmanaged', 'group-1/ disabled', '#77', 'nothing like it'];

/**
 * The extension's tree, without a window and without a network, filled from what the extension wrote down of a host.
 * The first in an extension host is measured as slow as it is for a user: nothing has been compiled yet.
 */
export async function recalledTree(url: string, folder: vscode.Uri) {
  const parsed = parseHostUrl(url);
  if (!parsed.ok) throw new Error(parsed.problem);
  const host: Host = { url: parsed.url, name: 'Fleet', projects: [], groups: [] };
  const accounts = fixedAccounts(host, () => {
    throw new Error('This tree asks nobody');
  });
  const inventory = new Inventory(accounts);
  const storage = fleetFiles(vscode.workspace.fs, folder);
  const sources = treeSources(accounts, inventory, storage);
  const rows = new ClusterRows(sources, sources.loading);
  const { fleets, finder } = sources;

  /** What VS Code is given when a row is open: the rows below and how each looks. */
  const give = (...open: Parameters<typeof children>[0][]): number => {
    let branches = 0;
    for (const node of open)
      for (const row of children(node, rows.knowledge)) {
        rows.getTreeItem(row);
        if (row.type === 'branch') branches++;
      }
    return branches;
  };
  const fleetRow = { type: 'fleet', host: host.url } as const;

  const toEnd = timed(() => fleets.recall(host.url));
  const toRows = await timed(async () => {
    while (give(fleetRow) === 0) {
      if (fleets.status(host.url).status === 'recalled') throw new Error('Nothing was remembered');
      await nextChange(fleets.onDidChange);
    }
  });
  const ended = await toEnd;
  const recalled: z.infer<typeof Recalled> = {
    toRows,
    toEnd: ended,
    parse: await parseOf((await storage.read(host.url)) ?? ''),
    clusters: fleets.fleet(host.url).counts.clusters,
  };

  async function filter(): Promise<z.infer<typeof Filtered>> {
    const keys: Work[] = [];
    // As the filter box does when it opens.
    await prepareFilter(finder.known().clusters);
    for (const query of queries) {
      for (let end = 1; end <= query.length; end++) {
        const key = await timed(async () => {
          const told = nextChange(rows.onDidChangeTreeData);
          finder.setFilter(query.slice(0, end));
          await told;
          give(undefined, { type: 'host', host, place: finder.few ? 'found' : 'foundMany' });
        });
        keys.push(key);
      }
      finder.setFilter('');
    }
    const by = (of: (work: Work) => number) => keys.map(of);
    return {
      median: { wall: median(by(({ wall }) => wall)), cpu: median(by(({ cpu }) => cpu)) },
      worst: { wall: Math.max(...by(({ wall }) => wall)), cpu: Math.max(...by(({ cpu }) => cpu)) },
    };
  }

  return { recalled, filter };
}

/** The median of a few. */
async function parseOf(text: string): Promise<Work> {
  const parses: Work[] = [];
  for (let time = 0; time < 9; time++) parses.push(await timed(() => JSON.parse(text)));
  return { wall: median(parses.map(({ wall }) => wall)), cpu: median(parses.map(({ cpu }) => cpu)) };
}

function nextChange<T>(event: (listener: (value: T) => void) => { dispose(): void }): Promise<void> {
  return new Promise((resolve) => {
    const listening = event(() => {
      listening.dispose();
      resolve();
    });
  });
}
