import assert from 'node:assert/strict';
import { themes, type Workbench } from '../lab/workbench';
import { useEditor } from './useEditor';

describe('The view without hosts', () => {
  const editor = useEditor();

  for (const [name, theme] of Object.entries(themes)) {
    it(`offers to add a host (${name})`, async () => {
      const workbench = await editor.open({ settings: { 'workbench.colorTheme': theme } });
      await workbench.openView('GitLab Clusters');
      await workbench.welcome.getByRole('button', { name: 'Add GitLab Host' }).waitFor();
      assert.deepEqual(await workbench.readRows(), []);
      await workbench.screenshot(`welcome-${name}-${editor.version}`);
    });
  }

  it('leads to a walkthrough whose steps run the commands they speak of [main way]', async () => {
    const workbench = await editor.open();
    // Wide enough for the pictures beside the steps.
    await workbench.page.setViewportSize({ width: 1700, height: 900 });
    await workbench.openView('GitLab Clusters');
    await workbench.welcome
      .locator('a')
      .filter({ hasText: /^Get started$/ })
      .click();
    const steps = workbench.page.locator('.gettingStartedContainer .getting-started-step:visible');
    for (const [index, title] of titles.entries()) {
      const step = steps.nth(index);
      await step.locator('.step-title').filter({ hasText: title }).waitFor();
      await step.click();
    }
    await workbench.screenshot(`walkthrough-${editor.version}`);
    await steps.first().click();
    await steps.first().getByRole('button', { name: 'Add GitLab Host' }).click();
    await workbench.inputBox('Address of your GitLab').waitFor();
    await workbench.page.keyboard.press('Escape');
    await workbench.quickInput.waitFor({ state: 'hidden' });
    await closeWalkthrough(workbench);
  });

  it('ticks the first step of the walkthrough for somebody who has hosts, before the view is opened', async () => {
    const firstStep = async (hosts: readonly object[]) => {
      const workbench = await editor.open({ settings: { 'gitlabClusters.hosts': hosts } });
      await workbench.runCommand('Welcome: Open Walkthrough...');
      await workbench.choose('Get Started with GitLab Clusters');
      const steps = workbench.page.locator('.gettingStartedContainer .getting-started-step:visible');
      await steps.filter({ hasText: 'Find every cluster' }).waitFor();
      return { workbench, step: steps.filter({ hasText: 'Add a GitLab host' }) };
    };
    const { workbench, step } = await firstStep([{ url: 'https://gitlab.example.com', name: 'Example GitLab' }]);
    await step.locator('.codicon-getting-started-step-checked').waitFor();
    await workbench.screenshot(`walkthrough-with-hosts-${editor.version}`);
    await closeWalkthrough(workbench);
    await workbench.close();
    const { step: open, workbench: fresh } = await firstStep([]);
    await open.locator('.codicon-getting-started-step-unchecked').waitFor();
    await closeWalkthrough(fresh);
  });
});

/** Its pictures are webviews without scripts, which no search can look into: they must be gone at the end of a test. */
async function closeWalkthrough(workbench: Workbench): Promise<void> {
  await workbench.tab('').locator('.tab-actions [aria-label^="Close"]').click();
  await workbench.page.locator('iframe.webview').first().waitFor({ state: 'detached' });
}

const titles = [
  'Add a GitLab host',
  'Find every cluster',
  'Watch what you care about',
  'Add and edit clusters',
  'Change many at once',
];
