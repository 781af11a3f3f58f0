import * as l10n from '@vscode/l10n';
import { commands } from '../../contributions';
import type { HostAccounts } from '../../core/accounts/hostAccounts';
import type { FleetFinder, Known } from '../../core/arrange/fleetFinder';
import type { NamedCluster } from '../../core/inventory/fleet';
import type { Fleets } from '../../core/inventory/fleets';
import type { Cluster } from '../../core/model/cluster';
import type { HostUrl } from '../../core/model/host';
import { plain } from '../../core/model/plainText';
import { choosePart } from '../../editor/choosePart';
import type { CommandTable } from '../../editor/commandTable';
import type { Dialogs } from '../../editor/dialogs';
import type { Pickers } from '../../editor/pickers';
import type { ExportFormat } from './export';

interface ExportSources {
  readonly accounts: HostAccounts;
  readonly fleets: Fleets;
  readonly finder: FleetFinder;
  readonly pickers: Pickers;
  readonly dialogs: Dialogs;
}

/** Writes what is known, or what fits the filter, into a document. */
export function exportCommands({ accounts, fleets, finder, pickers, dialogs }: ExportSources) {
  return {
    [commands.exportClusters]: async (value: unknown) => {
      await fleets.recallAll();
      if (!(await pickers.everything())) return;
      const row = pickers.node(value);
      const host = row?.type === 'fleet' ? row.host : undefined;
      const all = atHost(finder.known(), host);
      const fitting = atHost(finder.matching(), host);
      const part =
        finder.filterText === '' ? all : await choosePart(l10n.t('Export Clusters'), finder, all, fitting, dialogs);
      const format = part && (await chooseFormat(dialogs));
      if (!format) return;
      const rows = [...finder.sorted(part.clusters), ...part.named];
      const hostName = (url: string): string => plain(accounts.hosts.find((host) => host.url === url)?.name ?? url);
      const { exportClusters } = await import('./export');
      const text = await dialogs.progress({ title: l10n.t('Exporting clusters…'), where: 'statusBar' }, () =>
        exportClusters(rows, format, hostName),
      );
      await show(text, format, rows.length, dialogs);
    },
  } satisfies CommandTable;
}

/** What is known of one host, or of all. */
function atHost(known: Known, host: HostUrl | undefined): Known {
  if (host === undefined) return known;
  const isThere = (cluster: Cluster | NamedCluster): boolean => cluster.host === host;
  return { clusters: known.clusters.filter(isThere), named: known.named.filter(isThere) };
}

async function chooseFormat(dialogs: Dialogs): Promise<ExportFormat | undefined> {
  const formats: readonly { readonly format: ExportFormat; readonly label: string; readonly detail: string }[] = [
    { format: 'csv', label: 'CSV', detail: l10n.t('For spreadsheets; no cell can be run as a formula') },
    { format: 'json', label: 'JSON', detail: l10n.t('For programs') },
    { format: 'markdown', label: 'Markdown', detail: l10n.t('A table for issues and wikis') },
  ];
  const chosen = await dialogs.choose(l10n.t('Export Clusters As'), formats, ({ label, detail }) => ({
    label,
    detail,
  }));
  return chosen?.format;
}

/** A new document works wherever the editor runs; saving it is the editor's own dialog. */
async function show(content: string, format: ExportFormat, count: number, dialogs: Dialogs): Promise<void> {
  const language = format === 'csv' ? 'plaintext' : format;
  const document = await dialogs.openDocument(content, language);
  const save = l10n.t('Save As…');
  const message =
    count === 1 ? l10n.t('Exported 1 cluster.') : l10n.t('Exported {0} clusters.', count.toLocaleString());
  void dialogs.notify('information', message, save).then((answer) => (answer === save ? document.saveAs() : undefined));
}
