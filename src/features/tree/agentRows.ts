import * as l10n from '@vscode/l10n';
import { commands } from '../../contributions';
import { readAccess } from '../../core/migration/agentAccess';
import { configFilePath } from '../../core/model/agent';
import { plain } from '../../core/model/plainText';
import { explain } from '../../core/gitlab/explain';
import type { GitLabError } from '../../core/gitlab/errors';
import { AgentStore } from '../../core/inventory/agentStore';
import { Emitter } from '../../core/time/event';
import type { Disposable } from '../../core/time/event';
import type { HostUrl } from '../../core/model/host';
import { nodeId } from '../../editor/clusterNodes';
import type {
  AgentAccessNode,
  AgentNode,
  AgentsNode,
  BranchNode,
  ClusterTreeNode,
  MessageNode,
  OwnerNode,
  UsableAgentNode,
} from '../../editor/clusterNodes';
import { accessLook, agentLook, agentsLook, usableLook } from './agentLook';
import { paged } from './rows/paged';
import { failure, loadingNode, refresh } from './rows/messages';
import type { NodeLook } from './rows/row';
import { canWriteAt } from './treeKnowledge';
import type { AgentKnowledge, AgentRow, TreeKnowledge } from './treeKnowledge';

/** More entries than these are read in the file. */
const MAX_ENTRIES = 100;

/** The rows of agents below their projects. */
export class AgentRows implements AgentKnowledge, Disposable {
  readonly agents: AgentStore;
  private readonly changed = new Emitter<string>();

  readonly onDidChange = this.changed.event;

  constructor(sources: ConstructorParameters<typeof AgentStore>[0]) {
    this.agents = new AgentStore(sources);
    this.agents.onDidChange(({ host, projectId }) => {
      const project = { id: projectId, path: '' };
      const owner = { level: 'project', ...project } as const;
      const watched: OwnerNode = { type: 'owner', host, owner, watched: true, fromWorkspace: false };
      const found = (['fleet', 'found', 'foundMany'] as const).map((place): BranchNode => ({
        type: 'branch',
        host,
        owner,
        place,
      }));
      for (const parent of [watched, ...found]) {
        const own: AgentsNode = { type: 'agents', list: 'own', host, project, parent };
        const usable: AgentsNode = { ...own, list: 'usable', parent: own };
        // A found project gets its row of agents with the first answer.
        const agents = this.agents.own(host, projectId)?.value?.agents ?? [];
        const rows = agents.map((agent): AgentNode => ({ type: 'agent', parent: own, agent }));
        for (const row of [parent, own, usable, ...rows]) this.changed.fire(nodeId(row));
      }
    });
  }

  open(node: AgentsNode | AgentNode): void {
    if (node.type === 'agent') {
      const { host } = node.parent;
      if (!this.agents.config(host, node.agent)) void this.agents.loadConfig(host, node.agent);
      return;
    }
    const { list, host, project } = node;
    if (list === 'usable') {
      if (!this.agents.usable(host, project.id)) void this.agents.loadUsable(host, project);
    } else if (!this.agents.own(host, project.id)) void this.agents.load(host, project);
  }

  knows(host: HostUrl, projectId: number): boolean {
    return this.agents.own(host, projectId) !== undefined;
  }

  below(node: AgentsNode | AgentNode, knowledge: TreeKnowledge): readonly ClusterTreeNode[] {
    if (node.type === 'agent') return this.belowAgent(node);
    return node.list === 'own' ? this.belowOwn(node, knowledge) : this.belowUsable(node, knowledge);
  }

  private belowOwn(node: AgentsNode, knowledge: TreeKnowledge): readonly ClusterTreeNode[] {
    const state = this.agents.own(node.host, node.project.id);
    if (!state || (state.state === 'loading' && !state.value)) return [loadingNode(node)];
    const usable: AgentsNode = { ...node, list: 'usable', parent: node };
    const messages = state.state === 'failed' ? [failed(node, state.error)] : [];
    if (!state.value) return messages;
    const { agents, more } = state.value;
    if (!agents) return [...messages, hidden(node), usable];
    if (agents.length === 0) return [...messages, none(node, this.isWritable(node, knowledge)), usable];
    const rows = agents.map((agent): AgentNode => ({ type: 'agent', parent: node, agent }));
    return [...messages, ...paged(node, rows, knowledge), ...(more ? [cut(node, agents.length)] : []), usable];
  }

  /** What its configuration allows, in the order of the file. */
  private belowAgent(node: AgentNode): readonly ClusterTreeNode[] {
    const state = this.agents.config(node.parent.host, node.agent);
    if (!state || (state.state === 'loading' && !state.value)) return [loadingNode(node)];
    if (state.state === 'failed') return [failed(node, state.error)];
    const text = state.value?.text;
    if (text === undefined) {
      const detail = l10n.t(
        'It is optional: without it, only the jobs of {0} may use the agent.',
        plain(node.agent.project.path),
      );
      return [message(node, 'empty', l10n.t('No configuration file'), detail)];
    }
    const entries = readAccess(text);
    if (!entries) {
      const detail = l10n.t('{0} is not YAML as expected. Open it to see why.', configFilePath(node.agent.name));
      const action = { command: commands.openAgentConfig, title: l10n.t('Open file'), argument: node };
      return [
        { ...message(node, 'unreadable', l10n.t('Configuration cannot be read'), detail), severity: 'warning', action },
      ];
    }
    if (entries.length === 0) {
      const detail = l10n.t('Only the jobs of {0} may use the agent.', plain(node.agent.project.path));
      return [message(node, 'empty', l10n.t('Allows no other project'), detail)];
    }
    const rows = entries
      .slice(0, MAX_ENTRIES)
      .map((access, index): AgentAccessNode => ({ type: 'agentAccess', parent: node, access, index }));
    const left = entries.length - rows.length;
    if (left === 0) return rows;
    return [...rows, message(node, 'cut', l10n.t('{0} more in the file', left.toLocaleString()), undefined)];
  }

  private belowUsable(node: AgentsNode, knowledge: TreeKnowledge): readonly ClusterTreeNode[] {
    const state = this.agents.usable(node.host, node.project.id);
    if (!state || (state.state === 'loading' && !state.value)) return [loadingNode(node)];
    if (state.state === 'failed') return [failed(node, state.error)];
    const agents = state.value?.agents;
    if (!agents) return [hidden(node)];
    if (agents.length === 0) return [noneUsable(node)];
    return paged(
      node,
      agents.map((agent): UsableAgentNode => ({ type: 'usableAgent', parent: node, agent })),
      knowledge,
    );
  }

  look(node: AgentRow, knowledge: TreeKnowledge): NodeLook {
    switch (node.type) {
      case 'agents': {
        const { host, project, list } = node;
        const state = list === 'own' ? this.agents.own(host, project.id) : this.agents.usable(host, project.id);
        return agentsLook(node, state, this.isWritable(node, knowledge));
      }
      case 'agent':
        return agentLook(node, this.isWritable(node.parent, knowledge), knowledge.now());
      case 'usableAgent':
        return usableLook(node);
      case 'agentAccess':
        return accessLook(node);
    }
  }

  private isWritable({ host, project }: AgentsNode, knowledge: TreeKnowledge): boolean {
    return canWriteAt(host, { level: 'project', ...project }, knowledge);
  }

  dispose(): void {
    this.agents.dispose();
    this.changed.dispose();
  }
}

function failed(parent: AgentsNode | AgentNode, error: GitLabError): MessageNode {
  if (error.kind === 'unsupported' && parent.type === 'agents') {
    const sentence =
      parent.list === 'own'
        ? l10n.t('GitLab reports agents from version 14.5 on.')
        : l10n.t('GitLab reports which agents a project’s jobs may use from version 16.1 on, over GraphQL.');
    return message(parent, 'unsupported', l10n.t('Not reported by this GitLab version'), sentence);
  }
  const { title, sentence } = explain(error);
  return failure(parent, error, title, sentence, refresh(parent));
}

function hidden(parent: AgentsNode): MessageNode {
  const detail = l10n.t('GitLab shows the agents of a project from the Developer role on.');
  return message(parent, 'hidden', l10n.t('Not visible to this access token'), detail);
}

function none(parent: AgentsNode, writable: boolean): MessageNode {
  const detail = l10n.t(
    'No agent for Kubernetes is registered in this project. Agents it uses may be registered in others.',
  );
  const shown = message(parent, 'empty', l10n.t('No agents'), detail);
  return writable
    ? { ...shown, action: { command: commands.addAgent, title: l10n.t('Add agent'), argument: parent } }
    : shown;
}

function noneUsable(parent: AgentsNode): MessageNode {
  const detail = l10n.t(
    'No agent’s configuration allows the jobs of this project. A change of a configuration takes effect after a minute or two, while its agent is connected.',
  );
  return message(parent, 'empty', l10n.t('No agents'), detail);
}

function cut(parent: AgentsNode, read: number): MessageNode {
  const text = l10n.t('Only the first {0} agents are shown', read.toLocaleString());
  return { ...message(parent, 'cut', text, undefined), severity: 'warning', action: undefined };
}

function message(parent: AgentsNode | AgentNode, name: string, text: string, detail: string | undefined): MessageNode {
  return { type: 'message', name, parent, text, detail, severity: 'info', action: refresh(parent) };
}
