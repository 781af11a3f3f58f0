import type { Group, Project, User, World } from './world';

interface Row {
  readonly id: number;
}

const positions = new WeakMap<readonly Row[], Map<number, number>>();

/** The row with this id. Remembers positions, since fleets have thousands of rows, but trusts them only after a look. */
export function byId<T extends Row>(rows: readonly T[], id: number | null | undefined): T | undefined {
  if (id === null || id === undefined) {
    return undefined;
  }
  const known = positions.get(rows)?.get(id);
  const row = known === undefined ? undefined : rows[known];
  if (row?.id === id) {
    return row;
  }
  const at = rows.findIndex((candidate) => candidate.id === id);
  if (at >= 0) {
    positions.set(rows, new Map(rows.map((candidate, index) => [candidate.id, index])));
  }
  return rows[at];
}

/** A group and everything above it, nearest first. */
export function withAncestors(world: World, group: Group | undefined): Group[] {
  const chain: Group[] = [];
  for (let at = group; at && !chain.includes(at); at = byId(world.groups, at.parentId)) {
    chain.push(at);
  }
  return chain;
}

/** `platform/shared/tools` */
export function groupPath(world: World, group: Group): string {
  return withAncestors(world, group)
    .map((g) => g.path)
    .reverse()
    .join('/');
}

/** `Platform / Shared / Tools` */
export function groupFullName(world: World, group: Group): string {
  return withAncestors(world, group)
    .map((g) => g.name)
    .reverse()
    .join(' / ');
}

export interface Namespace {
  readonly id: number;
  readonly name: string;
  readonly path: string;
  readonly kind: 'group' | 'user';
  readonly fullPath: string;
  readonly fullName: string;
  readonly parentId: number | null;
}

/** Where a project lives: a group, or somebody's personal namespace. */
export function namespaceOf(world: World, project: Project): Namespace {
  if (project.namespace.kind === 'group') {
    const group = byId(world.groups, project.namespace.id);
    if (!group) {
      throw new Error(`project ${project.id} is in group ${project.namespace.id}, which does not exist`);
    }
    return {
      id: group.id,
      name: group.name,
      path: group.path,
      kind: 'group',
      fullPath: groupPath(world, group),
      fullName: groupFullName(world, group),
      parentId: group.parentId,
    };
  }
  const user = byId(world.users, project.namespace.id);
  if (!user) {
    throw new Error(`project ${project.id} belongs to user ${project.namespace.id}, who does not exist`);
  }
  const { username, name, namespaceId } = user;
  return { id: namespaceId, name, path: username, kind: 'user', fullPath: username, fullName: name, parentId: null };
}

/** `platform/payments-api` */
export function projectPath(world: World, project: Project): string {
  return `${namespaceOf(world, project).fullPath}/${project.path}`;
}

/** A group by numeric id or full path; paths are compared without case. */
export function findGroup(world: World, idOrPath: string): Group | undefined {
  if (/^\d+$/.test(idOrPath)) {
    return byId(world.groups, Number(idOrPath));
  }
  let parent: Group | undefined;
  for (const segment of idOrPath.toLowerCase().split('/')) {
    const parentId = parent?.id ?? null;
    parent = world.groups.find((g) => g.parentId === parentId && g.path.toLowerCase() === segment);
    if (!parent) {
      return undefined;
    }
  }
  return parent;
}

/** A project by numeric id or full path. `moved` tells that the path is one it no longer has. */
export function findProject(world: World, idOrPath: string): { project: Project; moved: boolean } | undefined {
  if (/^\d+$/.test(idOrPath)) {
    const project = byId(world.projects, Number(idOrPath));
    return project && { project, moved: false };
  }
  const path = idOrPath.toLowerCase();
  const slash = path.lastIndexOf('/');
  if (slash < 0) {
    return undefined;
  }
  const inNamespace = namespaceNamed(world, path.slice(0, slash));
  const name = path.slice(slash + 1);
  const current = world.projects.find(
    (p) =>
      inNamespace &&
      p.namespace.kind === ('username' in inNamespace ? 'user' : 'group') &&
      p.namespace.id === inNamespace.id &&
      p.path.toLowerCase() === name,
  );
  if (current) {
    return { project: current, moved: false };
  }
  const moved = world.projects.find((p) => p.movedFrom.some((old) => old.toLowerCase() === path));
  return moved && { project: moved, moved: true };
}

function namespaceNamed(world: World, path: string): Group | User | undefined {
  return findGroup(world, path) ?? world.users.find((user) => user.username.toLowerCase() === path);
}
