import assert from 'node:assert/strict';
import { addCluster, addProject, setRole } from '../gitlab/populate';
import type { Group } from '../gitlab/world';
import { openLab } from './lab';

// GitLab API contract 8.3 and 9
describe('discovery', () => {
  const lab = openLab();
  const discover = (who: string | undefined, id: number | string = 1) =>
    lab.ask(who, 'GET', `/discover-cert-based-clusters?group_id=${id}`);
  const hidden = [404, { message: '404 Group Not Found' }];

  it('names exactly the groups and projects below that have clusters', async () => {
    const owners = { own: lab.own, sub: lab.sub, deep: lab.deep, app: lab.app, core: lab.core };
    const id: Record<string, number> = {};
    for (const [key, owner] of Object.entries(owners)) {
      id[key] = addCluster(lab.world, owner, { name: key }).id;
    }
    addCluster(lab.world, lab.app, { name: 'off', enabled: false, environmentScope: 'off' });
    addCluster(lab.world, 'instance');
    addCluster(lab.world, lab.foreign);
    addCluster(lab.world, lab.other);
    addCluster(lab.world, lab.notes);
    const { status, json } = await discover('maintainer');
    assert.equal(status, 200);
    assert.deepEqual(json, {
      groups: {
        own: [{ id: id['own'], name: 'own' }],
        'own/sub': [{ id: id['sub'], name: 'sub' }],
        'own/sub/deep': [{ id: id['deep'], name: 'deep' }],
      },
      projects: {
        'own/app': [
          { id: id['app'], name: 'app' },
          { id: 6, name: 'off' },
        ],
        'own/sub/deep/core': [{ id: id['core'], name: 'core' }],
      },
    });
  });

  it('starts at any group', async () => {
    addCluster(lab.world, lab.own);
    const { id, name } = addCluster(lab.world, lab.lib);
    const { json } = await discover('maintainer', lab.sub.id);
    assert.deepEqual(json, { groups: {}, projects: { 'own/sub/lib': [{ id, name }] } });
  });

  it('counts memberships alone, so that an administrator without any gets no more than the group’s own', async () => {
    const { id, name } = addCluster(lab.world, lab.own);
    addCluster(lab.world, lab.sub);
    addCluster(lab.world, lab.app);
    assert.deepEqual((await discover('admin')).json, { groups: { own: [{ id, name }] }, projects: {} });
    setRole(lab.world, lab.people.admin, lab.own, 40);
    assert.deepEqual((await discover('admin')).json, (await discover('maintainer')).json);
  });

  it('names projects shared with the group itself, where the role is Maintainer', async () => {
    const lend = (name: string, group: Group, role: 30 | 40) =>
      addCluster(lab.world, addProject(lab.world, name, lab.foreign, { sharedWith: [{ groupId: group.id, role }] }));
    const { id, name } = lend('lent', lab.own, 40);
    lend('little', lab.own, 30);
    lend('below', lab.sub, 40);
    assert.deepEqual((await discover('maintainer')).json, { groups: {}, projects: { 'foreign/lent': [{ id, name }] } });
  });

  it('works while the feature flag is off', async () => {
    addCluster(lab.world, lab.own, { name: 'still here' });
    lab.gitlab.flagOff = true;
    assert.equal((await discover('maintainer')).status, 200);
    assert.equal((await lab.ask('maintainer', 'GET', '/groups/1/clusters')).status, 404);
  });

  it('is 404 for a missing or hidden group', async () => {
    for (const [who, id] of [
      ['maintainer', 4711],
      ['maintainer', lab.foreign.id],
      ['outsider', 1],
    ] as const) {
      const { status, json } = await discover(who, id);
      assert.deepEqual([status, json], hidden);
    }
  });

  it('names the group’s own clusters to everybody who sees it, and no more', async () => {
    const { id, name } = addCluster(lab.world, lab.own);
    addCluster(lab.world, lab.sub);
    addCluster(lab.world, lab.app);
    const own = { groups: { own: [{ id, name }] }, projects: {} };
    for (const who of ['developer', 'guest']) {
      assert.deepEqual((await discover(who)).json, own, who);
    }
    assert.deepEqual((await discover('outsider')).json, { message: '404 Group Not Found' });
    lab.own.visibility = 'public';
    assert.deepEqual((await discover('outsider')).json, own);
  });

  it('takes a number only, and needs one', async () => {
    assert.deepEqual((await discover('maintainer', 'own')).json, { error: 'group_id is invalid' });
    const without = await lab.ask('maintainer', 'GET', '/discover-cert-based-clusters');
    assert.deepEqual([without.status, without.json], [400, { error: 'group_id is missing' }]);
  });

  it('is 401 for nobody', async () => {
    assert.equal((await discover(undefined)).status, 401);
  });
});
