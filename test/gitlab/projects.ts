import { json, type Answer, refuseWithError } from './answer';
import { echoedQuery, listAddress, type Call } from './call';
import { basicProject, fullProject } from './entities';
import { byId, namespaceOf } from './lookup';
import { requireProject } from './owners';
import { checkProjectOffset, keysetPage, offsetPage, pagingOf, pagingParameters } from './pagination';
import { checkParams, type Parameter, type Params } from './params';
import type { Project } from './world';

const roles = [10, 15, 20, 30, 40, 50];
const orders = ['id', 'name', 'path', 'created_at', 'updated_at', 'last_activity_at', 'similarity', 'star_count'];

const declared: readonly Parameter[] = [
  { name: 'order_by', type: 'string', values: orders, fallback: 'created_at' },
  { name: 'sort', type: 'string', values: ['asc', 'desc'], fallback: 'desc' },
  { name: 'archived', type: 'boolean' },
  { name: 'visibility', type: 'string', values: ['private', 'internal', 'public'] },
  { name: 'search', type: 'string' },
  { name: 'search_namespaces', type: 'boolean' },
  { name: 'owned', type: 'boolean', fallback: false },
  { name: 'starred', type: 'boolean', fallback: false },
  { name: 'membership', type: 'boolean', fallback: false },
  { name: 'min_access_level', type: 'integer', values: roles },
  { name: 'id_after', type: 'integer' },
  { name: 'id_before', type: 'integer' },
  { name: 'last_activity_after', type: 'string' },
  { name: 'simple', type: 'boolean', fallback: false },
  { name: 'pagination', type: 'string', values: ['legacy', 'keyset'], fallback: 'legacy' },
  ...pagingParameters,
];

/** GET /projects: what the caller sees, filtered (GitLab API contract 1.6). */
export function listProjects(call: Call): Answer {
  const params = checkParams(declared, call.sent);
  const wanted = (project: Project) => matches(call, params, project);
  const present = (project: Project) => presentProject(call, project, params.boolean('simple') === true);
  if (params.string('pagination') === 'keyset' && call.profile.keyset) {
    if (params.string('order_by') !== 'id') {
      throw refuseWithError(405, 'Keyset pagination is not yet available for this type of request');
    }
    const rows = ordered(call, params, call.world.projects);
    const descending = params.string('sort') !== 'asc';
    const { perPage } = pagingOf(params);
    return keysetPage(lazily(rows, wanted), { perPage, descending }, listAddress(call), echoedQuery(call), present);
  }
  const paging = pagingOf(params);
  checkProjectOffset(paging);
  const rows = ordered(call, params, call.world.projects.filter(wanted));
  return offsetPage(rows, paging, listAddress(call), echoedQuery(call), present);
}

/** GET /projects/:id */
export function getProject(call: Call): Answer {
  return json(200, presentProject(call, requireProject(call), false));
}

function presentProject(call: Call, project: Project, simple: boolean) {
  const readsCode = call.access.readsCode(project);
  if (simple || !call.caller) {
    return basicProject(call, project, readsCode);
  }
  const group = project.namespace.kind === 'group' ? byId(call.world.groups, project.namespace.id) : undefined;
  const groupRole = group ? call.access.groupRole(group) : 0;
  const projectRole = call.access.projectRole(project);
  return fullProject(call, project, readsCode, {
    project: projectRole > groupRole ? projectRole : 0,
    group: groupRole,
  });
}

function matches(call: Call, params: Params, project: Project): boolean {
  const { id, archived, visibility, lastActivityAt } = project;
  if (id <= (params.integer('id_after') ?? 0) || id >= (params.integer('id_before') ?? Infinity)) {
    return false;
  }
  const role = () => call.access.projectRole(project);
  const after = params.string('last_activity_after');
  return (
    (params.boolean('archived') ?? archived) === archived &&
    (params.string('visibility') ?? visibility) === visibility &&
    (!after || Date.parse(lastActivityAt) > Date.parse(after)) &&
    !params.boolean('starred') &&
    (!params.boolean('membership') || role() > 0) &&
    (!params.boolean('owned') || role() >= 50) &&
    role() >= (params.integer('min_access_level') ?? 0) &&
    call.access.seesProject(project) &&
    found(call, params, project)
  );
}

function found(call: Call, params: Params, project: Project): boolean {
  const search = params.string('search')?.trim().toLowerCase();
  if (!search) {
    return true;
  }
  const texts = [project.name, project.path, project.description ?? ''];
  if (params.boolean('search_namespaces')) {
    const { fullPath, fullName } = namespaceOf(call.world, project);
    texts.push(`${fullPath}/${project.path}`, `${fullName} / ${project.name}`);
  }
  return search.split(/\s+/).every((word) => texts.some((text) => text.toLowerCase().includes(word)));
}

function ordered(call: Call, params: Params, rows: readonly Project[]): Project[] {
  const order = params.string('order_by');
  const direction = params.string('sort') === 'asc' ? 1 : -1;
  const key: Record<string, (project: Project) => string> = {
    name: (project) => project.name.toLowerCase(),
    path: (project) => project.path,
    created_at: (project) => project.createdAt,
    updated_at: (project) => project.lastActivityAt,
    last_activity_at: (project) => project.lastActivityAt,
    similarity: (project) => similarity(params.string('search') ?? '', project),
  };
  const by = key[order ?? ''] ?? (() => '');
  return rows.toSorted((a, b) => direction * (compare(by(a), by(b)) || a.id - b.id));
}

/** Exact names last in ascending order, so that the usual descending one puts them first. */
function similarity(search: string, { path, name }: Project): string {
  const wanted = search.toLowerCase();
  const texts = [path.toLowerCase(), name.toLowerCase()];
  return texts.includes(wanted) ? '2' : texts.some((text) => text.startsWith(wanted)) ? '1' : '0';
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function* lazily<T>(rows: readonly T[], wanted: (row: T) => boolean): Generator<T> {
  for (const row of rows) {
    if (wanted(row)) {
      yield row;
    }
  }
}
