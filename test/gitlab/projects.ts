import { json, type Answer, refuseWithError } from './answer';
import { echoedQuery, listAddress, type Call } from './call';
import { basicProject, fullProject } from './entities';
import { byId, namespaceOf } from './lookup';
import { requireProject } from './owners';
import { checkOffset, keysetPage, offsetPage, pagingOf, pagingParameters } from './pagination';
import { checkParams, type Parameter, type Params } from './params';
import { searched } from './search';
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
  call.checkLimit();
  const wanted = (project: Project) => matches(call, params, project);
  const present = (project: Project) => presentProject(call, project, params.boolean('simple') === true);
  const echoed = echoedQuery(call, params.settled());
  if (params.string('pagination') === 'keyset' && call.profile.keyset) {
    if (params.string('order_by') !== 'id') {
      throw refuseWithError(405, 'Keyset pagination is not yet available for this type of request');
    }
    const rows = ordered(params, call.world.projects);
    const descending = params.string('sort') !== 'asc';
    const { perPage } = pagingOf(params);
    return keysetPage(lazily(rows, wanted), { perPage, descending }, listAddress(call), echoed, present);
  }
  checkOffset(params, 'Project');
  const rows = ordered(params, call.world.projects.filter(wanted));
  return offsetPage(rows, pagingOf(params), listAddress(call), echoed, present);
}

/** GET /projects/:id */
export function getProject(call: Call): Answer {
  call.checkLimit();
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
    (!(params.boolean('membership') || bySimilarity(params)) || role() > 0) &&
    (!params.boolean('owned') || role() >= 50) &&
    role() >= (params.integer('min_access_level') ?? 0) &&
    call.access.seesProject(project) &&
    found(call, params, project)
  );
}

function found(call: Call, params: Params, project: Project): boolean {
  const { name, path, description } = project;
  if (!params.boolean('search_namespaces')) {
    return searched(params.string('search'), [path, name, description ?? '']);
  }
  const { fullPath, fullName } = namespaceOf(call.world, project);
  return searched(params.string('search'), [`${fullPath}/${path}`, `${fullName} / ${name}`, description ?? '']);
}

/** Order by similarity needs something to be similar to; it then finds only projects the caller belongs to. */
function bySimilarity(params: Params): boolean {
  return params.string('order_by') === 'similarity' && (params.string('search') ?? '').trim() !== '';
}

function ordered(params: Params, rows: readonly Project[]): Project[] {
  const order = params.string('order_by');
  const direction = params.string('sort') === 'asc' ? 1 : -1;
  const key: Record<string, (project: Project) => string> = {
    name: (project) => project.name.toLowerCase(),
    path: (project) => project.path,
    updated_at: (project) => project.lastActivityAt,
    last_activity_at: (project) => project.lastActivityAt,
    ...(bySimilarity(params)
      ? { similarity: (project: Project) => similarity(params.string('search') ?? '', project) }
      : {}),
  };
  // Without a key of their own, `created_at` and the rest go by id.
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
