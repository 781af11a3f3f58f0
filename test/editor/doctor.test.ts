import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { startKubernetes } from '../kubernetes/server';
import type { Kubernetes, KubernetesOptions } from '../kubernetes/server';
import { startConnectProxy } from '../net/connectProxy';
import type { ConnectProxy, ConnectProxyOptions } from '../net/connectProxy';
import { pem, presentsApi } from '../net/pem';
import { agentOpener } from '../../src/core/net/agents';
import { diagnosed, outcomes, stepLines, surroundings } from '../unit/core/diagnosis/surroundings';

const all = 'url passed, name passed, way passed, gitlabTls passed, kubectlTls passed, http passed, version passed';
const kubectlOnly = all.replace('gitlabTls passed', 'gitlabTls failed');

const credentials = { user: 'reader', password: 'marked-password' };

/** A name that only the proxy knows: VS Code takes no proxy for loopback. */
const unknownHere = () => Promise.reject(Object.assign(new Error('getaddrinfo ENOTFOUND'), { code: 'ENOTFOUND' }));

describe('A diagnosis inside the extension host', () => {
  const closing: (() => Promise<void>)[] = [];
  const kubernetes = async (options: KubernetesOptions = {}): Promise<Kubernetes> => {
    const started = await startKubernetes(options);
    closing.push(() => started.close());
    return started;
  };
  const useProxy = async (options: ConnectProxyOptions, user = ''): Promise<ConnectProxy> => {
    const started = await startConnectProxy(options);
    closing.push(() => started.close());
    await vscode.workspace.getConfiguration('http').update('proxy', started.url.replace('//', `//${user}`), true);
    return started;
  };
  afterEach(async () => {
    for (const setting of ['proxy', 'proxyAuthorization'])
      await vscode.workspace.getConfiguration('http').update(setting, undefined, true);
    await Promise.all(closing.splice(0).map((close) => close()));
  });

  const cases = [
    ['the root', presentsApi('api'), pem('clusterRoot'), all, undefined],
    ['the server’s own certificate', presentsApi('api'), pem('api'), kubectlOnly, 'Server certificate stored as CA'],
    [
      'an intermediate without its root',
      presentsApi('apiBelow', 'clusterIssuing'),
      pem('clusterIssuing'),
      kubectlOnly,
      'Intermediate stored without its root',
    ],
    ['a common name alone', presentsApi('apiCommonName'), pem('clusterRoot'), undefined, undefined],
  ] as const;
  for (const [what, tls, caCert, expected, title] of cases)
    it(`judges ${what} as GitLab and as kubectl do`, async () => {
      const { port, connections } = await kubernetes({ tls });
      assert.equal(connections, 0);
      const name = expected === undefined ? 'localhost' : 'k8s.example.test';
      const diagnosis = await diagnosed({ apiUrl: `https://${name}:${port}`, caCert });
      if (expected === undefined) assert.match(outcomes(diagnosis), /gitlabTls passed, kubectlTls failed/);
      else assert.equal(outcomes(diagnosis), expected);
      if (expected !== undefined) assert.equal(diagnosis.problem?.title, title);
    });

  it('has two verdicts from two handshakes, and the same ones when it is run again', async () => {
    const server = await kubernetes();
    const registration = { apiUrl: `https://k8s.example.test:${server.port}`, caCert: pem('clusterRoot') };
    for (const connections of [2, 4]) {
      assert.equal(outcomes(await diagnosed(registration)), all);
      assert.equal(server.connections, connections);
    }
  });

  it('does not take what kubectl accepts for what GitLab does, whatever was asked before', async () => {
    const server = await kubernetes({ tls: presentsApi('apiBelow', 'clusterIssuing') });
    const registration = { apiUrl: `https://k8s.example.test:${server.port}`, caCert: pem('clusterIssuing') };
    assert.equal(outcomes(await diagnosed(registration)), kubectlOnly);
    assert.equal(outcomes(await diagnosed(registration)), kubectlOnly);
  });

  it('sends a token over one connection that was verified for it, and over no other', async () => {
    const token = 'marked-service-token';
    const rights = ['get namespaces'];
    const server = await kubernetes({ tokens: { [token]: { username: 'gitlab', rights } } });
    const apiUrl = `https://k8s.example.test:${server.port}`;
    const diagnosis = await diagnosed({ apiUrl, caCert: pem('clusterRoot'), token, managed: true });
    assert.equal(diagnosis.problem?.title, 'Token lacks rights');
    assert.match(stepLines(diagnosis, 'token'), /Accepted as: gitlab/);
    assert.ok(server.received.includes(`Bearer ${token}`));
    assert.equal(server.connections, 3);
    const other = await kubernetes();
    await diagnosed({ apiUrl: `https://k8s.example.test:${other.port}`, caCert: pem('secondRoot'), token });
    assert.deepEqual(other.requests, []);
  });

  for (const [how, user] of [
    ['in http.proxy', `${credentials.user}:${credentials.password}@`],
    ['in http.proxyAuthorization', ''],
  ] as const)
    it(`signs in to a proxy with user name and password ${how}, a token included`, async () => {
      const token = 'marked-service-token';
      const server = await kubernetes({ tokens: { [token]: { username: 'gitlab', rights: 'everything' } } });
      const between = await useProxy({ routes: { 'k8s.example.test:443': server.port }, credentials }, user);
      const signIn = `Basic ${Buffer.from(`${credentials.user}:${credentials.password}`).toString('base64')}`;
      if (user === '') await vscode.workspace.getConfiguration('http').update('proxyAuthorization', signIn, true);
      const openAgent = agentOpener(
        () => vscode.workspace.getConfiguration('http').get<string | null>('proxyAuthorization') ?? undefined,
      );
      const world = surroundings({ resolve: unknownHere, openAgent });
      const registration = { apiUrl: 'https://k8s.example.test', caCert: pem('clusterRoot'), token };
      const diagnosis = await diagnosed(registration, world);
      assert.equal(outcomes(diagnosis), `${all}, token passed`);
      assert.ok(!JSON.stringify(diagnosis).includes(credentials.password));
      assert.doesNotMatch(server.received, /Proxy-Authorization/i);
      assert.ok(!between.seen.includes(token));
    });

  it('says so where a proxy wants a sign-in that nobody gave', async () => {
    const server = await kubernetes();
    await useProxy({ routes: { 'k8s.example.test:443': server.port }, credentials });
    const registration = { apiUrl: 'https://k8s.example.test', caCert: pem('clusterRoot'), token: 'marked' };
    const diagnosis = await diagnosed(registration, surroundings({ resolve: unknownHere }));
    assert.equal(diagnosis.problem?.title, 'Stopped by the proxy');
    assert.match(diagnosis.problem.sentence, /answered 407/);
    assert.equal(server.connections, 0);
  });

  it('goes through the proxy that the editor uses, and names it', async () => {
    const { port } = await kubernetes();
    const { port: proxy } = await useProxy({ routes: { 'k8s.example.test:443': port } });
    const world = surroundings({ resolve: unknownHere });
    const diagnosis = await diagnosed({ apiUrl: 'https://k8s.example.test', caCert: pem('clusterRoot') }, world);
    assert.equal(outcomes(diagnosis), all);
    assert.match(stepLines(diagnosis, 'name'), /not known here \(ENOTFOUND\); the proxy looks it up/);
    assert.match(stepLines(diagnosis, 'way'), new RegExp(`Through the proxy 127\\.0\\.0\\.1:${proxy}`));
  });

  it('tells a proxy that refuses from a cluster that does', async () => {
    const { port: proxy } = await useProxy({
      routes: {},
      answer: 'HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n',
    });
    const world = surroundings({ resolve: unknownHere });
    const diagnosis = await diagnosed({ apiUrl: 'https://k8s.example.test', caCert: pem('clusterRoot') }, world);
    assert.equal(diagnosis.problem?.title, 'Stopped by the proxy');
    assert.match(diagnosis.problem.sentence, new RegExp(`127\\.0\\.0\\.1:${proxy} answered 403`));
  });
});
