import { json, type Answer } from './answer';
import { requireCaller, type Call } from './call';
import { byId, groupPath, projectPath } from './lookup';
import { requireGroup } from './owners';
import { checkParams } from './params';
import type { ClusterRecord, Group, World } from './world';

type Found = Record<string, { id: number; name: string }[]>;

/**
 * GET /discover-cert-based-clusters: works with the feature flag off (GitLab API contract 8.3). The group asked for is
 * covered for everybody who sees it; below it, roles count by membership alone, for administrators too. Projects shared with that very group count as its own.
 */
export function discoverClusters(call: Call): Answer {
  requireCaller(call);
  const params = checkParams([{ name: 'group_id', type: 'integer', required: true }], call.sent);
  call.checkLimit();
  const root = requireGroup(call, `${params.integer('group_id') ?? ''}`);
  const groups: Found = {};
  const projects: Found = {};
  const isBelow = belowOf(call.world, root);
  for (const cluster of call.world.clusters) {
    add(call, root, isBelow, cluster, groups, projects);
  }
  return json(200, { groups, projects });
}

type IsBelow = (groupId: number | null) => boolean;

/** Tells groups at or below one from others; asked of ten thousand clusters, it climbs from each group once. */
function belowOf(world: World, root: Group): IsBelow {
  const known = new Map([[root.id, true]]);
  const isBelow = (id: number | null): boolean => {
    if (id === null) return false;
    const told = known.get(id);
    if (told !== undefined) return told;
    known.set(id, false);
    const below = isBelow(byId(world.groups, id)?.parentId ?? null);
    known.set(id, below);
    return below;
  };
  return isBelow;
}

function add(
  call: Call,
  root: Group,
  isBelow: IsBelow,
  { id, name, owner }: ClusterRecord,
  groups: Found,
  projects: Found,
): void {
  const { world, access } = call;
  if (owner.level === 'group') {
    const group = isBelow(owner.id) ? byId(world.groups, owner.id) : undefined;
    const covered = group === root || (group && access.groupRole(group) >= 40);
    if (group && covered) (groups[groupPath(world, group)] ??= []).push({ id, name });
  } else if (owner.level === 'project') {
    const project = byId(world.projects, owner.id);
    if (!project) return;
    const { kind, id: namespace } = project.namespace;
    const shared = project.sharedWith.some(({ groupId }) => groupId === root.id);
    const covered = shared || (kind === 'group' && isBelow(namespace));
    if (covered && access.projectRole(project) >= 40) (projects[projectPath(world, project)] ??= []).push({ id, name });
  }
}
