import assert from 'node:assert/strict';
import { GitLabError } from '../../../../src/core/gitlab/errors';
import type { GitLabErrorKind } from '../../../../src/core/gitlab/errors';
import { failureKinds, isOfOnePlace, restAfter, searchAfter } from '../../../../src/core/gitlab/failureKinds';

describe('a search', () => {
  const hour = 3_600_000;

  it('waits where the host or the proxy on the way asks for it, whatever the status', () => {
    for (const error of [
      new GitLabError('rateLimited', { status: 429 }),
      new GitLabError('server', { status: 503, retryAfter: 20_000 }),
      new GitLabError('proxy', { status: 503, retryAfter: 20_000 }),
    ]) {
      assert.equal(searchAfter(error), 'wait', error.kind);
    }
  });

  it('tries again at the end what failed without a word about waiting, and leaves GitLab’s own mistakes out', () => {
    assert.equal(searchAfter(new GitLabError('server', { status: 503 })), 'repeat');
    assert.equal(searchAfter(new GitLabError('proxy', { status: 407, retryAfter: 20_000 })), 'repeat');
    assert.equal(searchAfter(new GitLabError('server', { status: 500 })), 'skip');
  });

  it('waits an hour for a limit, and two minutes for a maintenance, at most', () => {
    assert.equal(restAfter(new GitLabError('rateLimited', { retryAfter: 2 * hour })), hour);
    assert.equal(restAfter(new GitLabError('server', { status: 503, retryAfter: hour })), 120_000);
    assert.equal(restAfter(new GitLabError('proxy', { status: 503, retryAfter: hour })), 120_000);
  });

  it('waits half a minute where GitLab gives no time', () => {
    assert.equal(restAfter(new GitLabError('rateLimited')), 30_000);
  });
});

describe('a failure', () => {
  const failures = (...kinds: readonly GitLabErrorKind[]) => kinds.map((kind) => new GitLabError(kind));

  it('of one place leaves the other projects and groups of the host readable', () => {
    const one = [
      ...failures('notFound', 'forbidden', 'insufficientScope', 'clustersUnavailable', 'unsupported', 'protocol'),
      ...[new GitLabError('server', { status: 500 }), new GitLabError('timeout')],
    ];
    const all = [
      ...failures('noToken', 'keyring', 'unauthorized', 'tokenExpired', 'tokenRevoked', 'cancelled'),
      ...failures('network', 'tls', 'proxy', 'rateLimited', 'redirected'),
      new GitLabError('forbidden', { message: '403 Forbidden - Your account has been blocked.' }),
    ];
    assert.deepEqual(
      one.filter((error) => !isOfOnePlace(error)),
      [],
    );
    assert.deepEqual(all.filter(isOfOnePlace), []);
  });

  it('to reach the host leaves what was known before the best there is, and a refusal does not', () => {
    const keeps = ({ kind }: GitLabError): boolean => failureKinds[kind].keepsKnown;
    const away = failures('network', 'tls', 'proxy', 'timeout', 'rateLimited', 'redirected', 'server');
    assert.deepEqual(away.filter(keeps), away);
    assert.deepEqual(failures('unauthorized', 'forbidden', 'notFound', 'protocol', 'internal').filter(keeps), []);
  });
});
