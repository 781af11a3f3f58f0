import * as l10n from '@vscode/l10n';
import { explain } from '../../core/gitlab/explain';
import { GitLabError } from '../../core/gitlab/errors';
import { writeAfter } from '../../core/gitlab/failureKinds';
import type { AgentStore } from '../../core/inventory/agentStore';
import type { Recording } from '../../core/journal/recording';
import { MAX_AGENT_TOKENS, MAX_TOKEN_NAME, agentNameProblem, contextName } from '../../core/model/agent';
import { agentFacts } from '../../core/model/agentInWords';
import { plain } from '../../core/model/plainText';
import type { Dialogs } from '../../editor/dialogs';
import type { AgentWrites } from './agentWrites';
import { freshAgent, freshAgents } from './pickAgent';
import type { AgentPlace, HostAgent } from './pickAgent';
import { showSecret } from './showSecret';

export interface AddingSources {
  readonly agents: AgentStore;
  readonly dialogs: Dialogs;
  readonly writes: AgentWrites;
  readonly recording: Pick<Recording, 'problem'>;
  /** Offers the tokens of an agent to be revoked. */
  readonly revoke: (agent: HostAgent) => Promise<void>;
}

/** Registers an agent and creates its first token. With a name that is taken, it goes on with the agent that has it. */
export async function addAgent({ host, project }: AgentPlace, sources: AddingSources): Promise<void> {
  const { dialogs, writes, recording } = sources;
  const listed = await freshAgents({ host, project }, sources);
  const path = plain(project.path);
  const name = await dialogs.ask({
    title: l10n.t('Add Agent to {0}', path),
    prompt: l10n.t('Name of the agent. It can’t be changed later: jobs select the context {0}.', `${path}:<name>`),
    placeholder: 'production',
    check: agentNameProblem,
  });
  if (name === undefined) return;
  const existing = listed?.find((one) => one.name === name);
  if (existing) {
    const button = l10n.t('Add Token…');
    const question = l10n.t('The agent {0} is already registered in {1}. Add a token to it?', name, path);
    const facts = agentFacts(existing, new Date()).join(' · ');
    if ((await dialogs.confirm(question, facts, button)) === button) await addToken({ host, agent: existing }, sources);
    return;
  }
  const button = l10n.t('Add Agent');
  const detail = [
    l10n.t('GitLab registers the agent and creates a token for it. The token’s secret is shown once.'),
    l10n.t('Nothing is installed in a cluster.'),
    l10n.t('Context name for jobs: {0}', contextName({ name, project })),
    await recording.problem([host]),
  ];
  const question = l10n.t('Add the agent {0} to {1}?', name, path);
  if ((await dialogs.confirm(question, detail.filter(Boolean).join('\n'), button)) !== button) return;
  const agent = await writes.add(host, project, name);
  await createToken({ host, agent }, name, sources);
}

/** Asks for a name and creates a token, unless the agent has as many as GitLab allows. */
export async function addToken(chosen: HostAgent, sources: AddingSources): Promise<void> {
  const { dialogs } = sources;
  const agent = await freshAgent(chosen, sources);
  if (!agent) return;
  const shown = plain(agent.name);
  if ((agent.tokens?.length ?? 0) >= MAX_AGENT_TOKENS) {
    const revoke = l10n.t('Revoke Token…');
    const words = l10n.t('The agent {0} has two active tokens, and GitLab allows no more. Revoke one first.', shown);
    if ((await dialogs.notify('warning', words, revoke)) === revoke) await sources.revoke({ host: chosen.host, agent });
    return;
  }
  const name = await dialogs.ask({
    title: l10n.t('Add Token to Agent {0}', shown),
    prompt: l10n.t('Name of the token. Enter creates it; its secret is shown once.'),
    value: agent.tokens?.some((one) => one.name === agent.name) ? '' : agent.name,
    check: (text) =>
      text === ''
        ? l10n.t('Enter a name.')
        : text.length > MAX_TOKEN_NAME
          ? l10n.t('At most {0} characters.', MAX_TOKEN_NAME)
          : undefined,
  });
  if (name !== undefined) await createToken({ host: chosen.host, agent }, name, sources);
}

/** Creates the token and shows its secret. A failure says what there is now: an agent without this token. */
async function createToken(agent: HostAgent, name: string, sources: AddingSources): Promise<void> {
  const { dialogs, writes } = sources;
  let secret: string;
  try {
    ({ secret } = await writes.addToken(agent, name));
  } catch (error) {
    await tellFailure(error, agent, name, sources);
    return;
  }
  await showSecret(secret, { agent: agent.agent, name, dialogs });
}

async function tellFailure(error: unknown, agent: HostAgent, name: string, sources: AddingSources): Promise<void> {
  const { dialogs } = sources;
  const shown = plain(agent.agent.name);
  if (error instanceof GitLabError && writeAfter(error) !== 'none') {
    const words = l10n.t(
      'GitLab’s response was lost, and the token’s secret with it. If the agent {0} now has a token {1}, revoke it and add another.',
      shown,
      plain(name),
    );
    const revoke = l10n.t('Revoke Token…');
    if ((await dialogs.notify('warning', words, revoke)) === revoke) await sources.revoke(agent);
    return;
  }
  const again = l10n.t('Add Token…');
  const words = l10n.t(
    'The agent {0} is registered, but its token was not created. {1}',
    shown,
    explain(error).sentence,
  );
  if ((await dialogs.notify('error', words, again)) === again) await addToken(agent, sources);
}
