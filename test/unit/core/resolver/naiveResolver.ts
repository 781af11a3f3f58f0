/**
 * GitLab API contract 7 once more, step by step as its sentences stand there, over plain rows with parent ids. Slow, and it
 * shares no line with the resolver: it is what that is compared with.
 */
export interface NaiveWorld {
  readonly flagOff: boolean;
  readonly groups: readonly { readonly id: number; readonly parent: number | undefined }[];
  /** `parent` is a group's id; undefined is the personal namespace of one and the same user. */
  readonly projects: readonly { readonly id: number; readonly parent: number | undefined }[];
  readonly clusters: readonly NaiveCluster[];
  /** The project that is asked about. */
  readonly project: number;
  readonly environment: string | undefined;
}

export interface NaiveCluster {
  readonly id: number;
  readonly on: { readonly kind: 'project' | 'group'; readonly id: number } | { readonly kind: 'instance' };
  readonly scope: string;
  readonly enabled: boolean;
  readonly managementProject: number | undefined;
}

export interface NaiveAnswer {
  /** Ids of the clusters that may be given; several are ambiguous. */
  readonly winners: readonly number[];
  /** Why each other cluster that was looked at was not taken. */
  readonly losers: Readonly<Record<number, string>>;
}

export function naiveAnswer(world: NaiveWorld): NaiveAnswer {
  const losers: Record<number, string> = {};
  const chain = groupChain(world);
  const me = world.projects.find(({ id }) => id === world.project);
  // 7.3 step 1: the levels, nearest first.
  const levels: NaiveCluster[][] = [[], [], ...chain.map((): NaiveCluster[] => [])];
  const instance: NaiveCluster[] = [];
  for (const cluster of world.clusters) {
    const { on } = cluster;
    const manages = cluster.managementProject === world.project;
    if (on.kind === 'instance') {
      instance.push(cluster);
    } else if (on.kind === 'project') {
      const owner = world.projects.find(({ id }) => id === on.id);
      const sameNamespace = owner !== undefined && owner.parent === me?.parent;
      if (manages && sameNamespace) levels[0]?.push(cluster);
      else if (on.id === world.project) levels[1]?.push(cluster);
      else if (manages) losers[cluster.id] = world.flagOff ? 'switchedOff' : 'outOfReach';
    } else {
      const at = chain.indexOf(on.id);
      if (at >= 0) levels[manages ? 0 : at + 2]?.push(cluster);
      else if (manages) losers[cluster.id] = world.flagOff ? 'switchedOff' : 'outOfReach';
    }
  }
  levels.push(instance);
  // Steps 2 to 6: the first level where anything enabled matches, there the best rank.
  let winners: number[] | undefined;
  for (const level of levels) {
    const matching: NaiveCluster[] = [];
    for (const cluster of level) {
      if (world.flagOff) losers[cluster.id] = 'switchedOff';
      else if (!cluster.enabled) losers[cluster.id] = 'disabled';
      else if (world.environment === undefined) {
        if (cluster.scope === '*') matching.push(cluster);
        else losers[cluster.id] = 'needsEnvironment';
      } else if (asRegExp(cluster.scope).test(world.environment)) matching.push(cluster);
      else losers[cluster.id] = 'scopeDoesNotMatch';
    }
    if (winners) {
      for (const { id } of matching) losers[id] = 'farther';
    } else if (matching.length > 0) {
      const best = Math.max(...matching.map(({ scope }) => rank(scope, world.environment)));
      winners = matching.filter(({ scope }) => rank(scope, world.environment) === best).map(({ id }) => id);
      for (const { id } of matching) if (!winners.includes(id)) losers[id] = 'lessSpecific';
    }
  }
  return { winners: winners ?? [], losers };
}

function groupChain(world: NaiveWorld): number[] {
  const chain: number[] = [];
  let at = world.projects.find(({ id }) => id === world.project)?.parent;
  while (at !== undefined) {
    chain.push(at);
    const here: number = at;
    at = world.groups.find(({ id }) => id === here)?.parent;
  }
  return chain;
}

/** 7.2: exact 2, pattern 1, `*` 0. */
function rank(scope: string, environment: string | undefined): number {
  if (environment === undefined || scope === '*') return 0;
  return scope === environment ? 2 : 1;
}

/** 7.1 as a regular expression. */
function asRegExp(scope: string): RegExp {
  const parts = scope.split('*').map((part) => part.replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`, 's');
}
