import type { GitLabClient } from '../gitlab/client';
import { lintCi } from '../gitlab/ciLint';
import { availableEnvironments } from '../gitlab/environments';
import { GitLabError } from '../gitlab/errors';
import type { GitLabErrorKind } from '../gitlab/errors';
import { isOwnFile, projectSettings, readFile } from '../gitlab/repository';
import type { ProjectSettings } from '../gitlab/repository';
import { usableAgents } from '../gitlab/usableAgents';
import type { UsableAgent } from '../gitlab/usableAgents';
import { tolerated } from '../resolver/readPlace';
import type { ListedProject, PlaceReader } from '../resolver/readPlace';
import type { ReadProject, Resolver } from '../resolver/resolver';
import type { HostUrl } from '../model/host';
import { readCertificateUses } from './certificateUses';
import type { CiReading } from './certificateUses';
import { deploysWithout, readKubeContext } from './kubeContext';
import type { KubeContext } from './kubeContext';

/** What the CI configuration of a project needs, or why that is not known. No text of it is in here. */
export type CiKnowledge =
  | { readonly state: 'read'; readonly reading: CiReading }
  /** GitLab cannot merge it for this token: something it includes is missing or hidden (agents and environments, trap 17). */
  | { readonly state: 'notMerged' }
  /** There is no configuration; `autoDevOps`: jobs are made all the same. */
  | { readonly state: 'none'; readonly autoDevOps: boolean }
  | { readonly state: 'notVisible'; readonly reason: GitLabErrorKind };

/** One project as far as a move is concerned. */
export interface ProjectReading {
  readonly read: ReadProject;
  readonly ci: CiKnowledge;
  /** Agents its jobs may use; undefined where the token may not see them or GitLab is too old to say. */
  readonly agents: readonly UsableAgent[] | undefined;
  /** Read where its files matter. */
  readonly settings: ProjectSettings | undefined;
  /** Undefined where nothing deploys with Auto DevOps, so that it was not asked for. */
  readonly kubeContext: KubeContext | undefined;
  readonly at: Date;
}

/** A project whose settings may have been read with its place. */
export type ProjectBelow = ListedProject | ProjectSettings;

/**
 * Reads a project in at most six requests: its clusters unless they are known, its environments, its merged CI
 * configuration, its agents, its settings where files matter, and its variable `KUBE_CONTEXT` where Auto DevOps is all that
 * may be left, or its file where there may be none; one more for each further page of environments and scope of the
 * variable. Throws GitLabError where the project or the host cannot be read at all.
 */
export async function readProject(
  resolver: Resolver,
  host: HostUrl,
  project: ProjectBelow,
  places: PlaceReader,
  signal?: AbortSignal,
): Promise<ProjectReading> {
  const client = await resolver.client(host);
  // Where it lies tells its settings too, so that they are read once.
  const early =
    'ciConfigPath' in project
      ? project
      : project.isPersonal === undefined
        ? await projectSettings(client, project.id, signal)
        : undefined;
  const listed: ListedProject = early ?? project;
  const clusters = resolver.knownOf(host, project.id);
  const lint = readCi(client, project.id, signal);
  const settings = lint.then(
    async (found) => early ?? (needsFiles(found) ? projectSettings(client, project.id, signal) : undefined),
  );
  const ci = lint.then(async (found) => whereNone(client, found, await settings, signal));
  const kubeContext = Promise.all([lint, ci]).then(([first, found]) =>
    asksForContext(found, clusters !== undefined, first.state === 'noFile')
      ? readKubeContext(client, project.id, found.state === 'read' ? found.reading.jobs : [], signal)
      : undefined,
  );
  const all = await Promise.all([
    resolver
      .project(host, listed, places, { signal, clusters })
      .then((first) => withFurtherEnvironments(client, first, signal)),
    usableAgents(client, listed.path, signal).catch(notVisible),
    ci,
    settings,
    kubeContext,
  ]);
  return { read: all[0], agents: all[1], ci: all[2], settings: all[3], kubeContext: all[4], at: new Date() };
}

/** Pages of environments that are read of one project: more review apps than these tell nothing new. */
const MAX_PAGES = 10;

async function withFurtherEnvironments(
  client: GitLabClient,
  first: ReadProject,
  signal: AbortSignal | undefined,
): Promise<ReadProject> {
  const environments = new Map(first.environments.map((one) => [one.id, one]));
  let { more } = first;
  for (let page = 2; more && page <= MAX_PAGES; page++) {
    const found = await availableEnvironments(client, first.place.project.id, signal, page);
    // One that was added meanwhile moves the others.
    for (const one of found.items) environments.set(one.id, one);
    more = found.more;
  }
  return { ...first, environments: [...environments.values()], more };
}

/** GitLab gives no merged configuration either way: where something in it cannot be read, and where there is no file. */
async function whereNone(
  client: GitLabClient,
  found: CiKnowledge | NoFile,
  settings: ProjectSettings | undefined,
  signal: AbortSignal | undefined,
): Promise<CiKnowledge> {
  if (found.state !== 'noFile' && found.state !== 'notMerged') return found;
  const isNone = found.state === 'noFile' || (settings !== undefined && (await hasNoFile(client, settings, signal)));
  return isNone ? { state: 'none', autoDevOps: settings?.autoDevOps ?? false } : { state: 'notMerged' };
}

async function hasNoFile(
  client: GitLabClient,
  { id, ciConfigPath }: ProjectSettings,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  if (!isOwnFile(ciConfigPath)) return false;
  try {
    return (await readFile(client, id, ciConfigPath, signal)) === undefined;
  } catch (error) {
    tolerated(error);
    return false;
  }
}

/** Where other jobs have to move as well, their file is read: both would be a request too many if clusters are asked for. */
function asksForContext(ci: CiKnowledge, knowsClusters: boolean, isToldOfNone: boolean): boolean {
  switch (ci.state) {
    case 'read': {
      const { template, jobs } = ci.reading;
      const isLast = jobs.every((job) => job.uses.length === 0 || deploysWithout(job));
      return (knowsClusters || isLast) && (template !== undefined || jobs.some(deploysWithout));
    }
    case 'none':
      return ci.autoDevOps && (knowsClusters || isToldOfNone);
    case 'notMerged':
    case 'notVisible':
      return false;
  }
}

/** GitLab says that there is no file. */
interface NoFile {
  readonly state: 'noFile';
}

function needsFiles(ci: CiKnowledge | NoFile): boolean {
  if (ci.state !== 'read') return true;
  const { template, jobs } = ci.reading;
  return template !== undefined || jobs.some(({ uses }) => uses.length > 0);
}

async function readCi(
  client: GitLabClient,
  projectId: number,
  signal: AbortSignal | undefined,
): Promise<CiKnowledge | NoFile> {
  try {
    const answer = await lintCi(client, projectId, signal);
    if (answer.isMissing) return { state: 'noFile' };
    const reading = readCertificateUses(answer);
    return reading.state === 'read' ? { state: 'read', reading } : { state: 'notMerged' };
  } catch (error) {
    const reason = tolerated(error);
    // An empty repository has no jobs; Auto DevOps has nothing to deploy either.
    return reason === 'notFound' ? { state: 'none', autoDevOps: false } : { state: 'notVisible', reason };
  }
}

/** An old GitLab does not know the question; a host that fails fails the rest as well. */
function notVisible(error: unknown): undefined {
  if (
    error instanceof GitLabError &&
    ['unsupported', 'forbidden', 'notFound', 'insufficientScope', 'protocol'].includes(error.kind)
  ) {
    return undefined;
  }
  throw error;
}
