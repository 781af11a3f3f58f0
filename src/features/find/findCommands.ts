import * as vscode from 'vscode';
import { commands } from '../../contributions';
import type { ClusterDocuments } from '../details/clusterDocument';
import type { ExportFormat } from '../export/export';
import type { NamedCluster } from '../../core/inventory/fleet';
import type { FleetFinder, Known } from '../../core/arrange/fleetFinder';
import type { Fleets } from '../../core/inventory/fleets';
import { sortedByName } from '../../core/arrange/grouping';
import { GitLabError } from '../../core/gitlab/errors';
import { explain } from '../../core/gitlab/explain';
import type { Cluster } from '../../core/model/cluster';
import { countInWords } from '../../core/model/countInWords';
import type { HostUrl } from '../../core/model/host';
import type { HostAccounts } from '../../core/accounts/hostAccounts';
import { plain } from '../../core/model/plainText';
import { choose } from '../../editor/ask';
import type { CommandTable } from '../../editor/commandTable';
import { filterBox } from '../arrange/filterBox';
import type { Pickers } from '../../editor/pickers';

export interface FindSources {
  readonly accounts: HostAccounts;
  readonly fleets: Fleets;
  readonly finder: FleetFinder;
  readonly documents: ClusterDocuments;
  readonly pickers: Pickers;
  readonly tree: { show(cluster: Cluster | NamedCluster): Promise<void> };
}

/** Filter the tree, go to one cluster, export what is known. */
export function findCommands({ accounts, fleets, finder, documents, pickers, tree }: FindSources) {
  /** What was remembered counts as known, also of hosts nobody opened in this window yet. */
  const recallAll = async (): Promise<void> => {
    await Promise.all(accounts.hosts.map(({ url }) => fleets.recall(url)));
  };
  return {
    [commands.filterClusters]: async () => {
      await recallAll();
      filterBox(finder);
    },
    [commands.clearFilter]: () => finder.setFilter(''),
    [commands.goToCluster]: async () => {
      await recallAll();
      const known = await pickers.everything();
      if (!known) return;
      const all: readonly (Cluster | NamedCluster)[] = sortedByName([...known.clusters, ...known.named]);
      const cluster = await choose(vscode.l10n.t('Go to Cluster'), all, (one) => pickers.item(one));
      if (!cluster) return;
      // Of one known by name only, its row is all there is to show.
      const open = 'owner' in cluster ? documents.show(cluster) : tellUnreadable(cluster);
      await Promise.all([open, tree.show(cluster)]);
    },
    [commands.exportClusters]: async (value: unknown) => {
      await recallAll();
      if (!(await pickers.everything())) return;
      const row = pickers.node(value);
      const host = row?.type === 'fleet' ? row.host : undefined;
      const all = atHost(finder.known(), host);
      const fitting = atHost(finder.matching(), host);
      const part =
        finder.filterText === '' ? all : await choosePart(vscode.l10n.t('Export Clusters'), finder, all, fitting);
      const format = part && (await chooseFormat());
      if (!format) return;
      const rows = [...finder.sorted(part.clusters), ...part.named];
      const hostName = (url: string): string => plain(accounts.hosts.find((host) => host.url === url)?.name ?? url);
      const { exportClusters } = await import('../export/export');
      const text = await vscode.window.withProgress(
        { location: vscode.ProgressLocation.Window, title: vscode.l10n.t('Exporting clusters…') },
        () => exportClusters(rows, format, hostName),
      );
      await show(text, format, rows.length);
    },
  } satisfies CommandTable;
}

/** What is known of one host, or of all. */
function atHost(known: Known, host: HostUrl | undefined): Known {
  if (host === undefined) return known;
  const isThere = (cluster: Cluster | NamedCluster): boolean => cluster.host === host;
  return { clusters: known.clusters.filter(isThere), named: known.named.filter(isThere) };
}

function tellUnreadable({ name, reason }: NamedCluster): void {
  const { sentence } = explain(new GitLabError(reason));
  void vscode.window.showInformationMessage(
    vscode.l10n.t('GitLab tells the name of {0} and nothing else. {1}', plain(name), sentence),
  );
}

/** Everything known, or what fits the filter. */
export async function choosePart(
  title: string,
  finder: FleetFinder,
  all: Known,
  fitting: Known,
): Promise<Known | undefined> {
  const parts = [
    { part: fitting, label: vscode.l10n.t('What matches “{0}”', finder.filterText) },
    { part: all, label: vscode.l10n.t('Everything known') },
  ];
  const chosen = await choose(title, parts, ({ label, part }) => ({
    label,
    description: countInWords(part.clusters.length + part.named.length),
  }));
  return chosen?.part;
}

async function chooseFormat(): Promise<ExportFormat | undefined> {
  const formats: readonly { readonly format: ExportFormat; readonly label: string; readonly detail: string }[] = [
    { format: 'csv', label: 'CSV', detail: vscode.l10n.t('For spreadsheets; no cell can be run as a formula') },
    { format: 'json', label: 'JSON', detail: vscode.l10n.t('For programs') },
    { format: 'markdown', label: 'Markdown', detail: vscode.l10n.t('A table for issues and wikis') },
  ];
  const chosen = await choose(vscode.l10n.t('Export Clusters As'), formats, ({ label, detail }) => ({ label, detail }));
  return chosen?.format;
}

/** A new document works wherever the editor runs; saving it is the editor's own dialog. */
async function show(content: string, format: ExportFormat, count: number): Promise<void> {
  const language = format === 'csv' ? 'plaintext' : format;
  const document = await vscode.workspace.openTextDocument({ content, language });
  await vscode.window.showTextDocument(document, { preview: false });
  const save = vscode.l10n.t('Save As…');
  const message =
    count === 1
      ? vscode.l10n.t('Exported 1 cluster.')
      : vscode.l10n.t('Exported {0} clusters.', count.toLocaleString());
  void vscode.window.showInformationMessage(message, save).then(async (answer) => {
    if (answer !== save) return;
    await vscode.window.showTextDocument(document, { preview: false });
    await vscode.commands.executeCommand('workbench.action.files.saveAs');
  });
}
