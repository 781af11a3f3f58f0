import assert from 'node:assert/strict';
import { getCluster } from '../../../../src/core/gitlab/clusters';
import type { Cluster, ClusterOwner } from '../../../../src/core/model/cluster';
import { outcomeInShort } from '../../../../src/core/resolver/inWords';
import { planServed, readServed } from '../../../../src/core/resolver/served';
import type { Served, ServedEnvironment } from '../../../../src/core/resolver/served';
import { servedDocument } from '../../../../src/features/resolver/servedDocument';
import { addCluster, addEnvironment, addProject } from '../../../gitlab/populate';
import { failure, openConnection } from '../gitlab/connection';
import { resolverLab } from './resolverLab';

describe('what a cluster serves', () => {
  const connection = openConnection();
  const platform: ClusterOwner = { level: 'group', id: 1, path: 'platform' };

  async function served(
    token: string,
    owner: ClusterOwner,
    id: number,
  ): Promise<Served & { readonly cluster: Cluster }> {
    const lab = resolverLab(connection.gitlab, token);
    const cluster = await getCluster(await lab.resolver.client(lab.host), owner, id);
    await lab.resolver.isAdmin(lab.host);
    connection.gitlab.clearRequests();
    const plan = await planServed(lab.resolver, cluster);
    assert.equal(connection.gitlab.requests.length, plan.sent);
    const answer = await readServed(lab.resolver, cluster, plan);
    const { length } = connection.gitlab.requests;
    assert.ok(length - plan.sent <= plan.requests, `${length} requests, ${plan.requests} at most were told`);
    return { ...answer, cluster };
  }
  const names = (list: readonly ServedEnvironment[]) =>
    list.map(({ project, environment }) => `${environment} of ${project.path}`);

  it('is what no nearer cluster takes: the rest is shadowed, and by whom', async () => {
    const { serves, shadowed } = await served('demo-maintainer', platform, 3);
    assert.deepEqual(names(serves), [
      'preview of platform/payments-api',
      'staging of platform/checkout-web',
      'production of platform/cluster-management',
    ]);
    assert.deepEqual(
      shadowed.map((one) => `${one.environment} of ${one.project.path} by ${outcomeInShort(one.by)}`),
      [
        'production of platform/payments-api by platform/payments-api / production-eu',
        'staging of platform/payments-api by platform/payments-api / staging',
        'review/my-branch of platform/payments-api by platform/payments-api / review',
        'qa/nightly of platform/payments-api by platform/payments-api / payments-gke',
        'load-test of platform/payments-api by platform/payments-api / payments-eks',
        'production of platform/checkout-web by platform/checkout-web / production-us',
        'production of platform/shared/observability by platform/shared/observability / metrics',
        'production of platform/shared/edge/gateway by platform/shared/edge/gateway / edge-fra',
        'staging of platform/shared/edge/gateway by platform/shared/edge/gateway / edge-ams',
      ],
    );
  });

  it('of a project’s cluster is looked for in that project, also in a personal one', async () => {
    const { world } = connection.gitlab;
    const playground = world.projects.find(({ id }) => id === 7);
    assert.ok(playground);
    addEnvironment(world, playground, 'production');
    const owner: ClusterOwner = { level: 'project', id: 7, path: 'maria/playground' };
    assert.deepEqual(names((await served('demo-maintainer', owner, 16)).serves), ['production of maria/playground']);
  });

  it('of an instance’s cluster are environments of the whole host', async () => {
    const { world } = connection.gitlab;
    const backend = world.projects.find(({ id }) => id === 6);
    assert.ok(backend);
    addEnvironment(world, backend, 'nightly');
    world.clusters.splice(
      world.clusters.findIndex(({ owner }) => owner.level === 'project' && owner.id === 6),
      1,
    );
    const { serves, shadowed } = await served('demo-admin-token', { level: 'instance' }, 1);
    assert.deepEqual(names(serves), ['nightly of mobile/app-backend']);
    assert.equal(shadowed.length, 12);
  });

  it('is not known of projects that cannot be read, and says so', async () => {
    const { world } = connection.gitlab;
    connection.gitlab.onRequest(({ request }) =>
      request.path.includes('/projects/2/environments')
        ? { status: 403, headers: { 'Content-Type': 'application/json' }, body: '{"message":"403 Forbidden"}' }
        : undefined,
    );
    const answer = await served('demo-maintainer', platform, 3);
    assert.deepEqual(
      answer.failures.map(({ project, error }) => [project.path, error.kind]),
      [['platform/checkout-web', 'forbidden']],
    );
    const text = servedDocument({
      ...answer,
      clustersAt: undefined,
      isCut: false,
      isCancelled: false,
      at: new Date(0),
    });
    assert.match(text, /## Not read\n\n- `platform\/checkout-web`: /);
    assert.equal(world.projects.length > 0, true);
  });

  it('ends when it is cancelled', async () => {
    const lab = resolverLab(connection.gitlab, 'demo-maintainer');
    const cluster = await getCluster(await lab.resolver.client(lab.host), platform, 3);
    const plan = await planServed(lab.resolver, cluster);
    const controller = new AbortController();
    const onProject = () => controller.abort();
    await assert.rejects(readServed(lab.resolver, cluster, plan, { signal: controller.signal, onProject }));
    assert.ok(lab.resolver.projects(lab.host).length < plan.projects.length);
  });

  it('ends with a token that is not good any more', async () => {
    const lab = resolverLab(connection.gitlab, 'demo-maintainer');
    const cluster = await getCluster(await lab.resolver.client(lab.host), platform, 3);
    const plan = await planServed(lab.resolver, cluster);
    await lab.resolver.isAdmin(lab.host);
    const [token] = connection.gitlab.world.tokens.filter(({ value }) => value === 'demo-maintainer');
    assert.ok(token);
    token.revoked = true;
    await failure(readServed(lab.resolver, cluster, plan), 'tokenRevoked');
  });

  it('takes a request per project where all clusters are known, and is remembered until the token is replaced', async () => {
    const { world } = connection.gitlab;
    const [group] = world.groups;
    assert.ok(group);
    for (let n = 0; n < 40; n++) addEnvironment(world, addProject(world, `many-${n}`, group), 'production');
    addCluster(world, group, { name: 'other', environmentScope: 'production' });
    const lab = resolverLab(connection.gitlab, 'demo-maintainer');
    const cluster = await getCluster(await lab.resolver.client(lab.host), platform, 3);
    await lab.resolver.isAdmin(lab.host);
    lab.fleet.restore({ groups: [], owners: [], at: new Date() });
    const plan = await planServed(lab.resolver, cluster);
    connection.gitlab.clearRequests();
    const { shadowed } = await readServed(lab.resolver, cluster, plan);
    assert.equal(shadowed.filter(({ project }) => project.path.startsWith('platform/many-')).length, 40);
    // An environment list for each project, and two requests for each of the three groups.
    assert.equal(connection.gitlab.requests.length, plan.projects.length + 6);
    assert.equal(lab.resolver.projects(lab.host).length, plan.projects.length);
    lab.replaceToken();
    assert.deepEqual(lab.resolver.projects(lab.host), []);
  });
});
