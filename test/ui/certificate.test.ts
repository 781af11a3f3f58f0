import assert from 'node:assert/strict';
import { demoFleet } from '../gitlab/demoFleet';
import { startGitLab, type GitLab } from '../gitlab/server';
import { presents, type Presented } from '../net/pem';
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
    await workbench.answerInput('Display name for', 'Private');
    await workbench.row('Private').filter({ hasText: '@root' }).waitFor();
    const settings = await editor.server().readUserSettings();
    assert.match(settings, /"ca": "-----BEGIN CERTIFICATE-----/);
    assert.doesNotMatch(settings, /demo-admin-token/);
  });
});
