import * as vscode from 'vscode';
import { commands } from '../../contributions';
import type { Cluster } from '../../core/model/cluster';
import { countInWords } from '../../core/model/countInWords';
import { serviceTokenWithin } from '../../core/model/serviceToken';
import { clusterTitle } from '../../core/model/titles';
import { ask, choose } from '../../editor/ask';
import type { CommandTable } from '../../editor/commandTable';
import { chosenClusters } from './chosenClusters';
import { diagnoseClusters } from './diagnoseClusters';
import type { DoctorSources } from './doctorSources';
import { sortReport } from './shownReports';

/** Find out from this computer why clusters cannot be reached. */
export function doctorCommands(sources: DoctorSources) {
  const { pickers, finder, clusterOf } = sources;
  const chosen = async (node: unknown, selected: unknown): Promise<readonly Cluster[] | undefined> => {
    const rows = pickers.rows(node, selected);
    if (rows.length > 0) return chosenClusters(rows, finder);
    const shown = await clusterOf(node);
    return shown ? [shown] : pick(sources);
  };
  return {
    [commands.diagnoseClusters]: async (node: unknown, selected: unknown) => {
      const clusters = (await chosen(node, selected))?.filter(hasApiUrl);
      if (clusters?.length === 0) {
        void vscode.window.showInformationMessage(vscode.l10n.t('None of these clusters has an API URL to check.'));
      } else if (clusters) await diagnoseClusters(clusters, sources);
    },
    [commands.diagnoseWithToken]: async (node: unknown) => {
      const cluster =
        (await clusterOf(node)) ??
        (await pickers.cluster(node, vscode.l10n.t('Diagnose Cluster with Token'), hasApiUrl));
      const token = cluster && (await askToken(cluster));
      if (cluster && token !== undefined) await diagnoseClusters([cluster], sources, token);
    },
    [commands.sortDiagnoses]: sortReport,
  } satisfies CommandTable;
}

function hasApiUrl({ platform }: Cluster): boolean {
  return !!platform?.apiUrl;
}

/** From the Command Palette: one cluster, what fits the filter, or everything. */
async function pick({ pickers, finder, fleets }: DoctorSources): Promise<readonly Cluster[] | undefined> {
  const title = vscode.l10n.t('Diagnose Cluster');
  await fleets.recallAll();
  const all = await pickers.everything();
  if (!all) return undefined;
  const parts: readonly { readonly label: string; readonly clusters: readonly Cluster[] | undefined }[] = [
    { label: vscode.l10n.t('One cluster…'), clusters: undefined },
    ...(finder.filterText === ''
      ? []
      : [{ label: vscode.l10n.t('What matches “{0}”', finder.filterText), clusters: finder.matching().clusters }]),
    { label: vscode.l10n.t('Everything known'), clusters: all.clusters },
  ];
  const part = await choose(title, parts, ({ label, clusters }) => ({
    label,
    ...(clusters && { description: countInWords(clusters.length) }),
  }));
  if (!part) return undefined;
  if (part.clusters) return part.clusters;
  const one = await pickers.cluster(undefined, title, hasApiUrl);
  return one && [one];
}

/** A Kubernetes token for this check alone: it is in no setting, state, log or report, and is forgotten with the run. */
function askToken(cluster: Cluster): Promise<string | undefined> {
  return ask({
    title: vscode.l10n.t('Diagnose {0} with a Token', clusterTitle(cluster)),
    prompt: vscode.l10n.t(
      'Service token, for this check only. It is sent to the cluster over a verified connection, never to GitLab, and not kept.',
    ),
    password: true,
    check: (value) =>
      /^[\x21-\x7e]+$/.test(value) && serviceTokenWithin(value) === undefined
        ? undefined
        : vscode.l10n.t('Enter the token alone: decoded, without spaces, quotes or “Bearer”.'),
  });
}
