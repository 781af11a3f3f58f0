import assert from 'node:assert/strict';
import { demoFleet } from '../gitlab/demoFleet';
import { startGitLab, type GitLab } from '../gitlab/server';
import { startKubernetes, type Kubernetes } from '../kubernetes/server';
import { pem } from '../net/pem';
import { openWithHosts } from './hosts';
import { useEditor } from './useEditor';

describe('Diagnosing a cluster', () => {
  const editor = useEditor();
  let gitlab: GitLab;
  let kubernetes: Kubernetes;

  beforeEach(async () => {
    kubernetes = await startKubernetes({});
    const world = demoFleet();
    gitlab = await startGitLab({ world });
    const platform = world.clusters.find(({ name }) => name === 'production-eu')?.platform;
    assert.ok(platform);
    Object.assign(platform, { apiUrl: `https://localhost:${kubernetes.port}`, caCert: pem('clusterRoot') });
  });
  afterEach(async () => {
    await Promise.all([gitlab.close(), kubernetes.close()]);
  });

  it('asks before it connects, reports every step, and says on the row how it went', async () => {
    const projects = [{ id: 1, path: 'platform/payments-api' }];
    const host = { url: gitlab.url, token: 'demo-admin-token', name: 'Demo GitLab', projects };
    const workbench = await openWithHosts(editor, [host]);
    const row = workbench.row('production-eu').first();
    await workbench.chooseFromMenu(row, 'Diagnose Cluster');
    const { message, detail } = await workbench.readDialog();
    assert.match(message, /Connect to this address/);
    assert.match(detail, new RegExp(`https://localhost:${kubernetes.port} \\(this computer\\)`));
    assert.equal(kubernetes.connections, 0);
    await workbench.answerDialog('Connect');
    await workbench.tab(/Diagnosis of/).waitFor();
    await workbench.row('production-eu').filter({ hasText: 'Local address, just now' }).first().waitFor();
    await workbench.screenshot(`diagnosis-${editor.version}`);
    const text = (await workbench.page.locator('.monaco-editor .view-lines').first().innerText()).replaceAll(
      '\u00a0',
      ' ',
    );
    assert.match(text, /Local address/);
    assert.ok(kubernetes.connections > 0);
  });
});
