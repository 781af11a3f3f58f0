import { demoFleet } from '../gitlab/demoFleet';
import { startGitLab, type GitLab } from '../gitlab/server';
import type { Workbench } from '../lab/workbench';
import { addByForm, ShownForm } from './forms';
import { openWithHosts } from './hosts';
import { useEditor } from './useEditor';

describe('A cluster that was just added or gone to', () => {
  const editor = useEditor();
  let gitlab: GitLab;
  let workbench: Workbench;

  /** More owners than are opened by themselves, so that none is read before somebody opens it. */
  const projects = [
    'platform/payments-api',
    'platform/checkout-web',
    'platform/cluster-management',
    'platform/shared/observability',
    'platform/shared/edge/gateway',
  ].map((path, index) => ({ id: index + 1, path }));

  beforeEach(async () => {
    gitlab = await startGitLab({ world: demoFleet() });
    const host = { url: gitlab.url, token: 'demo-admin-token', name: 'Example GitLab', projects };
    workbench = await openWithHosts(editor, [{ ...host, groups: [{ id: 1, path: 'platform' }] }]);
    await workbench.row('payments-api').waitFor();
  });
  afterEach(() => gitlab.close());

  const selected = (name: string) => workbench.row(name).and(workbench.page.locator('[aria-selected=true]')).waitFor();
  const closeRow = (label: string) => workbench.row(label).locator('.monaco-tl-twistie').click();

  for (const [what, owner] of [
    ['a project', 'payments-api'],
    ['a group', 'platform'],
    ['the instance', 'Instance'],
  ] as const) {
    it(`is selected below ${what} that was closed and never read`, async () => {
      await workbench.row(owner).and(workbench.page.locator('[aria-expanded=false]')).waitFor();
      await workbench.clickInline(workbench.row(owner), 'Add Cluster…');
      await addByForm(workbench, 'added');
      await selected('added');
    });
  }

  it('is selected below an owner and a host that were closed after they had been read', async () => {
    await workbench.expand(workbench.row('payments-api'));
    await workbench.row('review').waitFor();
    await closeRow('payments-api');
    await workbench.clickInline(workbench.row('payments-api'), 'Add Cluster…');
    await new ShownForm(workbench).titled('Add cluster');
    await closeRow('Example GitLab');
    await addByForm(workbench, 'added');
    await selected('added');
  });

  it('is selected in its group where clusters are grouped', async () => {
    await workbench.runCommand('GitLab Clusters: Group By…');
    await workbench.choose('API URL');
    await workbench.runCommand('GitLab Clusters: Add Cluster…');
    await workbench.choose('platform/payments-api');
    await addByForm(workbench, 'added');
    await selected('added');
  });

  it('is told of where a filter hides it, and selected once that is cleared', async () => {
    await workbench.clickInline(workbench.row('payments-api'), 'Add Cluster…');
    await new ShownForm(workbench).titled('Add cluster');
    await workbench.clickViewTitle('Filter Clusters…');
    await workbench.inputBox('Filter Clusters').waitFor();
    await workbench.typeQuickInput('nothing-like-it');
    await workbench.acceptQuickInput();
    await addByForm(workbench, 'added');
    await workbench.answerNotification('does not match the filter “nothing-like-it”', 'Clear Filter');
    await selected('added');
  });

  it('is told of where a filter hides it, also when it was there before', async () => {
    await workbench.expand(workbench.row('payments-api'));
    await workbench.row('review').waitFor();
    await workbench.clickViewTitle('Filter Clusters…');
    await workbench.inputBox('Filter Clusters').waitFor();
    await workbench.typeQuickInput('nothing-like-it');
    await workbench.acceptQuickInput();
    await workbench.runCommand('GitLab Clusters: Go to Cluster…');
    await workbench.inputBox('Go to Cluster').waitFor();
    await workbench.typeQuickInput('review');
    await workbench.choose('review');
    await workbench.tab('review · payments-api').waitFor();
    await workbench.answerNotification('does not match the filter “nothing-like-it”', 'Clear Filter');
    await selected('review');
  });
});
