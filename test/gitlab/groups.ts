import { json, type Answer } from './answer';
import { echoedQuery, listAddress, type Call } from './call';
import { groupEntity } from './entities';
import { groupFullName, groupPath } from './lookup';
import { requireGroup } from './owners';
import { offsetPage, pagingOf, pagingParameters } from './pagination';
import { checkParams, type Parameter, type Params } from './params';
import type { Group } from './world';

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
  const skipped = call.query.getAll('skip_groups[]').concat(call.query.get('skip_groups')?.split(',') ?? []);
  const rows = call.world.groups.filter((group) => !skipped.includes(`${group.id}`) && matches(call, params, group));
  const present = (group: Group) => groupEntity(call, group);
  return offsetPage(ordered(params, rows), pagingOf(params), listAddress(call), echoedQuery(call), present);
}

/** GET /groups/:id */
export function getGroup(call: Call): Answer {
  return json(200, { ...groupEntity(call, requireGroup(call)), shared_with_groups: [], projects: [] });
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
  const search = params.string('search')?.trim().toLowerCase();
  if (!search) {
    return true;
  }
  const texts = [groupFullName(call.world, group), groupPath(call.world, group)];
  return texts.some((text) => text.toLowerCase().includes(search));
}

function ordered(params: Params, rows: readonly Group[]): Group[] {
  const direction = params.string('sort') === 'desc' ? -1 : 1;
  const order = params.string('order_by');
  const key = (group: Group) => (order === 'path' ? group.path : order === 'id' ? '' : group.name.toLowerCase());
  return rows.toSorted((a, b) => direction * (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : a.id - b.id));
}
