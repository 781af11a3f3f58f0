import type { GitLabClient } from '../gitlab/client';
import { listClusters } from '../gitlab/clusters';
import { GitLabError } from '../gitlab/errors';
import type { GitLabErrorKind } from '../gitlab/errors';
import { isOfOnePlace } from '../gitlab/failureKinds';
import { groupByPath, projectWithNamespace } from '../gitlab/projectLists';
import { isReadable, ownerKey } from '../model/cluster';
import type { Cluster, ClusterOwner, ListedCluster } from '../model/cluster';
import { indexClusters } from './clusterIndex';
import type { GroupAbove, ProjectPlace, Unseen } from './resolve';

export interface PlaceSources {
  readonly client: GitLabClient;
  /** Whether instance clusters are asked for: GitLab shows them to administrators only (GitLab API contract 1.3). */
  readonly isAdmin: boolean;
  /** What is known of clusters elsewhere at the host: one of theirs may have the project as its management project. */
  readonly known: readonly Cluster[];
  /** Whether that is all there is at the host. */
  readonly isAllKnown: boolean;
  readonly signal?: AbortSignal | undefined;
}

/** A project as the list of projects has it. */
export interface ListedProject {
  readonly id: number;
  readonly path: string;
  /** In somebody's personal namespace; undefined where that is not known yet. */
  readonly isPersonal: boolean | undefined;
}

interface OwnerList {
  readonly clusters: readonly ListedCluster[];
  readonly unseen: readonly Unseen[];
}

/** A group above, if it can be seen, with its clusters. */
interface GroupList extends OwnerList {
  readonly group: GroupAbove | undefined;
}

/**
 * Reads where projects lie and every cluster around them. Groups and the instance are read once for all projects that are
 * asked about: two requests for each group, one for the instance, and one or two for each project.
 */
export class PlaceReader {
  private readonly sources: PlaceSources;
  private readonly groups = new Map<string, Promise<GroupList>>();
  private instance: Promise<OwnerList> | undefined;

  constructor(sources: PlaceSources) {
    this.sources = sources;
  }

  /**
   * `known`: clusters of the project that need not be read. Throws GitLabError where the project cannot be read or the
   * host not be reached; what else cannot be read is in `unseen`.
   */
  async read(asked: number | ListedProject, known?: readonly ListedCluster[]): Promise<ProjectPlace> {
    const { client, signal } = this.sources;
    const id = typeof asked === 'number' ? asked : asked.id;
    const isListed = typeof asked !== 'number' && asked.isPersonal !== undefined;
    const project = isListed ? asked : await projectWithNamespace(client, id, signal);
    const own: ClusterOwner = { level: 'project', id: project.id, path: project.path };
    const [ownList, groups, instance] = await Promise.all([
      known ? { clusters: known, unseen: [] } : readOwner(client, own, signal),
      Promise.all(groupPaths(project).map((path) => this.group(path))),
      this.ofInstance(),
    ]);
    return this.placeOf(project, own, ownList, groups, instance);
  }

  private placeOf(
    project: ListedProject,
    own: ClusterOwner,
    ownList: OwnerList,
    groups: readonly GroupList[],
    instance: OwnerList,
  ): ProjectPlace {
    const found = groups.flatMap(({ group }) => group ?? []);
    const lists = [ownList, ...groups, instance];
    const read = new Set([own, ...found.map(toOwner), { level: 'instance' } as const].map(ownerKey));
    const elsewhere = this.sources.known.filter(
      ({ owner, managementProject }) => managementProject?.id === project.id && !read.has(ownerKey(owner)),
    );
    const unseen = lists.flatMap((list) => list.unseen);
    const isGroupUnseen = groups.some((list) => list.unseen.length > 0);
    return {
      project: { id: project.id, path: project.path },
      groups: found,
      clusters: indexClusters([...lists.flatMap((list) => list.clusters), ...elsewhere]),
      unseen: [...unseen, ...(this.sources.isAllKnown && !isGroupUnseen ? [] : [{ place: 'management' } as const])],
      switchedOff: ownList.unseen.some((one) => one.place === 'owner' && one.reason === 'clustersUnavailable'),
    };
  }

  private group(path: string): Promise<GroupList> {
    const reading = this.groups.get(path) ?? readGroup(this.sources.client, path, this.sources.signal);
    this.groups.set(path, reading);
    return reading;
  }

  private ofInstance(): Promise<OwnerList> {
    const { client, isAdmin, signal } = this.sources;
    const owner: ClusterOwner = { level: 'instance' };
    this.instance ??= isAdmin
      ? readOwner(client, owner, signal)
      : Promise.resolve({ clusters: [], unseen: [{ place: 'owner', owner, reason: 'forbidden' }] });
    return this.instance;
  }
}

/** A place with the clusters of each owner around it as `present` has them, where it has them. */
export function withPresentClusters(
  place: ProjectPlace,
  present: (owner: ClusterOwner) => readonly ListedCluster[] | undefined,
): ProjectPlace {
  const owners = new Map<string, ClusterOwner>();
  const around: readonly ClusterOwner[] = [
    { level: 'project', ...place.project },
    ...place.groups.map(toOwner),
    { level: 'instance' },
    ...place.clusters.all.map(({ owner }) => owner),
  ];
  for (const owner of around) owners.set(ownerKey(owner), owner);
  const way = new Set(around.slice(0, place.groups.length + 2).map(ownerKey));
  const clusters = [...owners].flatMap(([key, owner]): readonly ListedCluster[] => {
    const was = place.clusters.all.filter((cluster) => ownerKey(cluster.owner) === key);
    const now = present(owner);
    if (!now || way.has(key)) return now ?? was;
    // Elsewhere only what this project manages counts.
    return now.filter((cluster) => isReadable(cluster) && cluster.managementProject?.id === place.project.id);
  });
  return { ...place, clusters: indexClusters(clusters) };
}

/** The same for one project. */
export function readPlace(projectId: number, sources: PlaceSources): Promise<ProjectPlace> {
  return new PlaceReader(sources).read(projectId);
}

/** The full paths of the groups above a project, nearest first; none in a personal namespace. */
export function groupPaths({ path, isPersonal }: Omit<ListedProject, 'id'>): readonly string[] {
  if (isPersonal) return [];
  const parts = path.split('/').slice(0, -1);
  return parts.map((_, index) => parts.slice(0, parts.length - index).join('/'));
}

async function readGroup(client: GitLabClient, path: string, signal: AbortSignal | undefined): Promise<GroupList> {
  try {
    const group = { path, id: await groupByPath(client, path, signal) };
    return { group, ...(await readOwner(client, toOwner(group), signal)) };
  } catch (error) {
    const reason = tolerated(error);
    return { group: undefined, clusters: [], unseen: [{ place: 'hiddenGroup', path, reason }] };
  }
}

/** An owner's clusters, or that they cannot be seen. Throws GitLabError where nothing else could be read either. */
async function readOwner(
  client: GitLabClient,
  owner: ClusterOwner,
  signal: AbortSignal | undefined,
): Promise<OwnerList> {
  try {
    return { clusters: await listClusters(client, owner, signal), unseen: [] };
  } catch (error) {
    const reason = tolerated(error);
    // A GitLab without the endpoint has no such clusters (GitLab API contract 10).
    return { clusters: [], unseen: reason === 'unsupported' ? [] : [{ place: 'owner', owner, reason }] };
  }
}

/** The kind of a failure that leaves the rest readable; throws any other. */
export function tolerated(error: unknown): GitLabErrorKind {
  if (error instanceof GitLabError && isOfOnePlace(error)) return error.kind;
  throw error;
}

function toOwner(group: GroupAbove): ClusterOwner {
  return { level: 'group', ...group };
}
