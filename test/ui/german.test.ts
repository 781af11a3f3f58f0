import assert from 'node:assert/strict';
import { demoFleet } from '../gitlab/demoFleet';
import { startGitLab, type GitLab } from '../gitlab/server';
import type { Workbench } from '../lab/workbench';
import { eventually } from './eventually';
import { ShownForm } from './forms';
import { openWithHosts } from './hosts';
import { useEditor } from './useEditor';

describe('A German VS Code', () => {
  const editor = useEditor();
  let gitlab: GitLab;
  let workbench: Workbench;

  beforeEach(async () => {
    gitlab = await startGitLab({ world: demoFleet() });
  });
  afterEach(async () => {
    await workbench.close();
    await gitlab.close();
  });

  it('shows rows, menus, questions, the form and the walkthrough in German, one thing and several', async () => {
    const host = {
      url: gitlab.url,
      token: 'demo-admin-token',
      name: 'Example GitLab',
      projects: [{ id: 1, path: 'platform/payments-api' }],
      groups: [{ id: 1, path: 'platform' }],
    };
    workbench = await openWithHosts(editor, [host], {}, 'de');
    const expected = [
      'Example GitLab — @root · GitLab 18.2',
      '  Instanz — 2 Cluster',
      '    gpu-pool — deaktiviert · gpu/*',
      '    shared-runners — *',
      '  platform — 1 Cluster',
      '    platform-default — *',
      '  payments-api — 5 Cluster · platform/payments-api',
      '    payments-eks — load-test · Amazon EKS',
      '    payments-gke — qa/* · Google GKE',
      '    production-eu — production',
      '    review — review/*',
      '    staging — CA abgelaufen · staging',
      '    GitLab-Agents — zum Ansehen aufklappen',
      '  Alle Cluster — zum Suchen aufklappen',
      '  Umzüge — zum Ansehen aufklappen',
      '  Warnungen — zum Prüfen aufklappen',
    ];
    await eventually(async () => {
      const rows = await workbench.readRows();
      const outline = rows.map(({ level, label, description }) => `${'  '.repeat(level - 1)}${label} — ${description}`);
      assert.deepEqual(outline, expected);
    });
    await workbench.page.keyboard.press('Escape');
    await workbench.screenshot(`german-tree-${editor.version}`);

    const staging = workbench.row('staging');
    await workbench.chooseFromMenu(staging, 'Cluster löschen…');
    const one = await workbench.readDialog();
    assert.equal(one.message, 'Cluster staging · payments-api · Example GitLab aus GitLab löschen?');
    assert.match(one.detail, /Nur der Datensatz in GitLab wird gelöscht\./);
    await workbench.page.keyboard.press('Escape');
    await workbench.row('review').click();
    await workbench.tab('review · payments-api').waitFor();
    await staging.click({ modifiers: ['ControlOrMeta'] });
    await workbench.chooseFromMenu(staging, 'Mehrere Cluster löschen…');
    assert.equal((await workbench.readDialog()).message, '2 Cluster aus GitLab löschen?');
    await workbench.page.keyboard.press('Escape');

    await workbench.runCommand('Welcome: Open Walkthrough...');
    await workbench.choose('Erste Schritte mit GitLab Clusters');
    await workbench.page.locator('.getting-started-step').filter({ hasText: 'Alle Cluster finden' }).waitFor();
    await workbench.screenshot(`german-walkthrough-${editor.version}`);

    await workbench.row('review').click();
    await workbench.chooseFromMenu(staging, 'Cluster bearbeiten…');
    const form = await new ShownForm(workbench).titled('staging bearbeiten');
    await form.frame.getByLabel(/^Umgebungsbereich \(erforderlich\)$/).waitFor();
    await form.button('Änderungen speichern').waitFor();
    await form.passesAxe('German');
    await workbench.screenshot(`german-form-${editor.version}`);
  });
});
