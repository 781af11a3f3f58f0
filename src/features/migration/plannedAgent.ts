import { agentNameFor } from '../../core/migration/replacement';
import { contextName } from '../../core/model/agent';
import type { ShownPlan } from './planDocument';

/** The agent a plan speaks of: one that is there, or a name for a new one. */
export function plannedAgent({ plan, replacement }: Pick<ShownPlan, 'plan' | 'replacement'>): {
  readonly name: string;
  /** Undefined where nobody knows which project a new one would be in. */
  readonly configProject: string | undefined;
  readonly isNew: boolean;
} {
  const { best } = replacement;
  if (best) return { name: best.name, configProject: best.configProject, isNew: false };
  const { owner, managementProject } = plan.cluster;
  const configProject = managementProject?.path ?? (owner.level === 'project' ? owner.path : undefined);
  return { name: agentNameFor(plan.cluster), configProject, isNew: true };
}

/** The context jobs select; undefined where the project of the agent is not decided. */
export function plannedContext(shown: Pick<ShownPlan, 'plan' | 'replacement'>): string | undefined {
  const { name, configProject } = plannedAgent(shown);
  return configProject === undefined ? undefined : contextName({ name, project: { path: configProject } });
}
