import type { GitLabError } from '../../../core/gitlab/errors';
import type { ClusterLevel, ClusterOwner } from '../../../core/model/cluster';
import type { NodeLook } from './row';

export const ownerIcons: Readonly<Record<ClusterLevel, string>> = {
  instance: 'globe',
  group: 'organization',
  project: 'repo',
};

/** That the integration is switched off, as it is by default, is nobody's mistake. */
export function failureIcon({ kind }: GitLabError): NodeLook['icon'] {
  return kind === 'clustersUnavailable' ? { id: 'info' } : { id: 'warning', color: 'list.warningForeground' };
}

/** Whether an owner can be watched, or no longer be. */
export function watchFacet(owner: ClusterOwner, watched: boolean): readonly string[] {
  if (owner.level === 'instance') return [];
  return [watched ? 'watched' : 'unwatched'];
}
