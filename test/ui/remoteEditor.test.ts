import { demoFleet } from '../gitlab/demoFleet';
import { startGitLab, type GitLab } from '../gitlab/server';
import { startLongWay, type LongWay } from '../lab/longWay';
import type { Workbench } from '../lab/workbench';
import { addByForm } from './forms';
import { openWithHosts } from './hosts';
import { useEditor } from './useEditor';

/** What a window says to its extension host reaches it so many milliseconds later. */
const DISTANCE = 150;

describe('The tree in a window far from its extension host', () => {
  const editor = useEditor();
  let gitlab: GitLab;
  let way: LongWay;
  let workbench: Workbench;

  beforeEach(async () => {
    gitlab = await startGitLab({ world: demoFleet() });
    way = await startLongWay(editor.server().authority);
    const far: typeof editor = { ...editor, open: (options) => editor.open({ ...options, authority: way.authority }) };
    workbench = await openWithHosts(far, [{ url: gitlab.url, token: 'demo-admin-token', name: 'Example GitLab' }]);
    await workbench.row('Instance').and(workbench.page.locator('[aria-expanded=true]')).waitFor();
    way.delay = DISTANCE;
  });
  afterEach(async () => {
    await workbench.close();
    await way.close();
    await gitlab.close();
  });

  it('keeps open what is opened while its host is read again', async () => {
    const all = workbench.row('All clusters');
    for (const wait of [2, 3, 4].map((times) => times * DISTANCE)) {
      await workbench.clickInline(workbench.row('Example GitLab'), 'Refresh Host');
      await workbench.page.waitForTimeout(wait);
      await all.locator('.monaco-tl-twistie').click();
      // Long enough for everything that was still on its way.
      await workbench.page.waitForTimeout(10 * DISTANCE);
      await all.and(workbench.page.locator('[aria-expanded=true]')).waitFor();
      await all.locator('.monaco-tl-twistie').click();
      await all.and(workbench.page.locator('[aria-expanded=false]')).waitFor();
      await workbench.page.waitForTimeout(10 * DISTANCE);
    }
  });

  it('selects a cluster that was just added, also while its group is new', async () => {
    await workbench.runCommand('GitLab Clusters: Group By…');
    await workbench.choose('API URL');
    await workbench.runCommand('GitLab Clusters: Add Cluster…');
    await workbench.choose('Instance');
    await addByForm(workbench, 'added');
    await workbench.row('added').and(workbench.page.locator('[aria-selected=true]')).waitFor();
  });
});
