import * as vscode from 'vscode';
import { commands } from '../../contributions';
import type { NamedCluster } from '../../core/inventory/ownerRecord';
import type { Fleets } from '../../core/inventory/fleets';
import { sortedByName } from '../../core/arrange/grouping';
import { GitLabError } from '../../core/gitlab/errors';
import { explain } from '../../core/gitlab/explain';
import type { Cluster } from '../../core/model/cluster';
import { plain } from '../../core/model/plainText';
import { choose } from '../../editor/ask';
import type { CommandTable } from '../../editor/commandTable';
import type { Pickers } from '../../editor/pickers';

interface FindSources {
  readonly fleets: Fleets;
  readonly documents: { show(cluster: Cluster): Promise<void> };
  readonly pickers: Pickers;
  readonly tree: { show(cluster: Cluster | NamedCluster): Promise<void> };
}

/** Find all clusters of a host, stop that, and go to one of those known. */
export function findCommands({ fleets, documents, pickers, tree }: FindSources) {
  const find = async (node: unknown, selected: unknown): Promise<void> => {
    const hosts = await pickers.hosts(node, selected, vscode.l10n.t('Find All Clusters'));
    // Not awaited: the tree shows how far it is, and where it stops.
    for (const { url } of hosts) void fleets.crawl(url);
  };
  return {
    [commands.findAllClusters]: find,
    [commands.continueFinding]: find,
    [commands.findAgain]: async (node: unknown, selected: unknown) => {
      const hosts = await pickers.hosts(node, selected, vscode.l10n.t('Find All Clusters'));
      for (const { url } of hosts) void fleets.crawlAnew(url);
    },
    [commands.stopFinding]: async (node: unknown, selected: unknown) => {
      const hosts = await pickers.hosts(node, selected, vscode.l10n.t('Stop Finding Clusters'));
      for (const { url } of hosts) fleets.stop(url);
    },
    [commands.goToCluster]: async () => {
      await fleets.recallAll();
      const known = await pickers.everything();
      if (!known) return;
      const all: readonly (Cluster | NamedCluster)[] = sortedByName([...known.clusters, ...known.named]);
      const cluster = await choose(vscode.l10n.t('Go to Cluster'), all, (one) => pickers.item(one));
      if (!cluster) return;
      // Of one known by name only, its row is all there is to show.
      const open = 'owner' in cluster ? documents.show(cluster) : tellUnreadable(cluster);
      await Promise.all([open, tree.show(cluster)]);
    },
  } satisfies CommandTable;
}

function tellUnreadable({ name, reason }: NamedCluster): void {
  const { sentence } = explain(new GitLabError(reason));
  void vscode.window.showInformationMessage(
    vscode.l10n.t('GitLab tells the name of {0} and nothing else. {1}', plain(name), sentence),
  );
}
