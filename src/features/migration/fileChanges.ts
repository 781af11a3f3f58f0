import { extname } from 'node:path';
import * as l10n from '@vscode/l10n';
import { readCiChange, readConfigChange, readTemplateChange } from '../../core/migration/moveSteps';
import type { FileEdit } from '../../core/migration/moveSteps';
import type { ProjectPlan } from '../../core/migration/projectPlan';
import { entriesFor } from '../../core/migration/replacement';
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
    tellNothing({ dialogs });
    return undefined;
  }
  return more.length === 0
    ? only
    : dialogs.choose(title, projects, ({ project, needing }) => ({
        label: plain(project.path),
        description: l10n.t('Jobs that need it: {0}', needing.length),
      }));
}

export function tellNothing({ dialogs }: Pick<MigrationSources, 'dialogs'>): void {
  void dialogs.notify(
    'information',
    l10n.t('No CI configuration can be changed with certainty. The plan says what to do by hand.'),
  );
}

/** A change of a file that was read just now, or why there is none. */
export type FoundEdit =
  | { readonly kind: 'edit'; readonly edit: FileEdit }
  | {
      readonly kind: 'none';
      readonly why: string;
      /** What a person may paste instead. */
      readonly entry?: string;
      /** Where a person may look. */
      readonly page?: string;
    };

/** The change; undefined, and told, where there is none. */
export async function editOrTell(found: FoundEdit, { dialogs }: MigrationSources): Promise<FileEdit | undefined> {
  if (found.kind === 'edit') return found.edit;
  const { why, entry, page } = found;
  if (entry !== undefined) {
    const copy = l10n.t('Copy Entries');
    if ((await dialogs.notify('warning', why, copy)) === copy) await dialogs.writeClipboard(entry);
  } else if (page !== undefined) {
    const open = l10n.t('Open in GitLab');
    if ((await dialogs.notify('warning', why, open)) === open) await dialogs.openExternal(page);
  } else void dialogs.notify('information', why);
  return undefined;
}

function none(why: string): FoundEdit {
  return { kind: 'none', why };
}

/** The change of a project's CI file, made of the file as it is now. Throws GitLabError. */
export async function ciFileEdit(
  shown: ShownPlan,
  project: ProjectPlan,
  { resolver }: MigrationSources,
  signal?: AbortSignal,
): Promise<FoundEdit> {
  const { plan } = shown;
  const context = plannedContext(shown);
  const client = await resolver.client(plan.cluster.host);
  const change =
    context === undefined ? undefined : await readCiChange(client, plan, project, context, undefined, signal);
  return change?.kind === 'file' && change.edit.after !== change.edit.before
    ? { kind: 'edit', edit: change.file }
    : none(l10n.t('The file has changed since the plan was made. Make the plan again.'));
}

/** The change of the agent's configuration that lets every project use it. Throws GitLabError. */
export async function configFileEdit(
  shown: ShownPlan,
  { resolver }: MigrationSources,
  signal?: AbortSignal,
): Promise<FoundEdit> {
  const { plan, replacement } = shown;
  const { best } = replacement;
  if (!best) {
    return none(
      l10n.t('There is no agent yet whose configuration could be changed. The plan says how to install one.'),
    );
  }
  const { entries } = entriesFor(plan, best);
  if (entries.length === 0) {
    return none(l10n.t('Every project whose agents are visible can already use {0}.', plain(best.context)));
  }
  const change = await readConfigChange(await resolver.client(plan.cluster.host), best, entries, signal);
  switch (change.kind) {
    case 'file':
      return { kind: 'edit', edit: change.file };
    case 'present':
      return none(
        l10n.t(
          'The entries are already in the file. GitLab takes about two minutes to use them, while the agent is connected.',
        ),
      );
    case 'paste':
      return {
        kind: 'none',
        why: change.isFull
          ? l10n.t('The file has 500 entries; GitLab drops more without a word. Use a group entry instead.')
          : l10n.t('The file is written in a way that is not edited here. Paste the entries yourself.'),
        entry: change.entry,
      };
  }
}

/** The template with which GitLab makes namespaces through the agent, as a new file. Throws GitLabError. */
export async function templateEdit(
  { plan, replacement }: ShownPlan,
  { resolver }: MigrationSources,
  signal?: AbortSignal,
): Promise<FoundEdit> {
  const { best } = replacement;
  if (!best || !plan.rule) {
    return none(l10n.t('This GitLab version makes no namespaces through an agent.'));
  }
  const change = await readTemplateChange(await resolver.client(plan.cluster.host), best, plan.rule, signal);
  switch (change.kind) {
    case 'file':
      return { kind: 'edit', edit: change.file };
    case 'present':
      return none(l10n.t('The environment template is already in the project of the agent.'));
    case 'other':
      return {
        kind: 'none',
        why: l10n.t(
          'The agent has another environment template. Compare it with the one in the plan, and change it yourself.',
        ),
        page: projectPage(plan.cluster.host, best.configProject),
      };
  }
}

/** Shows a file as it is beside what it would be. */
export async function showEdit(edit: FileEdit, { documents }: MigrationSources): Promise<void> {
  const title = l10n.t('{0} of {1}', edit.path.split('/').at(-1) ?? '', edit.settings.path);
  await documents.compare(title, edit.file?.text ?? '', edit.after, extname(edit.path).slice(1));
}
