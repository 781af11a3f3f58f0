import assert from 'node:assert/strict';
import type { GitLabErrorKind } from '../../../../src/core/gitlab/errors';
import { readIdentity } from '../../../../src/core/gitlab/identity';
import { html, json, text } from '../../../gitlab/answer';
import { oldDemoFleet } from '../../../gitlab/demoFleet';
import { addToken } from '../../../gitlab/populate';
import { oldVersion, profileOf } from '../../../gitlab/profiles';
import { failure, openConnection } from './connection';

describe('who we are at a host', () => {
  describe('on a current GitLab', () => {
    const connection = openConnection();

    it('is an administrator with the scopes and expiry of the token', async () => {
      assert.deepEqual(await readIdentity(connection.client('demo-admin-token')), {
        user: { id: 1, username: 'root', name: 'Administrator', isAdmin: true },
        version: { number: '18.2.1-ee', enterprise: true },
        token: { scopes: ['api', 'admin_mode'], expiresAt: '2099-12-31' },
        canWrite: true,
      });
    });

    it('is somebody else without an expiry', async () => {
      const identity = await readIdentity(connection.client('demo-developer'));
      assert.deepEqual(identity.user, { id: 3, username: 'devon', name: 'Devon Okafor', isAdmin: false });
      assert.deepEqual(identity.token, { scopes: ['api'], expiresAt: undefined });
    });

    it('may only read with the scope read_api', async () => {
      assert.equal((await readIdentity(connection.client('demo-reader'))).canWrite, false);
    });

    it('may write with read_api beside api', async () => {
      const { world } = connection.gitlab;
      const [, maria] = world.users;
      assert(maria);
      addToken(world, maria, 'both-scopes', { scopes: ['read_api', 'api'] });
      assert.equal((await readIdentity(connection.client('both-scopes'))).canWrite, true);
    });

    const refused: readonly (readonly [what: string, token: string, kind: GitLabErrorKind])[] = [
      ['a token GitLab does not know', 'mistyped-token', 'unauthorized'],
      ['an expired one', 'demo-expired', 'tokenExpired'],
      ['a revoked one', 'demo-revoked', 'tokenRevoked'],
      ['one that can read no clusters', 'demo-narrow', 'insufficientScope'],
      ['one of a blocked account', 'demo-blocked', 'forbidden'],
      ['a text that no header can carry', 'two\nlines', 'unauthorized'],
      ['an empty one', '', 'unauthorized'],
      ['one with an umlaut', 'tökenökenöken', 'unauthorized'],
    ];
    for (const [what, token, kind] of refused) {
      it(`refuses ${what} as ${kind}`, async () => {
        await failure(readIdentity(connection.client(token)), kind);
      });
    }

    it('sends nothing where no header can carry the token', async () => {
      await failure(readIdentity(connection.client('two\nlines')), 'unauthorized');
      assert.equal(connection.gitlab.requests.length, 0);
    });

    it('takes GitLab’s word for why an account is refused', async () => {
      assert.match((await failure(readIdentity(connection.client('demo-blocked')), 'forbidden')).message, /blocked/);
    });

    const rarer = { impersonation: 'unauthorized', dpop: 'unauthorized', granular: 'insufficientScope' } as const;
    for (const refusal of ['impersonation', 'dpop', 'granular'] as const) {
      it(`refuses a token with the rarer refusal ${refusal} as ${rarer[refusal]}`, async () => {
        const { world } = connection.gitlab;
        const [, maria] = world.users;
        assert(maria);
        addToken(world, maria, 'rarer-token', { refusal });
        const error = await failure(readIdentity(connection.client('rarer-token')), rarer[refusal]);
        assert.notEqual(error.message, '');
      });
    }

    for (const [what, path, answer, known] of [
      [
        'the version where /metadata fails',
        '/metadata',
        json(500, { message: '500 Internal Server Error' }),
        'version',
      ],
      ['the host where /metadata and /version are web pages', '/(metadata|version)', html(200, '<html>'), 'no version'],
      ['the host where the token’s details are odd', '/personal_access_tokens/self', json(200, {}), 'no token'],
      ['the host where they are refused', '/personal_access_tokens/self', text(403, 'no'), 'no token'],
    ] as const) {
      it(`still knows ${what}`, async () => {
        connection.gitlab.onRequest(({ request }) =>
          new RegExp(`/api/v4${path}$`).test(request.path) ? answer : undefined,
        );
        const identity = await readIdentity(connection.client());
        assert.equal(identity.version === undefined, known === 'no version');
        assert.equal(identity.token === undefined, known === 'no token');
        assert.equal(identity.canWrite, true);
      });
    }

    it('throws where the host breaks off in between', async () => {
      connection.gitlab.onRequest(({ request, socket }) => {
        if (!request.path.endsWith('/self')) return undefined;
        socket.destroy();
        return 'taken';
      });
      await failure(readIdentity(connection.client()), 'network');
    });
  });

  describe('on an old GitLab', () => {
    const connection = openConnection(() => ({
      world: oldDemoFleet(),
      profile: profileOf(oldVersion),
      subPath: '/gitlab',
    }));

    it('knows neither scopes nor edition, and supposes it may write', async () => {
      assert.deepEqual(await readIdentity(connection.client('old-maintainer')), {
        user: { id: 2, username: 'henrik', name: 'Henrik Lund', isAdmin: false },
        version: { number: '13.6.7', enterprise: undefined },
        token: undefined,
        canWrite: true,
      });
      assert(connection.gitlab.requests.every(({ path }) => path.startsWith('/gitlab/api/v4/')));
    });

    it('finds out by asking for projects that read_user is too narrow', async () => {
      const { world } = connection.gitlab;
      const [, henrik] = world.users;
      assert(henrik);
      addToken(world, henrik, 'narrow-token', { scopes: ['read_user'] });
      await failure(readIdentity(connection.client('narrow-token')), 'insufficientScope');
    });
  });
});
