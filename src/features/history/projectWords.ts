import * as l10n from '@vscode/l10n';
import type { NotedProjectWrite } from '../../core/journal/history';
import { plain } from '../../core/model/plainText';
import type { Choice } from '../../editor/dialogs';
import { momentInWords, outcomeInWords } from './changeWords';

/** What was done to an agent, one of its tokens, or a file, in a few words. */
export function projectTitle({ kind, thing, part }: NotedProjectWrite): string {
  const [agent, token] = [plain(thing.name), plain(part?.name ?? '')];
  switch (kind) {
    case 'addAgent':
      return l10n.t('Added agent {0}', agent);
    case 'deleteAgent':
      return l10n.t('Deleted agent {0}', agent);
    case 'addAgentToken':
      return l10n.t('Added token {0} of agent {1}', token, agent);
    case 'revokeAgentToken':
      return l10n.t('Revoked token {0} of agent {1}', token, agent);
    case 'commit':
      return l10n.t('Committed {0} to the new branch {1}', token, agent);
    case 'openMergeRequest':
      return l10n.t('Opened a merge request of the branch {0}', agent);
    case 'createVariable':
      return l10n.t('Created the CI/CD variable {0} for {1}', agent, token);
  }
}

/** How it is shown in the list of changes. */
export function projectChoice(write: NotedProjectWrite, hostName: ((host: string) => string) | undefined): Choice {
  const path = plain(write.project.path);
  const where = hostName ? l10n.t('{0} at {1}', path, hostName(write.host)) : path;
  const user = write.user === undefined ? [] : [`@${plain(write.user)}`];
  const isRemoved = write.kind === 'deleteAgent' || write.kind === 'revokeAgentToken';
  return {
    label: projectTitle(write),
    description: [where, momentInWords(write.at), ...user, outcomeInWords(write)].join(' · '),
    icon: isRemoved ? 'trash' : 'add',
  };
}

/** All that is recorded of it. There is nothing to compare. */
export function projectText(write: NotedProjectWrite, hostName: (host: string) => string): string {
  const { at, host, kind, user, project, thing, part } = write;
  const ids = [
    ...(thing.id === undefined ? [] : [l10n.t('Agent ID: {0}', thing.id)]),
    ...(part?.id === undefined ? [] : [l10n.t('Token ID: {0}', part.id)]),
  ];
  return [
    projectTitle(write),
    l10n.t('When: {0}', momentInWords(at)),
    l10n.t('Host: {0}', plain(hostName(host))),
    l10n.t('Project: {0}', plain(project.path)),
    ...ids,
    ...(user === undefined ? [] : [l10n.t('User: {0}', `@${plain(user)}`)]),
    l10n.t('Outcome: {0}', outcomeInWords(write)),
    '',
    undoHint(kind),
    '',
  ].join('\n');
}

function undoHint(kind: NotedProjectWrite['kind']): string {
  switch (kind) {
    case 'commit':
    case 'openMergeRequest':
      return l10n.t('What was written is not recorded. Close the merge request in GitLab to take it back.');
    case 'createVariable':
      return l10n.t('Its value is not recorded. Delete the variable in GitLab to take it back.');
    case 'addAgent':
    case 'deleteAgent':
    case 'addAgentToken':
    case 'revokeAgentToken':
      return l10n.t('The secret of a token is never recorded. This change can’t be undone.');
  }
}
