import assert from 'node:assert/strict';
import { demoFleet } from '../gitlab/demoFleet';
import { addCluster } from '../gitlab/populate';
import { startGitLab, type GitLab } from '../gitlab/server';
import type { Workbench } from '../lab/workbench';
import { eventually } from './eventually';
import { openWithHosts } from './hosts';
import { useEditor } from './useEditor';

describe('Deleting', () => {
  const editor = useEditor();
  let gitlab: GitLab;
  let workbench: Workbench;

  beforeEach(async () => {
    gitlab = await startGitLab({ world: demoFleet() });
    workbench = await openWithHosts(editor, [
      {
        url: gitlab.url,
        token: 'demo-maintainer',
        name: 'Example GitLab',
        projects: [{ id: 1, path: 'platform/payments-api' }],
      },
    ]);
    await workbench.row('staging').waitFor();
  });
  afterEach(async () => {
    await gitlab.close();
  });

  const deletes = () => gitlab.requests.filter(({ method }) => method === 'DELETE');

  it('asks first, and cancelling sends nothing', async () => {
    await workbench.chooseFromMenu(workbench.row('staging'), 'Delete Cluster…');
    const { message, detail, buttons } = await workbench.readDialog();
    assert.equal(message, 'Delete the cluster staging from GitLab?');
    assert.match(detail, /staging \(platform\/payments-api, Example GitLab\)/);
    assert.match(detail, /Everything in Kubernetes stays/);
    assert.match(detail, /service token GitLab has stored is lost/);
    assert.ok(buttons.includes('Delete'));
    await workbench.answerDialog('Cancel');
    assert.deepEqual(deletes(), []);
  });

  it('takes two selected rows with the keyboard, one gone already [main way]', async () => {
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
    await workbench.answerDialog('Delete');
    await workbench.notification('Deleted 2 clusters; 1 of them were gone already.').waitFor();
    await workbench.row('staging').waitFor({ state: 'detached' });
    await workbench.row('review').waitFor({ state: 'detached' });
    await workbench.tab('review').waitFor({ state: 'detached' });
    assert.deepEqual(
      deletes().map(({ path, status }) => [path, status]),
      [
        ['/api/v4/projects/1/clusters/7', 404],
        ['/api/v4/projects/1/clusters/6', 204],
      ],
    );
  });

  it('names in a document what is too much for the question, and asks again beside it', async () => {
    const names = Array.from({ length: 17 }, (_, index) => `wave-${String(index + 1).padStart(2, '0')}`);
    const [project = assert.fail('no project')] = gitlab.world.projects;
    for (const name of names) addCluster(gitlab.world, project, { name, environmentScope: name });
    await workbench.runCommand('GitLab Clusters: Refresh All');
    await workbench.row('wave-01').click();
    await workbench.tab('wave-01.yaml').waitFor();
    await workbench.row('wave-17').click({ modifiers: ['Shift'] });
    await workbench.page.keyboard.press('Delete');
    const question = 'Delete 17 clusters from GitLab?';
    const { message, detail, buttons } = await workbench.readDialog();
    assert.equal(message, question);
    assert.match(detail, /• wave-15 .*\n… and 2 more\n/);
    assert.deepEqual(buttons.toSorted(), ['Cancel', 'Delete', 'Read the List First']);
    await workbench.answerDialog('Read the List First');
    await workbench.tab('Clusters to delete').waitFor();
    await workbench.notification(question).waitFor();
    const lines = workbench.page.locator('.editor-instance .view-line');
    await eventually(async () => {
      const shown = (await lines.allInnerTexts()).join('\n').replaceAll('\u00a0', ' ');
      for (const name of names) assert.ok(shown.includes(`${name} (platform/payments-api, Example GitLab)`), name);
      assert.match(shown, /Everything in Kubernetes stays/);
    });
    await workbench.screenshot(`delete-list-${editor.version}`);
    assert.deepEqual(deletes(), []);
    await workbench.answerNotification(question, 'Delete');
    await workbench.notification('Deleted 17 clusters.').waitFor();
    assert.equal(deletes().length, 17);
  });

  it('closes the document of what is deleted, without asking for it once more', async () => {
    await workbench.row('staging').click();
    const tab = workbench.tab('staging.yaml');
    await tab.waitFor();
    gitlab.clearRequests();
    await workbench.chooseFromMenu(workbench.row('staging'), 'Delete Cluster…');
    await workbench.answerDialog('Delete');
    await workbench.notification('Deleted the cluster staging.').waitFor();
    await tab.waitFor({ state: 'detached' });
    assert.ok(!gitlab.requests.some(({ method, path }) => method === 'GET' && path.endsWith('/clusters/6')));
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
    await workbench.answerDialog('Delete');
    const told = workbench.notification('Deleted the cluster');
    await told.waitFor();
    await workbench.screenshot(`delete-markup-${editor.version}`);
    const text = (await told.locator('.notification-list-item-message').innerText()).replaceAll('\u2060', '');
    assert.equal(text, `Deleted the cluster ${name}.`);
    assert.equal(await told.locator('.notification-list-item-message a').count(), 0);
  });

  it('closes the documents of many clusters deleted at once', async () => {
    await workbench.row('review').click();
    await workbench.tab('review.yaml').waitFor();
    await workbench.row('staging').click({ modifiers: ['Control'] });
    await workbench.chooseFromMenu(workbench.row('staging'), 'Change Clusters…');
    await workbench.choose(/^Delete/);
    await workbench.answerDialog('Delete');
    await workbench.notification('Deleted 2 clusters.').waitFor();
    await workbench.tab('review.yaml').waitFor({ state: 'detached' });
  });

  it('keeps and tells what GitLab refuses', async () => {
    gitlab.world.tokens.splice(
      0,
      gitlab.world.tokens.length,
      ...gitlab.world.tokens.map((token) =>
        token.value === 'demo-maintainer' ? { ...token, scopes: ['read_api' as const] } : token,
      ),
    );
    await workbench.chooseFromMenu(workbench.row('staging'), 'Delete Cluster…');
    await workbench.answerDialog('Delete');
    const { message, detail } = await workbench.readDialog();
    assert.equal(message, 'The cluster staging was not deleted.');
    assert.match(detail, /kept\. The access token lacks a scope/);
    await workbench.answerDialog('OK');
    await workbench.row('staging').waitFor();
  });
});
