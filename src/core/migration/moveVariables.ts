import { namesOf } from '../resolver/expectedNamespace';
import { coversScope } from '../resolver/environmentScope';
import type { ByHand } from './ciEdit';
import { deploysWithout, scopeOf } from './kubeContext';
import type { MovePlan } from './movePlan';
import type { ProjectPlan } from './projectPlan';

/** A CI/CD variable that takes the place of what a certificate cluster gave the jobs of an environment. */
export interface MoveVariable {
  readonly project: { readonly id: number; readonly path: string };
  readonly key: 'KUBE_CONTEXT' | 'KUBE_NAMESPACE' | 'KUBE_INGRESS_BASE_DOMAIN';
  readonly environmentScope: string;
  /** Undefined where it is not known which of several names it is. */
  readonly value: string | undefined;
}

type Plan = Pick<MovePlan, 'cluster' | 'projects'>;

/**
 * The variables of every project that need to be set by hand: the three of Auto DevOps with the scope of each environment
 * (agents and environments 2 C), and those that jobs use whose definition is not in a file that is edited here.
 */
export function variablesFor(
  { cluster, projects }: Plan,
  byHand: ReadonlyMap<number, readonly ByHand[]>,
  context: string,
): readonly MoveVariable[] {
  return projects.flatMap((one) => {
    const variables = [
      ...(isAutoDevOps(one) ? ofAutoDevOps(one, cluster, context) : []),
      ...(byHand.get(one.project.id) ?? []).flatMap((step) => ofStep(one, cluster, step)),
    ];
    return [
      ...new Map(variables.map((variable) => [`${variable.key} ${variable.environmentScope}`, variable])).values(),
    ];
  });
}

function isAutoDevOps({ autoDevOps, needing }: ProjectPlan): boolean {
  return autoDevOps !== undefined || needing.some(deploysWithout);
}

function ofAutoDevOps(one: ProjectPlan, cluster: Plan['cluster'], context: string): readonly MoveVariable[] {
  const { project, environments } = one;
  const scopes =
    environments.length > 0 ? environments.map(({ environment }) => environment) : [cluster.environmentScope];
  return [
    ...scopes.map((environmentScope) => ({ project, key: 'KUBE_CONTEXT', environmentScope, value: context }) as const),
    ...environments.map((environment) => namespaceOf(project, environment)),
    ...domainOf(project, cluster),
  ];
}

/** A job that reads a variable, and is not in the file that is edited, or whose environment has many names. */
function ofStep(one: ProjectPlan, cluster: Plan['cluster'], step: ByHand): readonly MoveVariable[] {
  if (step.kind !== 'variable') return [];
  if (step.name === 'KUBE_INGRESS_BASE_DOMAIN') return domainOf(one.project, cluster);
  if (step.name !== 'KUBE_NAMESPACE') return [];
  const written = one.needing.find(({ name }) => name === step.job)?.environment;
  if (written === undefined) return [];
  return one.environments
    .filter(({ environment }) => coversScope(scopeOf(written), environment))
    .map((environment) => namespaceOf(one.project, environment));
}

function namespaceOf(
  project: MoveVariable['project'],
  { environment, namespace }: ProjectPlan['environments'][number],
): MoveVariable {
  const names = namesOf(namespace);
  return {
    project,
    key: 'KUBE_NAMESPACE',
    environmentScope: environment,
    value: names.length === 1 ? names[0] : undefined,
  };
}

function domainOf(project: MoveVariable['project'], { baseDomain }: Plan['cluster']): readonly MoveVariable[] {
  return baseDomain ? [{ project, key: 'KUBE_INGRESS_BASE_DOMAIN', environmentScope: '*', value: baseDomain }] : [];
}
