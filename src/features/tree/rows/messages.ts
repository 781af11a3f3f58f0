import * as l10n from '@vscode/l10n';
import { commands } from '../../../contributions';
import type { GitLabError } from '../../../core/gitlab/errors';
import { failureKinds } from '../../../core/gitlab/failureKinds';
import type { Remedy } from '../../../core/gitlab/failureKinds';
import { explain } from '../../../core/gitlab/explain';
import { isFineGrained } from '../../../core/gitlab/identity';
import type { HostIdentity } from '../../../core/gitlab/identity';
import type { HostProblem } from '../../../core/accounts/hostAccounts';
import { plain } from '../../../core/model/plainText';
import type {
  AgentNode,
  AgentsNode,
  HostNode,
  MessageAction,
  MessageNode,
  OwnerNode,
  WarningsNode,
} from '../../../editor/clusterNodes';

type Parent = HostNode | OwnerNode | AgentsNode | AgentNode;

/** A reload under way is waited for; asking again cancels it and starts anew. */
export function loadingNode(parent: Parent | WarningsNode): MessageNode {
  const action = parent.type === 'warnings' ? undefined : refresh(parent, l10n.t('Start again'));
  return {
    type: 'message',
    name: 'loading',
    parent,
    text: l10n.t('Loading…'),
    detail: undefined,
    severity: 'loading',
    action,
  };
}

export function noTokenNode(parent: HostNode): MessageNode {
  return {
    type: 'message',
    name: 'noToken',
    parent,
    text: l10n.t('No token'),
    detail: l10n.t(
      'No access token for this host is stored here. Tokens are kept in this editor only, never in the settings.',
    ),
    severity: 'warning',
    action: { command: commands.replaceToken, title: l10n.t('Enter access token'), argument: parent },
  };
}

/** A host where nothing is watched and nothing was found. */
export function noOwnersNode(parent: HostNode): MessageNode {
  return {
    type: 'message',
    name: 'empty',
    parent,
    text: l10n.t('Nothing watched yet'),
    detail: l10n.t('Choose the projects and groups of this host whose clusters are shown here.'),
    severity: 'info',
    action: { command: commands.watchProject, title: l10n.t('Watch project'), argument: parent },
  };
}

export function noClustersNode(parent: OwnerNode, writable: boolean): MessageNode {
  const add = { command: commands.addCluster, title: l10n.t('Add cluster'), argument: parent };
  return {
    type: 'message',
    name: 'empty',
    parent,
    text: l10n.t('No clusters'),
    detail: l10n.t('GitLab has no certificate-based cluster registered here.'),
    severity: 'info',
    action: writable ? add : refresh(parent),
  };
}

/** Why a host says nothing. */
export function hostFailureNode(parent: HostNode, error: GitLabError): MessageNode {
  if (error.kind === 'noToken') return noTokenNode(parent);
  const { title, sentence } = explain(error);
  return failure(parent, error, title, sentence, hostRemedy(parent, error));
}

/** Why an owner's clusters cannot be shown. */
export function ownerFailureNode(
  parent: OwnerNode,
  host: HostNode,
  error: GitLabError,
  identity: HostIdentity | undefined,
): MessageNode {
  if (error.kind === 'forbidden' && parent.owner.level === 'instance' && lacksAdminMode(identity)) {
    const sentence = l10n.t(
      'Admin Mode is on at this GitLab, and the access token lacks the scope “admin_mode”. Replace it with one that has the scopes “api” and “admin_mode”.',
    );
    return failure(parent, error, l10n.t('Admin Mode missing'), sentence, replaceToken(host));
  }
  const { title, sentence } = explain(error);
  return failure(parent, error, title, sentence, ownerRemedy(parent, host, error));
}

/** A project of an open folder that could not be looked up. */
export function lookupFailureNode(parent: HostNode, path: string, error: GitLabError): MessageNode {
  const { title, sentence } = explain(error);
  const text = l10n.t('{0}: {1}', plain(path), title);
  const detail = l10n.t('The open folder’s project {0} could not be looked up. {1}', plain(path), sentence);
  return { ...failure(parent, error, text, detail, lookupRemedy(parent, error)), name: `folder/${path}` };
}

/** An entry of the setting that cannot be used. It stands among the hosts. */
export function problemNode({ entry, problem }: HostProblem, index: number): MessageNode {
  return {
    type: 'message',
    name: `setting/${index}`,
    parent: undefined,
    text: plain(entry) || l10n.t('Host {0} of the setting', index + 1),
    detail: l10n.t('This entry of the setting gitlabClusters.hosts cannot be used. {0}', plain(problem)),
    severity: 'error',
    action: { command: commands.openSettings, title: l10n.t('Open settings'), argument: undefined },
  };
}

/** An administrator's token that GitLab treats as an ordinary user's while Admin Mode is on (GitLab API contract 4.7). */
function lacksAdminMode(identity: HostIdentity | undefined): boolean {
  const token = identity?.token;
  return !!identity?.user.isAdmin && !!token && !token.scopes.includes('admin_mode') && !isFineGrained(token);
}

/** A failure as a row, with the one thing to do about it. */
export function failure(
  parent: MessageNode['parent'],
  error: GitLabError,
  text: string,
  detail: string,
  action: MessageAction,
): MessageNode {
  const row = { type: 'message', name: `failed/${error.kind}`, parent, text, detail } as const;
  // Off by default since GitLab 15.0: that is no error, and there is a way to turn it on.
  return error.kind === 'clustersUnavailable'
    ? { ...row, severity: 'info', action: integrationHelp() }
    : { ...row, severity: 'error', action };
}

/** How the integration is turned on. */
export function integrationHelp(): MessageAction {
  return { command: commands.showIntegrationHelp, title: l10n.t('How to turn it on'), argument: undefined };
}

/** The certificate, or the whole way to the host step by step. */
function checkConnection(host: HostNode, { tls }: GitLabError): MessageAction {
  return tls?.presented
    ? { command: commands.showCertificate, title: l10n.t('Show certificate'), argument: host }
    : { command: commands.testHost, title: l10n.t('Test connection'), argument: host };
}

function hostRemedy(host: HostNode, error: GitLabError): MessageAction {
  // A sign-in page in between is no other host, and where there is no address there is nothing to add.
  const isElsewhere = !error.sameOrigin && error.location !== undefined;
  return remedyOf(error, host, {
    address: isElsewhere
      ? { command: commands.addHost, title: l10n.t('Add host'), argument: undefined }
      : openInBrowser(host),
    browser: openInBrowser(host),
    gone: openInBrowser(host),
    log: showLog(),
    refresh: refresh(host),
  });
}

function ownerRemedy(owner: OwnerNode, host: HostNode, error: GitLabError): MessageAction {
  const again = refresh(owner);
  const unwatch = { command: commands.unwatch, title: l10n.t('Stop watching'), argument: owner };
  const gone = owner.watched ? unwatch : again;
  return remedyOf(error, host, { address: again, browser: again, gone, log: showLog(), refresh: again });
}

function lookupRemedy(host: HostNode, error: GitLabError): MessageAction {
  const again = refresh(host);
  return remedyOf(error, host, { address: again, browser: again, gone: again, log: again, refresh: again });
}

/** What helps is the same everywhere where it is another token or a look at the connection; the rest depends on the row. */
function remedyOf(
  error: GitLabError,
  host: HostNode,
  others: Readonly<Record<Exclude<Remedy, 'token' | 'connection'>, MessageAction>>,
): MessageAction {
  const { remedy } = failureKinds[error.kind];
  if (remedy === 'token') return replaceToken(host);
  return remedy === 'connection' ? checkConnection(host, error) : others[remedy];
}

function showLog(): MessageAction {
  return { command: commands.showLog, title: l10n.t('Show log'), argument: undefined };
}

function openInBrowser(host: HostNode): MessageAction {
  return { command: commands.openHost, title: l10n.t('Open in browser'), argument: host };
}

function replaceToken(host: HostNode): MessageAction {
  return { command: commands.replaceToken, title: l10n.t('Replace token'), argument: host };
}

/** What is below a row is read again. */
export function refresh(node: Parent, title = l10n.t('Refresh')): MessageAction {
  const { refreshHost, refreshOwner, refreshAgents } = commands;
  const ids = { host: refreshHost, owner: refreshOwner, agents: refreshAgents, agent: refreshAgents } as const;
  return { command: ids[node.type], title, argument: node };
}
