import * as l10n from '@vscode/l10n';
import { commands } from '../../contributions';
import type { HostAccounts } from '../../core/accounts/hostAccounts';
import type { FleetFinder } from '../../core/arrange/fleetFinder';
import type { Known } from '../../core/arrange/fleetFinding';
import type { KnownCluster } from '../../core/inventory/ownerRecord';
import type { Fleets } from '../../core/inventory/fleets';
import type { Inventory } from '../../core/inventory/inventory';
import type { UnsearchedHost } from '../../core/inventory/unsearched';
import { countInWords } from '../../core/model/countInWords';
import type { HostUrl } from '../../core/model/host';
import { plain } from '../../core/model/plainText';
import { choosePart } from '../../editor/choosePart';
import type { CommandTable } from '../../editor/commandTable';
import type { Dialogs } from '../../editor/dialogs';
import { chooseFormat, showExport } from '../../editor/exportText';
import type { Pickers } from '../../editor/pickers';
import { clustersOfRows } from '../../editor/rowClusters';
import { askUnsearched } from '../../editor/searchFirst';

interface ExportSources {
  readonly accounts: HostAccounts;
  readonly inventory: Pick<Inventory, 'hostState'>;
  readonly fleets: Fleets;
  readonly finder: FleetFinder;
  readonly pickers: Pickers;
  readonly dialogs: Dialogs;
}

/** What is exported, with the hosts that may have more. */
interface Wanted {
  readonly clusters: readonly KnownCluster[];
  readonly unsearched: readonly UnsearchedHost[];
}

/** Writes the selected clusters into a document, or what is known, or what fits the filter. */
export function exportCommands(sources: ExportSources) {
  const { accounts, dialogs } = sources;
  return {
    [commands.exportClusters]: async (value: unknown, selected: unknown) => {
      const wanted = await clustersFor(value, selected, sources);
      const format = wanted && (await chooseFormat(l10n.t('Export Clusters As'), dialogs));
      if (!format) return;
      const { clusters, unsearched } = wanted;
      const hostName = (url: string): string => plain(accounts.hosts.find((host) => host.url === url)?.name ?? url);
      const { exportClusters } = await import('./export');
      const text = await dialogs.progress({ title: l10n.t('Exporting clusters…'), where: 'statusBar' }, () =>
        exportClusters(clusters, format, hostName, unsearched),
      );
      const message = l10n.t('Exported {0}.', countInWords(clusters.length));
      await showExport({ name: l10n.t('GitLab clusters'), content: text, format, message }, dialogs);
    },
  } satisfies CommandTable;
}

async function clustersFor(value: unknown, selected: unknown, sources: ExportSources): Promise<Wanted | undefined> {
  const { fleets, finder, pickers, dialogs } = sources;
  const rows = pickers.rows(value, selected);
  const ofRows = rows.some(({ type }) => type === 'group') ? undefined : clustersOfRows(rows, finder);
  if (ofRows !== undefined && ofRows !== 'gone' && ofRows.length > 0) return { clusters: ofRows, unsearched: [] };
  await fleets.recallAll();
  if (!(await pickers.everything())) return undefined;
  const row = pickers.node(value);
  const host = row?.type === 'fleet' ? row.host : undefined;
  const question = l10n.t('Export the known clusters only?');
  const asked = await askUnsearched(question, l10n.t('Export Known Clusters'), {
    ...sources,
    ...(host !== undefined && { only: host }),
  });
  if (!asked) return undefined;
  const ofGroups = clustersOfRows(rows, finder);
  if (ofGroups === 'gone') {
    void dialogs.notify('information', l10n.t('The tree has changed, and this row no longer exists.'));
    return undefined;
  }
  if (ofGroups.length > 0) return { clusters: ofGroups, unsearched: asked };
  const all = atHost(finder.known(), host);
  const fitting = atHost(finder.matching(), host);
  const part =
    finder.filterText === '' ? all : await choosePart(l10n.t('Export Clusters'), finder, all, fitting, dialogs);
  return part && { clusters: [...part.clusters, ...part.named], unsearched: asked };
}

/** What is known of one host, or of all. */
function atHost(known: Known, host: HostUrl | undefined): Known {
  if (host === undefined) return known;
  const isThere = (cluster: KnownCluster): boolean => cluster.host === host;
  return { clusters: known.clusters.filter(isThere), named: known.named.filter(isThere) };
}
