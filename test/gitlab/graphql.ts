import { json, Refusal, type Answer } from './answer';
import { authenticate } from './auth';
import { accessOf } from './access';
import type { Incoming, Site } from './call';
import { byId, findProject, projectPath } from './lookup';
import { isValues, type Values } from './body';

const DEVELOPER = 30;

/**
 * POST /api/graphql, as far as one query goes: which agents the jobs of a project may use (agents and environments 9).
 * `read_api` is enough. What the caller may not read is null, without an error.
 */
export function answerQuery(site: Site, incoming: Incoming, body: Values): Answer {
  const caller = asking(site, incoming);
  const { query, variables } = body;
  if (typeof query !== 'string' || !query.includes('ciAccessAuthorizedAgents')) {
    return json(200, { errors: [{ message: 'Field is not known to this stand-in' }] });
  }
  const path = isValues(variables) && typeof variables['path'] === 'string' ? variables['path'] : '';
  const found = findProject(site.world, path);
  const access = accessOf(site.world, caller);
  if (!found || found.moved || !access.seesProject(found.project)) return json(200, { data: { project: null } });
  const { project } = found;
  if (!access.mayInProject(project, DEVELOPER)) {
    return json(200, { data: { project: { ciAccessAuthorizedAgents: null } } });
  }
  const nodes = site.world.agents
    .filter((agent) => agent.authorizedProjectIds.includes(project.id))
    .map((agent) => {
      const config = byId(site.world.projects, agent.configProjectId);
      return { agent: { name: agent.name, project: config && { fullPath: projectPath(site.world, config) } } };
    });
  return json(200, { data: { project: { ciAccessAuthorizedAgents: { nodes } } } });
}

/** Whoever sends a token must send a good one; a query reads, though it is a POST. */
function asking(site: Site, { headers }: Incoming): ReturnType<typeof authenticate> {
  try {
    const sent = { method: 'GET', headers, query: {} };
    return authenticate(site, site.now(), sent, ['api', 'read_api']);
  } catch {
    throw invalidToken();
  }
}

function invalidToken(): Refusal {
  return new Refusal(json(401, { errors: [{ message: 'Invalid token' }] }));
}
