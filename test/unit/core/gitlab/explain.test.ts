import assert from 'node:assert/strict';
import { GitLabError, type GitLabErrorKind } from '../../../../src/core/gitlab/errors';
import { explain, explainAction } from '../../../../src/core/gitlab/explain';

/** Every kind there is: a kind that is added and not listed here does not compile. */
const kinds: Readonly<Record<GitLabErrorKind, RegExp>> = {
  noToken: /No access token is stored/,
  keyring: /secret storage/,
  settings: /could not be written/,
  unauthorized: /does not know this access token/,
  tokenExpired: /has expired/,
  tokenRevoked: /was revoked/,
  insufficientScope: /“api”/,
  forbidden: /Maintainer/,
  notFound: /Not found in GitLab/,
  clustersUnavailable: /certificate_based_clusters/,
  unsupported: /too old/,
  invalid: /did not accept/,
  conflict: /Refresh and try again/,
  rateLimited: /limits the number/,
  redirected: /redirect/,
  server: /server error/,
  network: /cannot be reached/,
  tls: /secure connection/i,
  proxy: /proxy/i,
  timeout: /in time/,
  cancelled: /Cancelled/,
  protocol: /cannot be used/,
  unknownOutcome: /unknown whether.*Refresh and check before you try again/,
  notHappened: /nothing has changed/,
  internal: /inside GitLab Clusters/,
};

function isKind(text: string): text is GitLabErrorKind {
  return text in kinds;
}

describe('the explanation', () => {
  for (const kind of Object.keys(kinds).filter(isKind)) {
    it(`of ${kind} is a title and a sentence`, () => {
      const error = new GitLabError(kind);
      const { title, sentence } = explain(error);
      assert.match(sentence, kinds[kind]);
      assert(title.length > 3 && title.length < 50, title);
      assert.match(sentence, /[.”)]$/);
      assert.doesNotMatch(sentence, /undefined|\{\d\}/);
    });
  }

  it('quotes GitLab’s words once', () => {
    const { sentence } = explain(new GitLabError('forbidden', { message: '403 Forbidden - blocked.' }));
    assert.equal(sentence.split('403 Forbidden - blocked.').length, 2);
    assert.match(sentence, /GitLab said: “403 Forbidden - blocked\.”/);
  });

  it('tells an account that is blocked from a role that is too low', () => {
    const told = (message: string) => explain(new GitLabError('forbidden', { message }));
    const blocked = told('403 Forbidden - Your account has been blocked.');
    assert.match(blocked.sentence, /refuses this account.*Your account has been blocked/);
    assert.doesNotMatch(blocked.sentence, /role/);
    assert.match(
      told('403 Forbidden  - Your account has been blocked.').title,
      /Account/,
      'two blanks of old versions',
    );
    assert.match(told('403 Forbidden').sentence, /Developer role.*Maintainer role/);
  });

  it('names a missing install path as a likely reason where a web page answers', () => {
    assert.match(explain(new GitLabError('protocol', { status: 404 })).sentence, /lacks the path.*\/gitlab/);
  });

  it('does not quote words that add nothing', () => {
    assert.doesNotMatch(explain(new GitLabError('unauthorized', { message: '401 Unauthorized' })).sentence, /401/);
  });

  for (const reason of [
    'DPoP validation error: DPoP header is missing',
    'Token is an impersonation token but impersonation was disabled.',
  ]) {
    it(`of a token refused with “${reason}” quotes that, and does not call the token mistyped`, () => {
      const { sentence } = explain(new GitLabError('unauthorized', { message: reason }));
      assert.ok(sentence.includes(`“${reason}”`), sentence);
      assert.doesNotMatch(sentence, /does not know|mistyped/);
    });
  }

  it('tells how long GitLab wants to be left alone', () => {
    const wait = (retryAfter: number): string => explain(new GitLabError('rateLimited', { retryAfter })).sentence;
    assert.match(wait(0), /in 1 s\./);
    assert.match(wait(59_001), /in 60 s\./);
    assert.match(wait(3_600_000), /in 60 min\./);
  });

  it('tells networks apart, with the system’s code', () => {
    const sentences = ['ENOTFOUND', 'ECONNREFUSED', 'ECONNRESET', 'EHOSTUNREACH'].map(
      (message) => explain(new GitLabError('network', { message })).sentence,
    );
    assert.equal(new Set(sentences.map((sentence) => sentence.replace(/\(.*\)/, ''))).size, 4);
    assert.match(sentences[0] ?? '', /\(ENOTFOUND\)/);
  });

  it('names the new address of a redirect and what became of the token', () => {
    const location = 'https://new.example.com/';
    const elsewhere = explain(new GitLabError('redirected', { location, sameOrigin: false })).sentence;
    assert.match(elsewhere, /https:\/\/new\.example\.com\/.*not sent there/);
    assert.match(explain(new GitLabError('redirected', { location, sameOrigin: true })).sentence, /sign-in page/);
  });

  it('says of a lost answer why, and why looking failed too', () => {
    const cause = new GitLabError('timeout');
    const lookFailure = new GitLabError('network', { message: 'ECONNREFUSED' });
    const { sentence } = explain(new GitLabError('unknownOutcome', { cause, lookFailure }));
    assert.match(sentence, /No answer in time.*Not reachable/);
    assert.match(explain(new GitLabError('notHappened', { cause })).sentence, /No answer in time/);
  });

  it('says of a service token that nobody can see it', () => {
    const problems = [{ field: 'platform_kubernetes.token', message: 'Nobody can see it.' }];
    assert.match(explain(new GitLabError('unknownOutcome', { problems })).sentence, /Nobody can see it\.$/);
  });

  it('of anything else is a mistake of ours, without its words', () => {
    for (const error of [new TypeError('secret'), 'secret', undefined, null]) {
      assert.match(explain(error).sentence, /inside GitLab Clusters/);
      assert.doesNotMatch(explain(error).sentence, /secret/);
    }
  });

  it('follows what was tried', () => {
    assert.match(
      explainAction('Could not add it.', new GitLabError('timeout')),
      /^Could not add it\. The host did not/,
    );
  });
});
