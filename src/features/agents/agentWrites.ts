import { createAgent, createAgentToken, deleteAgent, revokeAgentToken } from '../../core/gitlab/agentChanges';
import type { NewAgentToken } from '../../core/gitlab/agentChanges';
import { GitLabError } from '../../core/gitlab/errors';
import type { AgentStore } from '../../core/inventory/agentStore';
import type { Inventory } from '../../core/inventory/inventory';
import { noted } from '../../core/journal/writeJournal';
import type { PlannedProjectWrite, WriteJournal } from '../../core/journal/writeJournal';
import type { Agent, AgentProject, AgentToken } from '../../core/model/agent';
import type { HostUrl } from '../../core/model/host';
import type { HostAgent } from './pickAgent';

interface Sources {
  readonly inventory: Pick<Inventory, 'client' | 'identity'>;
  readonly agents: AgentStore;
  readonly journal: WriteJournal;
}

/** Every change of agents: noted before it is sent, sent once, and what is shown is read again. Each throws GitLabError. */
export function agentWrites({ inventory, agents, journal }: Sources) {
  const write = async <T>(
    host: HostUrl,
    what: Omit<PlannedProjectWrite, 'host' | 'user' | 'change'>,
    send: () => Promise<T>,
  ): Promise<T | 'gone'> => {
    const user = inventory.identity(host)?.user.username;
    const sent = (): Promise<T | 'gone'> =>
      what.kind === 'addAgent' || what.kind === 'addAgentToken' ? send() : unlessGone(send());
    try {
      return await noted(journal, { ...what, host, user, change: undefined }, sent, (result) => ({
        outcome: result === 'gone' ? 'gone' : 'done',
      }));
    } finally {
      void agents.load(host, what.project);
    }
  };
  return {
    add: async (host: HostUrl, project: AgentProject, name: string): Promise<Agent> => {
      const client = await inventory.client(host);
      return present(
        await write(host, { kind: 'addAgent', project, thing: { name } }, () => createAgent(client, project, name)),
      );
    },
    addToken: async ({ host, agent }: HostAgent, name: string): Promise<NewAgentToken> => {
      const client = await inventory.client(host);
      const { id, project } = agent;
      const what = { kind: 'addAgentToken', project, thing: { id, name: agent.name }, part: { name } } as const;
      return present(await write(host, what, () => createAgentToken(client, agent, { name })));
    },
    /** `gone`: somebody had removed it before. */
    revoke: async ({ host, agent }: HostAgent, { id, name }: AgentToken): Promise<'gone' | undefined> => {
      const client = await inventory.client(host);
      const thing = { id: agent.id, name: agent.name };
      const what = { kind: 'revokeAgentToken', project: agent.project, thing, part: { id, name } } as const;
      return (await write(host, what, () => revokeAgentToken(client, agent, id))) ?? undefined;
    },
    remove: async ({ host, agent }: HostAgent): Promise<'gone' | undefined> => {
      const client = await inventory.client(host);
      const what = { kind: 'deleteAgent', project: agent.project, thing: { id: agent.id, name: agent.name } } as const;
      return (await write(host, what, () => deleteAgent(client, agent))) ?? undefined;
    },
  };
}

export type AgentWrites = ReturnType<typeof agentWrites>;

async function unlessGone<T>(sent: Promise<T>): Promise<T | 'gone'> {
  try {
    return await sent;
  } catch (error) {
    if (error instanceof GitLabError && error.kind === 'notFound') return 'gone';
    throw error;
  }
}

/** What is added cannot be gone. */
function present<T>(result: T | 'gone'): T {
  if (result === 'gone') throw new GitLabError('internal');
  return result;
}
