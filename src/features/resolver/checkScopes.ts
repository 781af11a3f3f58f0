import * as l10n from '@vscode/l10n';
import { commands } from '../../contributions';
import type { CommandId } from '../../contributions';
import type { Cluster } from '../../core/model/cluster';
import type { Host } from '../../core/model/host';
import { lintScopes } from '../../core/resolver/lints';
import type { ScopeWarning } from '../../core/resolver/lints';
import { remedyOf, warningInWords } from '../../core/resolver/lintsInWords';
import type { Remedy } from '../../core/resolver/lintsInWords';
import type { ReadProject } from '../../core/resolver/resolver';
import type { ClusterNode } from '../../editor/clusterNodes';
import type { Choice, Dialogs } from '../../editor/dialogs';
import { warningsDocument } from './warningsDocument';

const acts: Readonly<Record<Remedy['act'], CommandId>> = {
  edit: commands.editCluster,
  showServed: commands.showServed,
};

/** Does what a command does, on a row. */
type RunCommand = (command: CommandId, row: ClusterNode) => unknown;

/** Looks over everything known of a host, without asking it: warnings in a list, each with its remedy, or as a document. */
export async function checkScopes(
  host: Host,
  clusters: readonly Cluster[],
  projects: readonly ReadProject[],
  { dialogs, run }: { readonly dialogs: Dialogs; readonly run: RunCommand },
): Promise<void> {
  const warnings = lintScopes(clusters, projects, new Date());
  if (warnings.length === 0) {
    const nothing = l10n.t('No problem was found with the scopes of the clusters known of {0}.', host.name);
    void dialogs.notify('information', nothing);
    return;
  }
  const title = l10n.t('Environment Scopes: {0} Warnings', warnings.length);
  const picked = await dialogs.choose<ScopeWarning | 'all'>(title, ['all', ...warnings], choiceOf);
  if (!picked) return;
  if (picked === 'all') {
    const text = warningsDocument(host, warnings, clusters.length, projects.length, new Date());
    return dialogs.showText(l10n.t('Environment scopes of {0}', host.name), text, 'md');
  }
  const { cluster, act } = remedyOf(picked);
  await run(acts[act], { type: 'cluster', cluster });
}

function choiceOf(warning: ScopeWarning | 'all'): Choice {
  if (warning === 'all') return { label: l10n.t('Show All as a Document'), icon: 'go-to-file' };
  return { label: remedyOf(warning).title, detail: warningInWords(warning), icon: 'warning' };
}
