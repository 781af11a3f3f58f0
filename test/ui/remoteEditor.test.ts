import { demoFleet } from '../gitlab/demoFleet';
import { startGitLab, type GitLab } from '../gitlab/server';
import type { Workbench } from '../lab/workbench';
import { openWithHosts } from './hosts';
import { useEditor } from './useEditor';

/** What a window says to its extension host reaches it so many milliseconds later, as over a VPN. */
const DISTANCE = 150;

describe('The tree in a window far from its extension host', () => {
  const editor = useEditor();
  let gitlab: GitLab;
  let workbench: Workbench;

  beforeEach(async () => {
    gitlab = await startGitLab({ world: demoFleet() });
    const near = await openWithHosts(editor, [{ url: gitlab.url, token: 'demo-admin-token', name: 'Example GitLab' }]);
    let delay = 0;
    await near.page.context().routeWebSocket(/.*/, (socket) => {
      const server = socket.connectToServer();
      socket.onMessage((message) => setTimeout(() => server.send(message), delay));
    });
    workbench = await editor.open({ sameUserAs: near });
    await workbench.openView('GitLab Clusters');
    await workbench.expand(workbench.row('Example GitLab'));
    await workbench.row('Instance').and(workbench.page.locator('[aria-expanded=true]')).waitFor();
    await workbench.row('Instance').waitFor();
    delay = DISTANCE;
  });
  afterEach(() => gitlab.close());

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
});
