import { readCiChange, readRegisteredAgents } from '../../core/migration/moveSteps';
import type { RegisteredAgent } from '../../core/migration/moveSteps';
import type { MovePlan, Readings } from '../../core/migration/movePlan';
import { movesByVariables } from '../../core/migration/projectPlan';
import { replacementOf } from '../../core/migration/replacement';
import type { Replacement } from '../../core/migration/replacement';
import { tolerated } from '../../core/resolver/readPlace';
import { drain, Queue } from '../../core/time/taskPool';
import type { CiSummary } from './ciSection';
import type { MigrationSources } from './migrationSources';

type PartSources = Pick<MigrationSources, 'accounts' | 'resolver' | 'now'>;

const AT_ONCE = 8;
/** Projects that are asked for agents where no agent may be used yet. */
const LIKELY = 10;

/** Where no project may use an agent yet, those registered where one is likely: one request for each of a few projects. */
export async function readReplacement(
  plan: MovePlan,
  { accounts, resolver, now: clock }: PartSources,
  signal: AbortSignal | undefined,
): Promise<{ readonly replacement: Replacement; readonly registered: readonly RegisteredAgent[] }> {
  const found = replacementOf(plan);
  if (found.best || !signal) return { replacement: found, registered: [] };
  const { host, managementProject } = plan.cluster;
  const likely = [...(managementProject ? [managementProject] : []), ...(accounts.find(host)?.projects ?? [])];
  // A project's own agents were among those its jobs may use.
  const asked = new Set(plan.projects.map(({ project }) => project.id));
  const others = likely.filter(({ id }) => !asked.has(id));
  const projects = [...new Map(others.map((one) => [one.id, one])).values()].slice(0, LIKELY);
  const client = await resolver.client(host);
  const now = clock();
  const read = await Promise.all(projects.map((project) => readRegisteredAgents(client, project, now, signal)));
  const registered = read.flat();
  return { replacement: replacementOf(plan, registered), registered };
}

/** What would change in the CI files of the projects that have jobs left: one request each. */
export async function readCiSummaries(
  plan: MovePlan,
  readings: Readings,
  context: string,
  { resolver }: PartSources,
  signal: AbortSignal,
): Promise<ReadonlyMap<number, CiSummary>> {
  const client = await resolver.client(plan.cluster.host);
  const found = new Map<number, CiSummary>();
  const tasks = new Queue<MovePlan['projects'][number]>();
  for (const project of plan.projects) if (!movesByVariables(project)) tasks.push(project);
  await drain({
    lanes: [{ tasks, share: AT_ONCE }],
    slots: AT_ONCE,
    signal,
    run: async (project, running) => {
      const { id } = project.project;
      try {
        const known = readings.projects.get(id)?.settings;
        const change = await readCiChange(client, plan, project, context, known, running);
        found.set(
          id,
          change.kind === 'noFile'
            ? change
            : { kind: 'file', isEdited: change.edit.after !== change.edit.before, byHand: change.edit.byHand },
        );
      } catch (error) {
        tolerated(error);
        found.set(id, { kind: 'notVisible' });
      }
    },
  });
  return found;
}
