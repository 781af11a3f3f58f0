import * as l10n from '@vscode/l10n';
import { explain } from '../../../core/gitlab/explain';
import type { HostIdentity } from '../../../core/gitlab/identity';
import { defaultHostName } from '../../../core/model/host';
import type { Host } from '../../../core/model/host';
import { tooltipMarkdown } from '../../../core/model/markdown';
import { plain } from '../../../core/model/plainText';
import type { BranchNode, ClusterTreeNode, FleetNode, HostNode, NamedNode } from '../../../editor/clusterNodes';
import { identityAt } from '../treeKnowledge';
import type { TreeKnowledge } from '../treeKnowledge';
import { fleetMessages } from './fleetMessages';
import { hostFailureNode, loadingNode, lookupFailureNode, noOwnersNode, noTokenNode } from './messages';
import { ownersOf } from './owner';
import { paged } from './paged';
import { readOnlyReason } from './readOnly';
import type { NodeLook, Row } from './row';

/** With more hosts than this, they start closed: each open one sends its requests. */
const MAX_OPEN_HOSTS = 3;

/** A GitLab host with its owners; with a place, only what fits the filter is below. */
export function hostRow(node: HostNode): Row {
  return {
    look: (knowledge) => look(node, knowledge),
    below: (knowledge) => (node.place ? foundBelowHost(node, knowledge) : belowHost(node, knowledge)),
    load: (loading) => loading.host(node.host.url),
    above: () => undefined,
    isAffected: ({ hosts, knowledge }) => {
      const { url } = node.host;
      return hosts.has(url) && (node.place !== undefined || knowledge.hostState(url)?.state === 'failed');
    },
  };
}

function belowHost(node: HostNode, knowledge: TreeKnowledge): readonly ClusterTreeNode[] {
  const state = knowledge.hostState(node.host.url);
  if (state?.state === 'noToken') return [noTokenNode(node)];
  const { url } = node.host;
  const fleet: FleetNode = { type: 'fleet', host: url };
  const last: readonly ClusterTreeNode[] = [
    fleet,
    ...(knowledge.warnings
      ? [{ type: 'warnings', list: 'moves', host: url } as const, { type: 'warnings', host: url } as const]
      : []),
  ];
  if (state?.state === 'failed') {
    // What is remembered can be looked at without the host.
    const known = knowledge.finding.fleet(node.host.url).counts.owners > 0;
    const failure = hostFailureNode(node, state.error);
    // A host that only does not answer keeps its rows.
    if (state.value) return [failure, ...ownersOf(node, knowledge), ...last];
    return [failure, ...(known ? [fleet] : [])];
  }
  if (state?.value === undefined) return [loadingNode(node)];
  const workspace = knowledge.workspaceProjects(node.host.url);
  const rows = [
    ...ownersOf(node, knowledge),
    ...(workspace?.failures ?? []).map(({ path, error }) => lookupFailureNode(node, path, error)),
  ];
  if (rows.length > 0) return [...rows, ...last];
  return [workspace?.loading ? loadingNode(node) : noOwnersNode(node), ...last];
}

/** Of a host only what fits the filter. */
export function foundBelowHost(node: HostNode, knowledge: TreeKnowledge): readonly ClusterTreeNode[] {
  const { place = 'found', host } = node;
  const { branches, unresolved } = knowledge.finding.tree(host.url);
  const rows = [
    ...branches.map(({ owner }): BranchNode => ({ type: 'branch', host: host.url, owner, place })),
    ...unresolved.map((cluster): NamedNode => ({ type: 'named', cluster, place })),
  ];
  return [...fleetMessages(node, knowledge), ...paged(node, rows, knowledge)];
}

function look({ host, place }: HostNode, knowledge: TreeKnowledge): NodeLook {
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
