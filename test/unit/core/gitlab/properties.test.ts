import assert from 'node:assert/strict';
import fc from 'fast-check';
import { Response } from 'node-fetch';
import { GitLabClient } from '../../../../src/core/gitlab/client';
import { getCluster, listClusters } from '../../../../src/core/gitlab/clusters';
import { GitLabError } from '../../../../src/core/gitlab/errors';
import { explain } from '../../../../src/core/gitlab/explain';
import { errorOfAnswer, errorOfFailure, retryAfterOf } from '../../../../src/core/gitlab/failures';
import { isReadable } from '../../../../src/core/model/cluster';
import { parseHostUrl, shownAddress } from '../../../../src/core/model/host';
import { plain } from '../../../../src/core/model/plainText';
import { parseHosts } from '../../../../src/core/accounts/hostSettings';
import { hostUrl } from './connection';

const runs = { numRuns: 10_000 };
const text = fc.string({ unit: 'binary', maxLength: 60 });
const word = fc.string({ minLength: 1, maxLength: 12 });

/** Addresses as people mistype them: right parts in any order, and anything at all. */
const address = fc.oneof(
  text,
  fc.webUrl({ withFragments: true, withQueryParameters: true }),
  fc
    .tuple(
      fc.constantFrom('', 'http://', 'https://', 'HTTPS://', 'ftp://', 'https:/', '//', 'javascript:'),
      fc.constantFrom('', 'user@', 'user:secret@', ':secret@', '@'),
      fc.oneof(
        fc.domain(),
        fc.ipV4(),
        fc.ipV4Extended(),
        fc.ipV6().map((ip) => `[${ip}]`),
        fc.constantFrom('localhost', 'ü.example', '.', ''),
        word,
      ),
      fc.constantFrom('', '.', ':443', ':80', ':8443', ':99999', ':'),
      fc.array(
        fc.oneof(fc.constantFrom('/', '//', '/api/v4', '/gitlab', '/%67', '/%2f', '/..', '/.', '\\', '/%zz'), word),
        {
          maxLength: 4,
        },
      ),
      fc.constantFrom('', '?', '?private_token=secret', '#', '#x', ' '),
    )
    .map((parts) => parts.flat().join('')),
);

const anything = fc.oneof(
  fc.constantFrom(null, true, false, 0, -1, 0.5, '', 'x', [], {}, [[]], { id: 1 }, ['x'], { error: 'x' }),
  fc.jsonValue({ maxDepth: 1 }),
);

/** JSON that nearly is what GitLab sends. */
const nearly = <T>(values: fc.Arbitrary<T>): fc.Arbitrary<unknown> =>
  fc.oneof({ weight: 3, arbitrary: values }, { weight: 1, arbitrary: anything });
const id = nearly(fc.oneof(fc.nat(), fc.constantFrom(1, -1, 0, 2 ** 53, 1e300, 0.5)));
const words = nearly(fc.option(text));
const flag = nearly(fc.option(fc.boolean()));
const clusterLike = nearly(
  fc.record(
    {
      id,
      name: words,
      created_at: nearly(fc.constantFrom('2019-01-02T20:18:12.563Z', 'soon', '', null)),
      domain: words,
      enabled: flag,
      managed: flag,
      namespace_per_environment: flag,
      provider_type: words,
      environment_scope: words,
      user: nearly(fc.option(fc.record({ name: words, username: words }, { requiredKeys: [] }))),
      platform_kubernetes: nearly(
        fc.option(
          fc.record(
            { api_url: words, namespace: words, authorization_type: words, ca_cert: words },
            { requiredKeys: [] },
          ),
        ),
      ),
      provider_gcp: nearly(fc.option(fc.record({ status_name: words, num_nodes: id }, { requiredKeys: [] }))),
      management_project: nearly(
        fc.option(fc.record({ id, name: words, path_with_namespace: words }, { requiredKeys: [] })),
      ),
      anything,
    },
    { requiredKeys: [] },
  ),
);
const errorLike = nearly(
  fc.record(
    {
      error: nearly(
        fc.oneof(text, fc.constantFrom('name is missing, a[b] is empty', 'invalid_token', 'insufficient_scope')),
      ),
      error_description: words,
      scope: words,
      message: nearly(fc.oneof(text, fc.dictionary(word, nearly(fc.array(text, { maxLength: 3 })), { maxKeys: 4 }))),
    },
    { requiredKeys: [] },
  ),
);

/** A client whose host answers with this. */
function answering(status: number, body: string | Buffer, headers: Record<string, string> = {}): GitLabClient {
  return new GitLabClient(hostUrl('https://gitlab.example.com'), 'glpat-marked-secret', {
    fetch: () => Promise.resolve(new Response(body, { status, headers })),
    log: () => undefined,
    readDeadline: 10_000,
    writeDeadline: 10_000,
    retries: { tries: 1, backoff: 0, patience: 0 },
  });
}

/** Runs something that may throw GitLabErrors only, and checks that one can be shown. */
async function orGitLabError<T>(work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    assert(error instanceof GitLabError, String(error));
    assertShowable(error);
    return undefined;
  }
}

function assertShowable(error: GitLabError): void {
  assert.notEqual(error.kind, 'internal');
  const { title, sentence } = explain(error);
  assert(title !== '' && sentence !== '' && sentence.length < 2000);
  assert.equal(/[\p{Cc}\u202e]/u.test(sentence), false);
}

describe('whatever comes in', function () {
  this.timeout(180_000);

  it('an address is read without a throw, into one spelling, without credentials or query', () => {
    fc.assert(
      fc.property(address, (typed) => {
        const parsed = parseHostUrl(typed);
        if (!parsed.ok) {
          assert(parsed.problem !== '' && !parsed.problem.includes('secret'));
          return;
        }
        const { url: spelled, insecure } = parsed;
        assert.deepEqual(parseHostUrl(parsed.url), { ok: true, url: spelled, insecure });
        const url = new URL(parsed.url);
        assert.equal(url.username + url.password + url.search + url.hash, '');
        assert.match(parsed.url, /^https?:\/\/[^/@?#\s]+(\/[^?#\s]*[^/?#\s])?$/);
        assert(!parsed.url.includes('secret@') && !url.pathname.endsWith('/api/v4'));
        // Joined with a path it stays on that host and below that path.
        const joined = new URL(`${parsed.url}/api/v4/user`);
        assert.equal(joined.href, `${parsed.url}/api/v4/user`);
      }),
      runs,
    );
  });

  it('an address is shown without what stands before the at sign or after the question mark', () => {
    fc.assert(
      fc.property(address, (typed) =>
        assert(!shownAddress(typed).includes('secret') || !/secret[@&]|=secret/.test(typed)),
      ),
      runs,
    );
  });

  it('the setting is read without a throw, each host once', () => {
    const watched = nearly(fc.array(nearly(fc.record({ id, path: words })), { maxLength: 3 }));
    const entry = nearly(fc.record({ url: nearly(address), name: words, projects: watched }, { requiredKeys: [] }));
    fc.assert(
      fc.property(nearly(fc.array(entry, { maxLength: 4 })), (value) => {
        const { hosts, problems } = parseHosts(value);
        assert.equal(new Set(hosts.map(({ url }) => url)).size, hosts.length);
        if (Array.isArray(value)) assert.equal(hosts.length + problems.length, value.length);
        assert(!/secret[@&]|=secret/.test(JSON.stringify([hosts.map(({ url }) => url), problems])));
      }),
      runs,
    );
  });

  it('a refusal with any JSON in it is a GitLabError that can be shown', () => {
    const location = fc.oneof(fc.constant(''), address);
    fc.assert(
      fc.property(fc.integer({ min: 300, max: 599 }), errorLike, location, (status, body, where) => {
        const refused = {
          address: 'https://gitlab.example.com/api/v4/user',
          text: JSON.stringify(body),
          location: where,
        };
        const error = errorOfAnswer({ status, headers: new Headers() }, refused);
        assertShowable(error);
        assert.equal(error.status, status);
        const to = new URL(error.location ?? 'https://x.example.com');
        assert.equal(to.username + to.password + to.search + to.hash, '');
      }),
      runs,
    );
  });

  it('a refusal with any text in it is a GitLabError that can be shown', () => {
    const type = fc.constantFrom('text/plain', 'text/html', 'application/json', '');
    fc.assert(
      fc.property(fc.integer({ min: 300, max: 599 }), text, type, (status, body, contentType) => {
        const headers = new Headers({ 'content-type': contentType });
        assertShowable(
          errorOfAnswer({ status, headers }, { address: 'https://x.example.com/', text: body, location: '' }),
        );
      }),
      runs,
    );
  });

  it('a failure of any kind is a GitLabError that can be shown', () => {
    const thrown = nearly(fc.record({ code: words, type: words, message: words }, { requiredKeys: [] }));
    fc.assert(
      fc.property(thrown, (cause) => assertShowable(errorOfFailure(cause, (said) => said))),
      runs,
    );
  });

  it('a Retry-After is a time to wait or none', () => {
    const header = fc.oneof(
      text,
      fc.nat().map(String),
      fc.date({ noInvalidDate: true }).map((date) => date.toUTCString()),
    );
    fc.assert(
      fc.property(header, (said) => {
        const wait = retryAfterOf(said);
        assert(wait === undefined || wait >= 0);
      }),
      runs,
    );
  });

  it('a list of clusters is clusters and entries that cannot be read, none missing, or a GitLabError', async () => {
    await fc.assert(
      fc.asyncProperty(nearly(fc.array(clusterLike, { maxLength: 3 })), async (payload) => {
        const client = answering(200, JSON.stringify(payload), { 'x-next-page': '' });
        const listed = await orGitLabError(() => listClusters(client, { level: 'instance' }));
        if (!listed) return;
        assert(Array.isArray(payload));
        const ids = listed.filter(isReadable).map((cluster) => cluster.id);
        assert.equal(new Set(ids).size, ids.length);
        const again = payload.length - listed.length;
        assert(again === 0 || (again > 0 && hasTwice(payload)));
        for (const one of listed) assert(isReadable(one) ? one.environmentScope !== undefined : one.problem !== '');
      }),
      runs,
    );
  });

  it('a cluster is a cluster or a GitLabError, for any JSON and any bytes', async () => {
    const body = fc.oneof(
      clusterLike.map((payload) => JSON.stringify(payload)),
      text,
      fc.uint8Array({ maxLength: 60 }).map((bytes) => Buffer.from(bytes)),
      // Broken off anywhere.
      fc.tuple(clusterLike, fc.double({ min: 0, max: 1, noNaN: true })).map(([payload, part]) => {
        const whole = JSON.stringify(payload);
        return whole.slice(0, Math.floor(whole.length * part));
      }),
    );
    await fc.assert(
      fc.asyncProperty(body, fc.constantFrom(200, 201, 206, 400, 404, 500), async (said, status) => {
        const cluster = await orGitLabError(() => getCluster(answering(status, said), { level: 'instance' }, 1));
        if (cluster)
          assert(
            Number.isInteger(cluster.id) &&
              (cluster.createdAt === undefined || !Number.isNaN(cluster.createdAt.getTime())),
          );
      }),
      runs,
    );
  });

  it('text is one line without control characters, of bounded length', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 1000 }), (said) => {
        const shown = plain(said);
        assert(shown.length <= 301 && !/[\p{Cc}\p{Zl}\p{Zp}\p{Cs}\u202a-\u202e\u2066-\u2069]/u.test(shown));
        assert.equal(plain(shown).slice(0, 300), shown.slice(0, 300));
      }),
      runs,
    );
  });
});

/** Whether two entries of a list have the same id. */
function hasTwice(payload: readonly unknown[]): boolean {
  const ids = payload.flatMap((one) => (typeof one === 'object' && one !== null && 'id' in one ? [one.id] : []));
  return new Set(ids).size < ids.length;
}
