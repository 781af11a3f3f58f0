import { createHash } from 'node:crypto';
import { json, refuse, type Answer } from '../answer';
import { echoedQuery, listAddress, requireCaller, type Call } from '../call';
import { projectIdentity } from '../entities';
import { requireProject } from '../owners';
import { offsetPage, pagingOf, pagingParameters } from '../pagination';
import { checkParams, type Params } from '../params';
import { addAgent, addAgentToken } from '../populate';
import type { AgentRecord, AgentTokenRecord, Project } from '../world';

const DEVELOPER = 30;
const MAINTAINER = 40;

const agentId = { name: 'agent_id', type: 'integer', required: true } as const;
const tokenId = { name: 'token_id', type: 'integer', required: true } as const;

/** Agents and environments 6: who may not read gets 404 from a list (GitLab API contract 8.1). */
export function listAgents(call: Call): Answer {
  requireCaller(call);
  const project = requireProject(call);
  const params = checkParams(pagingParameters, call.sent);
  if (!call.access.mayInProject(project, DEVELOPER)) throw refuse(404, '404 ClusterAgents Not Found');
  const rows = call.world.agents
    .filter(({ configProjectId }) => configProjectId === project.id)
    .sort((one, other) => (one.name < other.name ? -1 : 1));
  return offsetPage(rows, pagingOf(params), listAddress(call), echoedQuery(call), (row) => agentEntity(call, row));
}

export function getAgent(call: Call): Answer {
  const { agent } = readableAgent(call);
  return json(200, agentEntity(call, agent));
}

export function createAgent(call: Call): Answer {
  const caller = requireCaller(call);
  const project = requireProject(call);
  const params = checkParams([{ name: 'name', type: 'string', required: true }], call.sent);
  if (!call.access.mayInProject(project, MAINTAINER)) throw refuse(403, '403 Forbidden');
  const name = params.string('name') ?? '';
  const taken = call.world.agents.some((one) => one.configProjectId === project.id && one.name === name);
  const problem = nameProblem(name) ?? (taken ? 'Name has already been taken' : undefined);
  if (problem !== undefined) throw refuse(400, `400 Bad request - ["${problem}"]`);
  const now = call.now().toISOString();
  const agent = addAgent(call.world, project, name, { createdAt: now, updatedAt: now, createdById: caller.user.id });
  return json(201, agentEntity(call, agent));
}

/** Agents and environments 6: 1–63 lower-case letters, digits and dashes, no dash at either end. */
function nameProblem(name: string): string | undefined {
  if (name.length > 63) return 'Name is too long (maximum is 63 characters)';
  return /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/.test(name)
    ? undefined
    : "Name can contain only lowercase letters, digits, and '-', but cannot start or end with '-'";
}

/** Its tokens go with it (agents and environments 6). */
export function deleteAgent(call: Call): Answer {
  const { agent } = changeableAgent(call);
  const since = call.incoming.headers['if-unmodified-since'];
  if (since !== undefined && Date.parse(agent.updatedAt) > Date.parse(since)) {
    throw refuse(412, '412 Precondition Failed');
  }
  const { agents } = call.world;
  agents.splice(agents.indexOf(agent), 1);
  return noContent;
}

const noContent: Answer = { status: 204, headers: {}, body: '' };

/** Active ones, without their last use (agents and environments 6). */
export function listTokens(call: Call): Answer {
  const { agent, params } = readableAgent(call, pagingParameters);
  const rows = agent.tokens.filter(({ revoked }) => !revoked);
  const present = (row: AgentTokenRecord) => tokenEntity(agent, row);
  return offsetPage(rows, pagingOf(params), listAddress(call), echoedQuery(call), present);
}

export function getToken(call: Call): Answer {
  const { agent, params } = readableAgent(call, [tokenId]);
  const token = agent.tokens.find(({ id, revoked }) => id === params.integer('token_id') && !revoked);
  if (!token) throw refuse(404, '404 Agent Token Not Found');
  return json(200, { ...tokenEntity(agent, token), last_used_at: token.lastUsedAt });
}

/** The only time the secret is returned; at most two active ones from 16.1 on (GitLab API contract 8.2). */
export function createToken(call: Call): Answer {
  const { agent, params } = changeableAgent(call, [
    { name: 'name', type: 'string', required: true },
    { name: 'description', type: 'string' },
  ]);
  const active = agent.tokens.filter(({ revoked }) => !revoked).length;
  if (call.profile.twoTokenLimit && active >= 2) {
    throw refuse(400, '400 Bad request - An agent can have only two active tokens at a time');
  }
  const name = params.string('name') ?? '';
  if (name.length > 255) throw refuse(400, '400 Bad request - ["Name is too long (maximum is 255 characters)"]');
  const token = addAgentToken(call.world, agent, {
    name,
    description: params.string('description') ?? null,
    createdAt: call.now().toISOString(),
    createdById: call.caller?.user.id ?? null,
    secret: `glagent-${createHash('sha256').update(`${agent.id} ${name} ${Math.random()}`).digest('hex').slice(0, 50)}`,
  });
  return json(201, { ...tokenEntity(agent, token), last_used_at: null, token: token.secret });
}

/** Revoking what is revoked already is fine; what never was is 404. */
export function revokeToken(call: Call): Answer {
  const { agent, params } = changeableAgent(call, [tokenId]);
  const token = agent.tokens.find(({ id }) => id === params.integer('token_id'));
  if (!token) throw refuse(404, '404 Agent Token Not Found');
  token.revoked = true;
  return noContent;
}

interface Found {
  readonly project: Project;
  readonly agent: AgentRecord;
  readonly params: Params;
}

type Declared = Parameters<typeof checkParams>[0];

function readableAgent(call: Call, declared: Declared = []): Found {
  const found = findAgent(call, declared);
  if (!call.access.mayInProject(found.project, DEVELOPER)) throw refuse(404, '404 Not found');
  if (!found.agent) throw refuse(404, '404 Not found');
  return { ...found, agent: found.agent };
}

/** Changing asks for the role first (GitLab API contract 9: Guest 403). */
function changeableAgent(call: Call, declared: Declared = []): Found {
  const found = findAgent(call, declared);
  if (!call.access.mayInProject(found.project, MAINTAINER)) throw refuse(403, '403 Forbidden');
  if (!found.agent) throw refuse(404, '404 Not found');
  return { ...found, agent: found.agent };
}

function findAgent(call: Call, declared: Declared): Omit<Found, 'agent'> & { agent: AgentRecord | undefined } {
  requireCaller(call);
  const project = requireProject(call);
  const params = checkParams([agentId, ...declared], call.sent);
  const id = params.integer('agent_id');
  return {
    project,
    params,
    agent: call.world.agents.find((one) => one.configProjectId === project.id && one.id === id),
  };
}

function agentEntity(call: Call, agent: AgentRecord): Record<string, unknown> {
  const project = call.world.projects.find(({ id }) => id === agent.configProjectId);
  return {
    id: agent.id,
    name: agent.name,
    config_project: project && projectIdentity(call, project),
    created_at: agent.createdAt,
    created_by_user_id: agent.createdById,
    is_receptive: call.profile.receptiveAgents ? false : undefined,
  };
}

function tokenEntity(agent: AgentRecord, token: AgentTokenRecord): Record<string, unknown> {
  return {
    id: token.id,
    name: token.name,
    description: token.description,
    agent_id: agent.id,
    status: token.revoked ? 'revoked' : 'active',
    created_at: token.createdAt,
    created_by_user_id: token.createdById,
  };
}
