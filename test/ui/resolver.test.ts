import assert from 'node:assert/strict';
import { demoFleet } from '../gitlab/demoFleet';
import { startGitLab, type GitLab } from '../gitlab/server';
import type { Workbench } from '../lab/workbench';
import { ShownForm } from './forms';
import { exampleHost, openWithHosts } from './hosts';
import { useEditor } from './useEditor';

describe('Which cluster serves an environment', () => {
  const editor = useEditor();
  let gitlab: GitLab;
  let workbench: Workbench;

  beforeEach(async () => {
    gitlab = await startGitLab({ world: demoFleet() });
    workbench = await openWithHosts(editor, [exampleHost(gitlab)]);
    await workbench.row('production-eu').waitFor();
  });
  afterEach(async () => {
    await gitlab.close();
  });

  it('is a document with the ladder of candidates, and in the question before a cluster is deleted [main way]', async () => {
    await workbench.chooseFromMenu(workbench.row('production-eu'), 'Which Cluster Serves…');
    await workbench.choose(/^review\/my-branch/);
    await workbench.tab(/Cluster for review-my-branch of platform-payments-api/).waitFor();
    await workbench.page.getByText('Candidates, from near to far').first().waitFor();
    await workbench.screenshot(`resolver-answer-${editor.version}`);
    await workbench.chooseFromMenu(workbench.row('production-eu'), 'Delete Cluster…');
    const { detail } = await workbench.readDialog();
    assert.match(detail, /“production” of platform\/payments-api would go to platform \/ platform-default instead/);
    await workbench.screenshot(`resolver-what-if-${editor.version}`);
    await workbench.answerDialog('Cancel');
    await workbench.expand(workbench.row('Warnings'));
    await workbench.row('CA certificate expired').filter({ hasText: 'staging' }).waitFor();
    await workbench.screenshot(`resolver-warnings-${editor.version}`);
    assert.ok(gitlab.requests.every(({ method }) => method === 'GET' || method === 'POST'));
  });

  it('is said beside Save in the form, or that it was not checked where GitLab is slow', async () => {
    let release: () => void = () => undefined;
    const released = new Promise<void>((end) => (release = end));
    gitlab.onRequest(async ({ request }) => {
      if (request.path.includes('/environments')) await released;
      return undefined;
    });
    await workbench.chooseFromMenu(workbench.row('production-eu'), 'Edit Cluster…');
    const form = await new ShownForm(workbench).titled('Edit production-eu');
    await form.field('Enabled').uncheck();
    await form.frame.getByText('Effect on environments: not checked.').waitFor();
    await workbench.screenshot(`resolver-form-late-${editor.version}`);
    release();
    await form.button('Check Now').click();
    const line = form.frame.getByText(
      /“production” of platform\/payments-api would go to platform \/ platform-default/,
    );
    await line.waitFor();
    await workbench.screenshot(`resolver-form-${editor.version}`);
    await form.field('Enabled').check();
    await line.waitFor({ state: 'hidden' });
    assert.ok(gitlab.requests.every(({ method }) => method === 'GET'));
  });
});
