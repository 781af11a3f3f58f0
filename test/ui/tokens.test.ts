import assert from 'node:assert/strict';
import { demoFleet } from '../gitlab/demoFleet';
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
