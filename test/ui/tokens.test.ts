import assert from 'node:assert/strict';
import { demoFleet } from '../gitlab/demoFleet';
import { addToken } from '../gitlab/populate';
import { startGitLab, type GitLab } from '../gitlab/server';
import { eventually } from './eventually';
import { openWithHosts, secretKeyOf } from './hosts';
import { useEditor } from './useEditor';

describe('Access tokens', () => {
  const editor = useEditor();
  let gitlab: GitLab;

  beforeEach(async () => {
    gitlab = await startGitLab({ world: demoFleet() });
  });
  afterEach(() => gitlab.close());

  it('that expire soon are told of once a day', async () => {
    const maria = gitlab.world.users.find(({ username }) => username === 'maria');
    assert.ok(maria);
    const expiresAt = new Date(Date.now() + 5 * 86_400_000).toISOString().slice(0, 10);
    addToken(gitlab.world, maria, 'expires-soon', { expiresAt });
    const workbench = await openWithHosts(editor, [{ url: gitlab.url, token: 'expires-soon', name: 'Example GitLab' }]);
    await workbench.notification(/The access token of Example GitLab expires in 4 days/).waitFor();
    await workbench.runCommand('Notifications: Clear All Notifications');
    gitlab.clearRequests();
    await workbench.chooseFromMenu(workbench.row('Example GitLab'), 'Refresh Host');
    await workbench.chooseFromMenu(workbench.row('Example GitLab'), 'Test Connection');
    await workbench.tab(/Example GitLab|Connection/).waitFor();
    await eventually(() =>
      assert.ok(gitlab.requests.some(({ path }) => path.includes('/personal_access_tokens/self'))),
    );
    assert.doesNotMatch((await workbench.readNotifications()).join(), /expires/);
  });

  it('whose host was deleted from the settings by hand are told of, and deleted with a click', async () => {
    const workbench = await openWithHosts(editor, [
      { url: gitlab.url, token: 'demo-maintainer', name: 'Example GitLab' },
    ]);
    await editor.server().writeUserSettings({ 'gitlabClusters.hosts': [] });
    await workbench.runCommand('Developer: Reload Window');
    await workbench.welcome.getByRole('button', { name: 'Add GitLab Host' }).waitFor();
    const words = 'no longer listed in the settings';
    await workbench.notification(words).waitFor();
    await workbench.screenshot(`left-token-${editor.version}`);
    assert.deepEqual([...(await workbench.readSecrets()).keys()], [secretKeyOf(gitlab.url)]);
    await workbench.answerNotification(words, 'Delete Its Access Token');
    await eventually(async () => assert.deepEqual([...(await workbench.readSecrets())], []));
  });
});
