import { AxeBuilder } from '@axe-core/playwright';
import assert from 'node:assert/strict';
import { json } from '../gitlab/answer';
import { demoFleet } from '../gitlab/demoFleet';
import { startGitLab, type GitLab } from '../gitlab/server';
import { themes, type Workbench } from '../lab/workbench';
import { eventually } from './eventually';
import { openWithHosts } from './hosts';
import { useEditor } from './useEditor';

const WIDTH = 300;

describe('The tree in a side bar of 300 pixels', () => {
  const editor = useEditor();
  let gitlab: GitLab;
  let broken: GitLab;
  let workbench: Workbench;

  beforeEach(async () => {
    gitlab = await startGitLab({ world: demoFleet() });
    broken = await startGitLab({ world: demoFleet() });
    broken.onRequest(({ request }) =>
      request.path.includes('/projects/2/clusters') ? json(500, { message: '500 Internal Server Error' }) : undefined,
    );
  });
  afterEach(async () => {
    await workbench.close();
    await Promise.all([gitlab.close(), broken.close()]);
  });

  /** Drags the edge of the side bar. */
  async function narrow(): Promise<void> {
    const bar = workbench.page.locator('.part.sidebar');
    const box = await bar.boundingBox();
    assert.ok(box);
    const { mouse } = workbench.page;
    await mouse.move(box.x + box.width, box.y + 500);
    await mouse.down();
    await mouse.move(box.x + WIDTH - 20, box.y + 500, { steps: 3 });
    await mouse.move(box.x + WIDTH, box.y + 500);
    await mouse.up();
    await eventually(async () => assert.equal(Math.round((await bar.boundingBox())?.width ?? 0), WIDTH));
    await workbench.pointAside();
  }

  /**
   * The rows of which the name, or what the description begins with, is cut: a state, a number, or what a click does. A
   * warning is named after what is wrong, and what follows may be cut.
   */
  const cutRows = (warnings: string): Promise<string[]> =>
    workbench.rows.evaluateAll((rows, top) => {
      let isWarning = false;
      return rows
        .sort((a, b) => a.getBoundingClientRect().top - b.getBoundingClientRect().top)
        .filter((row) => {
          const box = row.querySelector('.monaco-icon-label-container');
          const name = row.querySelector('.label-name');
          const text = row.querySelector('.label-description')?.firstChild;
          if (!box || !name) return true;
          if (row.getAttribute('aria-level') === '2') isWarning = name.textContent === top;
          const range = document.createRange();
          range.selectNodeContents(text && (!isWarning || name.textContent === top) ? text : name);
          const right = (): number => range.getBoundingClientRect().right - box.getBoundingClientRect().right;
          if (right() <= 0) return false;
          const at = text?.textContent?.indexOf(' · ') ?? -1;
          if (!text || isWarning || at < 0) return true;
          range.setEnd(text, at);
          // Three points take the place of what is left out.
          return right() + 12 > 0;
        })
        .map((row) => row.textContent?.trim() ?? '');
    }, warnings);

  const looks = [
    ...Object.entries(themes).map(([name, theme]) => ({ name, theme, language: undefined })),
    { name: 'german', theme: themes.light, language: 'de' },
  ];
  for (const { name, theme, language } of looks) {
    it(`shows what each row is about without cutting it, and passes axe (${name})`, async () => {
      const token = 'demo-admin-token';
      const payments = { id: 1, path: 'platform/payments-api' };
      const hosts = [
        { url: gitlab.url, token, name: 'Example GitLab', projects: [payments] },
        {
          url: broken.url,
          token: 'demo-plain-admin',
          name: 'Edge GitLab',
          projects: [{ id: 2, path: 'platform/checkout-web' }],
        },
      ];
      workbench = await openWithHosts(editor, hosts, { 'workbench.colorTheme': theme }, language);
      await narrow();
      const german = language === 'de';
      await workbench.expand(workbench.row(german ? 'GitLab-Agents' : 'GitLab agents'));
      await workbench
        .row('platform-agent')
        .or(workbench.row(/jobs|Jobs/))
        .first()
        .waitFor();
      const all = workbench.row(german ? 'Alle Cluster' : 'All clusters');
      await all.locator('.monaco-tl-twistie').click();
      await all.filter({ hasText: german ? 'gerade eben' : 'just now' }).waitFor();
      await workbench.expand(workbench.row(german ? 'Warnungen' : 'Warnings'));
      await workbench.row(german ? /abgelaufen/ : 'CA certificate expired').waitFor();
      await workbench.pointAside();
      await workbench.page.keyboard.press('Escape');
      await workbench.screenshot(`narrow-${name}-${editor.version}`);
      const { violations } = await new AxeBuilder({ page: workbench.page })
        .include('.sidebar .tree-explorer-viewlet-tree-view')
        // That rule reads "Instance2 clusters", since VS Code sets label and description apart by style alone.
        .disableRules('label-content-name-mismatch')
        .analyze();
      assert.deepEqual(
        violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`)),
        [],
      );
      assert.deepEqual(await cutRows(german ? 'Warnungen' : 'Warnings'), []);
    });
  }
});
