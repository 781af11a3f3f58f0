import {
  createAgent,
  createToken,
  deleteAgent,
  getAgent,
  getToken,
  listAgents,
  listTokens,
  revokeToken,
} from './agents/endpoints';
import { currentUser, ownAssociations, ownToken, version } from './account';
import type { Answer } from './answer';
import { apiScopes, userScopes, type NeededScopes } from './auth';
import type { Call } from './call';
import { clusterEndpoints } from './clusters/endpoints';
import { groupLevel, instanceLevel, projectLevel } from './clusters/levels';
import { lintCi } from './ciLint';
import { discoverClusters } from './discovery';
import { getEnvironment, listEnvironments } from './environments';
import { getFile, getRawFile } from './files';
import { getGroup, listGroupProjects, listGroups } from './groups';
import type { Profile } from './profiles';
import { getProject, listProjects } from './projects';
import { createCommit, createMergeRequest, getTree } from './repositories';
import { createVariable, getVariable } from './variables';

/** One endpoint. `:name` in the pattern captures a segment. */
export interface Route {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly pattern: string;
  readonly scopes: NeededScopes;
  readonly handle: (call: Call) => Answer;
}

/** The routes this version of GitLab has. */
export function routesOf(profile: Profile): Route[] {
  return [
    { method: 'GET', pattern: '/version', scopes: userScopes, handle: version },
    ...(profile.metadata ? [get('/metadata', version, userScopes)] : []),
    get('/user', currentUser, userScopes),
    ...(profile.selfToken ? [get('/personal_access_tokens/self', ownToken, 'any')] : []),
    ...(profile.selfAssociations ? [get('/personal_access_tokens/self/associations', ownAssociations, 'any')] : []),
    get('/projects', listProjects),
    get('/projects/:id', getProject),
    get('/groups', listGroups),
    get('/projects/:id/environments', listEnvironments),
    get('/projects/:id/environments/:environment_id', getEnvironment),
    ...agentRoutes(profile),
    get('/projects/:id/repository/files/:file_path', getFile),
    get('/projects/:id/repository/files/:file_path/raw', getRawFile),
    ...(profile.lint ? [get('/projects/:id/ci/lint', lintCi)] : []),
    get('/projects/:id/repository/tree', getTree),
    post('/projects/:id/repository/commits', createCommit),
    post('/projects/:id/merge_requests', createMergeRequest),
    get('/projects/:id/variables/:key', getVariable),
    post('/projects/:id/variables', createVariable),
    get('/groups/:id', getGroup),
    get('/groups/:id/projects', listGroupProjects),
    ...clusterRoutes('/projects/:id/clusters', 'user', projectLevel),
    ...(profile.groupClusters ? clusterRoutes('/groups/:id/clusters', 'user', groupLevel) : []),
    ...(profile.instanceClusters ? clusterRoutes('/admin/clusters', 'add', instanceLevel) : []),
    ...(profile.discovery ? [get('/discover-cert-based-clusters', discoverClusters)] : []),
  ];
}

/** Agents are in REST from 14.10 on, their tokens from 15.0 on (agents and environments 6). */
function agentRoutes(profile: Profile): Route[] {
  const agents = '/projects/:id/cluster_agents';
  const agent = `${agents}/:agent_id`;
  const tokens = `${agent}/tokens`;
  const token = `${tokens}/:token_id`;
  const scopes = apiScopes;
  const ofAgents: Route[] = [
    get(agents, listAgents),
    get(agent, getAgent),
    { method: 'POST', pattern: agents, scopes, handle: createAgent },
    { method: 'DELETE', pattern: agent, scopes, handle: deleteAgent },
  ];
  const ofTokens: Route[] = [
    get(tokens, listTokens),
    get(token, getToken),
    { method: 'POST', pattern: tokens, scopes, handle: createToken },
    { method: 'DELETE', pattern: token, scopes, handle: revokeToken },
  ];
  return [...(profile.agents ? ofAgents : []), ...(profile.agentTokens ? ofTokens : [])];
}

function clusterRoutes(path: string, adding: 'user' | 'add', guard: Parameters<typeof clusterEndpoints>[0]): Route[] {
  const endpoints = clusterEndpoints(guard);
  const one = `${path}/:cluster_id`;
  const scopes = apiScopes;
  return [
    { method: 'GET', pattern: path, scopes, handle: (call) => endpoints.list(call) },
    { method: 'GET', pattern: one, scopes, handle: (call) => endpoints.get(call) },
    { method: 'POST', pattern: `${path}/${adding}`, scopes, handle: (call) => endpoints.add(call) },
    { method: 'PUT', pattern: one, scopes, handle: (call) => endpoints.edit(call) },
    { method: 'DELETE', pattern: one, scopes, handle: (call) => endpoints.remove(call) },
  ];
}

function get(pattern: string, handle: Route['handle'], scopes: NeededScopes = apiScopes): Route {
  return { method: 'GET', pattern, scopes, handle };
}

function post(pattern: string, handle: Route['handle']): Route {
  return { method: 'POST', pattern, scopes: apiScopes, handle };
}

/** The route of a method and a path below `/api/v4`, with the decoded values the path captures. */
export function matchRoute(
  routes: readonly Route[],
  method: string,
  path: string,
): { route: Route; captured: Record<string, string> } | undefined {
  const wanted = method === 'HEAD' ? 'GET' : method;
  const segments = segmentsOf(path);
  for (const route of routes) {
    const captured = route.method === wanted ? capture(route.pattern.split('/'), segments) : undefined;
    if (captured) {
      return { route, captured };
    }
  }
  return undefined;
}

/** The methods an address takes, HEAD beside GET; none where no route is. */
export function methodsOf(routes: readonly Route[], path: string): string[] {
  const segments = segmentsOf(path);
  const methods = routes.filter(({ pattern }) => capture(pattern.split('/'), segments)).map(({ method }) => method);
  return [...new Set(methods.flatMap((method) => (method === 'GET' ? ['GET', 'HEAD'] : [method])))];
}

/** Doubled slashes, one at the end and a format after a number or word are taken as if they were not there (contract 13). */
function segmentsOf(path: string): string[] {
  return path
    .replaceAll(/\/{2,}/g, '/')
    .replace(/(?<=.)\/$/, '')
    .replace(/(\/[\w-]+)\.json$/, '$1')
    .split('/');
}

/** A raw slash never becomes part of a value: segments are split before they are decoded. */
function capture(pattern: readonly string[], segments: readonly string[]): Record<string, string> | undefined {
  if (pattern.length !== segments.length) {
    return undefined;
  }
  const captured: Record<string, string> = {};
  for (const [index, part] of pattern.entries()) {
    const value = decoded(segments[index] ?? '');
    if (part.startsWith(':') && value) {
      captured[part.slice(1)] = value;
    } else if (part !== value) {
      return undefined;
    }
  }
  return captured;
}

function decoded(segment: string): string | undefined {
  try {
    return decodeURIComponent(segment);
  } catch {
    return undefined;
  }
}
