import { json, refuse, type Answer } from './answer';
import type { Call } from './call';
import { requireProject } from './owners';
import { checkParams } from './params';
import type { RepositoryFile } from './world';

/** The default branch, by its name or as what is checked out. */
const defaultBranch = ['main', 'HEAD'];

const declared = [
  { name: 'file_path', type: 'string', required: true },
  { name: 'ref', type: 'string' },
] as const;

/** GET …/repository/files/:file_path: Reporters and up read a private project's code (agents and environments 12.2). */
export function getFile(call: Call): Answer {
  const file = requireFile(call);
  const { base, name } = split(file.path);
  return json(200, {
    file_name: name,
    file_path: `${base}${name}`,
    size: Buffer.byteLength(file.content),
    encoding: 'base64',
    content: Buffer.from(file.content).toString('base64'),
    ref: 'main',
    last_commit_id: file.lastCommitId,
  });
}

/** GET …/repository/files/:file_path/raw */
export function getRawFile(call: Call): Answer {
  return { status: 200, headers: { 'Content-Type': 'text/plain; charset=utf-8' }, body: requireFile(call).content };
}

function requireFile(call: Call): RepositoryFile {
  const project = requireProject(call);
  const params = checkParams(declared, call.sent);
  if (!call.access.readsCode(project)) throw refuse(403, '403 Forbidden');
  const ref = params.string('ref') ?? 'HEAD';
  if (!defaultBranch.includes(ref)) throw refuse(404, '404 Commit Not Found');
  const path = params.string('file_path');
  const file = call.world.files.find((one) => one.projectId === project.id && one.path === path);
  if (!file) throw refuse(404, '404 File Not Found');
  return file;
}

function split(path: string): { base: string; name: string } {
  const slash = path.lastIndexOf('/') + 1;
  return { base: path.slice(0, slash), name: path.slice(slash) };
}
