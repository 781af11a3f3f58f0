import { readAgentServer } from '../gitlab/agentServer';
import type { AgentServer } from '../gitlab/agentServer';
import { toGitLabError } from '../gitlab/errors';
import type { GitLabError } from '../gitlab/errors';
import { isOfOnePlace } from '../gitlab/failureKinds';
import { readVersion } from '../gitlab/identity';
import { projectListPage } from '../gitlab/projectLists';
import { projectSettings } from '../gitlab/repository';
import type { Cluster } from '../model/cluster';
import type { HostUrl } from '../model/host';
import { tolerated } from '../resolver/readPlace';
import type { ListedProject } from '../resolver/readPlace';
import type { Resolver } from '../resolver/resolver';
import { MAX_PROJECTS } from '../resolver/served';
import { compare } from '../resolver/whatIfCheck';
import type { WhatIf } from '../resolver/whatIfCheck';
import { drain, Queue } from '../time/taskPool';
import { keepingRule } from './namespaces';
import type { NamespaceRule } from './namespaces';
import { planProject, progressOfProject } from './projectPlan';
import type { ProjectPlan } from './projectPlan';
import { readProject } from './readProject';
import type { ProjectBelow, ProjectReading } from './readProject';
import { progressOf } from './stages';
import type { Progress } from './stages';

/** Projects at a time; the host's own limit of requests holds as well. */
const AT_ONCE = 8;
/** Requests for the first pages of one project, at most. */
export const REQUESTS_PER_PROJECT = 6;

/** Projects that clusters of one host may serve, found once for all of them. */
export interface Below {
  readonly projects: readonly ProjectBelow[];
  /** There are more than are looked at. */
  readonly isCut: boolean;
}

/** What was read of projects of a host. A second reading goes on where the first was cancelled. */
export interface Readings {
  readonly projects: Map<number, ProjectReading>;
  readonly failures: Map<number, { readonly project: ListedProject; readonly error: GitLabError }>;
}

export function noReadings(): Readings {
  return { projects: new Map(), failures: new Map() };
}

/** Everything that is known of a cluster's move at one moment. */
export interface MovePlan {
  readonly cluster: Cluster;
  readonly version: string | undefined;
  readonly server: AgentServer;
  /** How namespaces are kept; undefined without templates. */
  readonly rule: NamespaceRule | undefined;
  /** Projects that have something to do with it, by path. */
  readonly projects: readonly ProjectPlan[];
  /** Projects looked at that have nothing to do with it. */
  readonly others: number;
  readonly failures: readonly { readonly project: ListedProject; readonly error: GitLabError }[];
  /** Projects that were not looked at: it was cancelled, or there are too many. */
  readonly notRead: number;
  readonly isCut: boolean;
  /** What would become of environments if it were switched off now, as far as was read. */
  readonly whatIf: WhatIf;
  readonly progress: Progress;
  readonly at: Date;
}

/**
 * The projects below clusters of one host, each once. One page for a hundred projects of a group; one request for each
 * project that is no group's here, which tells its settings, too. Throws GitLabError.
 */
export async function projectsBelow(
  resolver: Resolver,
  host: HostUrl,
  clusters: readonly Cluster[],
  signal?: AbortSignal,
): Promise<Below> {
  const client = await resolver.client(host);
  const found = new Map<number, ProjectBelow>();
  let isCut = false;
  const addPages = async (groupId: number | undefined): Promise<void> => {
    for (let page: number | undefined = 1; page !== undefined && !isCut;) {
      const read: Awaited<ReturnType<typeof projectListPage>> = await projectListPage(client, groupId, page, signal);
      for (const project of read.projects) found.set(project.id, project);
      isCut = read.next !== undefined && found.size >= MAX_PROJECTS;
      page = read.next;
    }
  };
  const owners = clusters.map(({ owner }) => owner);
  if (owners.some(({ level }) => level === 'instance')) await addPages(undefined);
  else {
    const groups = new Map(owners.flatMap((owner) => (owner.level === 'group' ? [[owner.path, owner.id]] : [])));
    for (const [path, id] of groups) {
      // What lies below a group above is listed with that.
      const isCovered = [...groups.keys()].some((other) => path.startsWith(`${other}/`));
      if (!isCovered) await addPages(id);
    }
  }
  const single = clusters
    .flatMap(({ owner, managementProject }) => [owner.level === 'project' ? owner : undefined, managementProject])
    .flatMap((project) => (project && !found.has(project.id) ? [{ id: project.id, path: project.path }] : []));
  const read = [...new Map(single.map((one) => [one.id, one])).values()].map(async (one): Promise<ProjectBelow> => {
    try {
      return await projectSettings(client, one.id, signal);
    } catch (error) {
      tolerated(error);
      // Why it cannot be read is told where the rest of it is read.
      return { ...one, isPersonal: undefined };
    }
  });
  for (const one of await Promise.all(read)) found.set(one.id, one);
  return { projects: [...found.values()], isCut };
}

/** Those of the projects that a cluster may serve. */
function belowCluster(
  { owner, managementProject }: Cluster,
  projects: readonly ProjectBelow[],
): readonly ProjectBelow[] {
  return projects.filter(({ id, path }) => {
    if (id === managementProject?.id) return true;
    switch (owner.level) {
      case 'instance':
        return true;
      case 'group':
        return path.toLowerCase().startsWith(`${owner.path.toLowerCase()}/`);
      case 'project':
        return id === owner.id;
    }
  });
}

/**
 * Reads projects, eight at a time, into `readings`; those that are in there already are not read again. Throws GitLabError
 * where the host fails or it is cancelled: what was read until then stays.
 */
export async function readProjects(
  resolver: Resolver,
  host: HostUrl,
  projects: readonly ProjectBelow[],
  readings: Readings,
  {
    signal,
    onProject,
  }: { readonly signal?: AbortSignal | undefined; readonly onProject?: (() => void) | undefined } = {},
): Promise<void> {
  const places = await resolver.places(host, signal);
  const tasks = new Queue<ProjectBelow>();
  for (const project of projects) if (!readings.projects.has(project.id)) tasks.push(project);
  await drain({
    lanes: [{ tasks, share: AT_ONCE }],
    slots: AT_ONCE,
    signal,
    run: async (project, running) => {
      try {
        readings.projects.set(project.id, await readProject(resolver, host, project, places, running));
        readings.failures.delete(project.id);
      } catch (cause) {
        const error = toGitLabError(cause);
        if (!isOfOnePlace(error)) throw error;
        readings.failures.set(project.id, { project, error });
      }
      onProject?.();
    },
  });
}

/** What GitLab says of itself that a move depends on. Throws GitLabError. */
export async function readServer(
  resolver: Resolver,
  host: HostUrl,
  signal?: AbortSignal,
): Promise<Pick<MovePlan, 'server' | 'version'>> {
  const client = await resolver.client(host);
  const server = await readAgentServer(client, signal);
  // Before 15.2 another address tells it.
  const version = server.gitlab ?? (await readVersion(client, signal))?.number;
  return { server, version };
}

interface PlanFacts extends Pick<MovePlan, 'server' | 'version'> {
  readonly cluster: Cluster;
  readonly below: Below;
  readonly readings: Readings;
  readonly switchedOffAt: Date | undefined;
  readonly observationDays: number;
  readonly now: Date;
}

/** Makes the plan of what was read. Sends nothing. */
export function makePlan(facts: PlanFacts): MovePlan {
  const { cluster, below, readings, server, version, now } = facts;
  const wanted = belowCluster(cluster, below.projects);
  const read = wanted.flatMap(({ id }) => readings.projects.get(id) ?? []);
  const failures = wanted.flatMap(({ id }) => (readings.projects.has(id) ? [] : (readings.failures.get(id) ?? [])));
  const rule = cluster.managed === false ? undefined : keepingRule(version, cluster);
  const projects = read
    .flatMap((one) => planProject(cluster, one, rule) ?? [])
    .sort((one, other) => (one.project.path < other.project.path ? -1 : 1));
  const notRead = wanted.length - read.length - failures.length;
  const after = cluster.enabled === false ? cluster : { ...cluster, enabled: false };
  return {
    cluster,
    version,
    server,
    rule,
    projects,
    others: read.length - projects.length,
    failures,
    notRead,
    isCut: below.isCut,
    whatIf: {
      ...compare(
        read.map((one) => one.read),
        [{ cluster, after }],
      ),
      unchecked: notRead + failures.length,
    },
    progress: progressOf(
      {
        cluster,
        projects: projects.map(progressOfProject),
        notRead: notRead + failures.length,
        switchedOffAt: facts.switchedOffAt,
        observationDays: facts.observationDays,
      },
      now,
    ),
    at: now,
  };
}
