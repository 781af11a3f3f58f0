import * as l10n from '@vscode/l10n';
import type { Cluster } from '../../core/model/cluster';
import { plain } from '../../core/model/plainText';
import { placedTitle } from '../../core/model/titles';
import type { Resolver } from '../../core/resolver/resolver';
import { planServed, readServed, servedBy } from '../../core/resolver/served';
import type { Served, ServedPlan } from '../../core/resolver/served';
import type { Dialogs } from '../../editor/dialogs';
import { servedDocument } from './servedDocument';

/** More requests than this are asked about first. */
const ASK_FROM = 50;

/** Shows whom a cluster serves: the cost is told first where it is high, and it can be cancelled. */
export async function showServed(
  cluster: Cluster,
  hostName: string,
  resolver: Resolver,
  dialogs: Dialogs,
): Promise<void> {
  const title = l10n.t('Finding what {0} serves', placedTitle(cluster, hostName));
  const options = { title, where: 'notification', cancellable: true } as const;
  const plan = await dialogs.progress(options, (_report, signal) => planServed(resolver, cluster, signal));
  if (plan.requests > ASK_FROM && !(await confirm(plan, hostName, dialogs))) return;
  const clustersAt = cluster.owner.level === 'project' ? undefined : resolver.allKnownAt(cluster.host);
  let isCancelled = false;
  const served = await dialogs.progress(options, async (report, signal): Promise<Served> => {
    let done = 0;
    try {
      return await readServed(resolver, cluster, plan, {
        signal,
        onProject: () => {
          done++;
          report(l10n.t('{0} of {1} projects', done, plan.projects.length), 100 / plan.projects.length);
        },
      });
    } catch (error) {
      if (!signal.aborted) throw error;
      isCancelled = true;
      return { ...servedBy(cluster, alreadyRead(resolver, cluster, plan)), failures: [], projects: done };
    }
  });
  const at = new Date();
  const text = servedDocument({ ...served, cluster, clustersAt, isCut: plan.isCut, isCancelled, at });
  await dialogs.showText(l10n.t('What {0} serves', placedTitle(cluster, hostName)), text, 'md');
}

function alreadyRead(resolver: Resolver, cluster: Cluster, plan: ServedPlan): ReturnType<Resolver['projects']> {
  const wanted = new Set(plan.projects.map(({ id }) => id));
  return resolver.projects(cluster.host).filter(({ place }) => wanted.has(place.project.id));
}

async function confirm(
  { projects, requests, isCut }: ServedPlan,
  hostName: string,
  dialogs: Dialogs,
): Promise<boolean> {
  const proceed = l10n.t('Continue');
  const question = l10n.t('Read the environments of {0} projects?', projects.length.toLocaleString());
  const detail = [
    l10n.t(
      'At most {0} requests are sent to {1}. You can cancel at any time.',
      requests.toLocaleString(),
      plain(hostName),
    ),
    ...(isCut ? [l10n.t('There are more projects; only the first {0} are looked at.', projects.length)] : []),
  ].join('\n');
  return (await dialogs.confirm(question, detail, proceed)) === proceed;
}
