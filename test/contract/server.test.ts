import assert from 'node:assert/strict';
import { Agent, get as getPlain, type IncomingMessage } from 'node:http';
import { Agent as TlsAgent, get as getOverTls } from 'node:https';
import { text } from 'node:stream/consumers';
import { json } from '../gitlab/answer';
import { certificate } from '../gitlab/certificates';
import { cutShort, dropConnection, neverAnswer } from '../gitlab/faults';
import { startGitLab } from '../gitlab/server';
import { at, newCluster, openLab, smallWorld } from './lab';

interface Got {
  readonly status: number | undefined;
  readonly link: string | undefined;
}

/** GET over an agent's own connections, which fetch does not offer. */
function get(url: string, agent: Agent): Promise<Got> {
  return new Promise((resolve, reject) => {
    const options = { agent, headers: { 'PRIVATE-TOKEN': 'maintainer' } };
    const answered = (response: IncomingMessage) => {
      const { statusCode: status, headers } = response;
      text(response).then(() => resolve({ status, link: headers['link']?.toString() }), reject);
    };
    const sent = url.startsWith('https:') ? getOverTls(url, options, answered) : getPlain(url, options, answered);
    sent.on('error', reject);
  });
}

describe('the server', () => {
  const lab = openLab();
  const user = (options: RequestInit = {}) =>
    fetch(`${lab.gitlab.url}/api/v4/user`, { headers: { 'PRIVATE-TOKEN': 'maintainer' }, ...options });

  it('records method, path with query, headers, body and status of each request', async () => {
    await lab.ask('maintainer', 'GET', '/projects?search=a%2Fb');
    await lab.ask('maintainer', 'POST', '/projects/own%2Fapp/clusters/user', { body: newCluster({ name: 'ünï' }) });
    const [first, second] = lab.gitlab.requests;
    assert.deepEqual(
      [first?.method, first?.path, first?.status, first?.body],
      ['GET', '/api/v4/projects?search=a%2Fb', 200, ''],
    );
    assert.deepEqual([second?.method, second?.path], ['POST', '/api/v4/projects/own%2Fapp/clusters/user']);
    assert.deepEqual([second?.status, second?.headers['private-token']], [201, 'maintainer']);
    assert.deepEqual(JSON.parse(second?.body ?? ''), newCluster({ name: 'ünï' }));
    lab.gitlab.clearRequests();
    assert.equal(lab.gitlab.requests.length, 0);
  });

  it('counts connections, and tells which requests shared one', async () => {
    const url = `${lab.gitlab.url}/api/v4/user`;
    const one = new Agent({ keepAlive: true, maxSockets: 1 });
    for (let n = 0; n < 3; n++) {
      await get(url, one);
    }
    one.destroy();
    assert.equal(lab.gitlab.connections, 1);
    for (let n = 0; n < 2; n++) {
      await get(url, new Agent({ keepAlive: false }));
    }
    assert.equal(lab.gitlab.connections, 3);
    assert.deepEqual(
      lab.gitlab.requests.map(({ connection }) => connection),
      [1, 1, 1, 2, 3],
    );
    assert.equal(new Set(lab.gitlab.requests.map(({ remotePort }) => remotePort)).size, 3);
    lab.gitlab.clearRequests();
    assert.equal(lab.gitlab.connections, 0);
  });

  it('waits before each answer where it is told to', async () => {
    lab.gitlab.latency = 60;
    const before = performance.now();
    await (await user()).text();
    assert.ok(performance.now() - before >= 55);
  });

  it('lets a test change the world between two requests', async () => {
    lab.people.maintainer.name = 'Somebody Else';
    assert.equal(at((await lab.ask('maintainer', 'GET', '/user')).json, 'name'), 'Somebody Else');
  });

  it('follows rows that disappear from the world', async () => {
    const { id } = lab.core;
    assert.equal(at((await lab.ask('admin', 'GET', `/projects/${id}`)).json, 'id'), id);
    lab.world.projects.shift();
    assert.equal(at((await lab.ask('admin', 'GET', `/projects/${id}`)).json, 'id'), id);
    assert.equal((await lab.ask('admin', 'GET', '/projects/1')).status, 404);
  });

  describe('with hooks', () => {
    it('answers what a hook answers, and GitLab otherwise', async () => {
      const remove = lab.gitlab.onRequest(({ request: { path } }) =>
        path.endsWith('/user') ? json(503, { message: '503 Service Unavailable' }, { 'Retry-After': '7' }) : undefined,
      );
      const answer = await lab.ask('maintainer', 'GET', '/user');
      assert.deepEqual([answer.status, answer.headers.get('Retry-After')], [503, '7']);
      assert.equal(lab.gitlab.requests[0]?.status, 503);
      assert.equal((await lab.ask('maintainer', 'GET', '/version')).status, 200);
      remove();
      assert.equal((await lab.ask('maintainer', 'GET', '/user')).status, 200);
    });

    it('can let GitLab act and lose the answer', async () => {
      lab.gitlab.onRequest((exchange) => {
        assert.equal(exchange.gitlab().status, 201);
        return dropConnection(exchange);
      });
      await assert.rejects(lab.ask('maintainer', 'POST', '/projects/1/clusters/user', { body: newCluster() }));
      assert.equal(lab.world.clusters.length, 1);
      assert.equal(lab.gitlab.requests[0]?.status, undefined);
    });

    it('can never answer', async () => {
      lab.gitlab.onRequest(neverAnswer);
      await assert.rejects(user({ signal: AbortSignal.timeout(50) }), { name: 'TimeoutError' });
    });

    it('can cut an answer short', async () => {
      lab.gitlab.onRequest((exchange) => cutShort(exchange, exchange.gitlab(), 10));
      const response = await user();
      assert.equal(response.status, 200);
      await assert.rejects(response.text());
    });

    it('can wait and change what GitLab says', async () => {
      lab.gitlab.onRequest(async (exchange) => {
        await Promise.resolve();
        return { ...exchange.gitlab(), body: Buffer.from([0xff, 0xfe]) };
      });
      const bytes = new Uint8Array(await (await user()).arrayBuffer());
      assert.deepEqual([...bytes], [0xff, 0xfe]);
    });
  });
});

describe('a server under a sub-path', () => {
  const lab = openLab({ subPath: '/gitlab/' });

  it('serves the API there and only there', async () => {
    assert.match(lab.gitlab.url, /^http:\/\/127\.0\.0\.1:\d+\/gitlab$/);
    assert.equal((await lab.ask('maintainer', 'GET', '/user')).status, 200);
    const outside = await fetch(new URL('/api/v4/user', lab.gitlab.url));
    assert.deepEqual([outside.status, outside.headers.get('Content-Type')], [404, 'text/html; charset=utf-8']);
    assert.equal((await fetch(new URL('/gitlabber/api/v4/user', lab.gitlab.url))).status, 404);
  });
});

describe('a server over TLS', () => {
  const cert = certificate('localhost');

  it('speaks TLS with the certificate given, counts its connections and links with https', async () => {
    const tls = { key: certificate('localhost-key'), cert };
    const gitlab = await startGitLab({ world: smallWorld().world, tls });
    const agent = new TlsAgent({ ca: cert, keepAlive: true, maxSockets: 1 });
    try {
      for (let n = 0; n < 2; n++) {
        const { status, link } = await get(`${gitlab.url}/api/v4/projects/1/clusters`, agent);
        assert.equal(status, 200);
        assert.match(String(link), new RegExp(`^<${gitlab.url}/api/v4/projects/1/clusters`));
      }
      assert.match(gitlab.url, /^https:/);
      assert.equal(gitlab.connections, 1);
      assert.deepEqual(
        gitlab.requests.map(({ connection }) => connection),
        [1, 1],
      );
      const trustless = new TlsAgent();
      await assert.rejects(get(`${gitlab.url}/api/v4/user`, trustless));
    } finally {
      agent.destroy();
      await gitlab.close();
    }
  });
});
