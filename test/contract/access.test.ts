import assert from 'node:assert/strict';
import { addCluster, addToken, removeRole, setRole } from '../gitlab/populate';
import type { AccessToken, User } from '../gitlab/world';
import { at, levels, newCluster, openLab, ownerOf } from './lab';

const narrowScope = {
  error: 'insufficient_scope',
  error_description: 'The request requires higher privileges than provided by the access token.',
  scope: 'api read_api',
};

// GitLab API contract 4.1
describe('sending the token', () => {
  const lab = openLab();
  const list = '/projects/1/clusters';

  it('works as PRIVATE-TOKEN, as Bearer and in the query', async () => {
    assert.equal((await lab.ask('maintainer', 'GET', list)).status, 200);
    const headers = { Authorization: 'Bearer maintainer' };
    assert.equal((await lab.ask(undefined, 'GET', list, { headers })).status, 200);
    assert.equal((await lab.ask(undefined, 'GET', `${list}?private_token=maintainer`)).status, 200);
  });

  it('does not work with basic authentication or as a job token', async () => {
    for (const headers of [
      { Authorization: `Basic ${btoa('maintainer:maintainer')}` },
      { 'JOB-TOKEN': 'maintainer' },
    ]) {
      const { status, json } = await lab.ask(undefined, 'GET', list, { headers });
      assert.deepEqual([status, json], [401, { message: '401 Unauthorized' }]);
    }
  });

  it('works for OAuth as Bearer only', async () => {
    addToken(lab.world, lab.people.maintainer, 'oauth', { kind: 'oauth' });
    assert.equal((await lab.ask('oauth', 'GET', list)).status, 401);
    assert.equal((await lab.ask(undefined, 'GET', list, { headers: { Authorization: 'Bearer oauth' } })).status, 200);
  });
});

// GitLab API contract 4.2
describe('401', () => {
  const lab = openLab();
  const give = (token: Partial<AccessToken>) => addToken(lab.world, lab.people.maintainer, 'given', token);
  const list = '/projects/1/clusters';

  for (const { level, list: path } of levels) {
    it(`is for nobody and for unknown tokens at the ${level}`, async () => {
      for (const who of [undefined, 'mistyped']) {
        const { status, json, headers } = await lab.ask(who, 'GET', path);
        assert.deepEqual([status, json], [401, { message: '401 Unauthorized' }]);
        assert.equal(headers.get('WWW-Authenticate'), null);
      }
    });
  }

  const described: [string, Partial<AccessToken>, string, string][] = [
    [
      'an expired token',
      { expiresAt: '2024-02-29' },
      'invalid_token',
      'Token is expired. You can either do re-authorization or token refresh.',
    ],
    [
      'a revoked token',
      { revoked: true },
      'invalid_token',
      'Token was revoked. You have to re-authorize from the user.',
    ],
    [
      'an impersonation token where they are disabled',
      { refusal: 'impersonation' },
      'invalid_token',
      'Token is an impersonation token but impersonation was disabled.',
    ],
    ['a token that needs DPoP', { refusal: 'dpop' }, 'dpop_error', 'DPoP validation error: DPoP header is missing'],
  ];
  for (const [what, token, error, error_description] of described) {
    it(`tells ${what} apart and challenges`, async () => {
      give(token);
      const { status, json, headers } = await lab.ask('given', 'GET', list);
      assert.deepEqual([status, json], [401, { error, error_description }]);
      assert.match(headers.get('WWW-Authenticate') ?? '', /^Bearer /);
    });
  }

  it('names expiry before revocation and scope', async () => {
    give({ expiresAt: '2024-02-29', revoked: true, scopes: [] });
    assert.match(String(at((await lab.ask('given', 'GET', list)).json, 'error_description')), /^Token is expired/);
  });
});

describe('expiry of tokens', () => {
  const lab = openLab({ now: () => new Date('2026-11-22T00:00:00Z') });

  it('comes with the first second of the day named', async () => {
    addToken(lab.world, lab.people.maintainer, 'today', { expiresAt: '2026-11-22' });
    addToken(lab.world, lab.people.maintainer, 'tomorrow', { expiresAt: '2026-11-23' });
    assert.equal((await lab.ask('today', 'GET', '/user')).status, 401);
    assert.equal((await lab.ask('tomorrow', 'GET', '/user')).status, 200);
  });
});

// GitLab API contract 4.3, 4.6
describe('403', () => {
  const lab = openLab();
  const list = '/projects/1/clusters';

  it('names the scopes a token lacks, without a challenge', async () => {
    addToken(lab.world, lab.people.maintainer, 'narrow', { scopes: ['read_user', 'read_repository'] });
    const { status, json, headers } = await lab.ask('narrow', 'GET', list);
    assert.deepEqual([status, json, headers.get('WWW-Authenticate')], [403, narrowScope, null]);
  });

  for (const { level, list: path, add, writer } of levels) {
    it(`comes for every write with read_api at the ${level}, which is enough to read`, async () => {
      const { id } = addCluster(lab.world, ownerOf(lab, level));
      addToken(lab.world, lab.people[writer], 'reads', { scopes: ['read_api'] });
      assert.equal((await lab.ask('reads', 'GET', path)).status, 200);
      assert.equal((await lab.ask('reads', 'GET', `${path}/${id}`)).status, 200);
      for (const [method, to] of [
        ['POST', add],
        ['PUT', `${path}/${id}`],
        ['DELETE', `${path}/${id}`],
      ] as const) {
        const { status, json } = await lab.ask('reads', method, to, { body: newCluster() });
        assert.deepEqual([status, json], [403, narrowScope]);
      }
    });
  }

  it('is not for read_user on /user, /version and /metadata', async () => {
    addToken(lab.world, lab.people.maintainer, 'narrow', { scopes: ['read_user'] });
    for (const path of ['/user', '/version', '/metadata']) {
      assert.equal((await lab.ask('narrow', 'GET', path)).status, 200, path);
    }
  });

  const states: [User['state'], RegExp][] = [
    ['blocked', /^403 Forbidden - Your account has been blocked\.$/],
    ['deactivated', /^403 Forbidden - Your account has been deactivated by your administrator\./],
    ['unconfirmed', /^403 Forbidden - Your primary email address is not confirmed\./],
    ['termsPending', /^403 Forbidden - You must accept the Terms of Service/],
  ];
  for (const [state, sentence] of states) {
    it(`tells that an account is ${state}`, async () => {
      lab.people.maintainer.state = state;
      const { status, json } = await lab.ask('maintainer', 'GET', list);
      assert.equal(status, 403);
      assert.match(String(at(json, 'message')), sentence);
    });
  }

  it('names a fine-grained token that lacks a permission', async () => {
    addToken(lab.world, lab.people.maintainer, 'granular', { refusal: 'granular' });
    const { status, json } = await lab.ask('granular', 'GET', list);
    assert.deepEqual([status, at(json, 'error')], [403, 'insufficient_granular_scope']);
  });
});

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
