import { caOf } from '../model/caFacts';
import { clusterKey, ownerKey, ownerPath } from '../model/cluster';
import type { Cluster, ClusterOwner } from '../model/cluster';
import { coversScope, matchesScope, overlapScopes } from './environmentScope';
import { MAX_NAMESPACE, expectedNamespace, namesOf } from './expectedNamespace';
import { groupPaths } from './readPlace';
import { resolve } from './resolve';
import type { ReadProject } from './resolver';

/** Something about a cluster's scope, namespace or CA that will surprise somebody, with the clusters it is about. */
export type ScopeWarning =
  /** Of projects whose environments were read; dynamic ones may come. */
  | { readonly kind: 'matchesNothing'; readonly cluster: Cluster; readonly projects: number }
  /** In every project that was read, a nearer cluster (of the project or a group below) takes everything its scope matches. */
  | { readonly kind: 'shadowed'; readonly cluster: Cluster; readonly by: Cluster }
  | { readonly kind: 'ambiguous'; readonly cluster: Cluster; readonly with: Cluster }
  | { readonly kind: 'duplicateManaged'; readonly cluster: Cluster; readonly with: Cluster }
  /** The `*` of a project hides the exact scope of a group above; that of a group also one of the instance. */
  | { readonly kind: 'hidesExact'; readonly cluster: Cluster; readonly hidden: Cluster }
  | { readonly kind: 'disabledBlocks'; readonly cluster: Cluster }
  | {
      readonly kind: 'namespaceTooLong';
      readonly cluster: Cluster;
      readonly project: string;
      readonly environment: string;
      readonly namespace: string;
    }
  | { readonly kind: 'caExpired'; readonly cluster: Cluster };

/** Looks over everything known of one host: its clusters, and the projects whose environments were read. Sends nothing. */
export function lintScopes(
  clusters: readonly Cluster[],
  projects: readonly ReadProject[],
  now: Date,
): readonly ScopeWarning[] {
  const byOwner = grouped(clusters, ({ owner }) => ownerKey(owner));
  const above = clustersAbove(clusters);
  const around = aroundClusters(projects);
  return [
    ...clusters
      .filter((cluster) => isExpired(cluster, now))
      .map((cluster) => ({ kind: 'caExpired', cluster }) as const),
    ...[...byOwner.values()].flatMap(ambiguousPatterns),
    ...duplicatesByManagement(clusters),
    ...clusters.flatMap((cluster) => hiddenExact(cluster, byOwner, above)),
    ...clusters
      .filter(({ enabled }) => enabled === false)
      .map((cluster) => ({ kind: 'disabledBlocks', cluster }) as const),
    ...clusters.filter(isEnabled).flatMap((cluster) => ofProjects(cluster, around.get(clusterKey(cluster)) ?? [])),
    ...projects.flatMap(longNamespaces),
  ];
}

function grouped(clusters: readonly Cluster[], keyOf: (cluster: Cluster) => string): ReadonlyMap<string, Cluster[]> {
  const groups = new Map<string, Cluster[]>();
  for (const cluster of clusters) {
    const key = keyOf(cluster);
    const group = groups.get(key);
    if (group) group.push(cluster);
    else groups.set(key, [cluster]);
  }
  return groups;
}

function isEnabled({ enabled }: Cluster): boolean {
  return enabled !== false;
}

function isExpired(cluster: Cluster, now: Date): boolean {
  const ca = caOf(cluster);
  return ca !== undefined && ca.validTo < now;
}

/** Two patterns of one owner that some environment matches both: GitLab defines no order among them (7.2). */
function ambiguousPatterns(siblings: readonly Cluster[]): ScopeWarning[] {
  const patterns = siblings.filter(
    (cluster) => isEnabled(cluster) && cluster.environmentScope.includes('*') && cluster.environmentScope !== '*',
  );
  return patterns.flatMap((cluster, index) =>
    patterns
      .slice(index + 1)
      .filter((other) => overlapScopes(cluster.environmentScope, other.environmentScope))
      .map((other): ScopeWarning => ({ kind: 'ambiguous', cluster, with: other })),
  );
}

function duplicatesByManagement(clusters: readonly Cluster[]): ScopeWarning[] {
  const first = new Map<string, Cluster>();
  return clusters.flatMap((cluster): ScopeWarning[] => {
    const { managementProject, environmentScope } = cluster;
    if (!managementProject) return [];
    const key = `${managementProject.id} ${environmentScope}`;
    const other = first.get(key);
    if (!other) first.set(key, cluster);
    return other ? [{ kind: 'duplicateManaged', cluster, with: other }] : [];
  });
}

/** The clusters that come after those of an owner, from its parent group up to the instance. */
function clustersAbove(clusters: readonly Cluster[]): (owner: ClusterOwner) => readonly Cluster[] {
  const byPath = grouped(clusters, ({ owner }) => ownerPath(owner) ?? '');
  return (owner) => {
    if (owner.level === 'instance') return [];
    const groups = groupPaths({ path: owner.path, isPersonal: false })
      .flatMap((path) => byPath.get(path) ?? [])
      .filter((cluster) => cluster.owner.level === 'group');
    // Every project's * hides those of the instance: said of each, that would be no news.
    return owner.level === 'group' ? [...groups, ...(byPath.get('') ?? [])] : groups;
  };
}

/** Nearness beats specificity (7.3). */
function hiddenExact(
  cluster: Cluster,
  byOwner: ReadonlyMap<string, readonly Cluster[]>,
  above: (owner: ClusterOwner) => readonly Cluster[],
): ScopeWarning[] {
  const { owner, environmentScope } = cluster;
  if (environmentScope !== '*' || !isEnabled(cluster)) return [];
  const own = byOwner.get(ownerKey(owner)) ?? [];
  return above(owner)
    .filter((other) => isEnabled(other) && !other.environmentScope.includes('*'))
    .filter((other) => !own.some((mine) => isEnabled(mine) && mine.environmentScope === other.environmentScope))
    .map((hidden): ScopeWarning => ({ kind: 'hidesExact', cluster, hidden }));
}

/** A project that was read, as a cluster on the way up from it meets it. */
interface ProjectAround {
  readonly project: ReadProject;
  /** Enabled clusters that come before this one whatever the environment. */
  readonly nearer: readonly Cluster[];
}

/** By cluster, the projects for which it is a candidate. */
function aroundClusters(projects: readonly ReadProject[]): ReadonlyMap<string, readonly ProjectAround[]> {
  const around = new Map<string, ProjectAround[]>();
  for (const project of projects) {
    const { candidates } = resolve(project.place, undefined);
    const inReach = candidates.filter(({ verdict }) => verdict.kind !== 'outOfReach');
    for (const { cluster, depth } of inReach) {
      const nearer = inReach.filter((one) => one.depth < depth && isEnabled(one.cluster)).map((one) => one.cluster);
      const key = clusterKey(cluster);
      around.set(key, [...(around.get(key) ?? []), { project, nearer }]);
    }
  }
  return around;
}

function ofProjects(cluster: Cluster, around: readonly ProjectAround[]): ScopeWarning[] {
  if (around.length === 0) return [];
  const environments = around.flatMap(({ project }) => project.environments);
  const isComplete = around.every(({ project }) => !project.more);
  const nothing: ScopeWarning[] =
    isComplete &&
    cluster.environmentScope !== '*' &&
    !environments.some(({ name }) => matchesScope(cluster.environmentScope, name))
      ? [{ kind: 'matchesNothing', cluster, projects: around.length }]
      : [];
  const covers = around.map(({ nearer }) =>
    nearer.find((one) => coversScope(one.environmentScope, cluster.environmentScope)),
  );
  const [by] = covers;
  const shadowed: ScopeWarning[] =
    by && covers.every((one) => one !== undefined) ? [{ kind: 'shadowed', cluster, by }] : [];
  return [...nothing, ...shadowed];
}

function longNamespaces({ place, environments }: ReadProject): ScopeWarning[] {
  return environments.flatMap((environment): ScopeWarning[] => {
    const { outcome } = resolve(place, environment.name);
    if (outcome.kind !== 'cluster') return [];
    const { cluster } = outcome;
    const names = namesOf(expectedNamespace(cluster, place.project, environment));
    const namespace = names.find((name) => name.length > MAX_NAMESPACE);
    if (namespace === undefined) return [];
    const project = place.project.path;
    return [{ kind: 'namespaceTooLong', cluster, project, environment: environment.name, namespace }];
  });
}
