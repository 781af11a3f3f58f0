import assert from 'node:assert/strict';
import { demoFleet } from '../gitlab/demoFleet';
import { neverAnswer } from '../gitlab/faults';
import { startGitLab, type GitLab } from '../gitlab/server';
import type { Workbench } from '../lab/workbench';
import { eventually } from './eventually';
import { ShownForm } from './forms';
import { exampleHost, openWithHosts } from './hosts';
import { useEditor } from './useEditor';

describe('The history', () => {
  const editor = useEditor();
  let gitlab: GitLab;
  let workbench: Workbench;

  beforeEach(async () => {
    gitlab = await startGitLab({ world: demoFleet() });
    workbench = await openWithHosts(editor, [exampleHost(gitlab)]);
  });
  afterEach(() => gitlab.close());

  const record = () => gitlab.world.clusters.find(({ name }) => name === 'review') ?? assert.fail('no review');

  it('offers to undo a save, lists what was changed, compares it, and puts it back [main way]', async () => {
    await workbench.chooseFromMenu(workbench.row('review'), 'Edit Cluster…');
    const form = await new ShownForm(workbench).titled('Edit review');
    await form.field('Base domain').fill('mistake.example.com');
    await form.field('Service token').fill('kubernetes-secret');
    await form.button('Save Changes').click();
    await workbench.notification('Saved the cluster review · payments-api').waitFor();
    assert.equal(record().domain, 'mistake.example.com');

    await workbench.chooseFromMenu(workbench.row('review'), 'Show Changes…');
    await workbench.inputBox('Show Changes').waitFor();
    await workbench.screenshot(`history-list-${editor.version}`);
    await workbench.choose('Changed review');
    await workbench.tab('Changed review').waitFor();
    await workbench.page
      .locator('.monaco-diff-editor .view-lines')
      .filter({ hasText: 'mistake.example.com' })
      .waitFor();
    await workbench.screenshot(`history-change-${editor.version}`);
    await editor.searchWindows('a change');

    await workbench.runCommand('GitLab Clusters: Export Changes…');
    await workbench.choose('JSON');
    await workbench.page.locator('.monaco-editor .view-lines').filter({ hasText: '"serviceToken"' }).waitFor();
    await editor.searchWindows('exported changes');

    // The toast may have hidden by now; what it said and offered is kept where VS Code keeps them all.
    await workbench.runCommand('Notifications: Show Notifications');
    const saved = workbench.page.locator('.notifications-center .notification-list-item');
    await saved
      .filter({ hasText: 'Saved the cluster review · payments-api' })
      .locator('.monaco-button')
      .filter({ hasText: /^Undo$/ })
      .click();
    const { message, detail } = await workbench.readDialog();
    assert.match(message, /^Undo the change of review · payments-api · /);
    assert.match(detail, /Base domain: mistake\.example\.com → review\.example\.com/);
    assert.match(detail, /Service token: .*can’t be restored/);
    await workbench.screenshot(`history-undo-${editor.version}`);
    await workbench.answerDialog('Undo');
    const all = workbench.page.locator('.notification-list-item');
    await all.filter({ hasText: /The cluster review · .* is as it was before/ }).waitFor();
    assert.equal(record().domain, 'review.example.com');
  });

  it('knows of a save whose answer nobody was there to hear', async () => {
    gitlab.onRequest(({ request }) => (request.method === 'PUT' ? neverAnswer() : undefined));
    await workbench.chooseFromMenu(workbench.row('review'), 'Edit Cluster…');
    const form = await new ShownForm(workbench).titled('Edit review');
    await form.field('Base domain').fill('halfway.example.com');
    await form.button('Save Changes').click();
    await eventually(() => assert.ok(gitlab.requests.some(({ method }) => method === 'PUT')));
    assert.ok((await editor.server().killExtensionHosts()) > 0);
    await workbench.close();

    workbench = await openWithHosts(editor, [exampleHost(gitlab)]);
    await workbench.runCommand('GitLab Clusters: Show Changes…');
    await workbench.inputBox('Show Changes').waitFor();
    await workbench
      .quickPick(/Changed review/)
      .filter({ hasText: 'outcome unknown' })
      .waitFor();
    await workbench.screenshot(`history-unknown-${editor.version}`);
  });
});
