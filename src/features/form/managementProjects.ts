import type { GitLabClient } from '../../core/gitlab/client';
import { MAINTAINER } from '../../core/gitlab/owners';
import { isSearchable, searchProjects } from '../../core/gitlab/ownerSearch';
import { ownerPath } from '../../core/model/cluster';
import type { ClusterOwner } from '../../core/model/cluster';
import { mayManage } from '../../core/model/managementPlace';
import type { FoundProject } from './protocol';

export interface FoundProjects {
  readonly projects: FoundProject[];
  /** GitLab has more matches than were looked through. */
  readonly more: boolean;
}

const MOST_SHOWN = 50;
/** GitLab cannot search inside one namespace with the endpoints in use, so pages are read and sieved: not endlessly. */
const MOST_PAGES = 5;

/**
 * Projects GitLab would take as management project of an owner's cluster, by what was typed. Administrators may take
 * any; everyone else needs the Maintainer role there (GitLab API contract 3.3). Throws GitLabError.
 */
export async function searchManagementProjects(
  client: GitLabClient,
  owner: ClusterOwner,
  text: string,
  isAdmin: boolean,
  signal: AbortSignal,
): Promise<FoundProjects> {
  const below = ownerPath(owner);
  const projects: FoundProject[] = [];
  let next: number | undefined = 1;
  for (let pages = 0; next !== undefined && pages < MOST_PAGES && projects.length < MOST_SHOWN; pages++) {
    const page = await searchProjects(client, {
      // With nothing typed, GitLab lists everything; the namespace narrows that to what may be chosen, where GitLab
      // searches with it at all.
      text: text.trim() || (isSearchable(namespaceOf(owner)) ? namespaceOf(owner) : ''),
      page: next,
      minAccessLevel: isAdmin ? undefined : MAINTAINER,
      signal,
    });
    for (const { id, path } of page.items) if (mayManage(path, owner.level, below)) projects.push({ id, path });
    next = page.next;
  }
  return { projects: projects.slice(0, MOST_SHOWN), more: next !== undefined || projects.length > MOST_SHOWN };
}

function namespaceOf(owner: ClusterOwner): string {
  if (owner.level === 'instance') return '';
  return owner.level === 'group' ? owner.path : owner.path.slice(0, Math.max(0, owner.path.lastIndexOf('/')));
}
