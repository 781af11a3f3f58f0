import type { Site } from './call';
import { byId, groupFullName, groupPath, namespaceOf, projectPath } from './lookup';
import type { ClusterRecord, GcpProvider, Group, Project, User } from './world';

/** The JSON shapes of GitLab API contract 2. A key that is undefined does not appear. */
type Entity = Record<string, unknown>;

/** A cluster as in lists; single answers add the owner to it. */
export function clusterEntity(site: Site, cluster: ClusterRecord) {
  const { returns } = site.profile;
  const { platform } = cluster;
  const user = byId(site.world.users, cluster.creatorId);
  const management = byId(site.world.projects, cluster.managementProjectId);
  return {
    id: cluster.id,
    name: cluster.name,
    created_at: cluster.createdAt,
    domain: returns.domain ? cluster.domain : undefined,
    enabled: returns.enabled ? cluster.enabled : undefined,
    managed: returns.managed ? cluster.managed : undefined,
    provider_type: cluster.provider,
    platform_type: 'kubernetes',
    environment_scope: cluster.environmentScope,
    cluster_type: `${cluster.owner.level}_type`,
    namespace_per_environment: returns.namespacePerEnvironment ? cluster.namespacePerEnvironment : undefined,
    user: user ? userEntity(site, user) : null,
    platform_kubernetes: platform && {
      api_url: platform.apiUrl,
      namespace: platform.namespace,
      authorization_type: platform.authorizationType,
      ca_cert: platform.caCert,
    },
    provider_gcp: cluster.gcp && gcpEntity(cluster, cluster.gcp),
    management_project: returns.managementProject ? (management ? projectIdentity(site, management) : null) : undefined,
  } satisfies Entity;
}

type Told = ReturnType<typeof clusterEntity>;

/** The names of what a cluster's answer has, with dots. */
export type ReadName =
  | Exclude<keyof Told, 'platform_kubernetes' | 'management_project'>
  | `platform_kubernetes.${keyof NonNullable<Told['platform_kubernetes']>}`
  | `management_project.${keyof ReturnType<typeof projectIdentity>}`;

function gcpEntity(cluster: ClusterRecord, gcp: GcpProvider): Entity {
  return {
    cluster_id: cluster.id,
    status_name: cluster.provisioning ? 'creating' : 'created',
    gcp_project_id: gcp.projectId,
    zone: gcp.zone,
    machine_type: gcp.machineType,
    num_nodes: gcp.nodes,
    endpoint: gcp.endpoint,
  };
}

/** A user as it appears inside other objects. */
export function userEntity(site: Site, user: User): Entity {
  const newer = site.profile.newerFields;
  return {
    id: user.id,
    username: user.username,
    public_email: newer ? '' : undefined,
    name: user.name,
    state: user.state === 'blocked' || user.state === 'deactivated' ? user.state : 'active',
    locked: newer ? false : undefined,
    avatar_url: null,
    web_url: `${site.configuredUrl}/${user.username}`,
  };
}

/** `group` of a single group cluster: no path in it. */
export function groupDetails(site: Site, group: Group): Entity {
  return { id: group.id, web_url: groupUrl(site, group), name: group.name };
}

/** A group as in GET /groups. */
export function groupEntity(site: Site, group: Group): Entity {
  return {
    ...groupDetails(site, group),
    path: group.path,
    description: group.description,
    visibility: group.visibility,
    avatar_url: null,
    request_access_enabled: true,
    full_name: groupFullName(site.world, group),
    full_path: groupPath(site.world, group),
    created_at: group.createdAt,
    parent_id: group.parentId,
  };
}

/** The few facts of a project inside other objects. */
export function projectIdentity(site: Site, project: Project) {
  const namespace = namespaceOf(site.world, project);
  return {
    id: project.id,
    description: project.description,
    name: project.name,
    name_with_namespace: `${namespace.fullName} / ${project.name}`,
    path: project.path,
    path_with_namespace: projectPath(site.world, project),
    created_at: project.createdAt,
  } satisfies Entity;
}

/** The basic project object; `readsCode` adds what only somebody who may read its code is shown. */
export function basicProject(site: Site, project: Project, readsCode: boolean): Entity {
  const namespace = namespaceOf(site.world, project);
  const path = `${namespace.fullPath}/${project.path}`;
  const { host, hostname } = new URL(site.configuredUrl);
  const url = `${site.configuredUrl}/${path}`;
  return {
    ...projectIdentity(site, project),
    default_branch: readsCode ? 'main' : undefined,
    tag_list: [],
    topics: site.profile.newerFields ? [] : undefined,
    ssh_url_to_repo: host === hostname ? `git@${hostname}:${path}.git` : `ssh://git@${hostname}:2222/${path}.git`,
    http_url_to_repo: `${url}.git`,
    web_url: url,
    readme_url: readsCode ? `${url}/-/blob/main/README.md` : undefined,
    forks_count: readsCode ? 0 : undefined,
    avatar_url: null,
    star_count: 0,
    last_activity_at: project.lastActivityAt,
    namespace: {
      id: namespace.id,
      name: namespace.name,
      path: namespace.path,
      kind: namespace.kind,
      full_path: namespace.fullPath,
      parent_id: namespace.parentId,
      avatar_url: null,
      web_url: `${site.configuredUrl}/${namespace.kind === 'group' ? 'groups/' : ''}${namespace.fullPath}`,
    },
  };
}

/** A project as in GET /projects without `simple`; roles of 0 are shown as null. */
export function fullProject(
  site: Site,
  project: Project,
  readsCode: boolean,
  roles: { project: number; group: number },
): Entity {
  const access = (role: number) => (role > 0 ? { access_level: role, notification_level: 3 } : null);
  return {
    ...basicProject(site, project, readsCode),
    archived: project.archived,
    visibility: project.visibility,
    ...(readsCode && { ci_config_path: project.ciConfigPath ?? '', auto_devops_enabled: project.autoDevOps ?? false }),
    empty_repo: false,
    shared_with_groups: project.sharedWith.map(({ groupId, role }) => ({
      group_id: groupId,
      group_access_level: role,
      expires_at: null,
    })),
    permissions: { project_access: access(roles.project), group_access: access(roles.group) },
  };
}

function groupUrl(site: Site, group: Group): string {
  return `${site.configuredUrl}/groups/${groupPath(site.world, group)}`;
}
