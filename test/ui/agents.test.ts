import assert from 'node:assert/strict';
import { demoFleet } from '../gitlab/demoFleet';
import { startGitLab, type GitLab } from '../gitlab/server';
import type { Workbench } from '../lab/workbench';
import { eventually } from './eventually';
import { exampleHost, openWithHosts } from './hosts';
import { useEditor } from './useEditor';

describe('Agents', () => {
  const editor = useEditor();
  let gitlab: GitLab;
  let workbench: Workbench;

  beforeEach(async () => {
    gitlab = await startGitLab({ world: demoFleet() });
    workbench = await openWithHosts(editor, [exampleHost(gitlab, { id: 3, path: 'platform/cluster-management' })]);
  });
  afterEach(() => gitlab.close());

  it('are asked for when their row is opened, and added with a token that is shown once [main way]', async () => {
    await workbench.row('GitLab agents').waitFor();
    assert.ok(gitlab.requests.every(({ path }) => !/graphql|cluster_agents/.test(path)));
    await workbench.expand(workbench.row('GitLab agents'));
    await workbench.row('platform-agent').filter({ hasText: 'connected · v18.2.1' }).waitFor();
    await workbench.row('spare').filter({ hasText: 'no token' }).waitFor();

    // What the role here allows is known a moment later, and VS Code draws the rows below the project anew. It calls a
    // command that is clicked at that moment without its row, and the command asks which project is meant.
    await eventually(async () => {
      await workbench.page.keyboard.press('Escape');
      await workbench.clickInline(workbench.row('GitLab agents'), 'Add Agent…');
      await workbench.inputBox('Name of the agent').waitFor({ timeout: 3000 });
    });
    await workbench.answerInput('Name of the agent', 'production');
    await workbench.answerDialog('Add Agent');
    await eventually(() => assert.equal(gitlab.world.agents[2]?.tokens.length, 1));
    const secret = gitlab.world.agents[2]?.tokens[0]?.secret ?? assert.fail('no token');
    await eventually(async () => assert.ok((await workbench.readDialog()).detail.startsWith(secret)));
    await workbench.screenshot(`agent-token-${editor.version}`);
    await workbench.page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await workbench.answerDialog('Copy Token');
    // From here on it is searched for everywhere: in rows, notifications, the log, the history and files.
    editor.secrets.add(secret);
    const copied = () => workbench.page.evaluate(() => navigator.clipboard.readText());
    await eventually(async () => assert.equal(await copied(), secret));
    await workbench
      .row(/^production/)
      .filter({ hasText: 'never connected' })
      .waitFor();

    await workbench.chooseFromMenu(workbench.row('platform-agent'), 'Open Configuration File');
    await workbench.page.locator('.monaco-editor .view-lines').filter({ hasText: '# The money first' }).waitFor();
    await workbench.screenshot(`agents-${editor.version}`);
    await workbench.runCommand('GitLab Clusters: Show Changes…');
    await workbench.quickPick(/Added token production of agent production/).waitFor();
    await editor.searchWindows('the history');
    await workbench.page.keyboard.press('Escape');
    await workbench.runCommand('GitLab Clusters: Show Log');
    await workbench.page.locator('.part.panel .view-lines').filter({ hasText: 'cluster_agents' }).waitFor();
    await editor.searchWindows('the log');
  });
});
