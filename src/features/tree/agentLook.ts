import * as l10n from '@vscode/l10n';
import type { ProjectAgents } from '../../core/gitlab/agents';
import { explain } from '../../core/gitlab/explain';
import type { JobAgents } from '../../core/inventory/agentStore';
import type { LoadState } from '../../core/inventory/latestLoad';
import { agentState, agentVersion, contextName } from '../../core/model/agent';
import type { AgentState } from '../../core/model/agent';
import { agentFacts, agentKnowledge, agentStateInWords, tokenUseInWords } from '../../core/model/agentInWords';
import { tooltipMarkdown } from '../../core/model/markdown';
import { plain } from '../../core/model/plainText';
import { usableContext } from '../../core/gitlab/usableAgents';
import type { AgentAccessNode, AgentNode, AgentsNode, UsableAgentNode } from '../../editor/clusterNodes';
import type { NodeLook } from './rows/row';

/** The row above agents, before and after it was opened. */
export function agentsLook(
  { list, project }: AgentsNode,
  state: LoadState<ProjectAgents | JobAgents> | undefined,
  writable: boolean,
): NodeLook {
  const label = list === 'own' ? l10n.t('GitLab agents') : l10n.t('For this project’s jobs');
  const count = state?.value?.agents?.length;
  // The second name is long enough for a narrow side bar.
  const description = !state
    ? list === 'own'
      ? l10n.t('expand to see')
      : ''
    : state.state === 'failed'
      ? explain(state.error).title
      : count === undefined
        ? ''
        : count.toLocaleString();
  const sentence =
    list === 'own'
      ? l10n.t('Agents for Kubernetes that are registered in {0}.', plain(project.path))
      : l10n.t('Agents that the jobs of {0} may use, wherever they are registered.', plain(project.path));
  return {
    label,
    description,
    tooltip: tooltipMarkdown(
      label,
      [],
      [sentence, state ? undefined : l10n.t('GitLab is asked when you open this row.')],
    ),
    icon:
      state?.state === 'failed'
        ? { id: 'warning', color: 'list.warningForeground' }
        : { id: list === 'own' ? 'radio-tower' : 'play-circle' },
    contextValue: ['agents', list, ...(writable ? ['writable'] : [])].join(' '),
    collapsible: 'collapsed',
    accessibilityLabel: `${[label, ...(description === '' ? [] : [description])].join(', ')}. ${sentence}`,
    command: undefined,
  };
}

const icons: Readonly<Record<AgentState, NodeLook['icon']>> = {
  connected: { id: 'vm-active', color: 'testing.iconPassed' },
  notConnected: { id: 'vm-outline', color: 'list.warningForeground' },
  neverConnected: { id: 'vm-outline' },
  unknown: { id: 'vm' },
};

export function agentLook({ agent }: AgentNode, writable: boolean, now: Date): NodeLook {
  const facts = agentFacts(agent, now);
  const { tokens, pods } = agent;
  const label = plain(agent.name);
  return {
    label,
    description: facts.join(' · '),
    tooltip: tooltipMarkdown(
      l10n.t('Agent {0}', label),
      [
        [l10n.t('Project'), plain(agent.project.path)],
        [l10n.t('ID'), String(agent.id)],
        [l10n.t('State'), agentStateInWords(agent, now)],
        [l10n.t('Version'), plain(agentVersion(agent) ?? '')],
        [l10n.t('Connected pods'), pods && pods.length > 0 ? String(pods.length) : undefined],
        [l10n.t('Context name'), plain(contextName(agent))],
        [l10n.t('Created'), agent.createdAt?.toLocaleDateString()],
        ...(tokens ?? []).map(
          (token) => [l10n.t('Token {0}', plain(token.name)), tokenUseInWords(token, agent.knowsLastUse, now)] as const,
        ),
      ],
      [
        tokens?.length === 0 ? l10n.t('It has no token, so it cannot connect.') : undefined,
        ...agentKnowledge(agent, now),
      ],
    ),
    icon: icons[agentState(agent, now)],
    contextValue: writable ? 'agent writable' : 'agent',
    collapsible: 'collapsed',
    accessibilityLabel: `${[label, ...facts].join(', ')}. ${l10n.t('Agent of {0}.', plain(agent.project.path))}`,
    command: undefined,
  };
}

/** What an entry is limited to, and the namespace it gives. */
function limitsOf({
  environments,
  protectedOnly,
  defaultNamespace,
}: Pick<UsableAgentNode['agent'], 'environments' | 'protectedOnly' | 'defaultNamespace'>): readonly string[] {
  return [
    ...(environments ? [environments.map(plain).join(', ')] : []),
    ...(protectedOnly ? [l10n.t('protected branches and tags only')] : []),
    ...(defaultNamespace === undefined ? [] : [l10n.t('namespace {0}', plain(defaultNamespace))]),
  ];
}

/** Whom an agent's configuration allows to use it. */
export function accessLook({ access }: AgentAccessNode): NodeLook {
  const label = access.of === 'instance' ? l10n.t('Every project') : plain(access.id);
  const whose = {
    jobs: { project: l10n.t('jobs'), group: l10n.t('jobs of all projects below'), instance: l10n.t('jobs') },
    people: { project: l10n.t('members'), group: l10n.t('members'), instance: l10n.t('members') },
  }[access.use][access.of];
  const description = [whose, ...limitsOf(access)];
  const sentence = l10n.t(
    'GitLab leaves out entries that name nothing it knows, or something outside the agent’s top-level group, without saying so.',
  );
  const icons = { project: 'repo', group: 'organization', instance: 'globe' } as const;
  return {
    label,
    description: description.join(' · '),
    tooltip: tooltipMarkdown(label, [], [description.join(', '), sentence]),
    icon: { id: icons[access.of] },
    contextValue: 'agentAccess',
    collapsible: 'none',
    accessibilityLabel: `${[label, ...description].join(', ')}. ${l10n.t('Entry of the agent’s configuration.')}`,
    command: undefined,
  };
}

export function usableLook({ agent, parent }: UsableAgentNode): NodeLook {
  const { defaultNamespace, environments, protectedOnly } = agent;
  const label = plain(usableContext(agent));
  const description = limitsOf(agent);
  const isHidden = agent.configProject === '';
  return {
    label,
    description: description.join(' · '),
    tooltip: tooltipMarkdown(
      label,
      [
        [l10n.t('Default namespace'), plain(defaultNamespace ?? '')],
        [l10n.t('Environments'), environments?.map(plain).join(', ')],
      ],
      [
        l10n.t('The jobs of {0} may select this context.', plain(parent.project.path)),
        environments ? l10n.t('Jobs without an environment do not get it.') : undefined,
        protectedOnly ? l10n.t('Only jobs of protected branches and tags get it.') : undefined,
        isHidden
          ? l10n.t('Its project is not visible to this access token, so the context name is incomplete.')
          : undefined,
      ],
    ),
    icon: { id: 'vm-connect' },
    contextValue: isHidden ? 'usableAgent' : 'usableAgent named',
    collapsible: 'none',
    accessibilityLabel: `${[label, ...description].join(', ')}. ${l10n.t('The jobs of {0} may select this context.', plain(parent.project.path))}`,
    command: undefined,
  };
}
