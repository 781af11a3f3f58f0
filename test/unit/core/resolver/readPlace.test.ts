import assert from 'node:assert/strict';
import { readPlace } from '../../../../src/core/resolver/readPlace';
import type { PlaceSources } from '../../../../src/core/resolver/readPlace';
import { resolve } from '../../../../src/core/resolver/resolve';
import { unseenInWords } from '../../../../src/core/resolver/inWords';
import { failure, openConnection } from '../gitlab/connection';
import { cluster, project } from '../inventory/clusters';

describe('reading what is around a project', () => {
  const connection = openConnection();
  const read = (token: string, id: number, rest: Partial<PlaceSources> = {}) =>
    readPlace(id, { client: connection.client(token), isAdmin: false, known: [], isAllKnown: true, ...rest });
  const unseen = (place: Awaited<ReturnType<typeof read>>) => place.unseen.map((one) => unseenInWords(one, 'x'));

  it('takes the project, its groups from near to far, and the instance', async () => {
    const place = await read('demo-admin-token', 5, { isAdmin: true });
    assert.deepEqual(place.project, { id: 5, path: 'platform/shared/edge/gateway' });
    assert.deepEqual(
      place.groups.map(({ path }) => path),
      ['platform/shared/edge', 'platform/shared', 'platform'],
    );
    assert.deepEqual(place.unseen, []);
    const { outcome } = resolve(place, 'preview');
    assert.equal(outcome.kind === 'cluster' && outcome.cluster.name, 'observability');
    // The project, two requests for each group, its own clusters and those of the instance.
    assert.equal(connection.gitlab.requests.length, 1 + 2 * 3 + 1 + 1);
  });

  it('asks nobody but an administrator for instance clusters, and says what it did not see', async () => {
    const place = await read('demo-maintainer', 1);
    assert.deepEqual(unseen(place), ['Clusters of the instance: visible to administrators only.']);
    assert.equal(
      connection.gitlab.requests.some(({ path }) => path.includes('/admin/')),
      false,
    );
  });

  it('says which group it may not read', async () => {
    connection.gitlab.world.groups.forEach((group) => (group.visibility = 'private'));
    const place = await read('demo-outsider', 10);
    assert.deepEqual(place.groups, []);
    connection.gitlab.onRequest(({ request }) =>
      request.path.includes('/groups/platform%2Fshared?')
        ? { status: 404, headers: { 'Content-Type': 'application/json' }, body: '{"message":"404 Group Not Found"}' }
        : undefined,
    );
    assert.deepEqual(unseen(await read('demo-maintainer', 5)), [
      'Clusters of the group `platform/shared`: not visible to this token.',
      'Clusters of the instance: visible to administrators only.',
      'Clusters of other projects in `x`, or of groups above, whose management project is this one: they would win, and not all of them have been read.',
    ]);
  });

  it('takes clusters of other projects that have it as their management project, and none it has read anew', async () => {
    const managementProject = { id: 1, path: 'platform/payments-api', name: 'Payments API' };
    const sibling = cluster(90, { owner: project(2, 'platform/checkout-web'), managementProject });
    const outdated = cluster(91, { owner: project(1, 'platform/payments-api'), managementProject });
    const place = await read('demo-maintainer', 1, { known: [sibling, outdated], isAllKnown: false });
    assert.deepEqual(place.clusters.managedBy(1), [sibling]);
    assert.ok(place.unseen.some((one) => one.place === 'management'));
  });

  it('tells where the integration is switched off', async () => {
    connection.gitlab.flagOff = true;
    const place = await read('demo-admin-token', 1, { isAdmin: true });
    assert.equal(resolve(place, 'production').outcome.kind, 'switchedOff');
  });

  it('has no group above a personal project', async () => {
    assert.deepEqual((await read('demo-maintainer', 7)).groups, []);
  });

  it('fails where the project is out of sight or the token is not good any more', async () => {
    await failure(read('demo-outsider', 1), 'notFound');
    await failure(read('demo-revoked', 1), 'tokenRevoked');
  });
});
