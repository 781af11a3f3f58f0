import * as vscode from 'vscode';
import { GitLabError } from '../../core/gitlab/errors';
import { explain } from '../../core/gitlab/explain';
import type { Cluster } from '../../core/model/cluster';
import type { HostAccounts } from '../../core/accounts/hostAccounts';
import type { Inventory } from '../../core/inventory/inventory';
import { plain } from '../../core/model/plainText';
import type { TextDocuments } from '../../editor/textDocuments';

/** A modal has no scroll bar: more names than this are counted there, and all are listed in a document on request. */
const MAX_NAMED = 15;

type Outcome = 'deleted' | 'gone' | 'notTried' | { readonly error: unknown };

/** Asks, then deletes one after another; told per cluster what became of it. */
export async function deleteClusters(
  clusters: readonly Cluster[],
  accounts: HostAccounts,
  inventory: Inventory,
  texts: TextDocuments,
): Promise<void> {
  const named = (cluster: Cluster): string => describe(cluster, accounts);
  if (!(await confirm(clusters, named, texts))) return;
  const outcomes = await vscode.window.withProgress(
    {
      location: vscode.ProgressLocation.Notification,
      title:
        clusters.length === 1
          ? vscode.l10n.t('Deleting cluster')
          : vscode.l10n.t('Deleting {0} clusters', clusters.length),
      cancellable: clusters.length > 1,
    },
    async (progress, token) => {
      const done: Outcome[] = [];
      for (const cluster of clusters) {
        progress.report({ message: plain(cluster.name), increment: 100 / clusters.length });
        done.push(token.isCancellationRequested ? 'notTried' : await deleteOne(cluster, inventory));
      }
      return done;
    },
  );
  tellOutcome(clusters, outcomes, named);
}

/** What goes and what stays. */
export function deletionNotes(): readonly string[] {
  return [
    vscode.l10n.t(
      'Only GitLab’s record goes. Everything in Kubernetes stays: namespaces, service accounts, and what was deployed.',
    ),
    vscode.l10n.t(
      'The service token GitLab has stored is lost; adding the cluster again needs it anew. This cannot be undone.',
    ),
  ];
}

async function deleteOne(cluster: Cluster, inventory: Inventory): Promise<Outcome> {
  try {
    return await inventory.delete(cluster);
  } catch (error) {
    if (error instanceof GitLabError) return { error };
    throw error;
  }
}

async function confirm(
  clusters: readonly Cluster[],
  named: (cluster: Cluster) => string,
  texts: TextDocuments,
): Promise<boolean> {
  const button = vscode.l10n.t('Delete');
  const [first] = clusters;
  const question =
    clusters.length === 1 && first
      ? vscode.l10n.t('Delete the cluster {0} from GitLab?', plain(first.name))
      : vscode.l10n.t('Delete {0} clusters from GitLab?', clusters.length);
  const names = clusters.map((cluster) => `• ${named(cluster)}`);
  const inDetail = (lines: readonly string[]): string => [...lines, '', ...deletionNotes()].join('\n');
  if (names.length <= MAX_NAMED) {
    const detail = inDetail(names);
    return (await vscode.window.showWarningMessage(question, { modal: true, detail }, button)) === button;
  }
  const more = vscode.l10n.t('… and {0} more', names.length - MAX_NAMED);
  const detail = inDetail([...names.slice(0, MAX_NAMED), more]);
  const read = vscode.l10n.t('Read the List First');
  const answer = await vscode.window.showWarningMessage(question, { modal: true, detail }, button, read);
  if (answer !== read) return answer === button;
  const title = vscode.l10n.t('Clusters to delete');
  await texts.show(title, [vscode.l10n.t('Nothing has been deleted yet.'), '', inDetail(names), ''].join('\n'));
  return (await vscode.window.showWarningMessage(question, button)) === button;
}

function tellOutcome(
  clusters: readonly Cluster[],
  outcomes: readonly Outcome[],
  named: (cluster: Cluster) => string,
): void {
  const gone = outcomes.filter((outcome) => outcome === 'gone').length;
  const kept = outcomes.filter((outcome) => outcome !== 'deleted' && outcome !== 'gone').length;
  const [first] = clusters;
  if (kept === 0) {
    const message =
      clusters.length === 1 && first
        ? gone
          ? vscode.l10n.t('The cluster {0} was gone already.', plain(first.name))
          : vscode.l10n.t('Deleted the cluster {0}.', plain(first.name))
        : gone
          ? vscode.l10n.t('Deleted {0} clusters; {1} of them were gone already.', clusters.length, gone)
          : vscode.l10n.t('Deleted {0} clusters.', clusters.length);
    void vscode.window.showInformationMessage(message);
    return;
  }
  const lines = clusters.map((cluster, index) => `• ${named(cluster)}: ${inWords(outcomes[index] ?? 'notTried')}`);
  const message =
    clusters.length === 1 && first
      ? vscode.l10n.t('The cluster {0} was not deleted.', plain(first.name))
      : vscode.l10n.t('{0} of {1} clusters were not deleted.', kept, clusters.length);
  void vscode.window.showWarningMessage(message, { modal: true, detail: lines.join('\n') });
}

function inWords(outcome: Outcome): string {
  if (outcome === 'deleted') return vscode.l10n.t('deleted');
  if (outcome === 'gone') return vscode.l10n.t('was gone already');
  if (outcome === 'notTried') return vscode.l10n.t('kept, since the run was cancelled');
  return vscode.l10n.t('kept. {0}', explain(outcome.error).sentence);
}

/** Name, owner and host in one line: names are not unique. */
function describe(cluster: Cluster, accounts: HostAccounts): string {
  const host = accounts.find(cluster.host)?.name ?? cluster.host;
  const owner = cluster.owner.level === 'instance' ? vscode.l10n.t('instance') : cluster.owner.path;
  const name = plain(cluster.name) || vscode.l10n.t('Cluster {0}', cluster.id);
  return vscode.l10n.t('{0} ({1}, {2})', name, owner, host);
}
