import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { demoFleet } from '../gitlab/demoFleet';
import { startGitLab, type GitLab } from '../gitlab/server';
import { startKubernetes, type Kubernetes } from '../kubernetes/server';
import { pem, presentsApi } from '../net/pem';
import { eventually } from './eventually';
import { ShownForm } from './forms';
import { openWithHosts } from './hosts';
import { useEditor } from './useEditor';

describe('Diagnosing a cluster', () => {
  const editor = useEditor();
  let gitlab: GitLab;
  let kubernetes: Kubernetes;
  const token = `marked-${randomBytes(12).toString('hex')}`;

  beforeEach(async () => {
    editor.secrets.add(token);
    const known = { username: 'system:serviceaccount:kube-system:gitlab', rights: ['get namespaces'] };
    kubernetes = await startKubernetes({ tls: presentsApi('api', 'clusterRoot'), tokens: { [token]: known } });
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
    const report = async (): Promise<string> =>
      (await workbench.page.locator('.monaco-editor .view-lines').first().innerText()).replaceAll('\u00a0', ' ');
    await workbench.chooseFromMenu(row, 'Diagnose with Token…');
    await workbench.answerInput('for this check only', token);
    const { message, detail } = await workbench.readDialog();
    assert.match(message, /Connect to this address/);
    assert.match(detail, new RegExp(`https://localhost:${kubernetes.port} \\(this computer\\)`));
    assert.match(detail, /only if a Kubernetes API answers over a verified connection/);
    assert.equal(kubernetes.connections, 0);
    await workbench.answerDialog('Connect');
    await workbench.tab(/Diagnosis of/).waitFor();
    await workbench.row('production-eu').filter({ hasText: 'Token lacks rights, just now' }).first().waitFor();
    await workbench.page
      .locator('.monaco-editor .view-lines')
      .filter({ hasText: 'failed: Token lacks rights' })
      .waitFor();
    await workbench.screenshot(`diagnosis-${editor.version}`);
    assert.match(await report(), /API URL: `https:\/\/localhost:\d+` \(this computer\)/);
    assert.ok(kubernetes.received.includes(`Bearer ${token}`));
    assert.ok(!gitlab.requests.some(({ body }) => body.includes(token)));
  });

  it('from its form uses what is typed, and the presented CA once its fingerprint was compared', async () => {
    const projects = [{ id: 1, path: 'platform/payments-api' }];
    const host = { url: gitlab.url, token: 'demo-admin-token', name: 'Demo GitLab', projects };
    const workbench = await openWithHosts(editor, [host]);
    await workbench.chooseFromMenu(workbench.row('production-eu').first(), 'Edit Cluster…');
    const form = await new ShownForm(workbench).titled('Edit production-eu');
    await form.field('CA certificate').fill(pem('secondRoot'));
    await form.field('Service token').fill(token);
    await form.button('Check').click();
    const { detail } = await workbench.readDialog();
    assert.match(detail, /The token you entered is sent there only if/);
    await workbench.answerDialog('Connect');
    await form.frame.getByText('Presented root: CN=kubernetes').waitFor();
    await form.passesAxe('with a certificate offered');
    await workbench.screenshot(`connection-check-${editor.version}`);
    assert.ok(!kubernetes.received.includes(token));
    await form.button('I Compared It: Use as CA Certificate').click();
    assert.equal((await form.field('CA certificate').inputValue()).trim(), pem('clusterRoot').trim());
    await form.button('Check').click();
    await form.frame.getByText('Token lacks rights. GitLab manages this cluster').waitFor();
    assert.ok(kubernetes.received.includes(`Bearer ${token}`));
    assert.ok(!gitlab.requests.some(({ body }) => body.includes(token)));
    await form.button('Show Report').click();
    await workbench.tab(/Diagnosis of what is typed/).waitFor();
  });

  it('runs from the title of a cluster’s document, asks once per address, and a report of several can be sorted', async () => {
    for (const { platform } of gitlab.world.clusters)
      if (platform) Object.assign(platform, { apiUrl: `https://localhost:${kubernetes.port}` });
    const projects = [{ id: 1, path: 'platform/payments-api' }];
    const host = { url: gitlab.url, token: 'demo-admin-token', name: 'Demo GitLab', projects };
    const workbench = await openWithHosts(editor, [host]);
    const inTitle = (action: string) => workbench.page.locator(`.editor-actions [aria-label^="${action}"]`).first();
    const lines = workbench.page.locator('.monaco-editor .view-lines').first();
    await workbench.row('production-eu').first().click();
    await inTitle('Diagnose Cluster').click();
    await workbench.answerDialog('Connect');
    await workbench.tab(/Diagnosis of production-eu/).waitFor();
    await lines.filter({ hasText: 'warning: Local address' }).waitFor();

    await workbench.chooseFromMenu(workbench.row('payments-api').first(), 'Diagnose Clusters');
    await workbench.tab(/Diagnosis of 5 clusters/).waitFor();
    await lines.filter({ hasText: 'failed, 1 with warnings' }).waitFor();
    await inTitle('Sort Report By…').click();
    await workbench.choose('Cluster');
    // VS Code keeps the elements of lines, whichever text comes to stand in them: their order is that of their places.
    const seen = () =>
      lines.locator('.view-line').evaluateAll((all) =>
        all
          .sort((a, b) => a.getBoundingClientRect().top - b.getBoundingClientRect().top)
          .map(({ textContent }) => textContent)
          .join('\n'),
      );
    const sorted = /payments-eks.*payments-gke.*production-eu.*review.*staging/s;
    await eventually(async () => assert.match(await seen(), sorted));
    await workbench.screenshot(`diagnoses-${editor.version}`);
  });
});
