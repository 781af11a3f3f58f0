import { load } from 'js-yaml';
import { isList, isValues } from '../body';
import type { Site } from '../call';
import { byId, findGroup, findProject, withAncestors } from '../lookup';
import type { AgentAccess, AgentRecord, Group, Project, World } from '../world';

/** Where an agent's configuration file is (agents and environments 7.1). */
export function configPath(agent: AgentRecord): string {
  return `.gitlab/agents/${agent.name}/config.yaml`;
}

/**
 * What KAS does a minute or two after a commit: it reads the configuration files of all agents that are connected, and
 * GitLab keeps the entries it can resolve. The others, and those beyond the limit, are dropped without a word
 * (agents and environments 7.1, 7.2).
 */
export function readAgentConfigurations(site: Pick<Site, 'world' | 'profile'>): void {
  for (const agent of site.world.agents) if (agent.connections.length > 0) readConfiguration(site, agent);
}

function readConfiguration({ world, profile }: Pick<Site, 'world' | 'profile'>, agent: AgentRecord): void {
  const file = world.files.find((one) => one.projectId === agent.configProjectId && one.path === configPath(agent));
  const config: unknown = file ? load(file.content) : {};
  const entries = (section: string) => {
    const access = isValues(config) ? config[section] : undefined;
    if (!isValues(access)) return [];
    const listed = (kind: 'project' | 'group') => {
      const list = access[`${kind}s`];
      return (isList(list) ? list : []).slice(0, profile.agentEntries).flatMap((entry): AgentAccess[] => {
        if (!isValues(entry) || typeof entry['id'] !== 'string') return [];
        const { id, ...rest } = entry;
        const found = resolved(world, agent, kind, id.toLowerCase());
        return found === undefined ? [] : [{ to: { kind, id: found }, config: rest }];
      });
    };
    const everywhere = isValues(access['instance']) && section === 'ci_access' && profile.instanceAgents;
    const instance: AgentAccess[] =
      everywhere && world.settings.crossRootAgents
        ? [{ to: { kind: 'instance' }, config: isValues(access['instance']) ? access['instance'] : {} }]
        : [];
    return [...listed('project'), ...listed('group'), ...instance];
  };
  agent.ciAccess = entries('ci_access');
  agent.userAccess = entries('user_access');
}

/** The id behind a path of the same root namespace. */
function resolved(world: World, agent: AgentRecord, kind: 'project' | 'group', path: string): number | undefined {
  const config = byId(world.projects, agent.configProjectId);
  if (!config) return undefined;
  if (kind === 'group') {
    const group = findGroup(world, path);
    const near = group && (world.settings.crossRootAgents || rootOf(world, group) === rootOfProject(world, config));
    return near ? group.id : undefined;
  }
  const project = findProject(world, path)?.project;
  const near =
    project && (world.settings.crossRootAgents || rootOfProject(world, project) === rootOfProject(world, config));
  return near ? project.id : undefined;
}

function rootOf(world: World, group: Group): string {
  return `group ${withAncestors(world, group).at(-1)?.id ?? 0}`;
}

function rootOfProject(world: World, { namespace }: Project): string {
  const group = namespace.kind === 'group' ? byId(world.groups, namespace.id) : undefined;
  return group ? rootOf(world, group) : `user ${namespace.id}`;
}

export interface AuthorizedAgent {
  readonly agent: AgentRecord;
  readonly config: Readonly<Record<string, unknown>>;
}

/**
 * The agents a project may use, each once with the first entry found: its own entry, the agent's own project, groups from
 * the innermost outwards, the instance (agents and environments 7.3).
 */
export function authorizedAgents(
  world: World,
  project: Project,
  section: 'ciAccess' | 'userAccess',
): readonly AuthorizedAgent[] {
  const group = project.namespace.kind === 'group' ? byId(world.groups, project.namespace.id) : undefined;
  const above = withAncestors(world, group).map(({ id }) => id);
  return world.agents.flatMap((agent): AuthorizedAgent[] => {
    const entries = agent[section];
    const direct = entries.find(({ to }) => to.kind === 'project' && to.id === project.id);
    if (direct) return [{ agent, config: direct.config }];
    if (section === 'ciAccess' && agent.configProjectId === project.id) return [{ agent, config: {} }];
    const ofGroups = above.flatMap((id) => entries.filter(({ to }) => to.kind === 'group' && to.id === id));
    const [found] = [...ofGroups, ...entries.filter(({ to }) => to.kind === 'instance')];
    return found ? [{ agent, config: found.config }] : [];
  });
}
