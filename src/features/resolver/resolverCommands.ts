import * as l10n from '@vscode/l10n';
import { commands } from '../../contributions';
import type { CommandId } from '../../contributions';
import { environmentNamed } from '../../core/gitlab/environments';
import { GitLabError } from '../../core/gitlab/errors';
import { usableAgents } from '../../core/gitlab/usableAgents';
import type { HostAccounts } from '../../core/accounts/hostAccounts';
import { plain } from '../../core/model/plainText';
import { isReadable } from '../../core/model/cluster';
import type { HostUrl } from '../../core/model/host';
import { lintScopes } from '../../core/resolver/lints';
import type { ScopeWarning } from '../../core/resolver/lints';
import { warningInWords } from '../../core/resolver/lintsInWords';
import { resolve } from '../../core/resolver/resolve';
import type { ProjectPlace } from '../../core/resolver/resolve';
import { tolerated } from '../../core/resolver/readPlace';
import type { ReadProject, Resolver } from '../../core/resolver/resolver';
import type { CommandTable } from '../../editor/commandTable';
import type { ClusterNode, HostNode } from '../../editor/clusterNodes';
import type { Dialogs } from '../../editor/dialogs';
import { obstacles } from '../../editor/obstacles';
import type { Pickers } from '../../editor/pickers';
import { answerDocument } from './answerDocument';
import type { Answer } from './answerDocument';
import { pickEnvironment } from './pickEnvironment';
import type { Asked } from './pickEnvironment';
import { pickProject } from './pickProject';
import type { AskedProject } from './pickProject';

interface ResolverCommandSources {
  readonly accounts: HostAccounts;
  readonly resolver: Resolver;
  readonly pickers: Pickers;
  readonly dialogs: Dialogs;
  readonly run: (command: CommandId, row?: ClusterNode | HostNode) => unknown;
}

/** Which cluster serves an environment of a project, and why: asked, read and shown as a document. */
export function resolverCommands({ accounts, resolver, pickers, dialogs, run }: ResolverCommandSources) {
  const answer = async (project: AskedProject, asked: Asked): Promise<Answer> => {
    const { host, id } = project;
    const client = await resolver.client(host);
    const name = asked === 'noEnvironment' ? undefined : asked.environment;
    const [read, isAdmin, environment] = await Promise.all([
      readProject(resolver, host, id),
      resolver.isAdmin(host),
      name === undefined ? undefined : environmentNamed(client, id, name),
    ]);
    const { place } = read;
    // By its path of now: projects move, ids stay.
    const agents = await usableAgents(client, place.project.path).catch(notVisible);
    const clusters = place.clusters.all.filter(isReadable);
    return {
      host: { url: host, name: accounts.find(host)?.name ?? host },
      place,
      formerPath: project.path === place.project.path ? undefined : project.path,
      resolution: resolve(place, name),
      environment,
      agents,
      isAdmin,
      warnings: lintScopes(clusters, read.environments ? [read] : [], new Date())
        .filter(isAboutProject)
        .map(warningInWords),
      at: new Date(),
    };
  };

  return {
    [commands.resolveEnvironment]: async (value: unknown) => {
      const project = await pickProject(value, pickers, resolver, dialogs);
      const asked = project && (await pickEnvironment(await resolver.client(project.host), project, dialogs));
      if (!project || asked === undefined) return;
      const made = await dialogs
        .progress({ title: l10n.t('Reading clusters…'), where: 'statusBar' }, () => answer(project, asked))
        .then(
          (one) => one,
          (error: unknown) => tellVanished(error, project, { accounts, dialogs, run }),
        );
      if (!made) return;
      const environment = made.resolution.environment ?? l10n.t('no environment');
      const title = l10n.t('Cluster for {0} of {1}', environment, made.place.project.path);
      await dialogs.showText(title, answerDocument(made), 'md');
    },
    [commands.checkScopes]: async (value: unknown) => {
      const host = await pickers.host(value, l10n.t('Check Environment Scopes'));
      if (!host) return;
      const known = await pickers.everything();
      if (!known) return;
      const clusters = known.clusters.filter((cluster) => cluster.host === host.url);
      const { checkScopes } = await import('./checkScopes');
      await checkScopes(host, clusters, resolver.projects(host.url), { dialogs, run });
    },
    [commands.showServed]: async (value: unknown) => {
      const cluster = await pickers.cluster(value, l10n.t('Show Served Environments'));
      if (!cluster) return;
      const { showServed } = await import('./showServed');
      await showServed(cluster, accounts.find(cluster.host)?.name ?? cluster.host, resolver, dialogs);
    },
  } satisfies CommandTable;
}

/** A project with its environments, which warnings need; without them where only they cannot be read. */
async function readProject(
  resolver: Resolver,
  host: HostUrl,
  id: number,
): Promise<ReadProject | { readonly place: ProjectPlace; readonly environments: undefined }> {
  const places = await resolver.places(host);
  try {
    return await resolver.project(host, id, places);
  } catch (error) {
    tolerated(error);
    return { place: await places.read(id), environments: undefined };
  }
}

/** What one project says nothing about is left out: a cluster of a group may serve all the others. */
function isAboutProject({ kind, cluster }: ScopeWarning): boolean {
  return cluster.owner.level === 'project' || (kind !== 'matchesNothing' && kind !== 'shadowed');
}

/** Agents are beside the point: whatever keeps them from being read must not keep the answer. */
function notVisible(error: unknown): undefined {
  if (error instanceof GitLabError && error.kind !== 'cancelled') return undefined;
  throw error;
}

/** A project that is not there any more has its own sentence; everything else is told as ever. */
function tellVanished(
  error: unknown,
  { host, path }: AskedProject,
  { accounts, dialogs, run }: Pick<ResolverCommandSources, 'accounts' | 'dialogs' | 'run'>,
): undefined {
  if (!(error instanceof GitLabError) || error.kind !== 'notFound') throw error;
  const message = l10n.t(
    'The project {0} no longer exists in GitLab, or this access token can’t see it. Refresh, and watch the project where it is now.',
    plain(path),
  );
  obstacles(dialogs, run).outdated(message, accounts.find(host));
  return undefined;
}
