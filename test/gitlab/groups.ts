import { json, type Answer } from './answer';
import { isList, type Value } from './body';
import { echoedQuery, listAddress, type Call } from './call';
import { basicProject, groupEntity } from './entities';
import { byId, groupFullName, groupPath, withAncestors } from './lookup';
import { requireGroup } from './owners';
import { checkOffset, offsetPage, pagingOf, pagingParameters } from './pagination';
import { checkParams, type Parameter, type Params } from './params';
import { searched } from './search';
import type { Group, Project } from './world';

const declared: readonly Parameter[] = [
  { name: 'statistics', type: 'boolean', fallback: false },
  { name: 'all_available', type: 'boolean' },
  { name: 'visibility', type: 'string', values: ['private', 'internal', 'public'] },
  { name: 'search', type: 'string' },
  { name: 'owned', type: 'boolean', fallback: false },
  { name: 'order_by', type: 'string', values: ['name', 'path', 'id', 'similarity'], fallback: 'name' },
  { name: 'sort', type: 'string', values: ['asc', 'desc'], fallback: 'asc' },
  { name: 'min_access_level', type: 'integer', values: [10, 15, 20, 30, 40, 50] },
  { name: 'top_level_only', type: 'boolean' },
  ...pagingParameters,
];

/** GET /groups: the caller's groups, or all it sees with `all_available` (an administrator's default). */
export function listGroups(call: Call): Answer {
  const params = checkParams(declared, call.sent);
  call.checkLimit();
  if (!call.caller) {
    checkOffset(params, 'Group');
  }
  const skipped = skippedOf(call.sent['skip_groups']);
  const rows = call.world.groups.filter((group) => !skipped.includes(`${group.id}`) && matches(call, params, group));
  const present = (group: Group) => groupEntity(call, group);
  const echoed = echoedQuery(call, params.settled());
  return offsetPage(ordered(params, rows), pagingOf(params), listAddress(call), echoed, present);
}

function skippedOf(sent: Value | undefined): string[] {
  return isList(sent) ? sent.map(String) : typeof sent === 'string' ? sent.split(',') : [];
}

/** GET /groups/:id */
export function getGroup(call: Call): Answer {
  call.checkLimit();
  return json(200, { ...groupEntity(call, requireGroup(call)), shared_with_groups: [], projects: [] });
}

const declaredForProjects: readonly Parameter[] = [
  { name: 'archived', type: 'boolean' },
  { name: 'include_subgroups', type: 'boolean', fallback: false },
  { name: 'with_shared', type: 'boolean', fallback: true },
  { name: 'simple', type: 'boolean', fallback: false },
  { name: 'order_by', type: 'string', values: ['id', 'name', 'path', 'created_at'], fallback: 'created_at' },
  { name: 'sort', type: 'string', values: ['asc', 'desc'], fallback: 'desc' },
  ...pagingParameters,
];

/** GET /groups/:id/projects: what the caller sees of a group's projects, those of its subgroups where asked for. */
export function listGroupProjects(call: Call): Answer {
  const group = requireGroup(call);
  const params = checkParams(declaredForProjects, call.sent);
  const direction = params.string('sort') === 'asc' ? 1 : -1;
  const isIn = ({ namespace, sharedWith }: Project): boolean => {
    const parent = namespace.kind === 'group' ? byId(call.world.groups, namespace.id) : undefined;
    const inside = params.boolean('include_subgroups')
      ? withAncestors(call.world, parent).includes(group)
      : parent === group;
    return inside || (params.boolean('with_shared') === true && sharedWith.some((share) => share.groupId === group.id));
  };
  const rows = call.world.projects
    .filter((project) => (params.boolean('archived') ?? project.archived) === project.archived)
    .filter((project) => isIn(project) && call.access.seesProject(project))
    .toSorted((one, other) => direction * (one.id - other.id));
  const present = (project: Project) => basicProject(call, project, call.access.readsCode(project));
  return offsetPage(rows, pagingOf(params), listAddress(call), echoedQuery(call), present);
}

function matches(call: Call, params: Params, group: Group): boolean {
  const { access } = call;
  const everything = params.boolean('all_available') ?? call.caller?.administrator ?? true;
  const role = access.groupRole(group);
  return (
    (!params.boolean('top_level_only') || group.parentId === null) &&
    (params.string('visibility') ?? group.visibility) === group.visibility &&
    role >= (params.integer('min_access_level') ?? 0) &&
    (!params.boolean('owned') || role >= 50) &&
    (everything ? access.seesGroup(group) : access.belongsToGroup(group)) &&
    found(call, params, group)
  );
}

function found(call: Call, params: Params, group: Group): boolean {
  return searched(params.string('search'), [groupFullName(call.world, group), groupPath(call.world, group)]);
}

function ordered(params: Params, rows: readonly Group[]): Group[] {
  const direction = params.string('sort') === 'desc' ? -1 : 1;
  const order = params.string('order_by');
  if (order === 'id') {
    return rows.toSorted((a, b) => direction * (a.id - b.id));
  }
  const key = (group: Group) => (order === 'path' ? group.path : group.name.toLowerCase());
  // Equal names go by ascending id in both directions (GitLab API contract 1.6).
  return rows.toSorted((a, b) => (key(a) < key(b) ? -direction : key(a) > key(b) ? direction : a.id - b.id));
}
