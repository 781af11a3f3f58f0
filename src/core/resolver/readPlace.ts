import type { GitLabClient } from '../gitlab/client';
import { listClusters } from '../gitlab/clusters';
import { GitLabError } from '../gitlab/errors';
import type { GitLabErrorKind } from '../gitlab/errors';
import { groupByPath, projectWithNamespace } from '../gitlab/owners';
import { ownerKey } from '../model/cluster';
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

/**
 * Reads where a project lies and every cluster around it: one request for the project, two for each group above it, one
 * for its own clusters and one for the instance's. Throws GitLabError where the project cannot be read or the host not be
 * reached; what else cannot be read is in `unseen`.
 */
export async function readPlace(projectId: number, sources: PlaceSources): Promise<ProjectPlace> {
  const { client, isAdmin, known, signal } = sources;
  const project = await projectWithNamespace(client, projectId, signal);
  const own: ClusterOwner = { level: 'project', id: project.id, path: project.path };
  const [ownList, groups, instance] = await Promise.all([
    readOwner(client, own, signal),
    Promise.all(groupPaths(project).map((path) => readGroup(client, path, signal))),
    isAdmin ? readOwner(client, { level: 'instance' }, signal) : hidden({ level: 'instance' }),
  ]);
  const found = groups.flatMap(({ group }) => group ?? []);
  const lists = [ownList, ...groups.map(({ list }) => list), instance];
  const read = new Set([own, ...found.map(toOwner), { level: 'instance' } as const].map(ownerKey));
  const elsewhere = known.filter(
    ({ owner, managementProject }) => managementProject?.id === project.id && !read.has(ownerKey(owner)),
  );
  const unseen = lists.flatMap((list) => list.unseen);
  const isGroupUnseen = unseen.some(
    (one) => one.place === 'hiddenGroup' || (one.place === 'owner' && one.owner.level === 'group'),
  );
  return {
    project: { id: project.id, path: project.path },
    groups: found,
    clusters: indexClusters([...lists.flatMap((list) => list.clusters), ...elsewhere]),
    unseen: [...unseen, ...(sources.isAllKnown && !isGroupUnseen ? [] : [{ place: 'management' } as const])],
    switchedOff: ownList.unseen.some((one) => one.place === 'owner' && one.reason === 'clustersUnavailable'),
  };
}

/** The full paths of the groups above a project, nearest first; none in a personal namespace. */
export function groupPaths({
  path,
  isPersonal,
}: {
  readonly path: string;
  readonly isPersonal: boolean;
}): readonly string[] {
  if (isPersonal) return [];
  const parts = path.split('/').slice(0, -1);
  return parts.map((_, index) => parts.slice(0, parts.length - index).join('/'));
}

interface OwnerList {
  readonly clusters: readonly ListedCluster[];
  readonly unseen: readonly Unseen[];
}

async function readGroup(
  client: GitLabClient,
  path: string,
  signal: AbortSignal | undefined,
): Promise<{ readonly group: GroupAbove | undefined; readonly list: OwnerList }> {
  try {
    const group = { path, id: await groupByPath(client, path, signal) };
    return { group, list: await readOwner(client, toOwner(group), signal) };
  } catch (error) {
    const reason = tolerated(error);
    return { group: undefined, list: { clusters: [], unseen: [{ place: 'hiddenGroup', path, reason }] } };
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

function hidden(owner: ClusterOwner): OwnerList {
  return { clusters: [], unseen: [{ place: 'owner', owner, reason: 'forbidden' }] };
}

/** Failures of one place alone. */
const ofOnePlace: readonly GitLabErrorKind[] = [
  'forbidden',
  'notFound',
  'clustersUnavailable',
  'unsupported',
  'insufficientScope',
  'server',
  'protocol',
  'timeout',
];

/** The kind of a failure that leaves the rest readable; throws any other. */
function tolerated(error: unknown): GitLabErrorKind {
  if (error instanceof GitLabError && ofOnePlace.includes(error.kind)) return error.kind;
  throw error;
}

function toOwner(group: GroupAbove): ClusterOwner {
  return { level: 'group', ...group };
}
