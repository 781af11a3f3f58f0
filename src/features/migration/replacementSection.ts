import * as l10n from '@vscode/l10n';
import { installCommands } from '../../core/migration/installCommand';
import { entriesFor } from '../../core/migration/replacement';
import type { AgentState } from '../../core/model/agent';
import { code } from '../../core/resolver/inWords';
import { plannedAgent } from './plannedAgent';
import type { ShownPlan } from './planDocument';
import { block, capped, known } from './planMarkdown';

/** Part 3: an agent that may be used, what it still needs, or a new one. */
export function replacementSection(shown: ShownPlan): readonly string[] {
  const { plan, replacement, agentState } = shown;
  const { best, others, hidden } = replacement;
  const lines: string[] = [];
  if (best) {
    lines.push(
      `${l10n.t('The agent {0} may be used by the jobs of {1} of these projects.', code(best.context), best.usableBy)} ${known('read')}`,
      stateInWords(agentState),
    );
    const { entries, outside } = entriesFor(plan, best);
    if (entries.length > 0) {
      lines.push(
        l10n.t(
          'It has to be authorised for: {0}. *Open Agent Configuration Diff* shows the entries in the real file; a commit takes effect after about two minutes, and only while the agent is connected.',
          entries
            .slice(0, 20)
            .map(({ id }) => code(id))
            .join(', '),
        ),
      );
      if (entries.some(({ isManaged }) => isManaged)) {
        lines.push(
          l10n.t(
            'The entries keep the namespaces apart, which takes **Premium**: on **Free**, leave {0} and {1} out of them before the merge request is merged.',
            code('access_as'),
            code('resource_management'),
          ),
        );
      }
    }
    if (outside.length > 0) {
      lines.push(
        l10n.t(
          'Projects of another root group can’t use it as GitLab ships, and need an agent of their own: {0}',
          outside.length,
        ),
      );
    }
    if (others.length > 0) {
      lines.push(
        l10n.t('Other agents these projects may use:'),
        capped(others.map((one) => `${code(one.context)}: ${one.usableBy}`)),
      );
    }
  } else {
    lines.push(
      `${l10n.t('No agent that these projects may use was found.')} ${known(hidden > 0 ? 'notVisible' : 'read')}`,
      ...newAgent(shown),
    );
  }
  if (hidden > 0) {
    lines.push(
      `${l10n.t('Projects whose agents are not visible: {0}. Seeing them needs GitLab 16.1 or later and the Developer role.', hidden)} ${known('notVisible')}`,
    );
  }
  lines.push(
    l10n.t(
      'An agent installed as its chart does it is an administrator of the whole cluster for every project that may use it; a managed certificate cluster gave one namespace.',
    ),
  );
  return lines;
}

function newAgent(shown: ShownPlan): readonly string[] {
  const { server } = shown.plan;
  const { name, configProject } = plannedAgent(shown);
  const wish = { agent: name, server, hasOwnCa: shown.host.hasOwnCa };
  return [
    configProject === undefined
      ? l10n.t('A new one: choose a project below the same root group, and register the agent {0} there.', code(name))
      : l10n.t('A new one: register the agent {0} in {1}.', code(name), code(configProject)),
    server.isEnabled === false
      ? `${l10n.t('GitLab’s agent server (KAS) is switched off: an administrator has to turn it on first.')} ${known('read')}`
      : server.address === undefined
        ? `${l10n.t('The address of the agent server (KAS) is not reported; ask an administrator.')} ${known('notVisible')}`
        : `${l10n.t('Address of the agent server (KAS): {0}. The cluster has to reach it.', code(server.address))} ${known('read')}`,
    l10n.t(
      'Install it with these commands; the first asks for the agent’s token, so that it is in no command history.',
    ),
    block('sh', installCommands(wish, 'sh')),
    l10n.t('The same in PowerShell:'),
    block('powershell', installCommands(wish, 'powershell')),
    ...(shown.host.hasOwnCa
      ? [l10n.t('{0} is the CA certificate of this GitLab, which you trusted here.', code('gitlab-ca.pem'))]
      : []),
  ];
}

function stateInWords(state: AgentState | undefined): string {
  switch (state) {
    case 'connected':
      return `${l10n.t('It is connected.')} ${known('read')}`;
    case 'notConnected':
      return `${l10n.t('It is not connected now. GitLab’s figure lags: look again in a few minutes.')} ${known('computed')}`;
    case 'neverConnected':
      return `${l10n.t('It has never been connected.')} ${known('computed')}`;
    case 'unknown':
    case undefined:
      return `${l10n.t('Whether it is connected is not visible.')} ${known('notVisible')}`;
  }
}
