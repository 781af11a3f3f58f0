import * as vscode from 'vscode';
import type { Cluster } from '../../core/model/cluster';
import { plain } from '../../core/model/plainText';
import { clusterTitle } from '../../core/model/titles';
import type { Resolver } from '../../core/resolver/resolver';
import { planServed, readServed, servedBy } from '../../core/resolver/served';
import type { Served, ServedPlan } from '../../core/resolver/served';
import type { TextDocuments } from '../../editor/textDocuments';
import { servedDocument } from './servedDocument';

/** More requests than this are asked about first. */
const ASK_FROM = 50;

/** Shows whom a cluster serves: the cost is told first where it is high, and it can be cancelled. */
export async function showServed(
  cluster: Cluster,
  hostName: string,
  resolver: Resolver,
  texts: TextDocuments,
): Promise<void> {
  const title = vscode.l10n.t('Finding what {0} serves', clusterTitle(cluster));
  const options = { location: vscode.ProgressLocation.Notification, title, cancellable: true };
  const plan = await vscode.window.withProgress(options, (_progress, token) =>
    planServed(resolver, cluster, signalOf(token)),
  );
  if (plan.requests > ASK_FROM && !(await confirm(plan, hostName))) return;
  const clustersAt = cluster.owner.level === 'project' ? undefined : resolver.allKnownAt(cluster.host);
  let isCancelled = false;
  const served = await vscode.window.withProgress(options, async (progress, token): Promise<Served> => {
    let done = 0;
    try {
      return await readServed(resolver, cluster, plan, {
        signal: signalOf(token),
        onProject: () => {
          done++;
          const message = vscode.l10n.t('{0} of {1} projects', done, plan.projects.length);
          progress.report({ message, increment: 100 / plan.projects.length });
        },
      });
    } catch (error) {
      if (!token.isCancellationRequested) throw error;
      isCancelled = true;
      return { ...servedBy(cluster, alreadyRead(resolver, cluster, plan)), failures: [], projects: done };
    }
  });
  const at = new Date();
  const text = servedDocument({ ...served, cluster, clustersAt, isCut: plan.isCut, isCancelled, at });
  await texts.show(vscode.l10n.t('What {0} serves', clusterTitle(cluster)), text, 'md');
}

function alreadyRead(resolver: Resolver, cluster: Cluster, plan: ServedPlan): ReturnType<Resolver['projects']> {
  const wanted = new Set(plan.projects.map(({ id }) => id));
  return resolver.projects(cluster.host).filter(({ place }) => wanted.has(place.project.id));
}

async function confirm({ projects, requests, isCut }: ServedPlan, hostName: string): Promise<boolean> {
  const proceed = vscode.l10n.t('Continue');
  const question = vscode.l10n.t('Read the environments of {0} projects?', projects.length.toLocaleString());
  const detail = [
    vscode.l10n.t(
      'At most {0} requests are sent to {1}. You can cancel at any time.',
      requests.toLocaleString(),
      plain(hostName),
    ),
    ...(isCut ? [vscode.l10n.t('There are more projects; only the first {0} are looked at.', projects.length)] : []),
  ].join('\n');
  return (await vscode.window.showInformationMessage(question, { modal: true, detail }, proceed)) === proceed;
}

function signalOf(token: vscode.CancellationToken): AbortSignal {
  const controller = new AbortController();
  token.onCancellationRequested(() => controller.abort());
  return controller.signal;
}
