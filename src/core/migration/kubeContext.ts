import type { GitLabClient } from '../gitlab/client';
import { readVariable } from '../gitlab/projectVariables';
import type { ProjectVariable } from '../gitlab/projectVariables';
import { usableContext } from '../gitlab/usableAgents';
import type { UsableAgent } from '../gitlab/usableAgents';
import { coversScope } from '../resolver/environmentScope';
import { tolerated } from '../resolver/readPlace';
import type { JobReading } from './certificateUses';

/** What is known of the project's variable that makes Auto DevOps use an agent (agents and environments 2 C, 4.5). */
export type KubeContext =
  | { readonly state: 'read'; readonly variables: readonly ProjectVariable[] }
  /** It takes the role of Maintainer. */
  | { readonly state: 'notVisible' };

/** Where Auto DevOps deploys (agents and environments 4.5). */
const usualEnvironments = ['production', 'staging', 'review/$CI_COMMIT_REF_NAME'];
/** Scopes that are asked for one by one, where the variable has several. */
const MAX_SCOPES = 4;

/**
 * Reads `KUBE_CONTEXT` of a project, and no other variable: one request; where it has several scopes, one more for each that
 * fits the environments, four at most. Throws GitLabError where the host fails.
 */
export async function readKubeContext(
  client: GitLabClient,
  projectId: number,
  jobs: readonly JobReading[],
  signal?: AbortSignal,
): Promise<KubeContext> {
  const written = jobs.flatMap((job) => (deploysWithout(job) ? [job.environment ?? ''] : []));
  const environments = written.length > 0 ? written : usualEnvironments;
  const scopes = [...new Set(['*', ...environments.map(scopeOf)])].slice(0, MAX_SCOPES);
  try {
    return { state: 'read', variables: await readVariable(client, projectId, 'KUBE_CONTEXT', scopes, signal) };
  } catch (error) {
    tolerated(error);
    return { state: 'notVisible' };
  }
}

/**
 * The agent's context that Auto DevOps selects in an environment, which may be written with variables. Undefined where none
 * is set for it, or it is none that jobs may use; agents that are not visible are taken to be usable.
 */
export function contextFor(
  known: KubeContext | undefined,
  environment: string,
  agents: readonly UsableAgent[] | undefined,
): string | undefined {
  if (known?.state !== 'read') return undefined;
  const scope = scopeOf(environment);
  const fitting = known.variables
    .filter(({ environmentScope }) => coversScope(environmentScope, scope))
    // The most specific one counts.
    .sort((one, other) => other.environmentScope.length - one.environmentScope.length);
  const [chosen] = fitting;
  if (!chosen || !isContext(chosen.value)) return undefined;
  // Branches that are made for reviews are not protected.
  if (chosen.isProtected && scope !== environment) return undefined;
  return agents === undefined || agents.some((agent) => usableContext(agent) === chosen.value)
    ? chosen.value
    : undefined;
}

/** A job of Auto DevOps as it is with `KUBE_CONTEXT` set: what else it reads is set beside that. */
export function movedByVariable(
  job: JobReading,
  known: KubeContext | undefined,
  agents: readonly UsableAgent[] | undefined,
): JobReading {
  if (!deploysWithout(job) || contextFor(known, job.environment ?? '', agents) === undefined) return job;
  const uses = job.uses.filter(
    (use) => use.kind !== 'autoDevOps' && !(use.kind === 'variable' && besides.includes(use.name)),
  );
  return { ...job, uses, moved: [...job.moved, 'KUBE_CONTEXT'] };
}

const besides = ['KUBE_NAMESPACE', 'KUBE_INGRESS_BASE_DOMAIN'];

function isContext(value: string): boolean {
  return /^[\w./-]+:[a-z0-9-]+$/.test(value);
}

/** Whether a job deploys with Auto DevOps and names no context itself. */
export function deploysWithout({ environment, uses }: JobReading): boolean {
  return environment !== undefined && uses.some(({ kind }) => kind === 'autoDevOps');
}

/** An environment's name may have variables, which GitLab fills in when a pipeline is made. */
export function scopeOf(environment: string): string {
  return environment.replace(/\$\{\w+\}|\$\w+|%\w+%/g, '*');
}
