import fetch from 'node-fetch';
import { GitLabClient } from '../../src/core/gitlab/client';
import { getCluster } from '../../src/core/gitlab/clusters';
import { readIdentity } from '../../src/core/gitlab/identity';
import { Fleet } from '../../src/core/inventory/fleet';
import type { Cluster } from '../../src/core/model/cluster';
import { parseHostUrl } from '../../src/core/model/host';
import { indexClusters } from '../../src/core/resolver/clusterIndex';
import { resolve } from '../../src/core/resolver/resolve';
import { Resolver } from '../../src/core/resolver/resolver';
import { planServed, readServed } from '../../src/core/resolver/served';
import { addCluster, addEnvironment, addGroup, addProject, addToken, addUser } from '../gitlab/populate';
import { startGitLab } from '../gitlab/server';
import { emptyWorld } from '../gitlab/world';
import { atMost, type Figure } from './figures';

const nothing = { dispose: () => undefined };

/** How long resolving takes, and what it costs to find out whom a group's cluster serves. No editor is needed. */
export async function measureResolver(projects: number): Promise<Figure[]> {
  return [resolving(1000), ...(await reversing(projects, false)), ...(await reversing(projects, true))];
}

/** The worst of many answers about one project, the index included. */
function resolving(clusters: number): Figure {
  const host = parseHostUrl('https://gitlab.example.com');
  if (!host.ok) throw new Error('no host');
  const known = Array.from({ length: clusters }, (_, index): Cluster => ({
    detail: 'full',
    host: host.url,
    owner: index % 2 === 0 ? { level: 'project', id: 1, path: 'a/b/c' } : { level: 'group', id: 2, path: 'a/b' },
    id: index + 1,
    name: `cluster-${index}`,
    enabled: index % 10 !== 0,
    managed: true,
    namespacePerEnvironment: true,
    environmentScope: `review/*-${index % 97}-*`,
    baseDomain: undefined,
    provider: 'user',
    platform: undefined,
    gcp: undefined,
    managementProject: undefined,
    createdAt: undefined,
    createdBy: undefined,
  }));
  const place = {
    project: { id: 1, path: 'a/b/c' },
    groups: [{ id: 2, path: 'a/b' }],
    unseen: [],
    switchedOff: false,
  };
  const times = Array.from({ length: 100 }, (_, index) => {
    const began = performance.now();
    resolve({ ...place, clusters: indexClusters(known) }, `review/branch-${index}-of-somebody`);
    return performance.now() - began;
  }).sort((one, other) => one - other);
  const measured = times[Math.floor(times.length / 2)] ?? 0;
  return {
    what: `resolve one project with ${clusters} clusters around it`,
    measured,
    unit: 'ms',
    ...atMost(5),
    note: `slowest of 100: ${(times.at(-1) ?? 0).toFixed(1)} ms`,
  };
}

/** Below one group, in twenty subgroups, each project with two environments. */
async function reversing(projects: number, allKnown: boolean): Promise<Figure[]> {
  const world = emptyWorld();
  const root = addUser(world, { username: 'root', admin: true });
  addToken(world, root, 'root');
  const top = addGroup(world, 'top');
  const groups = Array.from({ length: 20 }, (_, index) => addGroup(world, `sub-${index}`, top));
  const { id } = addCluster(world, top, { name: 'shared' });
  for (let index = 0; index < projects; index++) {
    const project = addProject(world, `project-${index}`, groups[index % groups.length] ?? top);
    addEnvironment(world, project, 'production');
    addEnvironment(world, project, 'staging');
    if (index % 10 === 0) addCluster(world, project, { environmentScope: 'production' });
  }
  const gitlab = await startGitLab({ world, latency: 5 });
  try {
    const host = parseHostUrl(gitlab.url);
    if (!host.ok) throw new Error('no host');
    const client = new GitLabClient(host.url, 'root', {
      fetch,
      log: () => undefined,
      readDeadline: 60_000,
      writeDeadline: 60_000,
    });
    const fleet = new Fleet(host.url);
    if (allKnown) fleet.restore({ groups: [], owners: [], at: new Date() });
    const identity = await readIdentity(client);
    const resolver = new Resolver({
      accounts: { find: () => undefined, onDidChangeToken: () => nothing, onDidChangeHosts: () => nothing },
      inventory: {
        client: () => Promise.resolve(client),
        hostState: () => ({ state: 'loaded', value: identity, at: new Date() }),
        loadHost: () => Promise.resolve(),
      },
      fleets: { fleet: () => fleet },
    });
    const cluster = await getCluster(client, { level: 'group', id: top.id, path: 'top' }, id);
    gitlab.clearRequests();
    const began = performance.now();
    const plan = await planServed(resolver, cluster);
    await readServed(resolver, cluster, plan);
    const seconds = (performance.now() - began) / 1000;
    const requests = gitlab.requests.length;
    // No answer without the pages of projects, the environments of each, the groups' clusters and the instance's.
    const least = Math.ceil(projects / 100) + projects + groups.length + 1 + 1;
    const what = `whom a group's cluster serves, ${projects} projects${allKnown ? ', all clusters known' : ''}`;
    return [
      { what: `${what}: requests`, measured: requests, unit: '', ...atMost(plan.sent + plan.requests) },
      { what: `${what}: time`, measured: seconds, unit: 's', note: '5 ms for each answer' },
      { what: `${what}: requests to the least possible`, measured: requests / least, unit: '' },
    ];
  } finally {
    await gitlab.close();
  }
}
