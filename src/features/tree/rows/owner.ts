import * as l10n from '@vscode/l10n';
import { explain } from '../../../core/gitlab/explain';
import { agoInWords } from '../../../core/model/agoInWords';
import { isReadable, ownerKey } from '../../../core/model/cluster';
import type { ClusterOwner, ListedCluster } from '../../../core/model/cluster';
import { countInWords } from '../../../core/model/countInWords';
import { tooltipMarkdown } from '../../../core/model/markdown';
import { plain } from '../../../core/model/plainText';
import { ownerTitle } from '../../../core/model/titles';
import type { ClusterNode, ClusterTreeNode, HostNode, OwnerNode, UnreadableNode } from '../../../editor/clusterNodes';
import { canWriteAt, identityAt, isToldByHost } from '../treeKnowledge';
import type { TreeKnowledge } from '../treeKnowledge';
import { agentsOf } from './agent';
import { findHost } from './findHost';
import { loadingNode, noClustersNode, ownerFailureNode } from './messages';
import { failureIcon, ownerIcons, watchFacet } from './ownerFacets';
import { paged } from './paged';
import { readOnlyReason } from './readOnly';
import type { NodeLook, Row } from './row';

/** A host with more groups and projects than this starts with them closed: each open one sends a request. */
const MAX_OPEN_OWNERS = 5;

/** The instance, or a group or project below its host: a watched one, or one an open folder was cloned from. */
export function ownerRow(node: OwnerNode): Row {
  const { host, owner } = node;
  return {
    look: (knowledge) => look(node, knowledge),
    below: (knowledge) => belowOwner(node, knowledge),
    load: (loading) => loading.owner(host, owner),
    above: (knowledge) => findHost(host, knowledge),
    isAffected: ({ hosts, knowledge }) => {
      // One that was opened follows its own events at once.
      const isOpen = knowledge.ownerState(host, owner)?.state === 'loading';
      return !isOpen && (hosts.get(host)?.owners.has(ownerKey(owner)) ?? false);
    },
  };
}

/** The owners shown below a host: the instance for administrators, then groups, then projects, by path. */
export function ownersOf({ host }: HostNode, knowledge: TreeKnowledge): readonly OwnerNode[] {
  const nodes = new Map<string, OwnerNode>();
  const add = (owner: ClusterOwner, from: Pick<OwnerNode, 'watched' | 'fromWorkspace'>): void => {
    const key = ownerKey(owner);
    const known = nodes.get(key);
    nodes.set(key, {
      type: 'owner',
      host: host.url,
      // A path from GitLab is newer than the setting's: projects move, ids stay.
      owner: from.fromWorkspace || !known ? owner : known.owner,
      watched: from.watched || (known?.watched ?? false),
      fromWorkspace: from.fromWorkspace || (known?.fromWorkspace ?? false),
    });
  };
  if (identityAt(host.url, knowledge)?.user.isAdmin)
    add({ level: 'instance' }, { watched: false, fromWorkspace: false });
  for (const { id, path } of byPath(host.groups))
    add({ level: 'group', id, path }, { watched: true, fromWorkspace: false });
  const found = knowledge.workspaceProjects(host.url)?.projects ?? [];
  const projects = [
    ...host.projects.map(({ id, path }) => ({ id, path, from: { watched: true, fromWorkspace: false } })),
    ...found.map(({ id, path }) => ({ id, path, from: { watched: false, fromWorkspace: true } })),
  ];
  for (const { id, path, from } of byPath(projects)) add({ level: 'project', id, path }, from);
  return [...nodes.values()];
}

function belowOwner(node: OwnerNode, knowledge: TreeKnowledge): readonly ClusterTreeNode[] {
  const state = knowledge.ownerState(node.host, node.owner);
  if (state?.state === 'failed') {
    const host = findHost(node.host, knowledge);
    // Without its host the row is about to go.
    if (!host) return [];
    const isTold = state.value !== undefined && isToldByHost(node.host, state.error, knowledge);
    const messages = isTold ? [] : [ownerFailureNode(node, host, state.error, identityAt(node.host, knowledge))];
    // Agents are there without the integration.
    const agents = state.value || state.error.kind === 'clustersUnavailable' ? agentsOf(node, knowledge) : [];
    return [...messages, ...paged(node, sortedClusters(state.value ?? [], knowledge), knowledge), ...agents];
  }
  if (state?.value === undefined) return [loadingNode(node)];
  const agents = agentsOf(node, knowledge);
  if (state.value.length === 0) return [noClustersNode(node, canWriteAt(node.host, node.owner, knowledge)), ...agents];
  return [...paged(node, sortedClusters(state.value, knowledge), knowledge), ...agents];
}

const collator = new Intl.Collator(undefined, { numeric: true });

function byPath<T extends { readonly path: string }>(owners: readonly T[]): readonly T[] {
  return [...owners].sort((a, b) => collator.compare(a.path, b.path));
}

/** In the order chosen; what could not be read comes last. */
function sortedClusters(
  listed: readonly ListedCluster[],
  { finding }: TreeKnowledge,
): readonly (ClusterNode | UnreadableNode)[] {
  return [
    ...finding.sorted(listed.filter(isReadable)).map((cluster): ClusterNode => ({ type: 'cluster', cluster })),
    ...listed.flatMap((cluster): UnreadableNode[] => (isReadable(cluster) ? [] : [{ type: 'unreadable', cluster }])),
  ];
}

function look(node: OwnerNode, knowledge: TreeKnowledge): NodeLook {
  const { owner, host, watched, fromWorkspace } = node;
  const state = knowledge.ownerState(host, owner);
  const hostName = knowledge.hosts.find(({ url }) => url === host)?.name ?? host;
  const writable = canWriteAt(host, owner, knowledge);
  const readOnly = identityAt(host, knowledge)?.canWrite === false;
  const count = state?.value?.length;
  const isTold = state?.state === 'failed' && count !== undefined && isToldByHost(host, state.error, knowledge);
  const words = [
    ...(state?.state === 'failed' && !isTold ? [explain(state.error).title] : []),
    ...(count === undefined ? [] : [countInWords(count)]),
    ...(state?.state === 'failed' && state.at ? [agoInWords(state.at, knowledge.now())] : []),
    ...(fromWorkspace ? [l10n.t('open folder')] : []),
  ];
  const title = ownerTitle(owner);
  return {
    label: label(owner),
    // The state first: the path repeats the label, so it may be cut off in a narrow side bar.
    description: [...words, ...fullPath(owner)].join(' · '),
    tooltip: tooltipMarkdown(
      title,
      [
        [l10n.t('Host'), plain(hostName)],
        [l10n.t('ID'), owner.level === 'instance' ? undefined : String(owner.id)],
        [l10n.t('Clusters'), count === undefined ? undefined : String(count)],
      ],
      [
        state?.state === 'failed' ? explain(state.error).sentence : undefined,
        fromWorkspace
          ? watched
            ? l10n.t('An open folder was cloned from here.')
            : l10n.t('Shown because an open folder was cloned from here. Watch it to keep it in the tree.')
          : undefined,
        readOnly
          ? readOnlyReason()
          : knowledge.mayChange(host, owner) === false
            ? l10n.t('Adding, changing and deleting clusters needs the Maintainer role here.')
            : undefined,
      ],
    ),
    icon: state?.state === 'failed' && !isTold ? failureIcon(state.error) : { id: ownerIcons[owner.level] },
    contextValue: ['owner', owner.level, ...watchFacet(owner, watched), ...(writable ? ['writable'] : [])].join(' '),
    collapsible: watchedCount(host, knowledge) > MAX_OPEN_OWNERS ? 'collapsed' : 'expanded',
    accessibilityLabel: `${[label(owner), ...words, ...fullPath(owner)].join(', ')}. ${l10n.t('{0} at {1}.', title, plain(hostName))}`,
    command: undefined,
  };
}

/** The last part of the path: what a project is called. The whole path ends the description. */
function label(owner: ClusterOwner): string {
  return owner.level === 'instance' ? l10n.t('Instance') : plain(owner.path.split('/').at(-1) ?? owner.path);
}

function fullPath(owner: ClusterOwner): readonly string[] {
  return owner.level === 'instance' || !owner.path.includes('/') ? [] : [plain(owner.path)];
}

function watchedCount(url: string, { hosts }: TreeKnowledge): number {
  const host = hosts.find((one) => one.url === url);
  return host ? host.projects.length + host.groups.length : 0;
}
