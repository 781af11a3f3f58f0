import assert from 'node:assert/strict';
import { GitLabError } from '../../../../src/core/gitlab/errors';
import { restAfter, searchAfter } from '../../../../src/core/gitlab/failureKinds';

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
