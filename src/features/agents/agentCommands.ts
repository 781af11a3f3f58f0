import * as l10n from '@vscode/l10n';
import { commands } from '../../contributions';
import type { FleetFinder } from '../../core/arrange/fleetFinder';
import { repositoryFile } from '../../core/gitlab/repositoryFiles';
import type { AgentStore } from '../../core/inventory/agentStore';
import type { Inventory } from '../../core/inventory/inventory';
import type { Recording } from '../../core/journal/recording';
import type { WriteJournal } from '../../core/journal/writeJournal';
import { configFilePath, contextName } from '../../core/model/agent';
import { agentPage } from '../../core/model/pages';
import { plain } from '../../core/model/plainText';
import { usableContext } from '../../core/gitlab/usableAgents';
import type { CommandTable } from '../../editor/commandTable';
import type { Dialogs } from '../../editor/dialogs';
import type { Pickers } from '../../editor/pickers';
import { addAgent, addToken } from './addAgent';
import type { AddingSources } from './addAgent';
import { agentWrites } from './agentWrites';
import { findAgents, knownProjects } from './findAgents';
import { pickAgent, pickProject } from './pickAgent';
import type { HostAgent } from './pickAgent';
import { removeAgent, revokeToken } from './removeAgent';

interface AgentCommandSources {
  readonly inventory: Inventory;
  readonly finder: Pick<FleetFinder, 'known'>;
  readonly agents: AgentStore;
  readonly journal: WriteJournal;
  readonly recording: Pick<Recording, 'problem'>;
  readonly pickers: Pickers;
  readonly dialogs: Dialogs;
}

/** Agents and their tokens: found, added, revoked, deleted, and what is copied and opened of them. */
export function agentCommands(sources: AgentCommandSources) {
  const { inventory, finder, agents, pickers, dialogs } = sources;
  const writes = agentWrites(sources);
  const changing = { ...sources, writes };
  const revoke = (agent: HostAgent): Promise<void> => revokeToken(agent, changing);
  const adding: AddingSources = { ...changing, revoke };
  /** On the agent of a row, or one that is chosen. */
  const onAgent =
    (title: string, act: (agent: HostAgent) => Promise<void>, writable = false) =>
    async (value: unknown): Promise<void> => {
      const agent = await pickAgent(value, title, sources, { writable });
      if (agent) await act(agent);
    };

  return {
    [commands.refreshAgents]: async (value: unknown) => {
      const node = pickers.node(value);
      const place = await pickProject(value, l10n.t('Refresh Agents'), sources);
      if (!place) return;
      const { host, project } = place;
      if (node?.type === 'agent') await agents.loadConfig(host, node.agent);
      else if (node?.type === 'agents' && node.list === 'usable') await agents.loadUsable(host, project);
      else await agents.load(host, project);
    },
    [commands.findAgents]: async (value: unknown) => {
      const host = await pickers.host(value, l10n.t('Find GitLab Agents'));
      if (host) await findAgents(host, knownProjects(host, finder.known().clusters), sources);
    },
    [commands.addAgent]: async (value: unknown) => {
      const place = await pickProject(value, l10n.t('Add Agent'), sources, { writable: true });
      if (place) await addAgent(place, adding);
    },
    [commands.addAgentToken]: onAgent(l10n.t('Add Agent Token'), (agent) => addToken(agent, adding), true),
    [commands.revokeAgentToken]: onAgent(l10n.t('Revoke Agent Token'), revoke, true),
    [commands.deleteAgent]: onAgent(l10n.t('Delete Agent'), (agent) => removeAgent(agent, changing), true),
    [commands.openAgentConfig]: onAgent(l10n.t('Open Configuration File'), async ({ host, agent }) => {
      const path = configFilePath(agent.name);
      const file = await repositoryFile(await inventory.client(host), agent.project.id, path);
      if (file) {
        await dialogs.showText(l10n.t('{0} of {1}', 'config', contextName(agent)), file.text, 'yaml');
        return;
      }
      const words = l10n.t(
        'The agent {0} has no configuration file, which is fine: then only the jobs of its own project may use it. It would be {1}.',
        plain(agent.name),
        path,
      );
      void dialogs.notify('information', words);
    }),
    [commands.openAgentPage]: onAgent(l10n.t('Open Agent in GitLab'), ({ host, agent }) =>
      dialogs.openExternal(agentPage(host, agent)),
    ),
    [commands.copyContextName]: async (value: unknown) => {
      const node = pickers.node(value);
      const picked =
        node?.type === 'usableAgent' ? undefined : await pickAgent(value, l10n.t('Copy Context Name'), sources);
      const name = node?.type === 'usableAgent' ? usableContext(node.agent) : picked && contextName(picked.agent);
      if (name === undefined) return;
      await dialogs.writeClipboard(name);
      void dialogs.notify('information', l10n.t('Copied {0}.', plain(name)));
    },
  } satisfies CommandTable;
}
