import assert from 'node:assert/strict';
import { planChange } from '../../../../src/core/changes/bulkPlan';
import { withPresentOwners } from '../../../../src/core/inventory/presentOwners';
import { openConnection } from '../gitlab/connection';
import { cluster, group, project } from './clusters';

describe('Clusters that get a management project', () => {
  const connection = openConnection();
  const watched = {
    projects: [{ id: 1, path: 'platform/payments-api' }],
    groups: [{ id: 2, path: 'platform/shared' }],
  };
  const clusters = [
    cluster(5, { owner: project(1, 'platform/payments-api') }),
    cluster(6, { owner: project(1, 'platform/payments-api'), environmentScope: 'staging' }),
    cluster(4, { owner: group(2, 'platform/shared'), environmentScope: 'shared' }),
    cluster(10, { owner: project(2, 'infra/checkout-web'), environmentScope: 'checkout' }),
  ];

  it('are judged by where a watched owner is now, which is asked once for each', async () => {
    const [platform] = connection.gitlab.world.groups;
    assert(platform);
    platform.path = 'infra';
    const present = await withPresentOwners(clusters, watched, () => Promise.resolve(connection.client()));
    assert.deepEqual(connection.gitlab.requests.map(({ path }) => path.replace(/\?.*/, '')).sort(), [
      '/api/v4/groups/2',
      '/api/v4/projects/1',
    ]);
    const change = { type: 'managementProject', project: { id: 3, path: 'infra/ops', name: 'Ops' } } as const;
    const knowledge = { canWrite: () => true, isArchived: () => false, known: () => [] };
    const verdicts = planChange(present, change, knowledge).map(({ verdict }) => verdict);
    assert.deepEqual(verdicts, ['change', 'change', 'cannot', 'change']);
  });

  it('stay as they are where GitLab does not tell', async () => {
    const present = await withPresentOwners(clusters, watched, () =>
      Promise.resolve(connection.client('demo-outsider')),
    );
    assert.deepEqual(present, clusters);
  });
});
