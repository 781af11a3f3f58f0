import assert from 'node:assert/strict';
import fetch from 'node-fetch';
import { Crawl } from '../../../../src/core/inventory/crawl';
import type { CrawlOutcome } from '../../../../src/core/inventory/crawl';
import { Fleet } from '../../../../src/core/inventory/fleet';
import { GitLabClient } from '../../../../src/core/gitlab/client';
import { readIdentity } from '../../../../src/core/gitlab/identity';
import type { HostIdentity } from '../../../../src/core/gitlab/identity';
import { clusterKey, isReadable } from '../../../../src/core/model/cluster';
import { parseHostUrl } from '../../../../src/core/model/host';
import type { HostUrl } from '../../../../src/core/model/host';
import { accessOf } from '../../../gitlab/access';
import { byId } from '../../../gitlab/lookup';
import { profileOf } from '../../../gitlab/profiles';
import type { Profile } from '../../../gitlab/profiles';
import { startGitLab } from '../../../gitlab/server';
import type { GitLab } from '../../../gitlab/server';
import type { ClusterRecord, World } from '../../../gitlab/world';

/** Waits that are worth testing are set by the tests; the client's own are made short. */
const retries = { tries: 1, backoff: 1, patience: 0 };

export function clientOf(gitlab: GitLab, token: string): GitLabClient {
  const host = hostOf(gitlab);
  return new GitLabClient(host, token, {
    fetch,
    log: () => undefined,
    readDeadline: 5000,
    writeDeadline: 5000,
    retries,
  });
}

export function hostOf(gitlab: GitLab): HostUrl {
  const parsed = parseHostUrl(gitlab.url);
  assert.ok(parsed.ok);
  return parsed.url;
}

export interface Crawled {
  readonly fleet: Fleet;
  readonly crawl: Crawl;
  readonly outcome: CrawlOutcome;
}

/** Asks who the token is, forgets the requests that took, and crawls to the end. */
export async function crawled(gitlab: GitLab, token: string, fleet = new Fleet(hostOf(gitlab))): Promise<Crawled> {
  const client = clientOf(gitlab, token);
  const identity = await identityOf(client);
  gitlab.clearRequests();
  const crawl = new Crawl({ fleet, identity });
  const outcome = await crawl.run(client);
  return { fleet, crawl, outcome };
}

export function identityOf(client: GitLabClient): Promise<HostIdentity> {
  return readIdentity(client);
}

/** Paths asked since the requests were last cleared, without the API's prefix. */
export function asked(gitlab: GitLab): string[] {
  return gitlab.requests.map(({ path }) => path.replace(/^.*\/api\/v4/, ''));
}

/** Keys of the clusters this user may read in the world, sorted: what a fleet has to hold. */
export function readable(gitlab: GitLab, username: string): string[] {
  const { world, profile } = gitlab;
  return keys(gitlab, world.clusters.filter(mayRead(world, username, profile)));
}

export function mayRead(
  world: World,
  username: string,
  { readersFrom, instanceClusters }: Profile = profileOf(),
): (cluster: ClusterRecord) => boolean {
  const user = world.users.find((one) => one.username === username);
  const token = world.tokens.find((one) => one.userId === user?.id);
  assert.ok(user && token);
  const access = accessOf(world, { user, token, administrator: user.admin });
  return ({ owner }) => {
    if (owner.level === 'instance') return user.admin && instanceClusters;
    if (owner.level === 'group') {
      const group = byId(world.groups, owner.id);
      return group !== undefined && access.mayInGroup(group, readersFrom);
    }
    const project = byId(world.projects, owner.id);
    return project !== undefined && access.mayInProject(project, readersFrom);
  };
}

export function keys(gitlab: GitLab, clusters: readonly ClusterRecord[]): string[] {
  const host = hostOf(gitlab);
  return clusters
    .map(({ owner, id }) =>
      clusterKey({ host, id, owner: owner.level === 'instance' ? owner : { ...owner, path: '' } }),
    )
    .sort();
}

/** Keys of the clusters a fleet holds, sorted. */
export function held(fleet: Fleet): string[] {
  return [...fleet.owners].flatMap(({ clusters }) => clusters.filter(isReadable).map(clusterKey)).sort();
}

/** A stand-in for the current suite's tests, closed after each. */
export function serving(): (world: World, profile?: Profile) => Promise<GitLab> {
  const running: GitLab[] = [];
  afterEach(async () => {
    for (const gitlab of running.splice(0)) await gitlab.close();
  });
  return async (world, profile = profileOf()) => {
    const gitlab = await startGitLab({ world, profile });
    running.push(gitlab);
    return gitlab;
  };
}
