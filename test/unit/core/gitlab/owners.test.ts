import assert from 'node:assert/strict';
import { DEVELOPER, presentPath, projectByPath } from '../../../../src/core/gitlab/owners';
import { searchGroups, searchProjects } from '../../../../src/core/gitlab/ownerSearch';
import { addProject } from '../../../gitlab/populate';
import { failure, openConnection } from './connection';

describe('projects and groups', () => {
  const connection = openConnection();

  it('are found by name, path and ancestors, where the token has the role', async () => {
    const client = connection.client('demo-maintainer');
    const search = { text: 'shared', page: 1, minAccessLevel: DEVELOPER };
    assert.deepEqual(await searchProjects(client, search), {
      next: undefined,
      items: [
        { id: 5, path: 'platform/shared/edge/gateway', name: 'Gateway' },
        { id: 4, path: 'platform/shared/observability', name: 'Observability' },
      ],
    });
    const { items } = await searchGroups(client, search);
    assert.deepEqual(items.map(({ path }) => path).sort(), ['platform/shared', 'platform/shared/edge']);
  });

  it('are all listed where nothing is typed, without the archived ones', async () => {
    const { items } = await searchProjects(connection.client(), { text: '', page: 1 });
    assert(items.length > 5);
    assert(!items.some(({ path }) => path === 'platform/legacy-billing'));
  });

  it('come page by page', async () => {
    const { world } = connection.gitlab;
    const [group] = world.groups;
    assert(group);
    for (let n = 0; n < 150; n++) addProject(world, `bulk-${n}`, group);
    const client = connection.client();
    const first = await searchProjects(client, { text: 'bulk', page: 1 });
    assert.deepEqual([first.items.length, first.next], [100, 2]);
    const second = await searchProjects(client, { text: 'bulk', page: 2 });
    assert.deepEqual([second.items.length, second.next], [50, undefined]);
  });

  it('are found by two letters too, which GitLab takes for the whole name: exactly named ones first', async () => {
    const { world } = connection.gitlab;
    const [group] = world.groups;
    assert(group);
    const longAgo = { lastActivityAt: '2001-01-01T00:00:00.000Z' };
    addProject(world, 'ui', group, longAgo);
    for (let n = 0; n < 350; n++) addProject(world, `other-${n}`, group);
    addProject(world, 'build-guide', group);
    const client = connection.client();
    const found = await searchProjects(client, { text: 'UI', page: 1 });
    assert.deepEqual(
      found.items.map(({ path }) => path),
      [`${group.path}/ui`, `${group.path}/build-guide`],
    );
    assert(found.next !== undefined, 'more may follow');
    connection.gitlab.clearRequests();
    assert.deepEqual((await searchProjects(client, { text: 'zq', page: 1 })).items, []);
    assert(connection.gitlab.requests.length <= 4, 'not without end');
    const groups = await searchGroups(client, { text: group.path.slice(1, 3), page: 1 });
    assert(groups.items.some(({ path }) => path === group.path));
  });

  it('are found by full path, with the slash encoded', async () => {
    assert.deepEqual(await projectByPath(connection.client(), 'platform/payments-api'), {
      id: 1,
      path: 'platform/payments-api',
      name: 'Payments API',
    });
    assert.equal(connection.gitlab.requests[0]?.path, '/api/v4/projects/platform%2Fpayments-api');
  });

  it('are found at their new place where they have moved', async () => {
    const found = await projectByPath(connection.client(), 'platform/payments');
    assert.equal(found.path, 'platform/payments-api');
    assert.deepEqual(
      connection.gitlab.requests.map(({ status }) => status),
      [301, 200],
    );
  });

  it('are told by their number where they are now', async () => {
    const [platform] = connection.gitlab.world.groups;
    assert(platform);
    platform.path = 'infra';
    const client = connection.client('demo-maintainer');
    assert.equal(await presentPath(client, 'project', 1), 'infra/payments-api');
    assert.equal(await presentPath(client, 'group', 2), 'infra/shared');
    await failure(presentPath(client, 'group', 5), 'notFound');
  });

  it('are not found elsewhere where the new place is on another host', async () => {
    connection.gitlab.onRequest((exchange) => {
      const answer = exchange.gitlab();
      return { ...answer, headers: { ...answer.headers, Location: 'https://elsewhere.example.com/api/v4/projects/1' } };
    });
    const error = await failure(projectByPath(connection.client(), 'platform/payments'), 'redirected');
    assert.equal(error.location, 'https://elsewhere.example.com/api/v4/projects/1');
  });

  it('are not found where there is nothing, whatever the path holds', async () => {
    for (const path of ['no/where', '../user', 'a?b#c', '\ud800', '']) {
      await assert.rejects(projectByPath(connection.client(), path), { name: 'GitLabError' });
    }
  });
});
