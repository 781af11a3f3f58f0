import * as vscode from 'vscode';
import { commands } from '../../contributions';
import { environmentNamed } from '../../core/gitlab/environments';
import { GitLabError } from '../../core/gitlab/errors';
import { usableAgents } from '../../core/gitlab/usableAgents';
import type { HostAccounts } from '../../core/accounts/hostAccounts';
import { plain } from '../../core/model/plainText';
import { isReadable } from '../../core/model/cluster';
import type { Cluster } from '../../core/model/cluster';
import { lintScopes } from '../../core/resolver/lints';
import { warningInWords } from '../../core/resolver/lintsInWords';
import { resolve } from '../../core/resolver/resolve';
import type { ProjectPlace } from '../../core/resolver/resolve';
import type { Resolver } from '../../core/resolver/resolver';
import type { CommandTable } from '../../editor/commandTable';
import type { Pickers } from '../../editor/pickers';
import type { TextDocuments } from '../../editor/textDocuments';
import { answerDocument } from './answerDocument';
import type { Answer } from './answerDocument';
import { pickEnvironment } from './pickEnvironment';
import type { Asked } from './pickEnvironment';
import { pickProject } from './pickProject';
import type { AskedProject } from './pickProject';

export interface ResolverCommandSources {
  readonly accounts: HostAccounts;
  readonly resolver: Resolver;
  readonly pickers: Pickers;
  readonly texts: TextDocuments;
}

/** Which cluster serves an environment of a project, and why: asked, read and shown as a document. */
export function resolverCommands({ accounts, resolver, pickers, texts }: ResolverCommandSources) {
  const answer = async (project: AskedProject, asked: Asked): Promise<Answer> => {
    const { host, id } = project;
    const client = await resolver.client(host);
    const name = asked === 'noEnvironment' ? undefined : asked.environment;
    const [place, isAdmin, environment, agents] = await Promise.all([
      resolver.place(host, id),
      resolver.isAdmin(host),
      name === undefined ? undefined : environmentNamed(client, id, name),
      usableAgents(client, project.path).catch(notVisible),
    ]);
    return {
      host: { url: host, name: accounts.find(host)?.name ?? host },
      place,
      resolution: resolve(place, name),
      environment,
      agents,
      isAdmin,
      warnings: lintScopes(clustersAround(place), [], new Date()).map(warningInWords),
      at: new Date(),
    };
  };

  return {
    [commands.resolveEnvironment]: async (value: unknown) => {
      const project = await pickProject(value, pickers, resolver);
      const asked = project && (await pickEnvironment(await resolver.client(project.host), project));
      if (!project || asked === undefined) return;
      const made = await vscode.window
        .withProgress({ location: vscode.ProgressLocation.Window, title: vscode.l10n.t('Reading clusters…') }, () =>
          answer(project, asked),
        )
        .then(
          (one) => one,
          (error: unknown) => tellVanished(error, project),
        );
      if (!made) return;
      const environment = made.resolution.environment ?? vscode.l10n.t('no environment');
      await texts.show(
        vscode.l10n.t('Cluster for {0} of {1}', environment, made.place.project.path),
        answerDocument(made),
        'md',
      );
    },
    [commands.checkScopes]: async (value: unknown) => {
      const host = await pickers.host(value, vscode.l10n.t('Check Environment Scopes'));
      if (!host) return;
      const known = await pickers.everything();
      if (!known) return;
      const clusters = known.clusters.filter((cluster) => cluster.host === host.url);
      const { checkScopes } = await import('./checkScopes');
      await checkScopes(host, clusters, resolver.projects(host.url), texts);
    },
    [commands.showServed]: async (value: unknown) => {
      const cluster = await pickers.cluster(value, vscode.l10n.t('Show Served Environments'));
      if (!cluster) return;
      const { showServed } = await import('./showServed');
      await showServed(cluster, accounts.find(cluster.host)?.name ?? cluster.host, resolver, texts);
    },
  } satisfies CommandTable;
}

/** Those between which GitLab chooses, entries that could not be read left out. */
function clustersAround({ clusters }: ProjectPlace): readonly Cluster[] {
  return clusters.all.filter(isReadable);
}

/** Agents are beside the point: whatever keeps them from being read must not keep the answer. */
function notVisible(error: unknown): undefined {
  if (error instanceof GitLabError && error.kind !== 'cancelled') return undefined;
  throw error;
}

/** A project that is not there any more has its own sentence; everything else is told as ever. */
function tellVanished(error: unknown, { path }: AskedProject): undefined {
  if (!(error instanceof GitLabError) || error.kind !== 'notFound') throw error;
  void vscode.window.showErrorMessage(
    vscode.l10n.t(
      'The project {0} no longer exists in GitLab, or this access token can’t see it. Refresh, and watch the project where it is now.',
      plain(path),
    ),
  );
  return undefined;
}
