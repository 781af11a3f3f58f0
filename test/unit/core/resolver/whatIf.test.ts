import assert from 'node:assert/strict';
import { getCluster } from '../../../../src/core/gitlab/clusters';
import type { Cluster, ClusterOwner } from '../../../../src/core/model/cluster';
import { checkWhatIf } from '../../../../src/core/resolver/whatIfCheck';
import { whatIfLines } from '../../../../src/core/resolver/whatIfInWords';
import { addCluster, addEnvironment, addProject } from '../../../gitlab/populate';
import { openConnection } from '../gitlab/connection';
import { resolverLab } from './resolverLab';

describe('what would become of environments', () => {
  const connection = openConnection();
  const payments: ClusterOwner = { level: 'project', id: 1, path: 'platform/payments-api' };
  const platform: ClusterOwner = { level: 'group', id: 1, path: 'platform' };

  async function lines(
    owner: ClusterOwner,
    id: number,
    change: (cluster: Cluster) => Cluster | undefined,
    token = 'demo-admin-token',
  ): Promise<readonly string[]> {
    const { host, resolver } = resolverLab(connection.gitlab, token);
    const cluster = await getCluster(await resolver.client(host), owner, id);
    return whatIfLines(await checkWhatIf(resolver, [{ cluster, after: change(cluster) }]));
  }
  const gone = () => undefined;

  it('if a cluster is deleted is that a farther one takes them', async () => {
    assert.deepEqual(await lines(payments, 5, gone), [
      '“production” of platform/payments-api would go to platform / platform-default instead.',
      'Environments checked: 6, projects: 1.',
    ]);
  });

  it('is the same if it is disabled', async () => {
    assert.deepEqual(await lines(payments, 5, (one) => ({ ...one, enabled: false })), await lines(payments, 5, gone));
  });

  it('if a group’s cluster is deleted is told once for all projects that go the same way', async () => {
    const { world } = connection.gitlab;
    const [group] = world.groups;
    assert.ok(group);
    for (const name of ['a', 'b']) addEnvironment(world, addProject(world, name, group), 'production');
    assert.deepEqual(await lines(platform, 3, gone), [
      '“production” of 3 projects would go to instance / shared-runners instead.',
      '“preview” of platform/payments-api would go to instance / shared-runners instead.',
      '“staging” of platform/checkout-web would go to instance / shared-runners instead.',
      'Environments checked: 14, projects: 7.',
    ]);
  });

  it('is uncertain where a nearer cluster may be out of sight', async () => {
    const { world } = connection.gitlab;
    world.clusters.splice(
      world.clusters.findIndex(({ id }) => id === 3),
      1,
    );
    assert.deepEqual(await lines(payments, 5, gone, 'demo-maintainer'), [
      '“production” of platform/payments-api would have no cluster this token can see.',
      'Environments checked: 6, projects: 1.',
    ]);
  });

  it('is another namespace if a cluster is no longer managed, or has one for each environment', async () => {
    const [cluster] = connection.gitlab.world.clusters.filter(({ id }) => id === 5);
    assert.ok(cluster);
    cluster.namespacePerEnvironment = true;
    assert.deepEqual(await lines(payments, 5, (one) => ({ ...one, managed: false })), [
      '“production” of platform/payments-api would be deployed to the namespace payments-production (expected), not payments-production-production.',
      'Environments checked: 6, projects: 1.',
    ]);
  });

  it('if a scope is changed counts for those that come and those that go', async () => {
    assert.deepEqual(await lines(payments, 5, (one) => ({ ...one, environmentScope: 'preview' })), [
      '“production” of platform/payments-api would go to platform / platform-default instead.',
      '“preview” of platform/payments-api would go to platform/payments-api / production-eu instead.',
      'Environments checked: 6, projects: 1.',
    ]);
  });

  it('is nothing where the cluster served none', async () => {
    const { world } = connection.gitlab;
    const [project] = world.projects;
    assert.ok(project);
    const { id } = addCluster(world, project, { name: 'idle', environmentScope: 'idle' });
    assert.deepEqual(await lines(payments, id, gone), [
      'No environment would change. Environments checked: 6, projects: 1.',
    ]);
  });

  it('says that jobs will vanish with the last cluster for everything', async () => {
    const { world } = connection.gitlab;
    world.clusters.splice(0, 2);
    const answer = await lines(platform, 3, gone);
    assert.ok(
      answer.includes('Jobs of 3 projects that need CI_KUBERNETES_ACTIVE would silently vanish.'),
      answer.join('\n'),
    );
  });

  it('is read of twenty projects at most; the rest is counted', async () => {
    const { world } = connection.gitlab;
    const [group] = world.groups;
    assert.ok(group);
    for (let n = 0; n < 130; n++) addProject(world, `many-${n}`, group);
    const answer = await lines(platform, 3, gone);
    assert.match(answer.at(-1) ?? '', /^Environments checked: 12, projects: 20\. Projects not checked: 115\.$/);
  });

  it('sends nothing for a cluster that is disabled before and after', async () => {
    const { host, resolver } = resolverLab(connection.gitlab, 'demo-admin-token');
    const cluster = await getCluster(await resolver.client(host), { level: 'instance' }, 2);
    await resolver.isAdmin(host);
    connection.gitlab.clearRequests();
    assert.deepEqual(whatIfLines(await checkWhatIf(resolver, [{ cluster, after: undefined }])), [
      'No environment is served by this.',
    ]);
    assert.equal(connection.gitlab.requests.length, 0);
  });
});
