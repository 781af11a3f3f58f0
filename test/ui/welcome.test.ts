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
});
