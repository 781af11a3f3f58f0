import assert from 'node:assert/strict';
import { gzipSync } from 'node:zlib';
import * as z from 'zod/mini';
import fetch from 'node-fetch';
import { GitLabClient } from '../../../../src/core/gitlab/client';
import type { GitLabErrorKind } from '../../../../src/core/gitlab/errors';
import { readIdentity } from '../../../../src/core/gitlab/identity';
import { userAgent } from '../../../../src/core/gitlab/userAgent';
import { html, json, type Answer } from '../../../gitlab/answer';
import { cutShort, dropConnection, neverAnswer, type Hook } from '../../../gitlab/faults';
import { startGitLab } from '../../../gitlab/server';
import { failure, hostUrl, openConnection } from './connection';

const anything = z.unknown();

describe('the sender of a request', () => {
  const connection = openConnection();

  it('is named with the extension, its version and the editor’s', async () => {
    const sender = userAgent('1.2.3', { name: 'Code – OSS (süß)', version: '1.139.0' });
    assert.equal(sender, 'GitLabClusters/1.2.3 (Code  OSS s 1.139.0)');
    await readIdentity(connection.client(undefined, { userAgent: sender }));
    const { requests } = connection.gitlab;
    assert(requests.length > 1);
    for (const { headers } of requests) assert.equal(headers['user-agent'], sender);
  });
});

describe('a request', () => {
  const connection = openConnection();
  const get = (client: GitLabClient = connection.client(), signal?: AbortSignal): Promise<unknown> =>
    client.request('GET', '/user', anything, { signal });

  it('carries the token in its own header, and what it is for', async () => {
    await get();
    const [request] = connection.gitlab.requests;
    assert.equal(request?.headers['private-token'], 'demo-admin-token');
    assert.equal(request?.headers['accept'], 'application/json');
    assert.equal(request?.headers['authorization'], undefined);
    assert.doesNotMatch(request?.path ?? '', /token/);
  });

  it('is logged with method, path, status and milliseconds, and nothing else', async () => {
    await connection.client().request('GET', '/projects', anything, { query: { search: 'confidential' } });
    await failure(
      connection.client().request('POST', '/projects/1/clusters/user', anything, { body: { name: 'confidential' } }),
      'invalid',
    );
    connection.gitlab.onRequest(dropConnection);
    await failure(get(), 'network');
    assert.deepEqual(
      connection.log.map((line) => line.replace(connection.gitlab.url, '').replace(/\d+ ms/, 'n ms')),
      [
        'GET /projects 200 n ms',
        'POST /projects/1/clusters/user 400 n ms',
        ...Array<string>(3).fill('GET /user network ECONNRESET n ms'),
      ],
    );
  });

  describe('that takes too long', () => {
    const silent: readonly (readonly [what: string, hook: Hook])[] = [
      ['is never answered', neverAnswer],
      [
        'gets headers and no body',
        ({ response }) => {
          response.writeHead(200, { 'Content-Type': 'application/json' }).write('[');
          return 'taken';
        },
      ],
      [
        'gets its body byte by byte',
        ({ response, socket }) => {
          response.writeHead(200, { 'Content-Type': 'application/json' });
          const drip = setInterval(() => response.write(' '), 5);
          socket.once('close', () => clearInterval(drip));
          return 'taken';
        },
      ],
      [
        'gets the beginning of a header',
        ({ socket }) => {
          socket.write('HTTP/1.1 200 OK\r\nX-Slow: ');
          return 'taken';
        },
      ],
    ];
    for (const [what, hook] of silent) {
      it(`and ${what} is given up at the deadline, and its connection closed`, async () => {
        const closed = whenClosed(hook);
        const before = performance.now();
        await failure(get(connection.client(undefined, { readDeadline: 400 })), 'timeout');
        assert(performance.now() - before < 5000);
        await closed;
        assert.equal(connection.gitlab.requests.length, 1);
      });

      it(`and ${what} can be cancelled, which closes its connection`, async () => {
        const controller = new AbortController();
        const closed = whenClosed((exchange) => {
          setImmediate(() => controller.abort());
          return hook(exchange);
        });
        await failure(get(connection.client(), controller.signal), 'cancelled');
        await closed;
      });
    }

    it('has a longer deadline where it writes', async () => {
      connection.gitlab.latency = 120;
      const client = connection.client(undefined, { readDeadline: 40, writeDeadline: 5000 });
      await failure(get(client), 'timeout');
      await failure(client.request('POST', '/projects/1/clusters/user', anything, { body: {} }), 'invalid');
    });

    it('has the deadline that holds when it is sent', async () => {
      connection.gitlab.latency = 120;
      let readDeadline = 40;
      const client = new GitLabClient(hostUrl(connection.gitlab.url), 'demo-admin-token', {
        fetch,
        log: () => undefined,
        get readDeadline() {
          return readDeadline;
        },
        writeDeadline: 5000,
      });
      await failure(get(client), 'timeout');
      readDeadline = 5000;
      await get(client);
    });

    it('is not sent at all where it was cancelled before', async () => {
      await failure(get(connection.client(), AbortSignal.abort()), 'cancelled');
      assert.equal(connection.gitlab.requests.length, 0);
    });

    it('leaves nothing behind on a signal that lives on', async () => {
      const controller = new AbortController();
      let listeners = 0;
      const { signal } = controller;
      const add = signal.addEventListener.bind(signal);
      const remove = signal.removeEventListener.bind(signal);
      signal.addEventListener = (...args: Parameters<typeof add>) => ((listeners += 1), add(...args));
      signal.removeEventListener = (...args: Parameters<typeof remove>) => ((listeners -= 1), remove(...args));
      for (let n = 0; n < 5; n++) await get(connection.client(), signal);
      assert.equal(listeners, 0);
    });
  });

  describe('with an answer that cannot be used', () => {
    const type = { 'Content-Type': 'application/json' };
    const answers: readonly (readonly [what: string, answer: Answer, words: RegExp])[] = [
      ['a web page', html(200, '<!DOCTYPE html><title>Sign in</title>'), /web page/],
      ['a web page that calls itself JSON', { ...html(200, '\n <html>'), headers: type }, /web page/],
      ['plain text', { status: 200, headers: type, body: 'OK' }, /not JSON/],
      ['nothing', { status: 200, headers: type, body: '' }, /empty/],
      ['truncated JSON', { status: 200, headers: type, body: '{"id":1,"name":"x' }, /not JSON/],
      ['two answers in one', { status: 200, headers: type, body: '{}{}' }, /not JSON/],
      ['invalid UTF-8', { status: 200, headers: type, body: Buffer.from([0x22, 0xff, 0xfe, 0x22]) }, /UTF-8/],
      ['UTF-16', { status: 200, headers: type, body: Buffer.from('{"id":1}', 'utf16le') }, /not JSON/],
      [
        'gzip that is none',
        { status: 200, headers: { ...type, 'Content-Encoding': 'gzip' }, body: '{}' },
        /compression/,
      ],
      [
        'brotli that is none',
        { status: 200, headers: { ...type, 'Content-Encoding': 'br' }, body: '{}xxxx' },
        /compression/,
      ],
    ];
    for (const [what, answer, words] of answers) {
      it(`such as ${what} says so and quotes nothing of it`, async () => {
        connection.gitlab.onRequest(() => answer);
        const error = await failure(get(), 'protocol');
        assert.match(error.message, words);
        assert.doesNotMatch(`${error.message} ${String(error.stack)}`, /Sign in|"name"/);
        assert.equal(connection.gitlab.requests.length, 1);
      });
    }

    it('such as a byte order mark before the JSON is understood', async () => {
      connection.gitlab.onRequest(() => ({ status: 200, headers: type, body: '\ufeff{"id":1}' }));
      assert.deepEqual(await get(), { id: 1 });
    });

    it('such as gzip is unpacked', async () => {
      const headers = { ...type, 'Content-Encoding': 'gzip' };
      connection.gitlab.onRequest(() => ({ status: 200, headers, body: gzipSync('{"id":1}') }));
      assert.deepEqual(await get(), { id: 1 });
    });

    for (const [what, answer] of [
      ['a large one', { status: 200, headers: type, body: ' '.repeat(3_000_000) }],
      [
        'a small one that unpacks to a large one',
        {
          status: 200,
          headers: { ...type, 'Content-Encoding': 'gzip' },
          body: gzipSync(' '.repeat(50_000_000)),
        },
      ],
      ['a large refusal', { status: 400, headers: type, body: ' '.repeat(3_000_000) }],
    ] as const) {
      it(`such as ${what} is not read to its end`, async () => {
        connection.gitlab.onRequest(() => answer);
        assert.match(
          (await failure(get(connection.client(undefined, { maxAnswerBytes: 1_000_000 })), 'protocol')).message,
          /larger/,
        );
      });
    }

    it('such as another protocol says so', async () => {
      connection.gitlab.onRequest(({ socket }) => {
        socket.end('SSH-2.0-OpenSSH_9.6\r\n');
        return 'taken';
      });
      assert.match((await failure(get(), 'protocol')).message, /not HTTP/);
    });

    it('such as one cut short is asked for again', async () => {
      let cut = 0;
      connection.gitlab.onRequest((exchange) => (cut++ === 0 ? cutShort(exchange, exchange.gitlab(), 20) : undefined));
      await get();
      assert.equal(connection.gitlab.requests.length, 2);
    });
  });

  describe('that is redirected', () => {
    it('is not followed to another origin, and the token never goes there', async () => {
      const other = await startGitLab();
      try {
        for (const status of [301, 302, 303, 307, 308]) {
          const stop = connection.gitlab.onRequest(() => html(status, '', { Location: `${other.url}/api/v4/user` }));
          const error = await failure(get(), 'redirected');
          assert.equal(error.location, `${other.url}/api/v4/user`);
          stop();
        }
        assert.equal(other.requests.length, 0);
      } finally {
        await other.close();
      }
    });

    for (const method of ['POST', 'PUT', 'DELETE'] as const) {
      it(`is refused where it is a ${method}, with the new address named, also on the same host`, async () => {
        connection.gitlab.onRequest(({ request }) =>
          request.method === 'GET' ? undefined : html(307, '', { Location: '/api/v4/user' }),
        );
        const error = await failure(connection.client().request(method, '/user', anything, { body: {} }), 'redirected');
        assert.equal(error.location, `${connection.gitlab.url}/api/v4/user`);
        assert.equal(connection.gitlab.requests.length, 1);
      });
    }

    it('is followed inside the same API, where a project has moved', async () => {
      connection.gitlab.onRequest(({ request }) =>
        request.path.endsWith('/old') ? html(301, '', { Location: '/api/v4/user' }) : undefined,
      );
      await connection.client().request('GET', '/old', z.object({ username: z.string() }));
    });

    it('is not followed in circles', async () => {
      connection.gitlab.onRequest(() => html(302, '', { Location: '/api/v4/user' }));
      await failure(get(), 'redirected');
      assert.equal(connection.gitlab.requests.length, 4);
    });

    it('is not followed to a sign-in page, nor out of the API by way of dots', async () => {
      for (const location of ['/users/sign_in', '/api/v4/../../users/sign_in', '/api/v4']) {
        const stop = connection.gitlab.onRequest(() => html(302, '', { Location: location }));
        connection.gitlab.clearRequests();
        assert.equal((await failure(get(), 'redirected')).sameOrigin, true);
        assert.equal(connection.gitlab.requests.length, 1);
        stop();
      }
    });
  });

  describe('that fails', () => {
    const once = (hook: Hook): void => {
      let first = true;
      connection.gitlab.onRequest((exchange) => {
        if (!first) return undefined;
        first = false;
        return hook(exchange);
      });
    };
    const throttled = (headers: Record<string, string> = {}): Answer => ({
      status: 429,
      headers,
      body: 'Retry later\n',
    });

    it('is repeated where it reads', async () => {
      once(dropConnection);
      await get();
      assert.equal(connection.gitlab.requests.length, 2);
    });

    it('waits as long as Retry-After says', async () => {
      once(() => throttled({ 'Retry-After': '1' }));
      const before = performance.now();
      await get();
      assert(performance.now() - before >= 990);
    });

    it('waits until the date Retry-After says', async () => {
      once(() => throttled({ 'Retry-After': new Date(Date.now() + 1500).toUTCString() }));
      await get();
      assert.equal(connection.gitlab.requests.length, 2);
    });

    it('tells a long Retry-After instead of waiting', async () => {
      connection.gitlab.onRequest(() => throttled({ 'Retry-After': '3600' }));
      assert.equal((await failure(get(), 'rateLimited')).retryAfter, 3_600_000);
      assert.equal(connection.gitlab.requests.length, 1);
    });

    it('sends nothing more after a write that met a limit', async () => {
      connection.gitlab.onRequest(({ request }) =>
        request.method === 'PUT' ? throttled({ 'Retry-After': '60' }) : undefined,
      );
      const client = connection.client();
      const put = (): Promise<void> => client.requestNothing('PUT', '/projects/1/clusters/6', { body: {} });
      assert.equal((await failure(put(), 'rateLimited')).retryAfter, 60_000);
      await failure(put(), 'rateLimited');
      await failure(get(client), 'rateLimited');
      assert.deepEqual(
        connection.gitlab.requests.map(({ method }) => method),
        ['PUT'],
      );
    });

    const writes: readonly (readonly [what: string, hook: Hook, kind: GitLabErrorKind])[] = [
      ['the connection breaks', dropConnection, 'unknownOutcome'],
      ['no answer comes', neverAnswer, 'unknownOutcome'],
      ['a gateway gives up', () => html(504, '<html>'), 'unknownOutcome'],
      ['GitLab stumbles', () => json(500, { message: '500 Internal Server Error' }), 'unknownOutcome'],
      ['the answer is a web page', () => html(200, '<html>'), 'unknownOutcome'],
      ['the answer is empty', () => ({ status: 201, headers: {}, body: '' }), 'unknownOutcome'],
      ['the answer is cut short', (exchange) => cutShort(exchange, json(201, { id: 1 }), 3), 'unknownOutcome'],
      ['the answer is of another shape', () => json(201, 'created'), 'unknownOutcome'],
      ['GitLab is busy', () => throttled(), 'rateLimited'],
      ['GitLab complains', () => json(400, { error: 'name is missing' }), 'invalid'],
      ['a proxy refuses', () => html(413, '<html>'), 'protocol'],
    ];
    for (const [what, hook, kind] of writes) {
      it(`is never repeated where it writes: when ${what}, it is ${kind}`, async () => {
        connection.gitlab.onRequest(hook);
        // Long enough for the request to arrive before it is given up, on a busy machine too.
        const client = connection.client(undefined, { writeDeadline: hook === neverAnswer ? 1000 : 5000 });
        await failure(
          client.request('POST', '/projects/1/clusters/user', z.object({ id: z.number() }), { body: {} }),
          kind,
        );
        assert.equal(connection.gitlab.requests.length, 1);
      });
    }

    it('was never sent where nothing listens', async () => {
      const client = connection.client();
      await connection.gitlab.close();
      assert.equal((await failure(client.requestNothing('DELETE', '/user'), 'network')).message, 'ECONNREFUSED');
    });
  });

  it('does not take a portal’s page for a deleted cluster', async () => {
    connection.gitlab.onRequest(() => html(200, '<html>Sign in</html>'));
    await failure(connection.client().requestNothing('DELETE', '/projects/1/clusters/6'), 'unknownOutcome');
  });

  it('waits while eight others are under way', async () => {
    const open: (() => void)[] = [];
    let most = 0;
    let inside = 0;
    connection.gitlab.onRequest(async (exchange) => {
      inside += 1;
      most = Math.max(most, inside);
      await new Promise<void>((resolve) => {
        open.push(resolve);
        if (open.length === 8) setImmediate(() => open.splice(0).forEach((go) => go()));
      });
      inside -= 1;
      return exchange.gitlab();
    });
    const client = connection.client();
    await Promise.all(Array.from({ length: 24 }, () => get(client)));
    assert.equal(most, 8);
  });

  /** Installs a hook; resolves when the connection of the first request it sees is closed. */
  function whenClosed(hook: Hook): Promise<void> {
    return new Promise((resolve) => {
      connection.gitlab.onRequest((exchange) => {
        exchange.socket.once('close', () => resolve());
        return hook(exchange);
      });
    });
  }
});
