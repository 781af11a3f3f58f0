import { randomUUID } from 'node:crypto';
import { extname } from 'node:path';
import * as l10n from '@vscode/l10n';
import { commitToNewBranch, openMergeRequest } from '../../core/gitlab/repository';
import { readCiChange, readConfigChange } from '../../core/migration/moveSteps';
import type { FileEdit } from '../../core/migration/moveSteps';
import { entriesFor } from '../../core/migration/replacement';
import type { ProjectPlan } from '../../core/migration/projectPlan';
import { explainAction } from '../../core/gitlab/explain';
import { noted } from '../../core/journal/writeJournal';
import { projectPage } from '../../core/model/pages';
import { plain } from '../../core/model/plainText';
import type { MigrationSources } from './migrationSources';
import type { ShownPlan } from './planDocument';
import { plannedContext } from './plannedAgent';

/** Projects whose CI configuration can be changed with certainty. */
export function changeableProjects({ plan, ci }: ShownPlan): readonly ProjectPlan[] {
  return plan.projects.filter(({ project }) => {
    const summary = ci.get(project.id);
    return summary?.kind === 'file' && summary.isEdited;
  });
}

/** Lets the user choose one of the projects a change can be shown for; undefined, and told, where there is none. */
export async function chooseProject(
  shown: ShownPlan,
  title: string,
  { dialogs }: MigrationSources,
): Promise<ProjectPlan | undefined> {
  const projects = changeableProjects(shown);
  const [only, ...more] = projects;
  if (!only) {
    void dialogs.notify(
      'information',
      l10n.t('No CI configuration can be changed with certainty. The plan says what to do by hand.'),
    );
    return undefined;
  }
  return more.length === 0
    ? only
    : dialogs.choose(title, projects, ({ project, needing }) => ({
        label: plain(project.path),
        description: l10n.t('Jobs that need it: {0}', needing.length),
      }));
}

/** The change of a project's CI file, made of the file as it is now; undefined, and told, where nothing is left to change. */
export async function ciFileEdit(
  shown: ShownPlan,
  project: ProjectPlan,
  { resolver, dialogs }: MigrationSources,
): Promise<FileEdit | undefined> {
  const { plan } = shown;
  const context = plannedContext(shown);
  if (context === undefined) return undefined;
  const change = await readCiChange(await resolver.client(plan.cluster.host), plan, project, context);
  if (change.kind === 'file' && change.edit.after !== change.edit.before) return change.file;
  void dialogs.notify('information', l10n.t('The file has changed since the plan was made. Make the plan again.'));
  return undefined;
}

/** The change of the agent's configuration; undefined, and told, where there is nothing to show. */
export async function configFileEdit(
  shown: ShownPlan,
  { resolver, dialogs }: MigrationSources,
): Promise<FileEdit | undefined> {
  const { plan, replacement } = shown;
  const { best } = replacement;
  const entries = best ? entriesFor(plan, best).entries : [];
  if (!best || entries.length === 0) {
    void dialogs.notify(
      'information',
      best
        ? l10n.t('Every project whose agents are visible can already use {0}.', plain(best.context))
        : l10n.t('There is no agent yet whose configuration could be changed. The plan says how to install one.'),
    );
    return undefined;
  }
  const change = await readConfigChange(await resolver.client(plan.cluster.host), best, entries);
  switch (change.kind) {
    case 'file':
      return change.file;
    case 'present':
      void dialogs.notify(
        'information',
        l10n.t(
          'The entries are already in the file. GitLab takes about two minutes to use them, while the agent is connected.',
        ),
      );
      return undefined;
    case 'paste': {
      const copy = l10n.t('Copy Entries');
      const message = change.isFull
        ? l10n.t('The file has 500 entries; GitLab drops more without a word. Use a group entry instead.')
        : l10n.t('The file is written in a way that is not edited here. Paste the entries yourself.');
      if ((await dialogs.notify('warning', message, copy)) === copy) await dialogs.writeClipboard(change.entry);
      return undefined;
    }
  }
}

/** Shows a file as it is beside what it would be. */
export async function showEdit(edit: FileEdit, { documents }: MigrationSources): Promise<void> {
  const title = l10n.t('{0} of {1}', edit.path.split('/').at(-1) ?? '', edit.settings.path);
  await documents.compare(title, edit.file?.text ?? '', edit.after, extname(edit.path).slice(1));
}

/** Sends a branch with one commit and a merge request, each once, after a question. */
export async function createMergeRequest(shown: ShownPlan, edit: FileEdit, sources: MigrationSources): Promise<void> {
  const { dialogs, resolver, inventory, journal, now } = sources;
  const { settings, file, path, after } = edit;
  const { defaultBranch } = settings;
  const open = l10n.t('Open in GitLab');
  const offerProject = async (message: string): Promise<void> => {
    if ((await dialogs.notify('warning', message, open)) === open)
      await dialogs.openExternal(projectPage(shown.plan.cluster.host, settings.path));
  };
  if (defaultBranch === undefined) {
    await offerProject(l10n.t('The default branch of {0} is not visible to this token.', plain(settings.path)));
    return;
  }
  const { cluster } = shown.plan;
  const stamp = now().toISOString().slice(0, 16).replace(/\D/g, '');
  const branch = `move-cluster-${cluster.id}-to-agent-${stamp}`;
  const title = l10n.t('Use the GitLab agent instead of the cluster {0}', plain(cluster.name));
  const lines = after.split('\n').length - (file?.text.split('\n').length ?? 0);
  const yes = l10n.t('Create Merge Request');
  const detail = [
    l10n.t('File: {0}, lines added: {1}', plain(path), lines),
    l10n.t('Branch: {0}, into {1}', branch, plain(defaultBranch)),
    l10n.t(
      'One commit and one merge request are sent. Nothing is merged, and pipelines may start as your project has it.',
    ),
  ].join('\n');
  if ((await dialogs.confirm(l10n.t('Create a merge request in {0}?', plain(settings.path)), detail, yes)) !== yes)
    return;
  const client = await resolver.client(cluster.host);
  const note = {
    host: cluster.host,
    user: inventory.identity(cluster.host)?.user.username,
    change: randomUUID(),
    project: { id: settings.id, path: settings.path },
    thing: { name: branch },
  };
  const target = { id: settings.id, defaultBranch };
  const working = { title: l10n.t('Creating the merge request…'), where: 'statusBar' } as const;
  await dialogs.progress(working, () =>
    noted(journal, { ...note, kind: 'commit', part: { name: path } }, () =>
      commitToNewBranch(client, target, branch, title, [{ path, text: after, lastCommitId: file?.lastCommitId }]),
    ),
  );
  try {
    const { number, address } = await dialogs.progress(working, () =>
      noted(journal, { ...note, kind: 'openMergeRequest' }, () =>
        openMergeRequest(
          client,
          target,
          branch,
          title,
          l10n.t('Created from a plan by GitLab Clusters. Please review: jobs select the agent’s context.'),
        ),
      ),
    );
    const offered = address !== undefined && address.startsWith(`${cluster.host}/`) ? [open] : [];
    void dialogs
      .notify('information', l10n.t('Merge request !{0} was created in {1}.', number, plain(settings.path)), ...offered)
      .then((answer) => (answer === open && address !== undefined ? dialogs.openExternal(address) : undefined));
  } catch (error) {
    void offerProject(explainAction(l10n.t('The branch {0} was created, the merge request was not.', branch), error));
  }
}
