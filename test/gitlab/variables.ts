import { json, Refusal, refuse, type Answer } from './answer';
import { requireCaller, type Call } from './call';
import { requireProject } from './owners';
import { checkParams } from './params';
import type { Project, VariableRecord } from './world';

const MAINTAINER = 40;
const KEY = /^[a-zA-Z0-9_]{1,255}$/;

/** Maintainers alone see and change them, values in clear (agents and environments 12.2). */
function requireVariables(call: Call): Project {
  requireCaller(call);
  const project = requireProject(call);
  if (!call.access.mayInProject(project, MAINTAINER)) throw refuse(403, '403 Forbidden');
  return project;
}

/** GET /projects/:id/variables/:key; a key with several scopes needs `filter[environment_scope]`. */
export function getVariable(call: Call): Answer {
  const project = requireVariables(call);
  const params = checkParams(
    [
      { name: 'key', type: 'string', required: true },
      { name: 'filter', type: 'object', parameters: [{ name: 'environment_scope', type: 'string' }] },
    ],
    call.sent,
  );
  const scope = params.object('filter').string('environment_scope') ?? undefined;
  const found = call.world.variables.filter(
    (one) =>
      one.projectId === project.id &&
      one.key === params.string('key') &&
      (scope === undefined || one.environmentScope === scope),
  );
  const [only] = found;
  if (!only) throw refuse(404, '404 Variable Not Found');
  if (found.length > 1) {
    const message = "There are multiple variables with provided parameters. Please use 'filter[environment_scope]'";
    throw refuse(409, message);
  }
  return json(200, entityOf(only));
}

/** POST /projects/:id/variables: one for each key and scope. */
export function createVariable(call: Call): Answer {
  const project = requireVariables(call);
  const params = checkParams(
    [
      { name: 'key', type: 'string', required: true },
      { name: 'value', type: 'string', required: true },
      { name: 'environment_scope', type: 'string', fallback: '*' },
      { name: 'protected', type: 'boolean', fallback: false },
    ],
    call.sent,
  );
  const added: VariableRecord = {
    projectId: project.id,
    key: params.string('key') ?? '',
    value: params.string('value') ?? '',
    environmentScope: params.string('environment_scope') ?? '*',
    isProtected: params.boolean('protected') ?? false,
  };
  if (!KEY.test(added.key)) {
    throw invalidKey("can contain only letters, digits and '_'.");
  }
  const isTaken = call.world.variables.some(
    ({ projectId, key, environmentScope }) =>
      projectId === project.id && key === added.key && environmentScope === added.environmentScope,
  );
  if (isTaken) throw invalidKey(`(${added.key}) has already been taken`);
  call.world.variables.push(added);
  return json(201, entityOf(added));
}

function invalidKey(problem: string): Refusal {
  return new Refusal(json(400, { message: { key: [problem] } }));
}

function entityOf({ key, value, environmentScope, isProtected }: VariableRecord): Record<string, unknown> {
  return {
    variable_type: 'env_var',
    key,
    value,
    hidden: false,
    protected: isProtected,
    masked: false,
    raw: false,
    environment_scope: environmentScope,
    description: null,
  };
}
