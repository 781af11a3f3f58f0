import { projectListPage } from '../gitlab/projectLists';
import { toGitLabError } from '../gitlab/errors';
import type { GitLabError } from '../gitlab/errors';
import { isOfOnePlace } from '../gitlab/failureKinds';
import { clusterKey } from '../model/cluster';
import type { Cluster } from '../model/cluster';
import { drain, Queue } from '../time/taskPool';
import { expectedNamespace } from './expectedNamespace';
import type { ExpectedNamespace } from './expectedNamespace';
import { groupPaths } from './readPlace';
import type { ListedProject } from './readPlace';
import { resolve } from './resolve';
import type { Outcome } from './resolve';
import type { ReadProject, Resolver } from './resolver';

/** What finding out whom a cluster serves will cost. */
export interface ServedPlan {
  readonly projects: readonly ListedProject[];
  /** There are more projects than are looked at. */
  readonly isCut: boolean;
  /** Requests at most, those already sent for the plan not counted. */
  readonly requests: number;
  /** Requests that were sent to make the plan. */
  readonly sent: number;
}

/** An environment of a project that the cluster serves, or would serve. */
export interface ServedEnvironment {
  readonly project: ReadProject['place']['project'];
  readonly environment: string;
  readonly namespace: ExpectedNamespace;
}

export interface Served {
  readonly serves: readonly ServedEnvironment[];
  /** It may serve them: other scopes are equally specific. */
  readonly ambiguous: readonly ServedEnvironment[];
  /** Its scope matches, but another cluster comes first. */
  readonly shadowed: readonly (ServedEnvironment & { readonly by: Outcome })[];
  /** Projects whose environments could not be read. */
  readonly failures: readonly { readonly project: ListedProject; readonly error: GitLabError }[];
  /** Projects with more environments than were looked at. */
  readonly cut: readonly string[];
  readonly projects: number;
}

/** More projects are not looked at: it would take very long, and load GitLab. */
export const MAX_PROJECTS = 2000;
/** Projects at a time; the host's own limit of requests holds as well. */
const PROJECTS_AT_ONCE = 8;

/** Finds the projects a cluster may serve, in as few requests as GitLab allows. Throws GitLabError. */
export async function planServed(resolver: Resolver, cluster: Cluster, signal?: AbortSignal): Promise<ServedPlan> {
  const { host, owner, managementProject } = cluster;
  const client = await resolver.client(host);
  const projects: ListedProject[] = [];
  let sent = 0;
  let isCut = false;
  if (owner.level === 'project') {
    projects.push({ id: owner.id, path: owner.path, isPersonal: undefined });
  } else {
    const groupId = owner.level === 'group' ? owner.id : undefined;
    for (let page: number | undefined = 1; page !== undefined; sent++) {
      const found: Awaited<ReturnType<typeof projectListPage>> = await projectListPage(client, groupId, page, signal);
      projects.push(...found.projects);
      isCut = found.next !== undefined && projects.length >= MAX_PROJECTS;
      page = isCut ? undefined : found.next;
    }
  }
  if (managementProject && !projects.some(({ id }) => id === managementProject.id)) {
    projects.push({ id: managementProject.id, path: managementProject.path, isPersonal: undefined });
  }
  const groups = new Set(projects.flatMap(groupPaths));
  const unplaced = projects.filter(({ isPersonal }) => isPersonal === undefined).length;
  // For each project its environments, and its clusters unless all clusters are known.
  const perProject = resolver.allKnownAt(host) ? 1 : 2;
  return { projects, isCut, sent, requests: projects.length * perProject + unplaced + 2 * groups.size + 1 };
}

/** Reads the environments of every project and says whom the cluster serves. Throws GitLabError where the host fails. */
export async function readServed(
  resolver: Resolver,
  cluster: Cluster,
  { projects }: ServedPlan,
  { signal, onProject }: { readonly signal?: AbortSignal; readonly onProject?: () => void } = {},
): Promise<Served> {
  const { host } = cluster;
  const places = await resolver.places(host, signal);
  const found = new Map<number, ReadProject>();
  const failures: { readonly project: ListedProject; readonly error: GitLabError }[] = [];
  const tasks = new Queue<ListedProject>();
  for (const project of projects) tasks.push(project);
  await drain({
    lanes: [{ tasks, share: PROJECTS_AT_ONCE }],
    slots: PROJECTS_AT_ONCE,
    signal,
    run: async (project, running) => {
      try {
        const clusters = resolver.knownOf(host, project.id);
        found.set(project.id, await resolver.project(host, project, places, { signal: running, clusters }));
      } catch (cause) {
        const error = toGitLabError(cause);
        if (!isOfOnePlace(error)) throw error;
        failures.push({ project, error });
      }
      onProject?.();
    },
  });
  const read = projects.flatMap(({ id }) => found.get(id) ?? []);
  return { ...servedBy(cluster, read), failures, projects: projects.length };
}

/** The same of projects that were read already. Sends nothing. */
export function servedBy(cluster: Cluster, projects: readonly ReadProject[]): Omit<Served, 'failures' | 'projects'> {
  const serves: ServedEnvironment[] = [];
  const ambiguous: ServedEnvironment[] = [];
  const shadowed: (ServedEnvironment & { readonly by: Outcome })[] = [];
  const key = clusterKey(cluster);
  for (const { place, environments } of projects) {
    for (const { name, slug } of environments) {
      const { candidates, outcome } = resolve(place, name);
      const verdict = candidates.find((one) => clusterKey(one.cluster) === key)?.verdict.kind;
      const namespace = expectedNamespace(cluster, place.project, { name, slug });
      const one: ServedEnvironment = { project: place.project, environment: name, namespace };
      if (verdict === 'chosen') serves.push(one);
      else if (verdict === 'tied') ambiguous.push(one);
      else if (verdict === 'farther' || verdict === 'lessSpecific') shadowed.push({ ...one, by: outcome });
    }
  }
  const cut = projects.filter(({ more }) => more).map(({ place }) => place.project.path);
  return { serves, ambiguous, shadowed, cut };
}
