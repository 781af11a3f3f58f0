import * as l10n from '@vscode/l10n';
import { agentState, agentVersion, lastUseOf } from './agent';
import type { Agent, AgentToken } from './agent';
import { agoInWords } from './agoInWords';
import { plain } from './plainText';

/** The state of an agent in a word or two. */
export function agentStateInWords(agent: Agent, now: Date): string {
  switch (agentState(agent, now)) {
    case 'connected':
      return l10n.t('connected');
    case 'notConnected':
      return l10n.t('not connected');
    case 'neverConnected':
      return agent.tokens?.length === 0 ? l10n.t('no token') : l10n.t('never connected');
    case 'unknown':
      return l10n.t('state not known');
  }
}

/** The state, and the version or the last use beside it. */
export function agentFacts(agent: Agent, now: Date): readonly string[] {
  const version = agentVersion(agent);
  const used = lastUseOf(agent);
  return [
    agentStateInWords(agent, now),
    ...(version !== undefined
      ? [plain(version)]
      : used && agentState(agent, now) !== 'unknown'
        ? [l10n.t('last used {0}', agoInWords(used, now))]
        : []),
  ];
}

/** How the state is known, and what is not visible to the access token. */
export function agentKnowledge(agent: Agent, now: Date): readonly string[] {
  const state = agentState(agent, now);
  const isRead = agent.pods !== undefined && agent.pods.length > 0;
  return [
    ...(isRead
      ? [l10n.t('Read from GitLab’s agent server, KAS.')]
      : state === 'unknown'
        ? [
            agent.tokens === undefined
              ? l10n.t('Its tokens are not visible to this access token, or this GitLab version doesn’t report them.')
              : l10n.t('This GitLab version doesn’t report when its tokens were used.'),
          ]
        : [l10n.t('Computed from the last use of its tokens, which GitLab may report up to an hour late.')]),
    ...(isRead
      ? []
      : agent.pods === undefined
        ? [l10n.t('Connections and version could not be read.')]
        : [l10n.t('Connections and version are visible from the Maintainer role on; none is visible to this token.')]),
  ];
}

/** When a token was used last. */
export function tokenUseInWords({ lastUsedAt }: AgentToken, knowsLastUse: boolean, now: Date): string {
  if (!knowsLastUse) return l10n.t('last use not known');
  return lastUsedAt ? l10n.t('last used {0}', agoInWords(lastUsedAt, now)) : l10n.t('never used');
}
