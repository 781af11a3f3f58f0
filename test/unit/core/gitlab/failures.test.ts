import assert from 'node:assert/strict';
import type { GitLabErrorKind } from '../../../../src/core/gitlab/errors';
import { errorOfAnswer, errorOfFailure, retryAfterOf } from '../../../../src/core/gitlab/failures';
import { writeAfter } from '../../../../src/core/gitlab/failureKinds';
import { GitLabError } from '../../../../src/core/gitlab/errors';
import type { GitLabErrorDetails } from '../../../../src/core/gitlab/errors';
import { explain } from '../../../../src/core/gitlab/explain';

const address = 'https://gitlab.example.com/api/v4/projects/1/clusters';

function refusal(status: number, body: unknown, headers: Record<string, string> = {}): GitLabError {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const all = new Headers({ 'content-type': typeof body === 'string' ? 'text/html' : 'application/json', ...headers });
  return errorOfAnswer({ status, headers: all }, { address, text, location: all.get('location') ?? '' });
}

describe('a refusal of GitLab', () => {
  const bodies: readonly (readonly [
    what: string,
    status: number,
    body: unknown,
    kind: GitLabErrorKind,
    message: string,
    problems?: readonly (readonly [field: string | undefined, message: string])[],
  ])[] = [
    ['the parameter layer', 400, { error: 'name is missing' }, 'invalid', 'name is missing', [['name', 'is missing']]],
    [
      'several parameters',
      400,
      { error: 'name is missing, platform_kubernetes_attributes[api_url] is empty' },
      'invalid',
      'name is missing, platform_kubernetes_attributes[api_url] is empty',
      [
        ['name', 'is missing'],
        ['platform_kubernetes.api_url', 'is empty'],
      ],
    ],
    [
      'malformed JSON of ours',
      400,
      { error: '\nProblem:\n  message body does not match declared format\nResolution:\n  x' },
      'invalid',
      'Problem:   message body does not match declared format Resolution:   x',
      [[undefined, 'Problem:   message body does not match declared format Resolution:   x']],
    ],
    [
      'the model layer',
      400,
      { message: { 'platform_kubernetes.api_url': [' is blocked: x', ' is blocked: x'], name: ['a', 'b'] } },
      'invalid',
      'platform_kubernetes.api_url: is blocked: x; name: a; name: b',
      [
        ['platform_kubernetes.api_url', 'is blocked: x'],
        ['name', 'a'],
        ['name', 'b'],
      ],
    ],
    ['a bare text for a list', 400, { message: { name: 'odd' } }, 'invalid', 'name: odd', [['name', 'odd']]],
    [
      'something else for a text',
      400,
      { message: { name: [{ code: 5 }, null] } },
      'invalid',
      'name: {"code":5}; name: null',
      [
        ['name', '{"code":5}'],
        ['name', 'null'],
      ],
    ],
    ['a guard', 403, { message: '403 Forbidden' }, 'forbidden', '403 Forbidden'],
    ['the endpoint limiter', 429, { message: { error: 'Too often.' } }, 'rateLimited', 'Too often.'],
    [
      'too narrow a token',
      403,
      { error: 'insufficient_scope', error_description: 'Higher privileges.', scope: 'api read_api' },
      'insufficientScope',
      'Higher privileges.',
    ],
    [
      'a localised complaint',
      400,
      { message: { 'platform_kubernetes.token': ['darf nicht leer sein'] } },
      'invalid',
      'platform_kubernetes.token: darf nicht leer sein',
      [['platform_kubernetes.token', 'darf nicht leer sein']],
    ],
    [
      'an expired token',
      401,
      { error: 'invalid_token', error_description: 'Token is expired. You can either do re-authorization.' },
      'tokenExpired',
      'Token is expired. You can either do re-authorization.',
    ],
    [
      'a revoked token',
      401,
      { error: 'invalid_token', error_description: 'Token was revoked.' },
      'tokenRevoked',
      'Token was revoked.',
    ],
    ['an unknown token', 401, { message: '401 Unauthorized' }, 'unauthorized', '401 Unauthorized'],
    ['a missing project', 404, { message: '404 Project Not Found' }, 'notFound', '404 Project Not Found'],
    ['a missing route', 404, { error: '404 Not Found' }, 'unsupported', '404 Not Found'],
    [
      'a moved project',
      405,
      { message: 'Non GET methods are not allowed' },
      'conflict',
      'Non GET methods are not allowed',
    ],
    ['a page too far out', 405, { error: 'Offset pagination has …' }, 'unsupported', 'Offset pagination has …'],
    ['a lock', 409, { message: '409 Conflict: Resource lock' }, 'conflict', '409 Conflict: Resource lock'],
    ['the old API', 410, { error: 'API V3 is no longer supported.' }, 'unsupported', 'API V3 is no longer supported.'],
    ['a failed precondition', 412, { message: '412 Precondition Failed' }, 'conflict', '412 Precondition Failed'],
    ['the content type', 415, { error: 'not supported' }, 'unsupported', 'not supported'],
    ['a mistake of GitLab', 500, { message: '500 Internal Server Error' }, 'server', '500 Internal Server Error'],
    ['nothing', 500, {}, 'server', ''],
    ['an empty text', 403, { message: '' }, 'forbidden', ''],
    ['a list', 400, [], 'protocol', 'status 400 without a reason'],
    ['a number', 404, 5, 'protocol', 'status 404 without a reason'],
    ['a web page', 502, '<html>Bad gateway</html>', 'server', ''],
    ['a web page', 404, '<!DOCTYPE html><h1>404</h1>', 'protocol', 'it is a web page with status 404'],
    ['a portal’s web page', 401, '<html>Sign in</html>', 'protocol', 'it is a web page with status 401'],
    ['a firewall’s web page', 403, '<html>Blocked</html>', 'protocol', 'it is a web page with status 403'],
    ['a web page', 413, '<html>Too large</html>', 'protocol', 'it is a web page with status 413'],
    ['no body', 403, '', 'protocol', 'it is a web page with status 403'],
    ['a gateway that waited', 408, { message: 'Request Timeout' }, 'timeout', 'Request Timeout'],
    ['an odd status', 299 + 1, {}, 'protocol', ''],
    ['an odd status', 999, {}, 'server', ''],
  ];
  for (const [what, status, body, kind, message, problems = []] of bodies) {
    it(`by ${what} (${status}) is ${kind}: “${message}”`, () => {
      const error = refusal(status, body);
      assert.equal(error.kind, kind);
      assert.equal(error.message, message);
      assert.equal(error.status, status);
      assert.deepEqual(
        error.problems.map((problem) => [problem.field, problem.message]),
        problems,
      );
    });
  }

  it('tells which scopes would do', () => {
    assert.deepEqual(refusal(403, { error: 'insufficient_scope', scope: 'api read_api' }).scopes, ['api', 'read_api']);
  });

  it('quotes a plain sentence of the throttle and nothing of a page', () => {
    assert.equal(refusal(429, 'Retry later\n', { 'content-type': 'text/plain' }).message, 'Retry later');
    assert.equal(refusal(503, '<html>secret</html>', { 'content-type': 'text/plain' }).message, '');
    assert.equal(refusal(400, 'Bad\nRequest', { 'content-type': 'text/plain' }).message, 'status 400, “Bad Request”');
  });

  it('is capped, however much a server sends', () => {
    const many = Object.fromEntries(
      Array.from({ length: 200 }, (_, n) => [`field${n}`, Array<string>(30).fill('x'.repeat(2000))]),
    );
    const error = refusal(400, { message: many });
    assert(error.problems.length <= 20);
    assert(error.problems.every(({ message }) => message.length <= 301));
    assert(error.message.length <= 301);
  });

  it('may be nested deeper than anybody can follow', () => {
    const text = `{"message":{"name":${'['.repeat(100_000)}${']'.repeat(100_000)}}}`;
    assert.equal(
      errorOfAnswer({ status: 400, headers: new Headers() }, { address, text, location: '' }).kind,
      'invalid',
    );
  });

  describe('that sends us on', () => {
    for (const [location, shown, sameOrigin] of [
      ['https://other.example.com/api/v4/x?state=secret#secret', 'https://other.example.com/api/v4/x', false],
      ['http://gitlab.example.com/api/v4/x', 'http://gitlab.example.com/api/v4/x', false],
      ['/users/sign_in', 'https://gitlab.example.com/users/sign_in', true],
      ['//evil.example.com', 'https://evil.example.com/', false],
      ['https://me:secret@other.example.com/', 'https://other.example.com/', false],
      ['javascript:alert(1)', undefined, false],
      ['https://', undefined, false],
    ] as const) {
      it(`to ${location} names ${shown ?? 'no address'}`, () => {
        for (const status of [301, 302, 303, 307, 308]) {
          const error = refusal(status, '', { location });
          assert.equal(error.kind, 'redirected');
          assert.equal(error.location, shown);
          assert.equal(error.sameOrigin, sameOrigin);
          assert.doesNotMatch(explain(error).sentence, /secret/);
        }
      });
    }
  });
});

describe('Retry-After', () => {
  for (const [header, wait] of [
    ['0', 0],
    ['7', 7000],
    [' 7 ', 7000],
    ['Sunday, 06-Nov-94 08:49:37 GMT', 0],
    ['Sun, 06 Nov 1994 08:49:37 GMT', 0],
    ['3600', 3_600_000],
    ['2592000', 3_600_000],
    ['Thu, 31 Dec 2099 08:49:37 GMT', 3_600_000],
  ] as const) {
    it(`reads “${header}”`, () => assert.equal(retryAfterOf(header), wait));
  }

  it('reads a date to come', () => {
    const wait = retryAfterOf(new Date(Date.now() + 60_000).toUTCString()) ?? assert.fail('not read');
    assert(wait > 50_000 && wait <= 60_000, String(wait));
  });

  for (const header of [null, '', 'soon', '-1', '1.5', '0x10', 'in 1 minute', '1e3', '2026-01-01']) {
    it(`does not believe ${JSON.stringify(header)}`, () => assert.equal(retryAfterOf(header), undefined));
  }
});

describe('a request that failed', () => {
  const clean = (text: string): string => text.replaceAll('glpat-secret', '•••');
  for (const [what, thrown, kind, message] of [
    ['no such name', { code: 'ENOTFOUND' }, 'network', 'ENOTFOUND'],
    ['nothing there', { code: 'ECONNREFUSED' }, 'network', 'ECONNREFUSED'],
    ['a broken connection', { code: 'ECONNRESET' }, 'network', 'ECONNRESET'],
    ['too much', { type: 'max-size' }, 'protocol', 'it is larger than any answer of GitLab'],
    ['no HTTP', { code: 'HPE_INVALID_CONSTANT' }, 'protocol', 'it is not HTTP'],
    ['damaged gzip', { code: 'Z_DATA_ERROR' }, 'protocol', 'its compression is damaged'],
    [
      'words alone',
      { message: 'request to https://x/y?search=a failed: glpat-secret' },
      'network',
      'request to https://x/y failed: •••',
    ],
    ['nothing to go by', undefined, 'network', ''],
    ['a text', 'odd', 'network', ''],
  ] as const) {
    it(`by ${what} is ${kind}: “${message}”`, () => {
      const error = errorOfFailure(thrown, clean);
      assert.equal(error.kind, kind);
      assert.equal(error.message, message);
    });
  }

  it('is what the connection already called it', () => {
    const tls = new GitLabError('tls', { message: 'x' });
    assert.equal(errorOfFailure(tls, clean), tls);
  });
});

describe('a write that failed', () => {
  const lost = (kind: GitLabErrorKind, details: GitLabErrorDetails = {}) =>
    writeAfter(new GitLabError(kind, details)) === 'lost';
  const cause = new Error('x');

  it('may have been carried out where its answer never came or cannot be read', () => {
    for (const code of ['ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ERR_STREAM_PREMATURE_CLOSE', 'EPROTO', '']) {
      assert(lost('network', { message: code, cause }), code);
    }
    assert(lost('timeout'));
    assert(lost('cancelled'));
    for (const status of [500, 502, 503, 504]) assert(lost('server', { status }));
    assert(lost('protocol', { status: 200 }));
    assert(lost('protocol', { message: 'it is not HTTP' }));
  });

  it('was never sent where no connection came about', () => {
    for (const message of ['ENOTFOUND', 'EAI_AGAIN', 'ECONNREFUSED', 'EHOSTUNREACH', 'ENETUNREACH']) {
      assert(!lost('network', { message, cause }), message);
    }
    for (const message of ['CERT_HAS_EXPIRED', 'ERR_TLS_CERT_ALTNAME_INVALID', 'ERR_SSL_WRONG_VERSION_NUMBER']) {
      assert(!lost('tls', { message, cause }), message);
    }
    assert(!lost('tls', { message: 'whatever the connection says' }));
    assert(!lost('proxy', { status: 407 }));
  });

  it('was refused where there is an answer that says so', () => {
    for (const kind of [
      'invalid',
      'forbidden',
      'notFound',
      'conflict',
      'rateLimited',
      'redirected',
      'unauthorized',
    ] as const) {
      assert(!lost(kind), kind);
    }
    assert(!lost('protocol', { status: 413 }));
  });
});
