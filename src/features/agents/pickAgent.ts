import * as l10n from '@vscode/l10n';
import type { AgentStore } from '../../core/inventory/agentStore';
import type { Inventory } from '../../core/inventory/inventory';
import { DEVELOPER, MAINTAINER } from '../../core/gitlab/owners';
import { searchProjects } from '../../core/gitlab/ownerSearch';
import type { Agent, AgentProject } from '../../core/model/agent';
import { agentFacts } from '../../core/model/agentInWords';
import type { HostUrl } from '../../core/model/host';
import { plain } from '../../core/model/plainText';
import type { Dialogs } from '../../editor/dialogs';
import type { Pickers } from '../../editor/pickers';

export interface AgentPlace {
  readonly host: HostUrl;
  readonly project: AgentProject;
}

export interface HostAgent {
  readonly host: HostUrl;
  readonly agent: Agent;
}

interface Sources {
  readonly inventory: Pick<Inventory, 'client' | 'identify'>;
  readonly agents: AgentStore;
  readonly pickers: Pickers;
  readonly dialogs: Dialogs;
}

/** The project of the row a command was called on, or one that the user searches for at GitLab. */
export async function pickProject(
  value: unknown,
  title: string,
  { inventory, pickers, dialogs }: Sources,
  { writable = false } = {},
): Promise<AgentPlace | undefined> {
  const place = placeOf(value, pickers);
  if (place) return writable && !pickers.isWritable(place) ? undefined : place;
  const host = await pickers.host(value, title);
  if (!host) return undefined;
  const identity = await inventory.identify(host.url).catch(() => undefined);
  if (writable && !pickers.isWritable({ host: host.url })) return undefined;
  const client = await inventory.client(host.url);
  const minAccessLevel = identity?.user.isAdmin ? undefined : writable ? MAINTAINER : DEVELOPER;
  const found = await dialogs.search({
    title: l10n.t('{0}: project of {1}', title, plain(host.name)),
    placeholder: l10n.t('Type to search projects by name or path'),
    search: (text, page, signal) => searchProjects(client, { text, page, minAccessLevel, signal }),
    describe: () => undefined,
    nothingFound: writable
      ? l10n.t('Only projects where you are at least Maintainer are listed.')
      : l10n.t('Only projects where you are at least Developer are listed.'),
  });
  return found && { host: host.url, project: { id: found.id, path: found.path } };
}

function placeOf(value: unknown, pickers: Pickers): AgentPlace | undefined {
  const node = pickers.node(value);
  switch (node?.type) {
    case 'agents':
      return { host: node.host, project: node.project };
    case 'agent':
      return { host: node.parent.host, project: node.agent.project };
    case 'owner':
    case 'branch': {
      const { host, owner } = node;
      return owner.level === 'project' ? { host, project: { id: owner.id, path: owner.path } } : undefined;
    }
    default:
      return undefined;
  }
}

/** The agent of the row a command was called on, or one that the user chooses; as it was read last. */
export async function pickAgent(
  value: unknown,
  title: string,
  sources: Sources,
  { writable = false } = {},
): Promise<HostAgent | undefined> {
  const node = sources.pickers.node(value);
  if (node?.type === 'agent') {
    const { host } = node.parent;
    return writable && !sources.pickers.isWritable({ host }) ? undefined : { host, agent: node.agent };
  }
  const place = await pickProject(value, title, sources, { writable });
  const listed = place && (await readAgents(place, sources));
  if (!place || !listed) return undefined;
  const now = new Date();
  const agent = await sources.dialogs.choose(title, listed, (one) => ({
    label: plain(one.name),
    description: agentFacts(one, now).join(' · '),
  }));
  return agent && { host: place.host, agent };
}

/** The agents of a project as they are now. Undefined, and told, where there are none to see. Throws GitLabError. */
async function readAgents(
  { host, project }: AgentPlace,
  { agents, dialogs }: Pick<Sources, 'agents' | 'dialogs'>,
): Promise<readonly Agent[] | undefined> {
  const listed = await freshAgents({ host, project }, { agents, dialogs });
  if (listed && listed.length > 0) return listed;
  const words = listed
    ? l10n.t('No agent is registered in {0}.', plain(project.path))
    : l10n.t(
        'The agents of {0} are not visible to this access token. That needs the Developer role.',
        plain(project.path),
      );
  void dialogs.notify('information', words);
  return undefined;
}

/** The same, empty where there are none and undefined where they are not visible. */
export async function freshAgents(
  { host, project }: AgentPlace,
  { agents, dialogs }: Pick<Sources, 'agents' | 'dialogs'>,
): Promise<readonly Agent[] | undefined> {
  const title = l10n.t('Reading agents…');
  await dialogs.progress({ title, where: 'statusBar' }, () => agents.load(host, project));
  const state = agents.own(host, project.id);
  if (state?.state === 'failed') throw state.error;
  return state?.value?.agents;
}

/** An agent as it is now; undefined, and told, once it is gone. Throws GitLabError. */
export async function freshAgent(
  { host, agent }: HostAgent,
  sources: Pick<Sources, 'agents' | 'dialogs'>,
): Promise<Agent | undefined> {
  const listed = await freshAgents({ host, project: agent.project }, sources);
  const found = listed?.find(({ id }) => id === agent.id);
  if (found) return found;
  void sources.dialogs.notify('information', l10n.t('The agent {0} no longer exists in GitLab.', plain(agent.name)));
  return undefined;
}
