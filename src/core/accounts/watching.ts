import type { ClusterOwner } from '../model/cluster';
import type { Host, WatchedOwner } from '../model/host';

type Watched = Pick<Host, 'projects' | 'groups'>;

/** Whether a host's entry of the setting lists an owner. The instance never is. */
export function watchesOwner(host: Watched, owner: ClusterOwner): boolean {
  if (owner.level === 'instance') return false;
  return host[owner.level === 'project' ? 'projects' : 'groups'].some(({ id }) => id === owner.id);
}

/** What a host watches with these owners too, each once. */
export function withWatched(host: Watched, owners: readonly ClusterOwner[]): Watched {
  return owners.reduce<Watched>(
    (now, owner) => (watchesOwner(now, owner) ? now : { ...now, ...added(now, owner) }),
    host,
  );
}

/** What a host watches without these owners. */
export function withoutWatched(host: Watched, owners: readonly ClusterOwner[]): Watched {
  const left = (level: 'project' | 'group', watched: readonly WatchedOwner[]): readonly WatchedOwner[] =>
    watched.filter(({ id }) => !owners.some((owner) => owner.level === level && owner.id === id));
  return { projects: left('project', host.projects), groups: left('group', host.groups) };
}

function added(host: Watched, owner: ClusterOwner): Partial<Watched> {
  if (owner.level === 'instance') return {};
  const entry: WatchedOwner = { id: owner.id, path: owner.path };
  return owner.level === 'project' ? { projects: [...host.projects, entry] } : { groups: [...host.groups, entry] };
}
