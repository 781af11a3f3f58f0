import * as l10n from '@vscode/l10n';
import type { AgentStore } from '../../core/inventory/agentStore';
import type { Recording } from '../../core/journal/recording';
import { agentState, contextName } from '../../core/model/agent';
import { agentFacts, tokenUseInWords } from '../../core/model/agentInWords';
import { plain } from '../../core/model/plainText';
import type { Dialogs } from '../../editor/dialogs';
import type { AgentWrites } from './agentWrites';
import { freshAgent } from './pickAgent';
import type { HostAgent } from './pickAgent';

interface Sources {
  readonly agents: AgentStore;
  readonly dialogs: Dialogs;
  readonly writes: AgentWrites;
  readonly recording: Pick<Recording, 'problem'>;
}

/** Lets the user choose a token of an agent, and revokes it after a question. */
export async function revokeToken(chosen: HostAgent, sources: Sources): Promise<void> {
  const { dialogs, writes, recording } = sources;
  const { host } = chosen;
  const agent = await freshAgent(chosen, sources);
  if (!agent) return;
  const shown = plain(agent.name);
  const { tokens } = agent;
  if (!tokens || tokens.length === 0) {
    const words = tokens
      ? l10n.t('The agent {0} has no active token.', shown)
      : l10n.t(
          'The tokens of the agent {0} are not visible to this access token, or not reported by this GitLab version.',
          shown,
        );
    void dialogs.notify('information', words);
    return;
  }
  const now = new Date();
  const token = await dialogs.choose(l10n.t('Revoke Token of Agent {0}', shown), tokens, (one) => ({
    label: plain(one.name) || l10n.t('Token {0} (no name)', one.id),
    description: [
      tokenUseInWords(one, agent.knowsLastUse, now),
      ...(one.createdAt ? [l10n.t('created {0}', one.createdAt.toLocaleDateString())] : []),
    ].join(' · '),
  }));
  if (!token) return;
  const detail = [
    tokenUseInWords(token, agent.knowsLastUse, now),
    tokens.length === 1
      ? l10n.t('It is the only token: the agent cannot connect until it gets another, and jobs that use it fail.')
      : l10n.t('Pods that connect with this token lose their connection. Make sure that they have the other one.'),
    l10n.t('This can’t be undone.'),
    await recording.problem([host]),
  ];
  const button = l10n.t('Revoke');
  const question = l10n.t('Revoke the token {0} of the agent {1}?', plain(token.name), shown);
  if ((await dialogs.confirm(question, detail.filter(Boolean).join('\n'), l10n.t('Keep Token'), button)) !== button)
    return;
  const gone = await writes.revoke({ host, agent }, token);
  const words = gone
    ? l10n.t('The token {0} was already gone.', plain(token.name))
    : l10n.t('Revoked the token {0} of the agent {1}.', plain(token.name), shown);
  void dialogs.notify('information', words);
}

/** Deletes an agent after a question that says what jobs and pods lose, and what is kept. */
export async function removeAgent(chosen: HostAgent, sources: Sources): Promise<void> {
  const { dialogs, writes, recording } = sources;
  const { host } = chosen;
  const agent = await freshAgent(chosen, sources);
  if (!agent) return;
  const now = new Date();
  const shown = plain(agent.name);
  const detail = [
    agentFacts(agent, now).join(' · '),
    agentState(agent, now) === 'connected'
      ? l10n.t('It is connected: jobs that select the context {0} will fail.', plain(contextName(agent)))
      : l10n.t('Jobs that select the context {0} will fail.', plain(contextName(agent))),
    l10n.t('Its tokens are deleted with it. This can’t be undone.'),
    l10n.t(
      'Kept: what is installed in the cluster, which can then no longer sign in, and the configuration file in the repository.',
    ),
    await recording.problem([host]),
  ];
  const button = l10n.t('Delete');
  const question = l10n.t('Delete the agent {0} of {1}?', shown, plain(agent.project.path));
  if ((await dialogs.confirm(question, detail.filter(Boolean).join('\n'), l10n.t('Keep Agent'), button)) !== button)
    return;
  const gone = await writes.remove({ host, agent });
  const words = gone ? l10n.t('The agent {0} was already gone.', shown) : l10n.t('Deleted the agent {0}.', shown);
  void dialogs.notify('information', words);
}
