import assert from 'node:assert/strict';
import { demoFleet } from '../gitlab/demoFleet';
import { startGitLab, type GitLab } from '../gitlab/server';
import type { Workbench } from '../lab/workbench';
import { exampleHost, openWithHosts } from './hosts';
import { useEditor } from './useEditor';

describe('Deleting', () => {
  const editor = useEditor();
  let gitlab: GitLab;
  let workbench: Workbench;

  beforeEach(async () => {
    gitlab = await startGitLab({ world: demoFleet() });
    workbench = await openWithHosts(editor, [exampleHost(gitlab)]);
    await workbench.row('staging').waitFor();
  });
  afterEach(async () => {
    await gitlab.close();
  });

  const deletes = () => gitlab.requests.filter(({ method }) => method === 'DELETE');

  it('asks for two selected rows with the keyboard, deletes one, and says that the other was gone [main way]', async () => {
    // A click opens the cluster's document; only once it is there does nothing read the cluster any more.
    await workbench.row('review').click();
    await workbench.tab('review').waitFor();
    await workbench.row('staging').click({ modifiers: ['Control'] });
    gitlab.world.clusters.splice(
      gitlab.world.clusters.findIndex(({ name }) => name === 'review'),
      1,
    );
    await workbench.page.keyboard.press('Delete');
    const { message, detail } = await workbench.readDialog();
    assert.equal(message, 'Delete 2 clusters from GitLab?');
    assert.match(detail, /• review .*\n• staging /);
    await workbench.screenshot(`delete-two-${editor.version}`);
    await workbench.answerDialog('Delete 2 Clusters');
    await workbench.notification('Deleted 2 clusters; 1 of them were already gone.').waitFor();
    await workbench.row('staging').waitFor({ state: 'detached' });
    await workbench.row('review').waitFor({ state: 'detached' });
    await workbench.tab('review').waitFor({ state: 'detached' });
    assert.deepEqual(
      deletes()
        .map(({ path, status }) => `${status} ${path}`)
        .sort(),
      ['204 /api/v4/projects/1/clusters/6', '404 /api/v4/projects/1/clusters/7'],
    );
  });

  it('closes the document of what is deleted, without asking for it afterwards', async () => {
    await workbench.row('staging').click();
    const tab = workbench.tab('staging · payments-api');
    await tab.waitFor();
    gitlab.clearRequests();
    await workbench.chooseFromMenu(workbench.row('staging'), 'Delete Cluster…');
    await workbench.answerDialog('Delete 1 Cluster');
    await workbench.notification('Deleted the cluster staging · payments-api').waitFor();
    await tab.waitFor({ state: 'detached' });
    const asked = gitlab.requests.filter(({ path }) => path.endsWith('/clusters/6')).map(({ method }) => method);
    assert.deepEqual(asked, ['GET', 'DELETE']);
  });

  it('shows a name with a link to a command and an icon in it as text, in lists and notifications', async () => {
    const name = '$(trash) [Details](command:workbench.action.terminal.new "Show details")';
    const [cluster] = gitlab.world.clusters.filter((one) => one.name === 'staging');
    assert.ok(cluster);
    cluster.name = name;
    await workbench.clickInline(workbench.row('payments-api'), 'Refresh Clusters');
    await workbench.row(/Details/).waitFor();
    await workbench.runCommand('GitLab Clusters: Delete Cluster…');
    const item = workbench.quickPicks.filter({ hasText: 'Details' });
    await item.waitFor();
    assert.equal(await item.locator('.quick-input-list-label .label-name .codicon').count(), 0);
    await workbench.page.keyboard.press('Escape');
    await workbench.chooseFromMenu(workbench.row(/Details/), 'Delete Cluster…');
    await workbench.answerDialog('Delete 1 Cluster');
    const told = workbench.notification('Deleted the cluster');
    await told.waitFor();
    await workbench.screenshot(`delete-markup-${editor.version}`);
    const text = (await told.locator('.notification-list-item-message').innerText()).replaceAll('\u2060', '');
    assert.ok(text.startsWith(`Deleted the cluster ${name} · payments-api · `), text);
    assert.equal(await told.locator('.notification-list-item-message a').count(), 0);
  });
});
