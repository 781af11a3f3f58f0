import { projectListPage } from '../gitlab/projectLists';
import { ownerKey } from '../model/cluster';
import type { Cluster } from '../model/cluster';
import type { HostUrl } from '../model/host';
import { kubernetesActive } from './jobVariables';
import { tolerated } from './readPlace';
import type { ListedProject } from './readPlace';
import type { ReadProject, Resolver } from './resolver';
import { afterwards, whatChanges, withChanges } from './whatIf';
import type { Moved } from './whatIf';

/** A cluster with how it would be afterwards; undefined where it would be deleted. */
export interface PlannedChange {
  readonly cluster: Cluster;
  readonly after: Cluster | undefined;
}

export interface WhatIf {
  readonly moved: readonly Moved[];
  /** Full paths of projects that would lose CI_KUBERNETES_ACTIVE, so that jobs gated by it silently vanish. */
  readonly inactive: readonly string[];
  /** What was compared. */
  readonly projects: number;
  readonly environments: number;
  /** Projects the clusters may serve that were not looked at. */
  readonly unchecked: number;
}

/** Projects looked at where clusters of groups or of the instance change: a question must not take long. */
const MAX_PROJECTS = 20;

/**
 * What would become of environments where clusters are changed or deleted: from what is read now, for few projects. Whoever
 * wants all has the served environments of a cluster shown. Throws GitLabError.
 */
export async function checkWhatIf(
  resolver: Resolver,
  changes: readonly PlannedChange[],
  signal?: AbortSignal,
): Promise<WhatIf> {
  return (await readAround(resolver, changes, signal))(changes);
}

/** The same for whoever tries several changes of the same clusters: only the first is read for. Throws GitLabError. */
export async function readAround(
  resolver: Resolver,
  changes: readonly PlannedChange[],
  signal?: AbortSignal,
): Promise<(changes: readonly PlannedChange[]) => WhatIf> {
  const hosts = [...new Set(changes.map(({ cluster }) => cluster.host))];
  const read = await Promise.all(
    hosts.map((host) =>
      readAtHost(
        resolver,
        host,
        changes.filter(({ cluster }) => cluster.host === host),
        signal,
      ),
    ),
  );
  const projects = read.flatMap((one) => one.projects);
  const unchecked = read.reduce((sum, one) => sum + one.unchecked, 0);
  return (planned) => ({ ...compare(projects, planned), unchecked });
}

async function readAtHost(
  resolver: Resolver,
  host: HostUrl,
  changes: readonly PlannedChange[],
  signal: AbortSignal | undefined,
): Promise<{ readonly projects: readonly ReadProject[]; readonly unchecked: number }> {
  const { projects, more } = await projectsOf(resolver, host, changes, signal);
  const places = await resolver.places(host, signal);
  const read = await Promise.all(
    projects.map(async (project): Promise<ReadProject | undefined> => {
      try {
        return await resolver.project(host, project, places, { signal });
      } catch (error) {
        tolerated(error);
        return undefined;
      }
    }),
  );
  const found = read.flatMap((one) => one ?? []);
  return { projects: found, unchecked: more + projects.length - found.length };
}

/** The same of projects that were read already. Sends nothing. */
export function compare(
  projects: readonly ReadProject[],
  changes: readonly PlannedChange[],
): Omit<WhatIf, 'unchecked'> {
  const after = afterwards(changes.map(({ cluster, after: changed }) => [cluster, changed]));
  const lost = projects.filter(
    ({ place }) =>
      kubernetesActive(place) === true &&
      kubernetesActive({ ...place, clusters: withChanges(place.clusters, after) }) !== true,
  );
  return {
    moved: whatChanges(projects, after),
    inactive: lost.map(({ place }) => place.project.path),
    projects: projects.length,
    environments: projects.reduce((sum, { environments }) => sum + environments.length, 0),
  };
}

/** The projects that clusters may serve, as many as are looked at, and how many there are besides. */
async function projectsOf(
  resolver: Resolver,
  host: HostUrl,
  changes: readonly PlannedChange[],
  signal: AbortSignal | undefined,
): Promise<{ readonly projects: readonly ListedProject[]; readonly more: number }> {
  // One that is disabled before and after serves nobody.
  const serving = changes.filter(
    ({ cluster, after }) => cluster.enabled !== false || (after && after.enabled !== false),
  );
  const found = new Map<number, ListedProject>();
  let more = 0;
  const owners = new Map(serving.map(({ cluster }) => [ownerKey(cluster.owner), cluster.owner]));
  for (const { cluster, after } of serving) {
    // The one it has serves others afterwards, and the one it gets is served by it then.
    for (const { id, path } of [cluster.managementProject ?? [], after?.managementProject ?? []].flat())
      found.set(id, { id, path, isPersonal: undefined });
  }
  for (const owner of owners.values()) {
    if (owner.level === 'project') found.set(owner.id, { id: owner.id, path: owner.path, isPersonal: undefined });
  }
  for (const owner of owners.values()) {
    if (owner.level === 'project') continue;
    const client = await resolver.client(host);
    const page = await projectListPage(client, owner.level === 'group' ? owner.id : undefined, 1, signal);
    for (const project of page.projects) if (!found.has(project.id)) found.set(project.id, project);
    more += (page.total ?? page.projects.length + (page.next === undefined ? 0 : 1)) - page.projects.length;
  }
  const all = [...found.values()];
  return { projects: all.slice(0, MAX_PROJECTS), more: more + Math.max(0, all.length - MAX_PROJECTS) };
}
