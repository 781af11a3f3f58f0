import * as l10n from '@vscode/l10n';
import { commands } from '../../contributions';
import type { HostAccounts } from '../../core/accounts/hostAccounts';
import type { FleetFinder } from '../../core/arrange/fleetFinder';
import type { Known } from '../../core/arrange/fleetFinding';
import type { NamedCluster } from '../../core/inventory/ownerRecord';
import type { Fleets } from '../../core/inventory/fleets';
import type { Cluster } from '../../core/model/cluster';
import type { HostUrl } from '../../core/model/host';
import { plain } from '../../core/model/plainText';
import { choosePart } from '../../editor/choosePart';
import type { CommandTable } from '../../editor/commandTable';
import type { Dialogs } from '../../editor/dialogs';
import { chooseFormat, showExport } from '../../editor/exportText';
import type { Pickers } from '../../editor/pickers';

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
      const format = part && (await chooseFormat(l10n.t('Export Clusters As'), dialogs));
      if (!format) return;
      const rows = [...finder.sorted(part.clusters), ...part.named];
      const hostName = (url: string): string => plain(accounts.hosts.find((host) => host.url === url)?.name ?? url);
      const { exportClusters } = await import('./export');
      const text = await dialogs.progress({ title: l10n.t('Exporting clusters…'), where: 'statusBar' }, () =>
        exportClusters(rows, format, hostName),
      );
      const message =
        rows.length === 1
          ? l10n.t('Exported 1 cluster.')
          : l10n.t('Exported {0} clusters.', rows.length.toLocaleString());
      await showExport(text, format, message, dialogs);
    },
  } satisfies CommandTable;
}

/** What is known of one host, or of all. */
function atHost(known: Known, host: HostUrl | undefined): Known {
  if (host === undefined) return known;
  const isThere = (cluster: Cluster | NamedCluster): boolean => cluster.host === host;
  return { clusters: known.clusters.filter(isThere), named: known.named.filter(isThere) };
}
