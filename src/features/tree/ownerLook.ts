import * as l10n from '@vscode/l10n';
import type { GitLabError } from '../../core/gitlab/errors';
import { explain } from '../../core/gitlab/explain';
import type { ClusterLevel, ClusterOwner } from '../../core/model/cluster';
import { agoInWords } from '../../core/model/agoInWords';
import { countInWords } from '../../core/model/countInWords';
import { plain } from '../../core/model/plainText';
import { ownerTitle } from '../../core/model/titles';
import type { OwnerNode } from '../../editor/clusterNodes';
import { readOnlyReason } from './hostLook';
import { tooltipMarkdown } from '../../core/model/markdown';
import type { NodeLook } from './nodeLook';
import { canWriteAt, identityAt, isToldByHost } from './treeKnowledge';
import type { TreeKnowledge } from './treeKnowledge';

/** A host with more groups and projects than this starts with them closed: each open one sends a request. */
const MAX_OPEN_OWNERS = 5;

export const ownerIcons: Readonly<Record<ClusterLevel, string>> = {
  instance: 'globe',
  group: 'organization',
  project: 'repo',
};

export function ownerLook(node: OwnerNode, knowledge: TreeKnowledge): NodeLook {
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

/** That the integration is switched off, as it is by default, is nobody's mistake. */
export function failureIcon({ kind }: GitLabError): NodeLook['icon'] {
  return kind === 'clustersUnavailable' ? { id: 'info' } : { id: 'warning', color: 'list.warningForeground' };
}

/** The last part of the path: what a project is called. The whole path ends the description. */
function label(owner: ClusterOwner): string {
  return owner.level === 'instance' ? l10n.t('Instance') : plain(owner.path.split('/').at(-1) ?? owner.path);
}

function fullPath(owner: ClusterOwner): readonly string[] {
  return owner.level === 'instance' || !owner.path.includes('/') ? [] : [plain(owner.path)];
}

/** Whether an owner can be watched, or no longer be. */
export function watchFacet(owner: ClusterOwner, watched: boolean): readonly string[] {
  if (owner.level === 'instance') return [];
  return [watched ? 'watched' : 'unwatched'];
}

function watchedCount(url: string, { hosts }: TreeKnowledge): number {
  const host = hosts.find((one) => one.url === url);
  return host ? host.projects.length + host.groups.length : 0;
}
