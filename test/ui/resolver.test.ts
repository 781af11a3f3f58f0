import assert from 'node:assert/strict';
import { demoFleet } from '../gitlab/demoFleet';
import { startGitLab, type GitLab } from '../gitlab/server';
import type { Workbench } from '../lab/workbench';
import { openWithHosts } from './hosts';
import { useEditor } from './useEditor';

describe('Which cluster serves an environment', () => {
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
    assert.ok(gitlab.requests.every(({ method }) => method === 'GET' || method === 'POST'));
  });
});
