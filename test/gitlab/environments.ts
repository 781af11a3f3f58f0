import { json, refuse, refuseWithError, type Answer } from './answer';
import { echoedQuery, listAddress, type Call } from './call';
import { basicProject } from './entities';
import { requireProject } from './owners';
import { offsetPage, pagingOf, pagingParameters } from './pagination';
import { checkParams, type Parameter } from './params';
import type { EnvironmentRecord, Project } from './world';

const REPORTER = 20;
const states = ['available', 'stopping', 'stopped'];
/** A search of fewer characters is refused. */
const shortestSearch = 3;

const declared: readonly Parameter[] = [
  { name: 'name', type: 'string' },
  { name: 'search', type: 'string' },
  { name: 'states', type: 'string' },
  ...pagingParameters,
];

/** GET /projects/:id/environments: Reporters and up, all states unless one is asked for (agents and environments 13). */
export function listEnvironments(call: Call): Answer {
  const project = requireProject(call);
  const params = checkParams(declared, call.sent);
  requireReader(call, project);
  const name = params.string('name') ?? undefined;
  const search = params.string('search') ?? undefined;
  const state = params.string('states') ?? undefined;
  if (name !== undefined && search !== undefined) throw refuseWithError(400, 'name, search are mutually exclusive');
  if (search !== undefined && search.length < shortestSearch) {
    throw refuse(400, `400 Bad request - Search query is less than ${shortestSearch} characters`);
  }
  if (state !== undefined && !states.includes(state))
    throw refuse(400, '400 Bad request - Requested states are invalid');
  const rows = call.world.environments
    .filter((one) => one.projectId === project.id)
    .filter((one) => name === undefined || one.name === name)
    .filter((one) => search === undefined || one.name.includes(search))
    .filter((one) => state === undefined || one.state === state);
  return offsetPage(rows, pagingOf(params), listAddress(call), echoedQuery(call), (row) => environment(call, row));
}

/** GET /projects/:id/environments/:environment_id, with the last deployment: it names no cluster. */
export function getEnvironment(call: Call): Answer {
  const project = requireProject(call);
  const params = checkParams([{ name: 'environment_id', type: 'integer', required: true }], call.sent);
  requireReader(call, project);
  const id = params.integer('environment_id');
  const row = call.world.environments.find((one) => one.projectId === project.id && one.id === id);
  if (!row) throw refuse(404, '404 Environment Not Found');
  return json(200, {
    ...environment(call, row),
    project: basicProject(call, project, call.access.readsCode(project)),
    last_deployment: null,
  });
}

/** The role counts where the project is private; others are read by whoever may read their code. */
function requireReader(call: Call, project: Project): void {
  if (
    !call.access.mayInProject(project, REPORTER) &&
    !(project.visibility !== 'private' && call.access.readsCode(project))
  ) {
    throw refuse(403, '403 Forbidden');
  }
}

/** The agent of an environment is never in it here: it would be for environments with an agent only. */
function environment(call: Call, row: EnvironmentRecord): Record<string, unknown> {
  return {
    id: row.id,
    name: row.name,
    slug: row.slug,
    external_url: null,
    created_at: row.createdAt,
    updated_at: row.createdAt,
    tier: call.profile.environmentTiers ? row.tier : undefined,
    state: row.state,
    description: call.profile.newerFields ? null : undefined,
    auto_stop_at: null,
  };
}
