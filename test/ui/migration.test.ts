import assert from 'node:assert/strict';
import { demoFleet } from '../gitlab/demoFleet';
import { startGitLab, type GitLab } from '../gitlab/server';
import type { Workbench } from '../lab/workbench';
import { exampleHost, openWithHosts } from './hosts';
import { useEditor } from './useEditor';

describe('The move of a cluster to the GitLab agent', () => {
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

  it('is a plan, a comparison of the CI file, and a row of the table [main way]', async () => {
    await workbench.chooseFromMenu(workbench.row('production-eu'), 'Plan Move to the GitLab Agent');
    await workbench.tab(/Move of production-eu/).waitFor();
    await workbench.page.getByText('What it serves').first().waitFor();
    await workbench.screenshot(`migration-plan-${editor.version}`);
    await workbench.runCommand('GitLab Clusters: Open CI Diff');
    await workbench.tab(/gitlab-ci.yml of platform/).waitFor();
    await workbench.page.getByText('use-context platform/cluster-management:platform-agent').first().waitFor();
    await workbench.screenshot(`migration-diff-${editor.version}`);
    await workbench.runCommand('GitLab Clusters: Show Migration Table');
    await workbench.tab(/Moves to the GitLab agent/).waitFor();
    await workbench.page.getByText('week by week').first().waitFor();
    await workbench.screenshot(`migration-table-${editor.version}`);
    assert.ok(gitlab.requests.every(({ method, path }) => method === 'GET' || path.includes('/graphql')));
  });
});
