import type { GitLabErrorKind } from '../gitlab/errors';
import { ownerKey } from '../model/cluster';
import type { Cluster, ClusterOwner, UnreadableCluster } from '../model/cluster';
import type { ClusterIndex } from './clusterIndex';
import { matchesScope, scopeRank } from './environmentScope';
import type { ScopeRank } from './environmentScope';

/** A group above a project. */
export interface GroupAbove {
  readonly id: number;
  readonly path: string;
}

/** A place whose clusters are not known, or not all of them. */
export type Unseen =
  | { readonly place: 'owner'; readonly owner: ClusterOwner; readonly reason: GitLabErrorKind }
  /** A group above that GitLab shows no id of. */
  | { readonly place: 'hiddenGroup'; readonly path: string; readonly reason: GitLabErrorKind }
  /** Projects beside this one, or groups above: a cluster of theirs wins if its management project is this one. */
  | { readonly place: 'management' };

/** Where a project lies, and what is known of the clusters around it. */
export interface ProjectPlace {
  readonly project: { readonly id: number; readonly path: string };
  /** Nearest first; those that are hidden are left out, and in `unseen`. None in a personal namespace. */
  readonly groups: readonly GroupAbove[];
  readonly clusters: ClusterIndex;
  readonly unseen: readonly Unseen[];
  /** The certificate-based integration is switched off here: GitLab gives jobs no cluster at all. */
  readonly switchedOff: boolean;
}

/** Why a candidate was not chosen, or that it was. `than` is a cluster that was preferred. */
export type Verdict =
  | { readonly kind: 'chosen' }
  /** One of several of the same rank: GitLab names no order among them. */
  | { readonly kind: 'tied' }
  | { readonly kind: 'disabled' }
  | { readonly kind: 'scopeDoesNotMatch' }
  /** A job without environment gets a cluster with scope `*` only. */
  | { readonly kind: 'needsEnvironment' }
  | { readonly kind: 'farther'; readonly than: Cluster }
  | { readonly kind: 'lessSpecific'; readonly than: Cluster }
  | { readonly kind: 'switchedOff' }
  /** Its management project is this one, yet it belongs to a place that does not count. */
  | { readonly kind: 'outOfReach' };

interface Candidate {
  readonly cluster: Cluster;
  /**
   * 0 for a cluster whose management project this is, 1 for the project's own, 2 for its group, 3 for the group above,
   * and so on; the instance comes last.
   */
  readonly depth: number;
  readonly verdict: Verdict;
}

export type Outcome =
  | { readonly kind: 'cluster'; readonly cluster: Cluster; readonly depth: number; readonly rank: ScopeRank }
  | { readonly kind: 'ambiguous'; readonly clusters: readonly Cluster[]; readonly depth: number }
  | { readonly kind: 'none' }
  | { readonly kind: 'switchedOff' };

export interface Resolution {
  readonly environment: string | undefined;
  readonly outcome: Outcome;
  /** From near to far, the preferred first within a level. */
  readonly candidates: readonly Candidate[];
  /** Entries of lists that could not be read, with the level they are on. */
  readonly unreadable: readonly { readonly cluster: UnreadableCluster; readonly depth: number }[];
  /** What was not seen and might hold a cluster that would win. */
  readonly doubts: readonly Unseen[];
}

interface Placed {
  readonly cluster: Cluster;
  readonly depth: number;
  /** Undefined where it cannot be chosen. */
  readonly rank: ScopeRank | undefined;
  readonly excluded: Verdict | undefined;
}

const rankOrder: Readonly<Record<ScopeRank, number>> = { exact: 0, pattern: 1, everything: 2 };

/**
 * Which cluster GitLab gives a job of a project in an environment (GitLab API contract 7.3): nearness first, then how
 * specific the scope is; the instance only where nothing nearer matches. `environment` undefined is a job without one.
 */
export function resolve(place: ProjectPlace, environment: string | undefined): Resolution {
  const placed = candidatesOf(place).map(({ cluster, depth }) => judge(place, environment, cluster, depth));
  placed.sort(inOrder);
  const eligible = placed.filter(({ rank }) => rank !== undefined);
  const [first] = eligible;
  const best = first ? eligible.filter((one) => one.depth === first.depth && one.rank === first.rank) : [];
  const outcome = outcomeOf(place, best);
  return {
    environment,
    outcome,
    candidates: placed.map((one) => ({
      cluster: one.cluster,
      depth: one.depth,
      verdict: one.excluded ?? verdictOf(one, best),
    })),
    unreadable: unreadableOf(place),
    doubts: doubtsOf(place, outcome),
  };
}

/** The depth of instance clusters: behind every group. Groups that are hidden count, as they lie before it. */
function instanceDepth(place: Pick<ProjectPlace, 'project'>): number {
  return place.project.path.split('/').length + 1;
}

/** The depth of an owner on the way up from a project; undefined where it does not lie on it. */
export function depthOf(place: Pick<ProjectPlace, 'project' | 'groups'>, owner: ClusterOwner): number | undefined {
  switch (owner.level) {
    case 'instance':
      return instanceDepth(place);
    case 'project':
      return owner.id === place.project.id ? 1 : undefined;
    case 'group': {
      const group = place.groups.find(({ id }) => id === owner.id);
      return group && groupDepth(place, group.path);
    }
  }
}

/** By its path, so that a hidden group between two others keeps its step. */
function groupDepth({ project }: Pick<ProjectPlace, 'project'>, path: string): number {
  return project.path.split('/').length - path.split('/').length + 1;
}

/** Each cluster once, at its least depth. */
function candidatesOf(place: ProjectPlace): { readonly cluster: Cluster; readonly depth: number }[] {
  const { project, groups, clusters } = place;
  const owners: readonly ClusterOwner[] = [
    { level: 'project', ...project },
    ...groups.map((group) => ({ level: 'group', ...group }) as const),
    { level: 'instance' },
  ];
  const managed = clusters.managedBy(project.id);
  const isManaged = new Set(managed);
  const around = owners.flatMap((owner) => {
    const depth = depthOf(place, owner) ?? 0;
    // Instance clusters are asked last whatever their management project is.
    return clusters
      .of(owner)
      .map((cluster) => ({ cluster, depth: owner.level !== 'instance' && isManaged.has(cluster) ? 0 : depth }));
  });
  const known = new Set(around.map(({ cluster }) => cluster));
  return [...around, ...managed.filter((cluster) => !known.has(cluster)).map((cluster) => ({ cluster, depth: 0 }))];
}

function judge(place: ProjectPlace, environment: string | undefined, cluster: Cluster, depth: number): Placed {
  const excluded = exclusionOf(place, environment, cluster, depth);
  const scope = cluster.environmentScope;
  const rank = excluded ? undefined : environment === undefined ? 'everything' : scopeRank(scope, environment);
  return { cluster, depth, rank, excluded };
}

function exclusionOf(
  place: ProjectPlace,
  environment: string | undefined,
  cluster: Cluster,
  depth: number,
): Verdict | undefined {
  if (place.switchedOff) return { kind: 'switchedOff' };
  if (depth === 0 && !isInReach(place, cluster)) return { kind: 'outOfReach' };
  // Old versions do not report it (GitLab API contract 2.1); a cluster is enabled unless somebody disabled it.
  if (cluster.enabled === false) return { kind: 'disabled' };
  if (environment === undefined) return cluster.environmentScope === '*' ? undefined : { kind: 'needsEnvironment' };
  return matchesScope(cluster.environmentScope, environment) ? undefined : { kind: 'scopeDoesNotMatch' };
}

/** By management project count clusters of projects in the very same namespace, and of groups above (7.3). */
function isInReach(place: ProjectPlace, { owner }: Cluster): boolean {
  if (owner.level !== 'project') return depthOf(place, owner) !== undefined;
  return owner.id === place.project.id || namespaceOf(owner.path) === namespaceOf(place.project.path);
}

function namespaceOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/'))).toLowerCase();
}

function inOrder(one: Placed, other: Placed): number {
  return (
    one.depth - other.depth ||
    (one.rank ? rankOrder[one.rank] : 3) - (other.rank ? rankOrder[other.rank] : 3) ||
    one.cluster.id - other.cluster.id
  );
}

function outcomeOf(place: ProjectPlace, best: readonly Placed[]): Outcome {
  if (place.switchedOff) return { kind: 'switchedOff' };
  const [first] = best;
  if (!first?.rank) return { kind: 'none' };
  const { cluster, depth, rank } = first;
  return best.length === 1
    ? { kind: 'cluster', cluster, depth, rank }
    : { kind: 'ambiguous', clusters: best.map((one) => one.cluster), depth };
}

function verdictOf(one: Placed, best: readonly Placed[]): Verdict {
  const [first] = best;
  if (!first) return { kind: 'scopeDoesNotMatch' };
  if (best.includes(one)) return { kind: best.length === 1 ? 'chosen' : 'tied' };
  return { kind: one.depth > first.depth ? 'farther' : 'lessSpecific', than: first.cluster };
}

function unreadableOf(place: ProjectPlace): Resolution['unreadable'] {
  const owners: readonly ClusterOwner[] = [
    { level: 'project', ...place.project },
    ...place.groups.map((group) => ({ level: 'group', ...group }) as const),
    { level: 'instance' },
  ];
  return owners.flatMap((owner) =>
    place.clusters.unreadableOf(owner).map((cluster) => ({ cluster, depth: depthOf(place, owner) ?? 0 })),
  );
}

/** Only what lies as near as the cluster that was found, or nearer, can change the answer. */
function doubtsOf(place: ProjectPlace, outcome: Outcome): Unseen[] {
  if (outcome.kind === 'switchedOff') return [];
  const reach = outcome.kind === 'none' ? Infinity : outcome.depth;
  const entries = unreadableOf(place).map(({ cluster }) => cluster.owner);
  const owners = new Map(entries.map((owner) => [ownerKey(owner), owner]));
  const unread: Unseen[] = [...owners.values()].map((owner) => ({ place: 'owner', owner, reason: 'protocol' }));
  const listed = new Set(place.unseen.flatMap((one) => (one.place === 'owner' ? [ownerKey(one.owner)] : [])));
  return [...place.unseen, ...unread.filter((one) => one.place !== 'owner' || !listed.has(ownerKey(one.owner)))].filter(
    (one) => unseenDepth(place, one) <= reach,
  );
}

/** How near the clusters of a place are that was not seen. */
function unseenDepth(place: Pick<ProjectPlace, 'project' | 'groups'>, unseen: Unseen): number {
  switch (unseen.place) {
    case 'management':
      return 0;
    case 'hiddenGroup':
      return groupDepth(place, unseen.path);
    case 'owner':
      return depthOf(place, unseen.owner) ?? 0;
  }
}
