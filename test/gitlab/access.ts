import { byId, withAncestors } from './lookup';
import type { AccessToken, Group, Member, Project, User, World } from './world';

/** Who asks: a user, the token it came with, and whether it acts as an administrator right now. */
export interface Caller {
  readonly user: User;
  readonly token: AccessToken;
  /** False for an administrator without Admin Mode where it is required. */
  readonly administrator: boolean;
}

/** What a caller (or nobody) may see and do, worked out once per request. 0 is no role. */
export interface Access {
  /** The role by membership alone, which is what `min_access_level` filters by. */
  groupRole(group: Group): number;
  projectRole(project: Project): number;
  /** The role that counts for permissions: an administrator is everywhere Owner. */
  mayInGroup(group: Group, role: number): boolean;
  mayInProject(project: Project, role: number): boolean;
  seesGroup(group: Group): boolean;
  seesProject(project: Project): boolean;
  /** Reading code decides about `default_branch` and its like. */
  readsCode(project: Project): boolean;
  /** Belongs to the group, or to something below it. */
  belongsToGroup(group: Group): boolean;
}

/** Works out roles: direct, inherited from groups above, or through a share; the highest counts. */
export function accessOf(world: World, caller: Caller | undefined): Access {
  const administrator = caller?.administrator === true;
  const mine = caller ? world.members.filter((member) => member.userId === caller.user.id) : [];
  const direct = new Map<string, number>();
  for (const { of, role } of mine) {
    const key = `${of.kind} ${of.id}`;
    direct.set(key, Math.max(role, direct.get(key) ?? 0));
  }
  const groupRoles = new Map<number, number>();
  let above: Set<number> | undefined;

  function roleInGroup(id: number | null): number {
    const group = byId(world.groups, id);
    if (!group) {
      return 0;
    }
    const known = groupRoles.get(group.id);
    if (known !== undefined) {
      return known;
    }
    const role = Math.max(direct.get(`group ${group.id}`) ?? 0, roleInGroup(group.parentId));
    groupRoles.set(group.id, role);
    return role;
  }

  function projectRole(project: Project): number {
    const { kind, id } = project.namespace;
    const inherited = kind === 'group' ? roleInGroup(id) : caller?.user.id === id ? 50 : 0;
    const own = Math.max(direct.get(`project ${project.id}`) ?? 0, inherited);
    return project.sharedWith.reduce(
      (role, share) => Math.max(role, Math.min(share.role, roleInGroup(share.groupId))),
      own,
    );
  }

  function belongsToGroup(group: Group): boolean {
    above ??= ancestorsOfMemberships(world, mine);
    return roleInGroup(group.id) > 0 || above.has(group.id);
  }

  const open = (visibility: string) => visibility === 'public' || (visibility === 'internal' && caller !== undefined);

  return {
    groupRole: (group) => roleInGroup(group.id),
    projectRole,
    mayInGroup: (group, role) => administrator || roleInGroup(group.id) >= role,
    mayInProject: (project, role) => administrator || projectRole(project) >= role,
    seesGroup: (group) => administrator || open(group.visibility) || belongsToGroup(group),
    seesProject: (project) => administrator || open(project.visibility) || projectRole(project) > 0,
    readsCode: (project) => administrator || open(project.visibility) || projectRole(project) >= 20,
    belongsToGroup,
  };
}

/** Whoever belongs to something inside a private group also sees that group. */
function ancestorsOfMemberships(world: World, members: readonly Member[]): Set<number> {
  const ids = new Set<number>();
  for (const { of } of members) {
    const project = of.kind === 'project' ? byId(world.projects, of.id) : undefined;
    const groupId =
      project?.namespace.kind === 'group' ? project.namespace.id : of.kind === 'group' ? of.id : undefined;
    for (const group of withAncestors(world, byId(world.groups, groupId))) {
      ids.add(group.id);
    }
  }
  return ids;
}
