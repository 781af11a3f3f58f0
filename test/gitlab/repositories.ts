import { createHash } from 'node:crypto';
import { json, refuse, type Answer } from './answer';
import { isList, isValues, type Values } from './body';
import { echoedQuery, listAddress, requireCaller, type Call } from './call';
import { requireProject } from './owners';
import { offsetPage, pagingOf, pagingParameters } from './pagination';
import { checkParams } from './params';
import type { Project, RepositoryFile, World } from './world';

const DEVELOPER = 30;
const MAINTAINER = 40;

const defaultBranch = 'main';
/** Names under which it is read: its own, or what is checked out. */
const defaultNames = [defaultBranch, 'HEAD'];

type Files = readonly RepositoryFile[];

/** The files of a branch; undefined where there is none. A project without a file was never pushed to. */
function filesOn(world: World, project: Project, ref: string): Files | undefined {
  if (!defaultNames.includes(ref)) {
    return world.branches.find((one) => one.projectId === project.id && one.name === ref)?.files;
  }
  const files = world.files.filter(({ projectId }) => projectId === project.id);
  return files.length === 0 ? undefined : files;
}

/** The content of a file on a branch, the default one unless told otherwise. */
export function fileOn(world: World, project: Project, path: string, branch = defaultBranch): string | undefined {
  return filesOn(world, project, branch)?.find((file) => file.path === path)?.content;
}

export function isEmpty(world: World, project: Project): boolean {
  return filesOn(world, project, defaultBranch) === undefined;
}

/** The branch a read is about, or 404. Reporters and up, where the project is private (agents and environments 12.2). */
function requireBranch(call: Call, project: Project, ref: string): Files {
  if (!call.access.readsCode(project)) throw refuse(403, '403 Forbidden');
  const files = filesOn(call.world, project, ref);
  if (!files) throw refuse(404, isEmpty(call.world, project) ? '404 Repository Not Found' : '404 Commit Not Found');
  return files;
}

/** GET /projects/:id/repository/tree: what lies below a folder, page by page; a folder that is missing is 404. */
export function getTree(call: Call): Answer {
  const project = requireProject(call);
  const params = checkParams(
    [
      { name: 'path', type: 'string' },
      { name: 'ref', type: 'string' },
      { name: 'recursive', type: 'boolean', fallback: false },
      ...pagingParameters,
    ],
    call.sent,
  );
  const files = requireBranch(call, project, params.string('ref') ?? 'HEAD');
  const folder = (params.string('path') ?? '').replace(/^\/|\/$/g, '');
  const prefix = folder === '' ? '' : `${folder}/`;
  const below = files
    .map(({ path }) => path)
    .filter((path) => path.startsWith(prefix))
    .sort();
  if (below.length === 0 && folder !== '') throw refuse(404, '404 invalid revision or path Not Found');
  const rows = new Map<string, 'tree' | 'blob'>();
  for (const path of below) {
    const parts = path.slice(prefix.length).split('/');
    parts.slice(0, -1).forEach((_, index) => {
      if (index === 0 || params.boolean('recursive')) rows.set(prefix + parts.slice(0, index + 1).join('/'), 'tree');
    });
    if (parts.length === 1 || params.boolean('recursive')) rows.set(path, 'blob');
  }
  return offsetPage([...rows], pagingOf(params), listAddress(call), echoedQuery(call), ([path, type]) => ({
    id: createHash('sha1').update(path).digest('hex'),
    name: path.split('/').at(-1),
    type,
    path,
    mode: type === 'tree' ? '040000' : '100644',
  }));
}

/**
 * POST /projects/:id/repository/commits: actions on files, on a branch that is there or is made from `start_branch`.
 * A `last_commit_id` that is no longer the file's refuses (agents and environments 12.2).
 */
export function createCommit(call: Call): Answer {
  const caller = requireCaller(call);
  const project = requireProject(call);
  const params = checkParams(
    [
      { name: 'branch', type: 'string', required: true, notBlank: true },
      { name: 'commit_message', type: 'string', required: true, notBlank: true },
      { name: 'start_branch', type: 'string' },
    ],
    call.sent,
  );
  if (!call.access.mayInProject(project, DEVELOPER)) throw refuse(403, '403 Forbidden');
  const name = params.string('branch') ?? '';
  const startName = params.string('start_branch') ?? undefined;
  if (isEmpty(call.world, project)) throw refuse(404, '404 Repository Not Found');
  const existing = filesOn(call.world, project, name);
  // The default branch is protected as GitLab ships: Maintainers push to it.
  if (name === defaultBranch && !call.access.mayInProject(project, MAINTAINER)) {
    throw refuse(403, '403 Forbidden - You are not allowed to push into this branch');
  }
  if (existing && startName !== undefined)
    throw refuse(400, `A branch called '${name}' already exists. Switch to that branch in order to make changes`);
  const start = existing ?? (startName === undefined ? undefined : filesOn(call.world, project, startName));
  if (!start) throw refuse(400, 'You can only create or edit files when you are on a branch');
  const actions = isList(call.sent['actions']) ? call.sent['actions'].filter(isValues) : [];
  if (actions.length === 0) throw refuse(400, '400 Bad request - actions is missing');
  const files = new Map(actions.map((action) => [textOf(action, 'file_path'), contentAfter(action, start)]));
  const id = commit(call.world, project, name, start, files);
  return json(201, {
    id,
    short_id: id.slice(0, 8),
    title: (params.string('commit_message') ?? '').split('\n')[0],
    message: params.string('commit_message'),
    author_name: caller.user.name,
    created_at: call.now().toISOString(),
  });
}

/** Writes files onto a branch; those that are undefined are deleted. Gives the id of the commit. */
function commit(
  world: World,
  project: Project,
  branch: string,
  start: Files,
  files: ReadonlyMap<string, string | undefined>,
): string {
  const id = createHash('sha1')
    .update(`${project.id} ${branch} ${start.length} ${JSON.stringify([...files])}`)
    .digest('hex');
  const added = [...files].flatMap(([path, content]) =>
    content === undefined ? [] : [{ projectId: project.id, path, content, lastCommitId: id }],
  );
  const after = [...start.filter(({ path }) => !files.has(path)), ...added];
  if (branch === defaultBranch) replace(world.files, ({ projectId }) => projectId === project.id, after);
  else {
    const name = branch;
    replace(world.branches, (one) => one.projectId === project.id && one.name === name, [
      { projectId: project.id, name, files: after },
    ]);
  }
  return id;
}

function replace<T>(rows: T[], isOld: (row: T) => boolean, added: readonly T[]): void {
  const kept = rows.filter((row) => !isOld(row));
  rows.splice(0, rows.length, ...kept, ...added);
}

function contentAfter(action: Values, start: Files): string | undefined {
  const path = textOf(action, 'file_path');
  const before = start.find((one) => one.path === path);
  const expected = action['last_commit_id'];
  switch (textOf(action, 'action')) {
    case 'create':
      if (before) throw refuse(400, 'A file with this name already exists');
      return textOf(action, 'content');
    case 'update':
    case 'delete':
      if (!before) throw refuse(400, "A file with this name doesn't exist");
      if (typeof expected === 'string' && expected !== before.lastCommitId) {
        throw refuse(400, 'The file has changed since you started editing it.');
      }
      return textOf(action, 'action') === 'delete' ? undefined : textOf(action, 'content');
    default:
      throw refuse(400, '400 Bad request - actions[0][action] does not have a valid value');
  }
}

function textOf(values: Values, key: string): string {
  const value = values[key];
  return typeof value === 'string' ? value : '';
}

/** POST /projects/:id/merge_requests: Developers and up; one open merge request for each pair of branches. */
export function createMergeRequest(call: Call): Answer {
  const caller = requireCaller(call);
  const project = requireProject(call);
  const params = checkParams(
    [
      { name: 'source_branch', type: 'string', required: true, notBlank: true },
      { name: 'target_branch', type: 'string', required: true, notBlank: true },
      { name: 'title', type: 'string', required: true, notBlank: true },
      { name: 'description', type: 'string' },
      { name: 'remove_source_branch', type: 'boolean' },
    ],
    call.sent,
  );
  if (!call.access.mayInProject(project, DEVELOPER)) throw refuse(403, '403 Forbidden');
  const [source = '', target = ''] = [params.string('source_branch') ?? '', params.string('target_branch') ?? ''];
  if (!filesOn(call.world, project, source)) throw refuse(409, 'Source branch does not exist');
  const ofProject = call.world.mergeRequests.filter(({ projectId }) => projectId === project.id);
  const same = ofProject.find((one) => one.sourceBranch === source && one.state === 'opened');
  if (same) throw refuse(409, `Another open merge request already exists for this source branch: !${same.iid}`);
  const added = {
    projectId: project.id,
    iid: ofProject.length + 1,
    sourceBranch: source,
    targetBranch: target,
    title: params.string('title') ?? '',
    state: 'opened' as const,
  };
  call.world.mergeRequests.push(added);
  return json(201, {
    id: call.world.mergeRequests.length,
    iid: added.iid,
    project_id: project.id,
    title: added.title,
    state: added.state,
    source_branch: source,
    target_branch: target,
    author: { id: caller.user.id, username: caller.user.username },
    web_url: `${call.configuredUrl}/-/merge_requests/${added.iid}`,
  });
}

/** Merges an open merge request, as somebody would on its page. */
export function mergeRequest(world: World, project: Project, iid: number): void {
  const found = world.mergeRequests.find((one) => one.projectId === project.id && one.iid === iid);
  const source = found && filesOn(world, project, found.sourceBranch);
  if (!found || !source) throw new Error(`no merge request !${iid}`);
  replace(world.files, ({ projectId }) => projectId === project.id, source);
  found.state = 'merged';
}
