import { certificate } from './certificates';
import { addCluster, addGroup, addProject, addToken, addUser, setRole } from './populate';
import { emptyWorld, type Group, type Project, type World } from './world';

export interface FleetSize {
  readonly projects: number;
  readonly clusters: number;
  /** Half as many as projects by default, at least one. */
  readonly groups?: number;
  /** The same seed gives the same fleet. */
  readonly seed?: number;
}

/**
 * A deterministic fleet of any size: groups up to three deep, personal namespaces, archived, shared and hidden projects.
 * Tokens: `fleet-maintainer` (fiona, Maintainer of most top groups) and `fleet-admin` (root). Of twenty projects one is
 * personal (hers), one archived; each tenth top group is hidden from her but for projects it shares with one of hers.
 * Of ten clusters one hangs on the instance, two on groups and seven on projects; forty share each API URL.
 */
export function generatedFleet({
  projects,
  clusters,
  groups = Math.max(1, projects >> 1),
  seed = 1,
}: FleetSize): World {
  const world = emptyWorld();
  const random = randomFrom(seed);
  const root = addUser(world, { username: 'root', name: 'Administrator', admin: true });
  const fiona = addUser(world, { username: 'fiona', name: 'Fiona Fleet' });
  addToken(world, root, 'fleet-admin', { scopes: ['api', 'admin_mode'] });
  addToken(world, fiona, 'fleet-maintainer');

  const tops: Group[] = [];
  const parents: { group: Group; depth: number }[] = [];
  for (let index = 0; index < groups; index++) {
    const recent = parents.slice(-50);
    const parent = index % 5 === 0 ? undefined : recent[random(recent.length)];
    const group = addGroup(world, `group-${index + 1}`, parent?.group, { name: `Group ${index + 1}` });
    const depth = (parent?.depth ?? 0) + 1;
    if (depth < 3) {
      parents.push({ group, depth });
    }
    if (!parent) {
      tops.push(group);
    }
  }
  // Every tenth top group is hidden, but never the first.
  for (const [index, top] of tops.entries()) {
    if (index % 10 !== 9) {
      setRole(world, fiona, top, 40);
    }
  }
  for (let index = 0; index < projects; index++) {
    const parent = world.groups[random(world.groups.length)];
    const first = tops[0];
    addProject(world, `project-${index + 1}`, index % 20 === 7 || !parent ? fiona : parent, {
      name: `Project ${index + 1}`,
      archived: index % 20 === 11,
      sharedWith: index % 20 === 13 && first ? [{ groupId: first.id, role: 40 }] : [],
    });
  }
  addClusters(world, clusters, random);
  return world;
}

function addClusters(world: World, clusters: number, random: (below: number) => number): void {
  const ca = certificate('edge').trim();
  const scopes = ['*', 'production', 'staging', 'review/*', 'test'];
  const perOwner = new Map<'instance' | Group | Project, number>();
  for (let index = 0; index < clusters; index++) {
    const level = index % 10 === 0 ? 'instance' : index % 10 < 3 ? 'group' : 'project';
    const owners = level === 'group' ? world.groups : world.projects;
    const owner = (level === 'instance' ? undefined : owners[random(owners.length)]) ?? 'instance';
    const number = perOwner.get(owner) ?? 0;
    perOwner.set(owner, number + 1);
    const physical = Math.floor(index / 40) + 1;
    addCluster(world, owner, {
      name: `cluster-${index + 1}`,
      environmentScope: scopes[number] ?? `env-${number}`,
      enabled: index % 17 !== 3,
      managed: index % 13 !== 5,
      domain: index % 3 === 0 ? `apps-${physical}.example.com` : null,
      creatorId: 2,
      platform: { apiUrl: `https://k8s-${physical}.example.com:6443`, caCert: index % 2 === 0 ? ca : null },
    });
  }
}

/** Mulberry32: small, fast, the same everywhere. */
function randomFrom(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * below);
  };
}
