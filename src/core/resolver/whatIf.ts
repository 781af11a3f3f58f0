import { clusterKey, isReadable } from '../model/cluster';
import type { Cluster, ListedCluster } from '../model/cluster';
import { indexClusters } from './clusterIndex';
import type { ClusterIndex } from './clusterIndex';
import { expectedNamespace, namesOf } from './expectedNamespace';
import type { EnvironmentName } from './expectedNamespace';
import { resolve } from './resolve';
import type { Outcome, ProjectPlace } from './resolve';

/** A project with its environments, as far as they were read. */
interface ProjectEnvironments {
  readonly place: ProjectPlace;
  readonly environments: readonly EnvironmentName[];
}

/** An environment that would be served by another cluster, or in another namespace. */
export interface Moved {
  readonly project: ProjectPlace['project'];
  readonly environment: string;
  readonly from: Outcome;
  readonly to: Outcome;
  /** The expected namespaces, where the cluster stays the same and they would not. */
  readonly namespaces: { readonly from: readonly string[]; readonly to: readonly string[] } | undefined;
  /** Something that was not seen may hold a nearer cluster than the new one. */
  readonly uncertain: boolean;
}

/** How a cluster would be afterwards; undefined where it would be gone. */
export type Afterwards = ReadonlyMap<string, Cluster | undefined>;

export function afterwards(changes: Iterable<readonly [cluster: Cluster, after: Cluster | undefined]>): Afterwards {
  return new Map([...changes].map(([cluster, after]) => [clusterKey(cluster), after]));
}

/** Which environments would change where clusters are disabled, deleted or changed. Sends nothing. */
export function whatChanges(projects: Iterable<ProjectEnvironments>, after: Afterwards): readonly Moved[] {
  return [...projects].flatMap(({ place, environments }) => {
    const changed: ProjectPlace = { ...place, clusters: withChanges(place.clusters, after) };
    return environments.flatMap((environment) => compare(place, changed, environment) ?? []);
  });
}

function compare(before: ProjectPlace, after: ProjectPlace, environment: EnvironmentName): Moved | undefined {
  const from = resolve(before, environment.name);
  const to = resolve(after, environment.name);
  const [{ project }, namespaces] = [before, namespaceChange(before, from.outcome, to.outcome, environment)];
  if (winners(from.outcome) === winners(to.outcome) && !namespaces) return undefined;
  return {
    project,
    environment: environment.name,
    from: from.outcome,
    to: to.outcome,
    namespaces,
    // A cluster that wins by its management project would have won before as well.
    uncertain: to.doubts.some(({ place }) => place !== 'management'),
  };
}

function namespaceChange(
  { project }: ProjectPlace,
  from: Outcome,
  to: Outcome,
  environment: EnvironmentName,
): Moved['namespaces'] {
  if (from.kind !== 'cluster' || to.kind !== 'cluster') return undefined;
  if (clusterKey(from.cluster) !== clusterKey(to.cluster)) return undefined;
  const names = (cluster: Cluster): readonly string[] => namesOf(expectedNamespace(cluster, project, environment));
  const [before, after] = [names(from.cluster), names(to.cluster)];
  return before.join(' ') === after.join(' ') ? undefined : { from: before, to: after };
}

function winners(outcome: Outcome): string {
  switch (outcome.kind) {
    case 'cluster':
      return clusterKey(outcome.cluster);
    case 'ambiguous':
      return outcome.clusters.map(clusterKey).sort().join(' ');
    case 'none':
    case 'switchedOff':
      return outcome.kind;
  }
}

/** The same clusters with some replaced and some gone. */
export function withChanges(clusters: ClusterIndex, after: Afterwards): ClusterIndex {
  return indexClusters(
    clusters.all.flatMap((cluster): readonly ListedCluster[] => {
      if (!isReadable(cluster)) return [cluster];
      const key = clusterKey(cluster);
      if (!after.has(key)) return [cluster];
      const changed = after.get(key);
      return changed ? [changed] : [];
    }),
  );
}
