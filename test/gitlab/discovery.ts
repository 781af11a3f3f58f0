import { json, refuse, type Answer } from './answer';
import { requireCaller, type Call } from './call';
import { byId, groupPath, projectPath, withAncestors } from './lookup';
import { requireGroup } from './owners';
import { checkParams } from './params';
import type { ClusterRecord, Group } from './world';

type Found = Record<string, { id: number; name: string }[]>;

/**
 * GET /discover-cert-based-clusters: works with the feature flag off (GitLab API contract 8.3). Below the group asked for,
 * roles count by membership alone, for administrators too. Projects shared with that very group count as its own.
 */
export function discoverClusters(call: Call): Answer {
  requireCaller(call);
  const params = checkParams([{ name: 'group_id', type: 'integer', required: true }], call.sent);
  const root = requireGroup(call, `${params.integer('group_id') ?? ''}`);
  const groups: Found = {};
  const projects: Found = {};
  if (!call.access.mayInGroup(root, 40) && call.world.settings.discoveryBelowMaintainer === 'notFound') {
    throw refuse(404, '404 Group Not Found');
  }
  for (const cluster of call.world.clusters) {
    add(call, root, cluster, groups, projects);
  }
  return json(200, { groups, projects });
}

function add(call: Call, root: Group, cluster: ClusterRecord, groups: Found, projects: Found): void {
  const { world, access } = call;
  const row = { id: cluster.id, name: cluster.name };
  if (cluster.owner.level === 'group') {
    const group = byId(world.groups, cluster.owner.id);
    const covered = group === root ? access.mayInGroup(root, 40) : group && access.groupRole(group) >= 40;
    if (group && covered && withAncestors(world, group).includes(root)) {
      (groups[groupPath(world, group)] ??= []).push(row);
    }
  } else if (cluster.owner.level === 'project') {
    const project = byId(world.projects, cluster.owner.id);
    const parent = project?.namespace.kind === 'group' ? byId(world.groups, project.namespace.id) : undefined;
    const shared = project?.sharedWith.some(({ groupId }) => groupId === root.id) === true;
    const covered = shared || withAncestors(world, parent).includes(root);
    if (project && access.projectRole(project) >= 40 && covered) {
      (projects[projectPath(world, project)] ??= []).push(row);
    }
  }
}
