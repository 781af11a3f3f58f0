import assert from 'node:assert/strict';
import { demoFleet } from '../gitlab/demoFleet';
import { startGitLab, type GitLab } from '../gitlab/server';
import type { Workbench } from '../lab/workbench';
import { exampleHost, openWithHosts } from './hosts';
import { useEditor } from './useEditor';

describe('A list of clusters', () => {
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

  it('is added from the clipboard: the missing token is asked for, the table is shown, and then the clusters', async () => {
    const owner = 'platform/payments-api';
    const rows = [
      {
        name: 'listed',
        apiUrl: 'https://listed.k8s.example.com',
        environmentScope: 'listed/*',
        serviceToken: 'in-the-list-1',
      },
      { name: 'asked', apiUrl: 'https://asked.k8s.example.com', environmentScope: 'asked/*' },
    ].map((row) => ({ level: 'project', owner, ...row }));
    editor.secrets.add('in-the-list-1').add('typed-into-the-box-1');
    await workbench.page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await workbench.page.evaluate((text) => navigator.clipboard.writeText(text), JSON.stringify(rows));
    await workbench.runCommand('GitLab Clusters: Add Clusters From List…');
    await workbench.choose('From the Clipboard');
    await workbench.answerInput('The list has no token for this cluster', 'typed-into-the-box-1');
    await workbench.dialog.filter({ hasText: 'Add 2 clusters?' }).waitFor();
    await workbench.screenshot(`list-question-${editor.version}`);
    await workbench.answerDialog('Add 2 Clusters');
    await workbench.notification('Added 2 clusters.').waitFor();
    await workbench.row('listed').waitFor();
    await workbench.row('asked').waitFor();
    await workbench.screenshot(`list-added-${editor.version}`);
    const added = gitlab.world.clusters.filter(({ name }) => name === 'listed' || name === 'asked');
    assert.deepEqual(
      added.map(({ name, environmentScope, platform }) => [name, environmentScope, platform?.token]).sort(),
      [
        ['asked', 'asked/*', 'typed-into-the-box-1'],
        ['listed', 'listed/*', 'in-the-list-1'],
      ],
    );
  });
});
