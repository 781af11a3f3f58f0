import assert from 'node:assert/strict';
import { addCluster, addToken } from '../gitlab/populate';
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

  it('takes OAuth as Bearer first, then the query, the header, and a personal token as Bearer last', async () => {
    const { world, people } = lab;
    addToken(world, people.maintainer, 'oauth', { kind: 'oauth' });
    const user = async (query: string, headers: Record<string, string>) =>
      at((await lab.ask(undefined, 'GET', `/user${query}`, { headers })).json, 'username');
    const others = { 'PRIVATE-TOKEN': 'reporter' };
    assert.equal(await user('?private_token=developer', { ...others, Authorization: 'Bearer oauth' }), 'maintainer');
    assert.equal(await user('?access_token=oauth', others), 'maintainer');
    assert.equal(await user('?private_token=developer', { ...others, Authorization: 'Bearer guest' }), 'developer');
    assert.equal(await user('', { ...others, Authorization: 'Bearer guest' }), 'reporter');
    assert.equal(await user('', { Authorization: 'Bearer guest' }), 'guest');
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

  it('names expiry, revocation, impersonation, the account, DPoP and scope in this order', async () => {
    const token = give({ expiresAt: '2024-02-29', revoked: true, refusal: 'impersonation', scopes: [] });
    lab.people.maintainer.state = 'blocked';
    const told = async () => {
      const { json } = await lab.ask('given', 'GET', list);
      return String(at(json, 'error_description') ?? at(json, 'message'));
    };
    assert.match(await told(), /^Token is expired/);
    token.expiresAt = null;
    assert.match(await told(), /^Token was revoked/);
    token.revoked = false;
    assert.match(await told(), /impersonation was disabled/);
    token.refusal = 'dpop';
    assert.match(await told(), /account has been blocked/);
    lab.people.maintainer.state = 'active';
    assert.match(await told(), /^DPoP/);
    token.refusal = undefined;
    assert.match(await told(), /higher privileges/);
  });

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
    addToken(lab.world, lab.people.maintainer, 'registry', { scopes: ['read_registry'] });
    const ofUser = await lab.ask('registry', 'GET', '/user');
    assert.equal(at(ofUser.json, 'scope'), 'read_user api read_api', 'the route’s own first');
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
    [
      'deactivated',
      /^403 Forbidden - Your account has been deactivated by your administrator\. Please log back in from a web browser to reactivate your account at http:\S+$/,
    ],
    [
      'unconfirmed',
      /^403 Forbidden - Your primary email address is not confirmed\. .* request a new confirmation email at http:\S+\/users\/confirmation\/new$/,
    ],
    [
      'termsPending',
      /^403 Forbidden - You \(@\S+\) must accept the Terms of Service in order to perform this action\. To accept these terms, please access GitLab from a web browser at http:\S+\.$/,
    ],
  ];
  for (const [state, sentence] of states) {
    it(`tells that an account is ${state}`, async () => {
      lab.people.maintainer.state = state;
      const { status, json } = await lab.ask('maintainer', 'GET', list);
      assert.equal(status, 403);
      assert.match(String(at(json, 'message')), sentence);
    });
  }

  it('takes a fine-grained token by its permissions, which its only scope does not name', async () => {
    addToken(lab.world, lab.people.maintainer, 'granular', { scopes: ['granular'] });
    const self = await lab.ask('granular', 'GET', '/personal_access_tokens/self');
    assert.deepEqual(
      [at(self.json, 'scopes'), at(self.json, 'granular_scopes', 0, 'permissions')],
      [['granular'], ['read_cluster']],
    );
    assert.equal((await lab.ask('granular', 'GET', list)).status, 200);
  });

  it('names the permission a fine-grained token lacks, without a challenge', async () => {
    addToken(lab.world, lab.people.maintainer, 'granular', { refusal: 'granular' });
    const lacking = async (method: string, path: string) => {
      const { status, json, headers } = await lab.ask(
        'granular',
        method,
        path,
        method === 'GET' ? {} : { body: newCluster() },
      );
      assert.deepEqual([status, at(json, 'error')], [403, 'insufficient_granular_scope']);
      assert.equal(headers.get('WWW-Authenticate'), null);
      return at(json, 'error_description');
    };
    const denied = (permission: string) =>
      `Access denied: Your Personal Access Token lacks the required permissions: [${permission}].`;
    assert.equal(await lacking('GET', list), denied('read_cluster'));
    assert.equal(await lacking('POST', `${list}/user`), denied('create_cluster'));
    assert.equal(await lacking('PUT', `${list}/1`), denied('update_cluster'));
    assert.equal(await lacking('DELETE', `${list}/1`), denied('delete_cluster'));
  });
});
