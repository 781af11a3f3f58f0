import * as l10n from '@vscode/l10n';
import { explain } from '../../core/gitlab/explain';
import type { HostIdentity } from '../../core/gitlab/identity';
import { defaultHostName } from '../../core/model/host';
import type { Host } from '../../core/model/host';
import { plain } from '../../core/model/plainText';
import type { HostNode } from '../../editor/clusterNodes';
import { tooltipMarkdown } from '../../core/model/markdown';
import type { NodeLook } from './nodeLook';
import { identityAt } from './treeKnowledge';
import type { TreeKnowledge } from './treeKnowledge';

/** With more hosts than this, they start closed: each open one sends its requests. */
const MAX_OPEN_HOSTS = 3;

/** Why nothing can be changed with a token that may only read. */
export function readOnlyReason(): string {
  return l10n.t(
    'Read-only: the access token lacks the scope “api”. To add, edit or delete clusters, replace it with one that has it.',
  );
}

export function hostLook({ host, place }: HostNode, knowledge: TreeKnowledge): NodeLook {
  const state = knowledge.hostState(host.url);
  const identity = identityAt(host.url, knowledge);
  const words = [...addressIfAmbiguous(host, knowledge.hosts), ...stateInWords(state, identity)];
  const label = plain(host.name) || defaultHostName(host.url);
  const failed = state?.state === 'failed' || state?.state === 'noToken';
  return {
    label,
    description: words.join(' · '),
    tooltip: tooltipMarkdown(
      label,
      [[l10n.t('Address'), host.url], ...identityFields(identity)],
      [state?.state === 'failed' ? explain(state.error).sentence : undefined, identity && writingInWords(identity)],
    ),
    icon: failed ? { id: 'warning', color: 'list.warningForeground' } : { id: 'server' },
    contextValue: host.url.startsWith('https:') ? 'host https' : 'host',
    collapsible: !place && knowledge.hosts.length > MAX_OPEN_HOSTS ? 'collapsed' : 'expanded',
    accessibilityLabel: `${[label, ...words].join(', ')}. ${l10n.t('GitLab host at {0}.', host.url)}`,
    command: undefined,
  };
}

/** What is to be known before one types a whole form. */
function writingInWords({ canWrite, token }: HostIdentity): string | undefined {
  if (!canWrite) return readOnlyReason();
  return token
    ? undefined
    : l10n.t(
        'This GitLab version doesn’t report token scopes. If the token lacks “api”, the first change fails and the host becomes read-only.',
      );
}

/** Two hosts may have been given the same name. */
function addressIfAmbiguous(host: Host, hosts: readonly Host[]): readonly string[] {
  return hosts.filter(({ name }) => name === host.name).length > 1 ? [defaultHostName(host.url)] : [];
}

function stateInWords(
  state: ReturnType<TreeKnowledge['hostState']>,
  identity: HostIdentity | undefined,
): readonly string[] {
  if (state?.state === 'noToken') return [l10n.t('no token')];
  if (state?.state === 'failed') return [explain(state.error).title];
  if (!identity) return [];
  const version = /^\d+\.\d+/.exec(identity.version?.number ?? '')?.[0];
  return [
    `@${plain(identity.user.username)}`,
    ...(version ? [l10n.t('GitLab {0}', version)] : []),
    ...(identity.canWrite ? [] : [l10n.t('read-only')]),
  ];
}

function identityFields(identity: HostIdentity | undefined): readonly (readonly [string, string | undefined])[] {
  if (!identity) return [];
  const { user, version, token } = identity;
  const edition =
    version?.enterprise === undefined
      ? undefined
      : version.enterprise
        ? l10n.t('Enterprise Edition')
        : l10n.t('Community Edition');
  const person = l10n.t('{0} (@{1})', user.name, user.username);
  return [
    [l10n.t('User'), user.isAdmin ? l10n.t('{0}, administrator', person) : person],
    [l10n.t('Version'), version && [version.number, edition].filter(Boolean).join(', ')],
    [l10n.t('Token scopes'), token?.scopes.join(', ') ?? l10n.t('not reported by this GitLab version')],
    [l10n.t('Token expires'), token && (token.expiresAt ?? l10n.t('never'))],
  ];
}
