import * as l10n from '@vscode/l10n';
import { commands } from '../../contributions';
import type { Cluster } from '../../core/model/cluster';
import { countInWords } from '../../core/model/countInWords';
import { serviceTokenWithin } from '../../core/model/serviceToken';
import { placedTitle } from '../../core/model/titles';
import type { CommandTable } from '../../editor/commandTable';
import { chosenClusters } from './chosenClusters';
import { diagnoseClusters } from './diagnoseClusters';
import { hostName } from './doctorSources';
import type { DoctorSources } from './doctorSources';
import { sortReport } from './shownReports';

/** Find out from this computer why clusters cannot be reached. */
export function doctorCommands(sources: DoctorSources) {
  const { pickers, finder, clusterOf, dialogs } = sources;
  const chosen = async (node: unknown, selected: unknown): Promise<readonly Cluster[] | undefined> => {
    const rows = pickers.rows(node, selected);
    if (rows.length > 0) return chosenClusters(rows, finder, sources.warnedOf);
    const shown = await clusterOf(node);
    return shown ? [shown] : pick(sources);
  };
  return {
    [commands.diagnoseClusters]: async (node: unknown, selected: unknown) => {
      const clusters = (await chosen(node, selected))?.filter(hasApiUrl);
      if (clusters?.length === 0) {
        void dialogs.notify('information', l10n.t('None of these clusters has an API URL to check.'));
      } else if (clusters) await diagnoseClusters(clusters, sources);
    },
    [commands.diagnoseWithToken]: async (node: unknown) => {
      const cluster =
        (await clusterOf(node)) ?? (await pickers.cluster(node, l10n.t('Diagnose Cluster with Token'), hasApiUrl));
      const token = cluster && (await askToken(cluster, sources));
      if (cluster && token !== undefined) await diagnoseClusters([cluster], sources, token);
    },
    [commands.sortDiagnoses]: (value: unknown) => sortReport(value, sources),
  } satisfies CommandTable;
}

function hasApiUrl({ platform }: Cluster): boolean {
  return !!platform?.apiUrl;
}

/** From the Command Palette: one cluster, what fits the filter, or everything. */
async function pick({ pickers, finder, fleets, dialogs }: DoctorSources): Promise<readonly Cluster[] | undefined> {
  const title = l10n.t('Diagnose Cluster');
  await fleets.recallAll();
  const all = await pickers.everything();
  if (!all) return undefined;
  const parts: readonly { readonly label: string; readonly clusters: readonly Cluster[] | undefined }[] = [
    { label: l10n.t('One cluster…'), clusters: undefined },
    ...(finder.filterText === ''
      ? []
      : [{ label: l10n.t('What matches “{0}”', finder.filterText), clusters: finder.matching().clusters }]),
    { label: l10n.t('Everything known'), clusters: all.clusters },
  ];
  const part = await dialogs.choose(title, parts, ({ label, clusters }) => ({
    label,
    ...(clusters && { description: countInWords(clusters.length) }),
  }));
  if (!part) return undefined;
  if (part.clusters) return part.clusters;
  const one = await pickers.cluster(undefined, title, hasApiUrl);
  return one && [one];
}

/** A Kubernetes token for this check alone: it is in no setting, state, log or report, and is forgotten with the run. */
function askToken(cluster: Cluster, sources: DoctorSources): Promise<string | undefined> {
  return sources.dialogs.ask({
    title: l10n.t('Diagnose {0} with a Token', placedTitle(cluster, hostName(cluster.host, sources.accounts))),
    prompt: l10n.t(
      'Service token, for this check only. It is sent to the cluster over a verified connection, never to GitLab, and not kept.',
    ),
    password: true,
    check: (value) =>
      /^[\x21-\x7e]+$/.test(value) && serviceTokenWithin(value) === undefined
        ? undefined
        : l10n.t('Enter the token alone: decoded, without spaces, quotes or “Bearer”.'),
  });
}
