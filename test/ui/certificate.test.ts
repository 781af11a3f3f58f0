import assert from 'node:assert/strict';
import { demoFleet } from '../gitlab/demoFleet';
import { startGitLab, type GitLab } from '../gitlab/server';
import { pem, pemPath, presents, type Presented } from '../net/pem';
import { tokenPrompt } from './hosts';
import { useEditor } from './useEditor';

describe('A host with a private CA', () => {
  const editor = useEditor();
  const open: GitLab[] = [];

  const gitlab = async (tls: Presented, port = 0): Promise<GitLab> => {
    const started = await startGitLab({ world: demoFleet(), tls, port });
    open.push(started);
    return started;
  };
  afterEach(async () => {
    await Promise.all(open.splice(0).map((each) => each.close()));
  });

  it('is trusted while it is added, after its chain was shown; no token is sent before [main way]', async () => {
    const server = await gitlab(presents('good', 'issuing'));
    const workbench = await editor.open();
    await workbench.openView('GitLab Clusters');
    await workbench.runCommand('GitLab Clusters: Add GitLab Host…');
    await workbench.answerInput('Address of your GitLab', server.url);
    await workbench.answerInput(tokenPrompt, 'demo-admin-token');

    const { message, detail } = await workbench.readDialog();
    assert.equal(message, `Trust the CA of ${server.url.replace('https://', '')}?`);
    assert.match(detail, /Subject: CN=gitlab\.example\.test/);
    assert.match(detail, /2\. Intermediate CA, sent by the host\s+Subject: CN=Example Company Issuing CA/);
    assert.match(detail, /SHA-256: ([0-9A-F]{2}:){31}[0-9A-F]{2}/);
    assert.match(detail, /does not send “CN=Example Company Root CA, O=Example Company”/);
    await workbench.screenshot(`trust-${editor.version}`);
    assert.deepEqual(server.requests, []);

    await workbench.answerDialog('Trust This CA for This Host');
    await workbench.answerInput('Name shown for', 'Private');
    await workbench.row('Private').filter({ hasText: '@root' }).waitFor();
    const settings = await editor.server().readUserSettings();
    assert.match(settings, /"ca": "-----BEGIN CERTIFICATE-----/);
    assert.doesNotMatch(settings, /demo-admin-token/);
  });

  it('that changed its chain is told in a row, old beside new, and trusted again', async () => {
    const before = await gitlab(presents('good', 'issuing'));
    const host = { url: before.url, name: 'Moved', ca: pem('company') };
    const workbench = await editor.open({ settings: { 'gitlabClusters.hosts': [host] } });
    await workbench.openView('GitLab Clusters');
    await workbench.chooseFromMenu(workbench.row('Moved'), 'Replace Access Token…');
    await workbench.answerInput(tokenPrompt, 'demo-admin-token');
    await workbench.notification('Connected to Moved').waitFor();
    await workbench.expand(workbench.row('Moved'));

    await before.close();
    const server = await gitlab(presents('moved', 'other'), Number(new URL(before.url).port));
    await workbench.chooseFromMenu(workbench.row('Moved'), 'Refresh Host');
    const row = workbench.row(/Certificate chain changed/);
    await row.click();
    const { message, detail } = await workbench.readDialog();
    assert.equal(message, 'The certificate chain of Moved changed since you trusted it');
    assert.match(
      detail,
      /Trusted so far:\s+Subject: CN=Example Company Root CA[^]*Presented now:[^]*CN=Another Root CA/,
    );
    await workbench.screenshot(`chain-changed-${editor.version}`);
    assert.deepEqual(server.requests, []);
    await workbench.answerDialog('Trust This CA for This Host');
    await workbench.row('Moved').filter({ hasText: '@root' }).waitFor();
    await row.waitFor({ state: 'detached' });
  });

  it('shows the certificate of a host that is trusted, as a text to copy', async () => {
    const server = await gitlab(presents('good', 'issuing'));
    const hosts = [{ url: server.url, name: 'Trusted', ca: pem('company') }];
    const workbench = await editor.open({ settings: { 'gitlabClusters.hosts': hosts } });
    await workbench.openView('GitLab Clusters');
    await workbench.chooseFromMenu(workbench.row('Trusted'), 'Show Certificate…');
    await workbench.tab('Certificates of Trusted').waitFor();
    await workbench.page.locator('.view-lines').filter({ hasText: 'Trusted through the CA of this host' }).waitFor();
  });

  it('is trusted by its CA file until that is forgotten', async () => {
    const server = await gitlab(presents('good', 'issuing'));
    const hosts = [{ url: server.url, name: 'Filed', caFile: pemPath('company') }];
    const workbench = await editor.open({ settings: { 'gitlabClusters.hosts': hosts } });
    await workbench.openView('GitLab Clusters');
    await workbench.chooseFromMenu(workbench.row('Filed'), 'Replace Access Token…');
    await workbench.answerInput(tokenPrompt, 'demo-admin-token');
    await workbench.notification('Connected to Filed').waitFor();

    await workbench.expand(workbench.row('Filed'));
    await workbench.chooseFromMenu(workbench.row('Filed'), 'Choose CA Certificate…');
    await workbench.choose('Forget the CA file');
    await workbench.row(/Certificate not trusted/).waitFor();
    assert.doesNotMatch(await editor.server().readUserSettings(), /caFile/);
  });
});
