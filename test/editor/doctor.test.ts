import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { startKubernetes } from '../kubernetes/server';
import type { Kubernetes, KubernetesOptions } from '../kubernetes/server';
import { startConnectProxy } from '../net/connectProxy';
import type { ConnectProxyOptions } from '../net/connectProxy';
import { pem, presentsApi } from '../net/pem';
import { diagnosed, outcomes, stepLines, surroundings } from '../unit/core/diagnosis/surroundings';

const all = 'url passed, name passed, way passed, gitlabTls passed, kubectlTls passed, http passed, version passed';
const kubectlOnly = all.replace('gitlabTls passed', 'gitlabTls failed');

/** A name that only the proxy knows: VS Code takes no proxy for loopback. */
const unknownHere = () => Promise.reject(Object.assign(new Error('getaddrinfo ENOTFOUND'), { code: 'ENOTFOUND' }));

describe('A diagnosis inside the extension host', () => {
  const closing: (() => Promise<void>)[] = [];
  const kubernetes = async (options: KubernetesOptions = {}): Promise<Kubernetes> => {
    const started = await startKubernetes(options);
    closing.push(() => started.close());
    return started;
  };
  const useProxy = async (options: ConnectProxyOptions): Promise<string> => {
    const started = await startConnectProxy(options);
    closing.push(() => started.close());
    await vscode.workspace.getConfiguration('http').update('proxy', started.url, true);
    return `127.0.0.1:${started.port}`;
  };
  afterEach(async () => {
    await vscode.workspace.getConfiguration('http').update('proxy', undefined, true);
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

  it('goes through the proxy that the editor uses, and names it', async () => {
    const { port } = await kubernetes();
    const proxy = await useProxy({ routes: { 'k8s.example.test:443': port } });
    const world = surroundings({ resolve: unknownHere });
    const diagnosis = await diagnosed({ apiUrl: 'https://k8s.example.test', caCert: pem('clusterRoot') }, world);
    assert.equal(outcomes(diagnosis), all);
    assert.match(stepLines(diagnosis, 'name'), /not known here \(ENOTFOUND\); the proxy looks it up/);
    assert.match(stepLines(diagnosis, 'way'), new RegExp(`Through the proxy ${proxy}`));
  });

  it('tells a proxy that refuses from a cluster that does', async () => {
    const proxy = await useProxy({ routes: {}, answer: 'HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n' });
    const world = surroundings({ resolve: unknownHere });
    const diagnosis = await diagnosed({ apiUrl: 'https://k8s.example.test', caCert: pem('clusterRoot') }, world);
    assert.equal(diagnosis.problem?.title, 'Stopped by the proxy');
    assert.match(diagnosis.problem.sentence, new RegExp(`${proxy} answered 403`));
  });
});
