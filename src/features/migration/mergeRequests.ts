import { randomUUID } from 'node:crypto';
import * as l10n from '@vscode/l10n';
import { alignedTable } from '../../core/changes/bulkText';
import { toGitLabError } from '../../core/gitlab/errors';
import { explainAction } from '../../core/gitlab/explain';
import { commitToNewBranch, openMergeRequest } from '../../core/gitlab/repository';
import type { OpenedMergeRequest, ProjectSettings } from '../../core/gitlab/repository';
import { noted } from '../../core/journal/writeJournal';
import type { FileEdit } from '../../core/migration/moveSteps';
import type { Cluster } from '../../core/model/cluster';
import { projectPage } from '../../core/model/pages';
import { plain } from '../../core/model/plainText';
import type { MigrationSources } from './migrationSources';
import { sendEach, showResults } from './sendEach';
import type { Sent } from './sendEach';

/** Files of one project that one merge request changes. */
interface Request {
  readonly settings: ProjectSettings & { readonly defaultBranch: string };
  readonly edits: readonly FileEdit[];
}

/** One that was sent, or how far it came. */
type Created = { readonly opened: OpenedMergeRequest } | Extract<Sent, { readonly state: 'failed' }>;

/**
 * Shows what merge requests would hold, asks, and creates one for each project: a branch, a commit and the request, each sent
 * once. `problems`: why other changes are not among them.
 */
export async function createMergeRequests(
  cluster: Cluster,
  edits: readonly FileEdit[],
  problems: readonly string[],
  sources: MigrationSources,
): Promise<void> {
  const { dialogs, now } = sources;
  const { requests, hidden } = requestsOf(edits);
  const unseen = (path: string): string =>
    l10n.t('The default branch of {0} is not visible to this token.', plain(path));
  const left = [...problems, ...hidden.map(unseen)];
  const stamp = now().toISOString().slice(0, 16).replace(/\D/g, '');
  const branch = `move-cluster-${cluster.id}-to-agent-${stamp}`;
  const [only, ...more] = requests;
  const [alone] = hidden;
  if (!only && alone !== undefined && left.length === 1) return offerProject(unseen(alone), cluster, alone, sources);
  const title = l10n.t('Planned merge requests');
  if (!only) return dialogs.showText(title, planText([], left, branch));
  const create = creator(cluster, branch, sources);
  if (more.length === 0 && left.length === 0) return createOne(only, branch, create, cluster, sources);
  const action =
    requests.length === 1 ? l10n.t('Create Merge Request') : l10n.t('Create {0} Merge Requests', requests.length);
  if (!(await dialogs.review(title, planText(requests, left, branch), action))) return;
  const results = await sendEach(
    requests.map((request) => ({
      project: request.settings.path,
      what: request.edits.map(({ path }) => path).join(', '),
      send: async () => toSent(await create(request)),
    })),
    l10n.t('Creating {0} merge requests', requests.length),
    sources,
  );
  await showResults(l10n.t('Results of creating merge requests'), results, sources);
}

/** One for each project, in the order of the changes. */
function requestsOf(edits: readonly FileEdit[]): {
  readonly requests: readonly Request[];
  readonly hidden: readonly string[];
} {
  const byProject = new Map<number, FileEdit[]>();
  for (const edit of edits) byProject.set(edit.settings.id, [...(byProject.get(edit.settings.id) ?? []), edit]);
  const requests: Request[] = [];
  const hidden: string[] = [];
  for (const group of byProject.values()) {
    const [first] = group;
    if (!first) continue;
    const { defaultBranch } = first.settings;
    if (defaultBranch === undefined) hidden.push(first.settings.path);
    else requests.push({ settings: { ...first.settings, defaultBranch }, edits: group });
  }
  return { requests, hidden };
}

/** Everything that would be sent, as aligned text, then what would not and why. */
function planText(requests: readonly Request[], left: readonly string[], branch: string): string {
  const heads = [l10n.t('Project'), l10n.t('File'), l10n.t('Lines added'), l10n.t('Into')];
  const lines = requests.flatMap(({ settings, edits }) =>
    edits.map((edit) => [
      plain(settings.path),
      plain(edit.path),
      String(linesAdded(edit)),
      plain(settings.defaultBranch),
    ]),
  );
  return [
    l10n.t('Preview. Nothing has been sent to GitLab yet.'),
    '',
    l10n.t('Each project gets the branch {0}, one commit and one merge request. {1}', branch, nothingMerged()),
    '',
    ...alignedTable(heads, lines),
    ...(left.length === 0 ? [] : ['', l10n.t('Not among them: {0}', left.length), ...left.map((one) => `  ${one}`)]),
    '',
  ].join('\n');
}

function nothingMerged(): string {
  return l10n.t('Nothing is merged, and pipelines may start as your project has it.');
}

function linesAdded({ after, file }: FileEdit): number {
  return after.split('\n').length - (file?.text.split('\n').length ?? 0);
}

/** Asks in a dialog, and offers to open what was created. */
async function createOne(
  request: Request,
  branch: string,
  create: (request: Request) => Promise<Created>,
  cluster: Cluster,
  sources: MigrationSources,
): Promise<void> {
  const { dialogs } = sources;
  const { settings, edits } = request;
  const yes = l10n.t('Create Merge Request');
  const detail = [
    ...edits.map((edit) => l10n.t('File: {0}, lines added: {1}', plain(edit.path), linesAdded(edit))),
    l10n.t('Branch: {0}, into {1}', branch, plain(settings.defaultBranch)),
    l10n.t('One commit and one merge request are sent. {0}', nothingMerged()),
  ].join('\n');
  if ((await dialogs.confirm(l10n.t('Create a merge request in {0}?', plain(settings.path)), detail, yes)) !== yes)
    return;
  const working = { title: l10n.t('Creating the merge request…'), where: 'statusBar' } as const;
  const created = await dialogs.progress(working, () => create(request));
  if (!('opened' in created)) {
    if (created.done === undefined) throw created.error;
    return offerProject(explainAction(created.done, created.error), cluster, settings.path, sources);
  }
  const { number, address } = created.opened;
  const open = l10n.t('Open in GitLab');
  const offered = address !== undefined && address.startsWith(`${cluster.host}/`) ? [open] : [];
  void dialogs
    .notify('information', l10n.t('Merge request !{0} was created in {1}.', number, plain(settings.path)), ...offered)
    .then((answer) => (answer === open && address !== undefined ? dialogs.openExternal(address) : undefined));
}

/** Tells what is in the way, and offers to look in GitLab. */
async function offerProject(
  message: string,
  { host }: Cluster,
  path: string,
  { dialogs }: MigrationSources,
): Promise<void> {
  const open = l10n.t('Open in GitLab');
  if ((await dialogs.notify('warning', message, open)) === open) await dialogs.openExternal(projectPage(host, path));
}

/** What sends one: a commit, then the request, both noted in the history under one change. */
function creator(
  cluster: Cluster,
  branch: string,
  { resolver, inventory, journal }: MigrationSources,
): (request: Request) => Promise<Created> {
  const title = l10n.t('Use the GitLab agent instead of the cluster {0}', plain(cluster.name));
  const description = l10n.t('Created from a plan by GitLab Clusters. Please review: jobs select the agent’s context.');
  const change = randomUUID();
  return async ({ settings, edits }) => {
    const note = {
      host: cluster.host,
      user: inventory.identity(cluster.host)?.user.username,
      change,
      project: { id: settings.id, path: settings.path },
      thing: { name: branch },
    };
    let done: string | undefined;
    try {
      const client = await resolver.client(cluster.host);
      const files = edits.map(({ path, after, file }) => ({ path, text: after, lastCommitId: file?.lastCommitId }));
      const part = { name: edits.map(({ path }) => path).join(', ') };
      await noted(journal, { ...note, kind: 'commit', part }, () =>
        commitToNewBranch(client, settings, branch, title, files),
      );
      done = l10n.t('The branch {0} was created, the merge request was not.', branch);
      const opened = await noted(journal, { ...note, kind: 'openMergeRequest' }, () =>
        openMergeRequest(client, settings, branch, title, description),
      );
      return { opened };
    } catch (error) {
      return { state: 'failed', error: toGitLabError(error), ...(done !== undefined && { done }) };
    }
  };
}

function toSent(created: Created): Sent {
  if (!('opened' in created)) return created;
  const { number, address } = created.opened;
  return { state: 'done', sentence: [`!${number}`, ...(address === undefined ? [] : [address])].join(' ') };
}
