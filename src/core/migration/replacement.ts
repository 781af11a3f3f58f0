import type { ClusterOwner } from '../model/cluster';
import type { AccessEntry } from './agentConfig';
import { hasTemplates } from './namespaces';
import type { MovePlan } from './movePlan';

/** An agent by the context its jobs select. */
interface AgentChoice {
  /** `<path of its project>:<name>`. */
  readonly context: string;
  readonly configProject: string;
  readonly name: string;
  /** Projects of the plan whose jobs may use it today. */
  readonly usableBy: number;
  /** Full paths of those that may not, as far as that is visible. */
  readonly lacking: readonly string[];
}

/** What may take the place of a cluster. */
export interface Replacement {
  /** The agent most projects may use; undefined where no project has one. */
  readonly best: AgentChoice | undefined;
  readonly others: readonly AgentChoice[];
  /** Projects whose agents are not visible to this token. */
  readonly hidden: number;
}

/**
 * Looks for an agent among those that the projects may use already. `registered`: others that are known, which no project
 * may use yet.
 */
export function replacementOf(
  { projects }: Pick<MovePlan, 'projects'>,
  registered: readonly { readonly configProject: string; readonly name: string }[] = [],
): Replacement {
  const seen = projects.filter(({ agents }) => agents !== undefined);
  const known = new Map<
    string,
    { readonly configProject: string; readonly name: string; readonly users: Set<string> }
  >();
  const add = ({ configProject, name }: { configProject: string; name: string }, user?: string): void => {
    const context = `${configProject}:${name}`;
    // One that is hidden has no project, and nothing else gets into a command.
    if (!/^[\w./-]+:[a-z0-9-]+$/.test(context)) return;
    const entry = known.get(context) ?? { configProject, name, users: new Set<string>() };
    known.set(context, entry);
    if (user !== undefined) entry.users.add(user);
  };
  for (const { project, agents } of seen) for (const agent of agents ?? []) add(agent, project.path);
  for (const agent of registered) add(agent);
  const [best, ...others] = [...known]
    .map(([context, { configProject, name, users }]): AgentChoice => ({
      context,
      configProject,
      name,
      usableBy: users.size,
      lacking: seen.map(({ project }) => project.path).filter((path) => !users.has(path)),
    }))
    .sort((one, other) => other.usableBy - one.usableBy || (one.context < other.context ? -1 : 1));
  return { best, others, hidden: projects.length - seen.length };
}

/** More projects than these of an instance cluster get an entry for their root group, which it served as a whole. */
const MANY = 20;

/**
 * The entries an agent needs so that every project may use it: one for the group of a group cluster, otherwise one for each
 * project. `outside`: projects of another root namespace, which an agent cannot serve as GitLab ships (agents and
 * environments 7.2).
 */
export function entriesFor(
  plan: Pick<MovePlan, 'cluster' | 'projects' | 'version'>,
  agent: Pick<AgentChoice, 'configProject' | 'lacking'>,
): { readonly entries: readonly AccessEntry[]; readonly outside: readonly string[] } {
  const root = rootOf(agent.configProject);
  const inside = agent.lacking.filter((path) => rootOf(path) === root);
  const outside = agent.lacking.filter((path) => rootOf(path) !== root);
  const isManaged = plan.cluster.managed === true && hasTemplates(plan.version);
  const { owner } = plan.cluster;
  const group =
    owner.level === 'group' && rootOf(owner.path) === root
      ? owner.path
      : owner.level === 'instance' && inside.length > MANY
        ? agent.configProject.split('/')[0]
        : undefined;
  const isGroup = group !== undefined && inside.length > 1;
  const ids = isGroup ? [group] : inside;
  const kind = isGroup ? 'groups' : 'projects';
  return { entries: ids.map((id) => ({ kind, id, isManaged })), outside };
}

function rootOf(path: string): string {
  return (path.split('/')[0] ?? '').toLowerCase();
}

/** A name for a new agent: what GitLab takes, made of the cluster's. */
export function agentNameFor(cluster: { readonly name: string; readonly owner: ClusterOwner }): string {
  const name = cluster.name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 50)
    .replace(/-+$/, '');
  return name === '' ? 'cluster' : name;
}
