import * as z from 'zod/mini';
import type { ClusterOwner } from '../model/cluster';
import type { GitLabClient } from './client';
import { MAINTAINER } from './owners';

const row = z.object({ id: z.int() });

/**
 * Whether the token is Maintainer of a project or group, and so may add, change and delete clusters there, by membership,
 * inherited and shared ones included (GitLab API contract 1.6, 4.4). Undefined where this GitLab does not report it: one
 * that does not know the filters answers with others. Throws GitLabError.
 */
export async function isMaintainer(
  client: GitLabClient,
  owner: Exclude<ClusterOwner, { readonly level: 'instance' }>,
  signal?: AbortSignal,
): Promise<boolean | undefined> {
  const only =
    owner.level === 'project'
      ? { simple: true, order_by: 'id', id_after: owner.id - 1, id_before: owner.id + 1 }
      : { search: owner.path, order_by: 'id' };
  const query = { ...only, min_access_level: MAINTAINER, per_page: PAGE_ROWS };
  const { items } = await client.rows(`/${owner.level}s`, row, { query, signal });
  if (items.some(({ id }) => id === owner.id)) return true;
  return items.length === 0 || (owner.level === 'group' && items.length < PAGE_ROWS) ? false : undefined;
}

const PAGE_ROWS = 100;
