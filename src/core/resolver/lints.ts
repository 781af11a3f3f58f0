import { caOf } from '../model/caFacts';
import { clusterKey, ownerKey } from '../model/cluster';
import type { Cluster } from '../model/cluster';
import { coversScope, matchesScope, overlapScopes } from './environmentScope';
import { MAX_NAMESPACE, expectedNamespace, namesOf } from './expectedNamespace';
import { groupPaths } from './readPlace';
import { resolve } from './resolve';
import type { ReadProject } from './resolver';

/** Something about a cluster's scope, namespace or CA that will surprise somebody, with the clusters it is about. */
export type ScopeWarning =
  /** Of projects whose environments were read; dynamic ones may come. */
  | { readonly kind: 'matchesNothing'; readonly cluster: Cluster; readonly projects: number }
  /** In every project that was read, a nearer cluster takes everything its scope matches. */
  | { readonly kind: 'shadowed'; readonly cluster: Cluster; readonly by: Cluster }
  | { readonly kind: 'ambiguous'; readonly cluster: Cluster; readonly with: Cluster }
  | { readonly kind: 'duplicateManaged'; readonly cluster: Cluster; readonly with: Cluster }
  /** A project's `*` hides the exact scope of a group above. */
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
  const byGroupPath = grouped(clusters, ({ owner }) => (owner.level === 'group' ? owner.path : ''));
  return [
    ...clusters
      .filter((cluster) => isExpired(cluster, now))
      .map((cluster) => ({ kind: 'caExpired', cluster }) as const),
    ...[...byOwner.values()].flatMap(ambiguousPatterns),
    ...duplicatesByManagement(clusters),
    ...clusters.flatMap((cluster) => hiddenExact(cluster, byOwner, byGroupPath)),
    ...clusters
      .filter(({ enabled }) => enabled === false)
      .map((cluster) => ({ kind: 'disabledBlocks', cluster }) as const),
    ...clusters.filter(isEnabled).flatMap((cluster) => ofProjects(cluster, projects)),
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

/** Nearness beats specificity (7.3). */
function hiddenExact(
  cluster: Cluster,
  byOwner: ReadonlyMap<string, readonly Cluster[]>,
  byGroupPath: ReadonlyMap<string, readonly Cluster[]>,
): ScopeWarning[] {
  const { owner, environmentScope } = cluster;
  if (owner.level !== 'project' || environmentScope !== '*' || !isEnabled(cluster)) return [];
  const own = byOwner.get(ownerKey(owner)) ?? [];
  return groupPaths({ path: owner.path, isPersonal: false })
    .flatMap((path) => byGroupPath.get(path) ?? [])
    .filter((other) => isEnabled(other) && !other.environmentScope.includes('*'))
    .filter((other) => !own.some((mine) => isEnabled(mine) && mine.environmentScope === other.environmentScope))
    .map((hidden): ScopeWarning => ({ kind: 'hidesExact', cluster, hidden }));
}

function ofProjects(cluster: Cluster, projects: readonly ReadProject[]): ScopeWarning[] {
  const key = clusterKey(cluster);
  const around = projects.filter(({ place }) =>
    place.clusters.all.some((one) => 'id' in one && clusterKey(one) === key),
  );
  if (around.length === 0) return [];
  const environments = around.flatMap((project) => project.environments);
  const isComplete = around.every(({ more }) => !more);
  const nothing: ScopeWarning[] =
    isComplete &&
    cluster.environmentScope !== '*' &&
    !environments.some(({ name }) => matchesScope(cluster.environmentScope, name))
      ? [{ kind: 'matchesNothing', cluster, projects: around.length }]
      : [];
  const nearer = around.map((project) => nearerCover(cluster, project));
  const [by] = nearer;
  const shadowed: ScopeWarning[] =
    cluster.owner.level === 'group' && by && nearer.every((one) => one !== undefined)
      ? [{ kind: 'shadowed', cluster, by }]
      : [];
  return [...nothing, ...shadowed];
}

/** A project's own enabled cluster that matches everything a cluster of a group matches. */
function nearerCover(cluster: Cluster, { place }: ReadProject): Cluster | undefined {
  return place.clusters
    .of({ level: 'project', ...place.project })
    .find((own) => isEnabled(own) && coversScope(own.environmentScope, cluster.environmentScope));
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
