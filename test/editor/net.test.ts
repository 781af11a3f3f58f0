import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { commands } from '../../src/contributions';
import { GitLabError } from '../../src/core/gitlab/errors';
import { explain } from '../../src/core/gitlab/explain';
import { parseHostUrl } from '../../src/core/model/host';
import type { HostUrl } from '../../src/core/model/host';
import { agentOpener } from '../../src/core/net/agents';
import { hostFetches } from '../../src/core/net/hostFetch';
import type { HostFetches } from '../../src/core/net/hostFetch';
import type { OwnCa } from '../../src/core/net/ownCa';
import { demoFleet } from '../gitlab/demoFleet';
import { startGitLab } from '../gitlab/server';
import type { GitLab } from '../gitlab/server';
import { startConnectProxy } from '../net/connectProxy';
import type { ConnectProxy, ConnectProxyOptions } from '../net/connectProxy';
import { startKeepingProxy } from '../net/keepingProxy';
import { pem, pemPath, presents } from '../net/pem';

/** A name only the proxy knows: VS Code takes no proxy for loopback. */
const invented = 'https://gitlab.example.test';
const token = 'glpat-marked-token';
/** Requests at once, and in all. */
const CONCURRENT = 8;
const REQUESTS = 104;

function host(address: string): HostUrl {
  const parsed = parseHostUrl(address);
  assert.ok(parsed.ok);
  return parsed.url;
}

function fetches(ownCa: OwnCa = {}): HostFetches {
  const proxyAuthorization = () =>
    vscode.workspace.getConfiguration('http').get<string | null>('proxyAuthorization') ?? undefined;
  return hostFetches({ ownCa: () => ownCa, openAgent: agentOpener(proxyAuthorization) });
}

/** Sends a read with a token; the status, or the GitLabError that is thrown. */
async function ask(from: HostFetches, address: string): Promise<number | GitLabError> {
  try {
    const headers = { 'PRIVATE-TOKEN': token, Connection: 'keep-alive' };
    const response = await from.of(host(address))(`${address}/api/v4/version`, { headers });
    await response.text();
    return response.status;
  } catch (error) {
    if (error instanceof GitLabError) return error;
    throw error;
  }
}

async function failureOf(from: HostFetches, address: string): Promise<GitLabError> {
  const failure = await ask(from, address);
  assert.ok(failure instanceof GitLabError, `answered ${String(failure)}`);
  return failure;
}

/** Sends many reads, eight at a time. */
async function askOften(from: HostFetches, address: string): Promise<void> {
  for (let sent = 0; sent < REQUESTS; sent += CONCURRENT) {
    const answers = await Promise.all(Array.from({ length: CONCURRENT }, () => ask(from, address)));
    assert.deepEqual([...new Set(answers)], [401]);
  }
}

describe('Connections inside the extension host', () => {
  const closing: (() => Promise<void>)[] = [];
  const gitlab = async (tls = true): Promise<GitLab> => {
    const started = await startGitLab({ world: demoFleet(), ...(tls && { tls: presents('good', 'issuing') }) });
    closing.push(() => started.close());
    return started;
  };
  const proxy = async (options: ConnectProxyOptions): Promise<ConnectProxy> => {
    const started = await startConnectProxy(options);
    closing.push(() => started.close());
    return started;
  };
  const proxyTo = async (server: GitLab, options: Omit<ConnectProxyOptions, 'routes'> = {}): Promise<ConnectProxy> => {
    const port = Number(new URL(server.url).port);
    return proxy({ routes: { 'gitlab.example.test:443': port, 'gitlab.example.test:80': port }, ...options });
  };
  const set = async (settings: Readonly<Record<string, unknown>>): Promise<void> => {
    const configuration = vscode.workspace.getConfiguration('http');
    for (const [key, value] of Object.entries(settings)) await configuration.update(key, value, true);
  };

  afterEach(async () => {
    await set({ proxy: undefined, noProxy: undefined, proxySupport: undefined, proxyAuthorization: undefined });
    await Promise.all(closing.splice(0).map((close) => close()));
  });

  it('are used again: directly over http', async () => {
    const server = await gitlab(false);
    await askOften(fetches(), server.url);
    assert.equal(server.requests.length, REQUESTS);
    assert.ok(server.connections <= CONCURRENT, `${server.connections} connections`);
  });

  for (const proxySupport of ['override', 'fallback', 'on', 'off']) {
    it(`are used again: directly over TLS with a private CA (http.proxySupport: ${proxySupport})`, async () => {
      const server = await gitlab();
      await set({ proxySupport });
      await askOften(fetches({ ca: pem('company') }), server.url);
      assert.ok(server.connections <= CONCURRENT, `${server.connections} connections`);
    });
  }

  for (const proxySupport of ['override', 'fallback', 'on']) {
    it(`are used again: through a proxy, which learns no token (http.proxySupport: ${proxySupport})`, async () => {
      const server = await gitlab();
      const between = await proxyTo(server);
      await set({ proxy: between.url, proxySupport });
      await askOften(fetches({ ca: pem('company') }), invented);
      assert.equal(server.requests.length, REQUESTS);
      assert.ok(server.connections <= CONCURRENT, `${server.connections} connections`);
      assert.deepEqual([...new Set(between.tunnels)], ['gitlab.example.test:443']);
      assert.ok(between.tunnels.length <= CONCURRENT, `${between.tunnels.length} tunnels`);
      assert.doesNotMatch(between.seen, /marked-token/);
    });
  }

  it('take no proxy where the editor is told to use none', async () => {
    const server = await gitlab();
    const between = await proxyTo(server);
    await set({ proxy: between.url, proxySupport: 'off' });
    await assert.rejects(ask(fetches({ ca: pem('company') }), invented), { code: /ENOTFOUND|EAI_AGAIN/ });
    await set({ proxySupport: undefined, noProxy: ['.example.test'] });
    await assert.rejects(ask(fetches({ ca: pem('company') }), invented), { code: /ENOTFOUND|EAI_AGAIN/ });
    await set({ noProxy: ['gitlab.elsewhere.test'] });
    assert.equal(await ask(fetches({ ca: pem('company') }), invented), 401);
    assert.deepEqual(between.asked, ['CONNECT gitlab.example.test:443']);
  });

  it('go through a proxy over plain http too, each request with its whole address and the sign-in', async () => {
    const server = await gitlab(false);
    const between = await startKeepingProxy(Number(new URL(server.url).port));
    closing.push(() => between.close());
    await set({ proxy: between.url, proxyAuthorization: 'Basic bWFyaWE6cGFzcw==' });
    await askOften(fetches(), 'http://gitlab.example.test');
    assert.equal(server.requests.length, REQUESTS);
    assert.deepEqual(
      [...new Set(between.heads.map((head) => head.split('\r\n')[0]))],
      ['GET http://gitlab.example.test/api/v4/version HTTP/1.1'],
    );
    for (const head of between.heads) assert.match(head, /\r\nProxy-Authorization: Basic bWFyaWE6cGFzcw==(\r\n|$)/);
  });

  describe('through a proxy that asks for a sign-in', () => {
    const credentials = { user: 'maria', password: 'marked-password' };

    for (const address of [invented, 'http://gitlab.example.test']) {
      it(`say so and send nothing to GitLab (${address})`, async () => {
        const server = await gitlab(address.startsWith('https'));
        const between = await proxyTo(server, { credentials });
        await set({ proxy: between.url });
        const failure = await failureOf(fetches({ ca: pem('company') }), address);
        assert.equal(failure.kind, 'proxy');
        assert.equal(failure.status, 407);
        assert.equal(explain(failure).title, 'Proxy asks for a sign-in');
        if (address === invented) {
          assert.equal(failure.proxy, `127.0.0.1:${between.port}`);
          assert.doesNotMatch(between.seen, /marked-token/);
        }
        assert.deepEqual(server.requests, []);
      });
    }

    it('pass with user name and password in http.proxy', async () => {
      const between = await proxyTo(await gitlab(), { credentials });
      await set({ proxy: between.url.replace('//', '//maria:marked-password@') });
      assert.equal(await ask(fetches({ ca: pem('company') }), invented), 401);
    });

    it('pass with http.proxyAuthorization', async () => {
      const between = await proxyTo(await gitlab(), { credentials });
      const proxyAuthorization = `Basic ${Buffer.from('maria:marked-password').toString('base64')}`;
      await set({ proxy: between.url, proxyAuthorization });
      assert.equal(await ask(fetches({ ca: pem('company') }), invented), 401);
    });

    it('do not tell the password when it is wrong, or the proxy is gone', async () => {
      const server = await gitlab();
      const between = await proxyTo(server, { credentials: { ...credentials, password: 'another' } });
      await set({ proxy: between.url.replace('//', '//maria:marked-password@') });
      const from = fetches({ ca: pem('company') });
      const refused = await failureOf(from, invented);
      assert.equal(refused.status, 407);
      await between.close();
      const unreachable = await failureOf(from, invented);
      assert.equal(unreachable.kind, 'proxy');
      assert.equal(unreachable.message, 'ECONNREFUSED');
      for (const failure of [refused, unreachable]) {
        const { title, sentence } = explain(failure);
        const all = [title, sentence, failure.message, failure.stack, failure.proxy, String(failure.cause)].join(' ');
        assert.doesNotMatch(all, /marked-password|maria/);
        assert.match(sentence, new RegExp(`The proxy 127\\.0\\.0\\.1:${between.port} `));
      }
      assert.deepEqual(server.requests, []);
    });
  });

  it('tell a proxy that refuses to connect from a GitLab that fails', async () => {
    const server = await gitlab();
    const between = await proxy({ routes: {} });
    await set({ proxy: between.url });
    const failure = await failureOf(fetches({ ca: pem('company') }), invented);
    assert.equal(failure.kind, 'proxy');
    assert.equal(failure.status, 502);
    assert.equal(explain(failure).title, 'Refused by the proxy');
    assert.deepEqual(server.requests, []);
  });

  it('tell how long a proxy asks to wait', async () => {
    const answer = 'HTTP/1.1 503 Overloaded\r\nRetry-After: 7\r\nContent-Length: 0\r\n\r\n';
    const between = await proxyTo(await gitlab(), { answer });
    await set({ proxy: between.url });
    const failure = await failureOf(fetches({ ca: pem('company') }), invented);
    assert.deepEqual([failure.kind, failure.status, failure.retryAfter], ['proxy', 503, 7000]);
  });

  it('do not take for GitLab’s what a proxy answers instead of opening the tunnel', async () => {
    const body = '{"version":"99.0"}';
    const answer = `HTTP/1.1 201 Created\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
    const between = await proxyTo(await gitlab(), { answer });
    await set({ proxy: between.url });
    const failure = await failureOf(fetches({ ca: pem('company') }), invented);
    assert.equal(failure.kind, 'proxy');
    assert.equal(failure.status, 201);
    assert.doesNotMatch(between.seen, /marked-token/);
  });

  it('tell an unknown CA, with its chain, through a proxy too', async () => {
    const server = await gitlab();
    const between = await proxyTo(server);
    await set({ proxy: between.url });
    const failure = await failureOf(fetches(), invented);
    assert.equal(failure.tls?.reason, 'unknownIssuer');
    assert.equal(failure.proxy, `127.0.0.1:${between.port}`);
    assert.deepEqual(
      failure.tls.presented?.certificates.map(({ subject }) => subject),
      ['CN=gitlab.example.test', 'CN=Example Company Issuing CA, O=Example Company'],
    );
    assert.deepEqual(server.requests, []);
  });

  it('trust an intermediate alone through a proxy too', async () => {
    const between = await proxyTo(await gitlab());
    await set({ proxy: between.url });
    assert.equal(await ask(fetches({ ca: pem('issuing') }), invented), 401);
  });

  describe('of the extension', () => {
    const hosts = () => vscode.workspace.getConfiguration('gitlabClusters').inspect('hosts')?.globalValue;
    /** Waits for a document with this title and this in its text: VS Code shows what it had while it asks for the new one. */
    const shownText = (title: RegExp, awaited: RegExp): Promise<string> =>
      new Promise((resolve) => {
        const subscriptions: vscode.Disposable[] = [];
        const look = (): void => {
          const texts = vscode.window.visibleTextEditors
            .filter(({ document }) => title.test(document.uri.path))
            .map(({ document }) => document.getText());
          const found = texts.find((text) => awaited.test(text));
          if (found === undefined) return;
          for (const subscription of subscriptions) subscription.dispose();
          resolve(found);
        };
        subscriptions.push(
          vscode.window.onDidChangeVisibleTextEditors(look),
          vscode.workspace.onDidChangeTextDocument(look),
        );
        look();
      });

    afterEach(async () => {
      await vscode.commands.executeCommand('workbench.action.closeAllEditors');
      await vscode.workspace.getConfiguration('gitlabClusters').update('hosts', undefined, true);
    });

    it('use the CA file of a host, the proxy, and the proxy set while it runs', async () => {
      const server = await gitlab();
      const between = await proxyTo(server);
      const given = { url: invented, token: 'demo-admin-token', name: 'Private', caFile: pemPath('company') };
      await vscode.commands.executeCommand(commands.addHost, given);
      assert.deepEqual(server.requests, []);
      assert.equal(hosts(), undefined);
      await set({ proxy: between.url });
      await vscode.commands.executeCommand(commands.addHost, given);
      assert.deepEqual(hosts(), [{ url: invented, name: 'Private', caFile: pemPath('company') }]);
      assert.equal(between.tunnels.length > 0, true);
    });

    it('are tested step by step, in a report without secrets', async () => {
      const server = await gitlab();
      const credentials = { user: 'maria', password: 'marked-password' };
      const between = await proxyTo(server, { credentials });
      await set({ proxy: between.url.replace('//', '//maria:marked-password@') });
      const caFile = pemPath('company');
      const given = { url: invented, token: 'demo-admin-token', name: 'Private', caFile };
      await vscode.commands.executeCommand(commands.addHost, given);
      await vscode.commands.executeCommand(commands.testHost);
      const text = await shownText(/Connection to Private/, /Result: works\./);
      assert.match(text, /^Connection to Private\n\nHost: https:\/\/gitlab\.example\.test\n/);
      assert.match(
        text,
        /\[ok\] Name resolution \(\d+ ms\)\n {4}gitlab\.example\.test is not known here \(\w+\); the proxy looks it up\./,
      );
      assert.match(text, new RegExp(`\\[ok\\] Route\\n {4}Through the proxy 127\\.0\\.0\\.1:${between.port}\\n`));
      assert.match(text, /\[ok\] Secure connection \(\d+ ms\)\n {4}TLSv1\.3, trusted through the CA of this host/);
      assert.match(text, /1\. CN=gitlab\.example\.test, until 2126-01-01, SHA-256 [0-9A-F:]{95}/);
      assert.match(
        text,
        /\[ok\] Access token \(\d+ ms\)\n {4}@\w+ \(.+\), administrator\n {4}Scopes: api, admin_mode\n {4}Expires: 2099-12-31/,
      );
      assert.match(text, /\[ok\] GitLab \(\d+ ms\)\n {4}GitLab \d+\.\d+/);
      assert.match(text, /\[ok\] Instance clusters \(\d+ ms\)\n {4}Readable\./);
      assert.doesNotMatch(text, /demo-admin-token|marked-password|maria/);
    });

    it('are tested as far as they go, with the reason and the next step', async () => {
      const server = await gitlab();
      const between = await proxyTo(server);
      await set({ proxy: between.url });
      const given = { url: invented, token: 'demo-admin-token', name: 'Private', caFile: pemPath('company') };
      await vscode.commands.executeCommand(commands.addHost, given);
      const changed = new Promise((resolve) => vscode.workspace.onDidChangeConfiguration(resolve));
      const configuration = vscode.workspace.getConfiguration('gitlabClusters');
      await configuration.update('hosts', [{ url: invented, name: 'Private' }], true);
      await changed;
      server.clearRequests();
      await vscode.commands.executeCommand(commands.testHost);
      const text = await shownText(/Connection to Private/, /Result: fails at “Secure connection”\./);
      assert.match(
        text,
        /\[failed\] Secure connection \(\d+ ms\)\n {4}Certificate not trusted\n {4}The certificate of the host comes from/,
      );
      assert.match(text, /2\. CN=Example Company Issuing CA/);
      assert.match(text, /\[not tried\] Access token\n/);
      assert.deepEqual(server.requests, []);
    });
  });
});
