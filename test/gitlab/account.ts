import { json, refuse, refuseWithError, type Answer } from './answer';
import { requireCaller, type Call } from './call';
import { basicProject, groupEntity, userEntity } from './entities';
import { pagingParameters } from './pagination';
import { checkParams, type Parameter } from './params';

/** GET /user. `is_admin` is there for administrators only and says nothing about Admin Mode. */
export function currentUser(call: Call): Answer {
  const { user } = requireCaller(call);
  return json(200, {
    ...userEntity(call, user),
    created_at: '2018-10-11T12:10:06.811Z',
    email: `${user.username}@example.com`,
    bio: '',
    external: false,
    ...(user.admin ? { is_admin: true } : {}),
  });
}

/** GET /version, and GET /metadata where it exists: the same body. */
export function version(call: Call): Answer {
  requireCaller(call);
  const { version, revision, enterprise, metadata } = call.profile;
  if (!metadata) {
    return json(200, { version, revision });
  }
  const { kas: set } = call.world.settings;
  const kas = {
    enabled: set !== undefined,
    externalUrl: set?.externalUrl ?? null,
    ...(call.profile.proxyOfAgents && {
      externalK8sProxyUrl: set ? `${call.configuredUrl}/-/kubernetes-agent/k8s-proxy/` : null,
    }),
    version: set?.version ?? null,
  };
  return json(200, { version, revision, kas, enterprise });
}

/** GET /personal_access_tokens/self: any scope will do, but it must be a personal access token. */
export function ownToken(call: Call): Answer {
  const { token, user } = requireCaller(call);
  if (token.kind !== 'personal') {
    throw refuse(400, '400 Bad request - This endpoint requires token type to be a personal access token');
  }
  return json(200, {
    id: token.id,
    name: token.name,
    revoked: token.revoked,
    created_at: '2024-01-15T09:00:00.000Z',
    description: call.profile.newerFields ? null : undefined,
    scopes: token.scopes,
    granular_scopes: token.scopes.includes('granular') ? [{ permissions: ['read_cluster'] }] : undefined,
    user_id: user.id,
    last_used_at: call.now().toISOString(),
    active: true,
    expires_at: token.expiresAt,
  });
}

const declared: readonly Parameter[] = [
  { name: 'min_access_level', type: 'integer', values: [10, 15, 20, 30, 40, 50] },
  ...pagingParameters,
];

/** GET /personal_access_tokens/self/associations: what the token's user belongs to, by membership alone. */
export function ownAssociations(call: Call): Answer {
  const { token } = requireCaller(call);
  const params = checkParams(declared, call.sent);
  if (token.kind !== 'personal') {
    throw refuse(400, '400 Bad request - This endpoint requires token type to be a personal access token');
  }
  const least = params.integer('min_access_level') ?? 1;
  const { access, world } = call;
  const groups = world.groups.filter((group) => access.groupRole(group) >= least);
  const projects = world.projects.filter((project) => access.projectRole(project) >= least);
  return json(200, {
    groups: groups.map((group) => groupEntity(call, group)),
    projects: projects.map((project) => basicProject(call, project, access.readsCode(project))),
  });
}

/** A route nobody knows: GitLab too old, wrong path, or a slash that was not encoded. */
export function unknownRoute(): Answer {
  throw refuseWithError(404, '404 Not Found');
}
