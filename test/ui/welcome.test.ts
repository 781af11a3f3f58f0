import assert from 'node:assert/strict';
import { themes } from '../lab/workbench';
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
    // The pictures are webviews without scripts, which no search can look into: they must be gone at the end.
    await workbench.page.keyboard.press('Escape');
    await workbench.quickInput.waitFor({ state: 'hidden' });
    await workbench.tab('').locator('.tab-actions [aria-label^="Close"]').click();
    await workbench.page.locator('iframe.webview').first().waitFor({ state: 'detached' });
  });
});

const titles = [
  'Add a GitLab host',
  'Find every cluster',
  'Watch what you care about',
  'Add and edit clusters',
  'Change many at once',
];
