import assert from 'node:assert/strict';
import { addCluster, addToken, removeRole, setRole } from '../gitlab/populate';
import { levels, newCluster, openLab, ownerOf } from './lab';

// GitLab API contract 4.4
for (const { level, list, add } of levels.filter((row) => row.level !== 'instance')) {
  describe(`roles at one ${level}`, () => {
    const lab = openLab();
    const forbidden = [403, { message: '403 Forbidden' }];
    const everything = async (who: string) => {
      const { id } = addCluster(lab.world, ownerOf(lab, level));
      const body = newCluster({ environment_scope: 'other' });
      const answers = [
        await lab.ask(who, 'GET', list),
        await lab.ask(who, 'GET', `${list}/${id}`),
        await lab.ask(who, 'POST', add, { body }),
        await lab.ask(who, 'PUT', `${list}/${id}`, { body: { name: 'x' } }),
        await lab.ask(who, 'DELETE', `${list}/${id}`),
      ];
      return answers.map(({ status, json }) => [status, status === 403 ? json : undefined]);
    };

    it('let a Reporter or Guest do none of the five', async () => {
      for (const who of ['reporter', 'guest']) {
        assert.deepEqual(await everything(who), Array(5).fill(forbidden));
      }
    });

    it('let a Developer read and not write', async () => {
      const ok = [200, undefined];
      assert.deepEqual(await everything('developer'), [ok, ok, forbidden, forbidden, forbidden]);
    });

    it('let a Maintainer do all five', async () => {
      assert.deepEqual(
        (await everything('maintainer')).map(([status]) => status),
        [200, 200, 201, 200, 204],
      );
    });

    it('let an administrator do all five without being a member', async () => {
      assert.deepEqual(
        (await everything('admin')).map(([status]) => status),
        [200, 200, 201, 200, 204],
      );
    });

    it('follow the user when they change', async () => {
      setRole(lab.world, lab.people.outsider, ownerOf(lab, level) === lab.own ? lab.own : lab.app, 40);
      assert.equal((await lab.ask('outsider', 'POST', add, { body: newCluster() })).status, 201);
      removeRole(lab.world, lab.people.outsider, ownerOf(lab, level) === lab.own ? lab.own : lab.app);
      assert.equal((await lab.ask('outsider', 'GET', list)).status, 404);
    });
  });
}

describe('roles from elsewhere', () => {
  const lab = openLab();

  it('are inherited from groups above', async () => {
    assert.equal((await lab.ask('maintainer', 'GET', '/projects/own%2Fsub%2Fdeep%2Fcore/clusters')).status, 200);
    assert.equal((await lab.ask('maintainer', 'GET', '/groups/own%2Fsub%2Fdeep/clusters')).status, 200);
  });

  it('come through a share, but no higher than the share says', async () => {
    lab.other.sharedWith.push({ groupId: lab.own.id, role: 30 });
    const path = `/projects/${lab.other.id}/clusters`;
    assert.equal((await lab.ask('maintainer', 'GET', path)).status, 200);
    assert.equal((await lab.ask('maintainer', 'POST', `${path}/user`, { body: newCluster() })).status, 403);
  });

  it('make one Owner of one’s personal projects', async () => {
    const path = `/projects/${lab.notes.id}/clusters/user`;
    assert.equal((await lab.ask('maintainer', 'POST', path, { body: newCluster() })).status, 201);
  });

  it('do not come with mere visibility', async () => {
    lab.app.visibility = 'public';
    const { status, json } = await lab.ask('outsider', 'GET', '/projects/1/clusters');
    assert.deepEqual([status, json], [403, { message: '403 Forbidden' }]);
  });

  it('let a member of a project see the private group around it, not its clusters', async () => {
    setRole(lab.world, lab.people.outsider, lab.core, 40);
    assert.equal((await lab.ask('outsider', 'GET', '/groups/1')).status, 200);
    assert.equal((await lab.ask('outsider', 'GET', '/groups/1/clusters')).status, 403);
  });
});

// GitLab API contract 4.5
describe('which 404', () => {
  const lab = openLab();

  it('tells a missing or hidden project or group by name', async () => {
    for (const path of ['/projects/4711/clusters', '/projects/1/clusters', '/projects/app/clusters', '/projects/1']) {
      assert.deepEqual((await lab.ask('outsider', 'GET', path)).json, { message: '404 Project Not Found' });
    }
    for (const path of ['/groups/4711/clusters', '/groups/own/clusters', '/groups/own%2Fnone', '/groups/1']) {
      assert.deepEqual((await lab.ask('outsider', 'GET', path)).json, { message: '404 Group Not Found' });
    }
  });

  it('has a capital F for the feature flag and a small one for a missing cluster', async () => {
    assert.deepEqual((await lab.ask('maintainer', 'GET', '/projects/1/clusters/9')).json, { message: '404 Not found' });
    lab.gitlab.flagOff = true;
    assert.deepEqual((await lab.ask('maintainer', 'GET', '/projects/1/clusters/9')).json, { message: '404 Not Found' });
  });

  it('is an error for a route that does not exist', async () => {
    for (const [method, path] of [
      ['GET', '/projects/own/app/clusters'],
      ['GET', '/groups/own/sub/clusters'],
      ['POST', '/projects/1/clusters/1'],
      ['PATCH', '/projects/1/clusters/1'],
      ['POST', '/projects/1/clusters'],
      ['POST', '/projects/1/clusters/add'],
      ['POST', '/admin/clusters/user'],
      ['GET', '/no/such/route'],
    ] as const) {
      const { status, json } = await lab.ask('admin', method, path);
      assert.deepEqual([status, json], [404, { error: '404 Not Found' }], path);
    }
  });
});

// GitLab API contract 4.7 and 9, instance
describe('the instance level', () => {
  const lab = openLab();
  const everything = async (who: string | undefined) => {
    const { id } = addCluster(lab.world, 'instance');
    const body = newCluster({ environment_scope: 'other' });
    const answers = [
      await lab.ask(who, 'GET', '/admin/clusters'),
      await lab.ask(who, 'GET', `/admin/clusters/${id}`),
      await lab.ask(who, 'POST', '/admin/clusters/add', { body }),
      await lab.ask(who, 'PUT', `/admin/clusters/${id}`, { body: { name: 'x' } }),
      await lab.ask(who, 'DELETE', `/admin/clusters/${id}`),
    ];
    return answers.map(({ status, json }) => [status, status === 403 || status === 401 ? json : undefined]);
  };
  const forbidden = Array<unknown>(5).fill([403, { message: '403 Forbidden' }]);

  it('is 401 for nobody', async () => {
    assert.deepEqual(await everything(undefined), Array(5).fill([401, { message: '401 Unauthorized' }]));
  });

  it('is 403 for everybody who is no administrator, with or without Admin Mode', async () => {
    addToken(lab.world, lab.people.maintainer, 'wishful', { scopes: ['api', 'admin_mode'] });
    for (const adminMode of [false, true]) {
      lab.world.settings.adminMode = adminMode;
      assert.deepEqual(await everything('maintainer'), forbidden);
      assert.deepEqual(await everything('wishful'), forbidden);
    }
  });

  it('is 403 for an administrator whose token lacks admin_mode where it is required', async () => {
    lab.world.settings.adminMode = true;
    assert.deepEqual(await everything('admin'), forbidden);
  });

  it('is open to an administrator with admin_mode, and without it where it is not required', async () => {
    assert.deepEqual(
      (await everything('admin')).map(([status]) => status),
      [200, 200, 201, 200, 204],
    );
    lab.world.clusters.length = 0;
    lab.world.settings.adminMode = true;
    addToken(lab.world, lab.people.admin, 'mode', { scopes: ['api', 'admin_mode'] });
    assert.deepEqual(
      (await everything('mode')).map(([status]) => status),
      [200, 200, 201, 200, 204],
    );
  });

  it('takes private projects away from an administrator without admin_mode', async () => {
    assert.equal((await lab.ask('admin', 'GET', '/projects/1/clusters')).status, 200);
    lab.world.settings.adminMode = true;
    assert.equal((await lab.ask('admin', 'GET', '/projects/1/clusters')).status, 404);
  });
});

describe('Admin Mode before 15.8', () => {
  const lab = openLab({ profile: '15.7.0' });

  it('is not enforced', async () => {
    lab.world.settings.adminMode = true;
    assert.equal((await lab.ask('admin', 'GET', '/admin/clusters')).status, 200);
  });
});
