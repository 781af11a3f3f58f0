import type { UsableAgent } from '../gitlab/usableAgents';
import { clusterKey } from '../model/cluster';
import type { Cluster } from '../model/cluster';
import { matchesScope, overlapScopes } from '../resolver/environmentScope';
import { resolve } from '../resolver/resolve';
import type { ReadProject } from '../resolver/resolver';
import { servedBy } from '../resolver/served';
import type { ServedEnvironment } from '../resolver/served';
import { afterwards, withChanges } from '../resolver/whatIf';
import { isSilent } from './certificateUses';
import type { JobReading, NotLookedAt } from './certificateUses';
import { contextFor, deploysWithout, movedByVariable, scopeOf } from './kubeContext';
import type { KubeContext } from './kubeContext';
import { comparePlaces } from './namespaces';
import type { NamespaceRule, SamePlace } from './namespaces';
import type { CiKnowledge, ProjectReading } from './readProject';
import type { ProjectProgress } from './stages';

/** What the move of a cluster means for one project. */
export interface ProjectPlan {
  readonly project: { readonly id: number; readonly path: string };
  /** Environments the cluster serves, or may serve, and whether they stay where they are. */
  readonly environments: readonly EnvironmentPlan[];
  /** The project has more environments than were read. */
  readonly moreEnvironments: boolean;
  /** Jobs that need this cluster. */
  readonly needing: readonly JobReading[];
  /** Jobs that would be served by it and show that they use an agent. */
  readonly moved: readonly JobReading[];
  /** Jobs that get its variables without naming anything of it. */
  readonly silent: readonly JobReading[];
  readonly ci: CiKnowledge['state'];
  /** An included Auto DevOps template that no job shows, or Auto DevOps without any file. */
  readonly autoDevOps: string | undefined;
  /** The agent's context that Auto DevOps selects by a variable of the project, where no job shows it. */
  readonly autoDevOpsContext: string | undefined;
  /** Why `KUBE_CONTEXT` of the project does not count; undefined where it does, or nothing asks for it. */
  readonly contextProblem: 'notVisible' | 'notUsable' | undefined;
  readonly notLookedAt: readonly NotLookedAt[];
  readonly agents: readonly UsableAgent[] | undefined;
}

interface EnvironmentPlan extends ServedEnvironment {
  readonly isCertain: boolean;
  readonly place: SamePlace;
}

/** What one project has to do with a cluster; undefined where that is nothing. Sends nothing. */
export function planProject(
  cluster: Cluster,
  reading: ProjectReading,
  rule: NamespaceRule | undefined,
): ProjectPlan | undefined {
  const asEnabled = enabledAgain(cluster, reading.read);
  const { serves, ambiguous } = servedBy(cluster, [asEnabled]);
  const environments = [
    ...serves.map((one) => ({ ...one, isCertain: true })),
    ...ambiguous.map((one) => ({ ...one, isCertain: false })),
  ].map((one): EnvironmentPlan => {
    const slug = asEnabled.environments.find(({ name }) => name === one.environment)?.slug ?? '';
    return { ...one, place: comparePlaces(one.namespace, rule, one.project, slug) };
  });
  const ci = reading.ci.state === 'read' ? reading.ci.reading : undefined;
  const jobs = (ci?.jobs ?? []).flatMap((job) => {
    const own = ofCluster(cluster, asEnabled, job);
    return own ? movedByVariable(own, reading.kubeContext, reading.agents) : [];
  });
  const needing = jobs.filter(({ uses }) => uses.length > 0);
  const moved = jobs.filter((job) => job.uses.length === 0 && job.moved.length > 0);
  const isReached = reaches(cluster, asEnabled);
  const template = isReached
    ? (ci?.template ?? (reading.ci.state === 'none' && reading.ci.autoDevOps ? 'Auto-DevOps.gitlab-ci.yml' : undefined))
    : undefined;
  const autoDevOpsContext = template === undefined ? undefined : contextEverywhere(environments, reading);
  const autoDevOps = autoDevOpsContext === undefined ? template : undefined;
  if (environments.length + needing.length + moved.length === 0 && template === undefined) return undefined;
  return {
    project: reading.read.place.project,
    environments,
    moreEnvironments: reading.read.more,
    needing,
    moved,
    // What it needs may be of another cluster.
    silent: (ci?.jobs ?? []).filter((job) => isSilent(job) && jobs.includes(job)),
    ci: reading.ci.state,
    autoDevOps,
    autoDevOpsContext,
    contextProblem:
      autoDevOps !== undefined || needing.some(deploysWithout) ? problemOf(reading.kubeContext) : undefined,
    notLookedAt: notLookedAtOf(ci?.notLookedAt ?? [], reading.kubeContext),
    agents: reading.agents,
  };
}

/** Whether nothing of a project's own file has to change: nothing is left, or Auto DevOps alone, whatever the file says. */
export function movesByVariables({ needing }: Pick<ProjectPlan, 'needing'>): boolean {
  return needing.every(deploysWithout);
}

/** How far a project is, for the stage of the cluster. */
export function progressOfProject({
  environments,
  needing,
  moved,
  ci,
  agents,
  autoDevOps,
  autoDevOpsContext,
}: ProjectPlan): ProjectProgress {
  const isKnown = ci === 'read' || ci === 'none';
  return {
    hasAgent: agents && agents.length > 0,
    served: environments.length,
    needing: isKnown ? needing.length + (autoDevOps === undefined ? 0 : 1) : undefined,
    moved: moved.length + (autoDevOpsContext === undefined ? 0 : 1),
  };
}

/** The context that Auto DevOps selects, where it does so in every environment the cluster serves. */
function contextEverywhere(
  environments: readonly EnvironmentPlan[],
  { kubeContext, agents }: ProjectReading,
): string | undefined {
  const names = environments.map(({ environment }) => environment);
  const contexts = (names.length > 0 ? names : ['production']).map((name) => contextFor(kubeContext, name, agents));
  return contexts.every((context) => context !== undefined) ? contexts[0] : undefined;
}

function problemOf(known: KubeContext | undefined): ProjectPlan['contextProblem'] {
  if (known?.state === 'notVisible') return 'notVisible';
  return known && known.variables.length > 0 ? 'notUsable' : undefined;
}

/** A variable that was read is not among those that were not looked at. */
function notLookedAtOf(all: readonly NotLookedAt[], known: KubeContext | undefined): readonly NotLookedAt[] {
  if (known?.state !== 'read') return all;
  return all.map((one) => (one.kind === 'projectVariables' ? { kind: 'otherVariables' } : one));
}

/** A cluster that is switched off is looked at as if it were on: what would it serve? */
function enabledAgain(cluster: Cluster, read: ReadProject): ReadProject {
  if (cluster.enabled !== false) return read;
  const after = afterwards([[cluster, { ...cluster, enabled: true }]]);
  return { ...read, place: { ...read.place, clusters: withChanges(read.place.clusters, after) } };
}

/**
 * A job with what it needs of this cluster; undefined where that is nothing and it is not served by it. Gates ask for a
 * cluster with scope `*`, whatever the environment (agents and environments 4.4).
 */
function ofCluster(cluster: Cluster, read: ReadProject, job: JobReading): JobReading | undefined {
  const isServed = job.environment !== undefined && serves(cluster, read, job.environment);
  const isActive = isChosen(cluster, read, undefined);
  const uses = job.uses.filter(({ kind }) => (kind === 'gate' ? isActive : isServed));
  if (uses.length === job.uses.length && (isServed || uses.length > 0)) return job;
  return isServed || uses.length > 0 ? { ...job, uses } : undefined;
}

/** Whether jobs of an environment get this cluster, as far as the environments that exist tell. */
function serves(cluster: Cluster, read: ReadProject, environment: string): boolean {
  const pattern = scopeOf(environment);
  const existing = read.environments.map(({ name }) => name).filter((name) => matchesScope(pattern, name));
  if (existing.length > 0) return existing.some((name) => isChosen(cluster, read, name));
  // One that no environment fits yet is looked at as it is written, and where it has variables, as whatever they may be.
  if (pattern === environment) return isChosen(cluster, read, environment);
  if (isChosen(cluster, read, environment)) return true;
  const key = clusterKey(cluster);
  const isAround = resolve(read.place, environment).candidates.some((one) => clusterKey(one.cluster) === key);
  return isAround && cluster.environmentScope !== '*' && overlapScopes(cluster.environmentScope, pattern);
}

function isChosen(cluster: Cluster, { place }: ReadProject, environment: string | undefined): boolean {
  const key = clusterKey(cluster);
  const { outcome } = resolve(place, environment);
  switch (outcome.kind) {
    case 'cluster':
      return clusterKey(outcome.cluster) === key;
    case 'ambiguous':
      return outcome.clusters.some((one) => clusterKey(one) === key);
    case 'none':
    case 'switchedOff':
      return false;
  }
}

/** Whether the cluster serves anything a project may have: some job without a special name. */
function reaches(cluster: Cluster, { place }: ReadProject): boolean {
  const { candidates } = resolve(place, 'production');
  return candidates.some((one) => clusterKey(one.cluster) === clusterKey(cluster) && one.verdict.kind === 'chosen');
}
