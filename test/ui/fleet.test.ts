import assert from 'node:assert/strict';
import type { ClusterRecord } from '../gitlab/world';
import { generatedFleet } from '../gitlab/generatedFleet';
import { addCluster, setRole } from '../gitlab/populate';
import { startGitLab, type GitLab } from '../gitlab/server';
import type { Workbench } from '../lab/workbench';
import { eventually } from './eventually';
import { openWithHosts } from './hosts';
import { useEditor } from './useEditor';

describe('All clusters of a host', () => {
  const editor = useEditor();
  let gitlab: GitLab;
  let workbench: Workbench;

  beforeEach(async () => {
    gitlab = await startGitLab({ world: generatedFleet({ projects: 60, clusters: 50 }) });
    const host = { url: gitlab.url, token: 'fleet-admin', name: 'Fleet GitLab' };
    workbench = await openWithHosts(editor, [host]);
    // Tall enough for all rows: VS Code renders only what fits.
    await workbench.page.setViewportSize({ width: 1280, height: 3000 });
    await workbench.row('All clusters').waitFor();
  });
  afterEach(async () => {
    await workbench.close();
    await gitlab.close();
  });

  const all = () => workbench.row('All clusters');
  const described = (text: string | RegExp) => all().filter({ hasText: text });
  const message = () => workbench.page.locator('.sidebar .tree-explorer-viewlet-tree-view .message');

  async function findAll(): Promise<void> {
    await all().locator('.monaco-tl-twistie').click();
    await described('50 clusters · just now').waitFor();
  }

  async function filter(text: string): Promise<void> {
    await workbench.clickViewTitle('Filter Clusters…');
    await workbench.inputBox('Filter Clusters').waitFor();
    await workbench.typeQuickInput(text);
  }

  /** Every cluster row as the path that leads to it: labels from the host down. */
  async function shownClusters(): Promise<string[]> {
    const above: string[] = [];
    const found: string[] = [];
    for (const { label, level } of await workbench.readRows()) {
      above.length = level - 1;
      above.push(label);
      if (/^cluster-\d+$/.test(label)) found.push(above.slice(1).join('/'));
    }
    return found.sort();
  }

  /** The same as the world has it. */
  function worldClusters(which: (cluster: ClusterRecord) => boolean = () => true): string[] {
    const { world } = gitlab;
    const groupPath = (id: number | null): string => {
      const group = world.groups.find((one) => one.id === id);
      return group ? [groupPath(group.parentId), group.path].filter(Boolean).join('/') : '';
    };
    return world.clusters
      .filter(which)
      .map(({ owner, name }) => {
        if (owner.level === 'instance') return `Instance/${name}`;
        if (owner.level === 'group') return `${groupPath(owner.id)}/${name}`;
        return `${projectPath(gitlab, owner.id, groupPath)}/${name}`;
      })
      .sort();
  }

  it('are found when asked for and not before, nest as in GitLab, and can be filtered [main way]', async () => {
    const crawling = () => gitlab.requests.filter(({ path }) => /discover|\/clusters|\/groups\?/.test(path));
    assert.deepEqual(
      crawling().filter(({ path }) => !path.includes('/admin/clusters')),
      [],
    );
    await findAll();
    await workbench.screenshot(`fleet-all-${editor.version}`);

    await filter('cluster-');
    await message().filter({ hasText: '50 of 50 clusters match “cluster-”' }).waitFor();
    await workbench.row('cluster-50').waitFor();
    await eventually(async () => assert.deepEqual(await shownClusters(), worldClusters()));
    const disabled = worldClusters(({ enabled }) => !enabled);
    await workbench.typeQuickInput('disabled');
    await message()
      .filter({ hasText: `${disabled.length} of 50 clusters match “disabled”` })
      .waitFor();
    await workbench.row('cluster-50').waitFor({ state: 'detached' });
    await workbench.page.setViewportSize({ width: 1280, height: 900 });
    await workbench.screenshot(`fleet-filter-${editor.version}`);
    await eventually(async () => assert.deepEqual(await shownClusters(), disabled));
    await workbench.acceptQuickInput();

    await workbench.clickViewTitle('Clear Filter');
    await message().waitFor({ state: 'hidden' });
    await all().waitFor();
  });

  it('are grouped by API URL over all hosts, opened from a list, and exported [main way]', async () => {
    await findAll();
    await workbench.runCommand('GitLab Clusters: Group By…');
    await workbench.choose('API URL');
    await workbench.row('k8s-1.example.com:6443').filter({ hasText: '40 clusters' }).waitFor();
    await workbench.expand(workbench.row('k8s-2.example.com:6443'));
    await workbench.row('cluster-41').waitFor();
    await workbench.page.setViewportSize({ width: 1280, height: 900 });
    await workbench.screenshot(`fleet-by-api-url-${editor.version}`);
    await eventually(async () => assert.equal((await shownClusters()).length, 10));

    await workbench.runCommand('GitLab Clusters: Go to Cluster…');
    await workbench.inputBox('Go to Cluster').waitFor();
    await workbench.typeQuickInput('cluster-7');
    await workbench.choose('cluster-7');
    await workbench.tab(/^cluster-7 · .*\.yaml/).waitFor();
    const selected = workbench.page.locator('.sidebar .monaco-list-row.selected');
    await selected.filter({ hasText: 'cluster-7' }).waitFor();
    await workbench.screenshot(`fleet-go-to-${editor.version}`);

    await workbench.runCommand('GitLab Clusters: Export Clusters…');
    await workbench.choose('Markdown');
    await workbench.notification('Exported 50 clusters.').waitFor();
    const text = workbench.page.locator('.monaco-editor .view-lines');
    await text.filter({ hasText: 'environmentScope' }).waitFor();
    await workbench.screenshot(`fleet-export-${editor.version}`);

    await workbench.runCommand('GitLab Clusters: Group By…');
    await workbench.choose('Location');
    await workbench.row('Fleet GitLab').waitFor();
  });

  it('known by name only, where the integration is switched off, are found in groups and lists too', async () => {
    // Discovery names what lies below the administrator's own memberships.
    const { world } = gitlab;
    const root = world.users.find(({ admin }) => admin);
    assert.ok(root);
    for (const group of world.groups.filter(({ parentId }) => parentId === null)) setRole(world, root, group, 40);
    gitlab.flagOff = true;
    await all().locator('.monaco-tl-twistie').click();
    await described('just now').waitFor();
    await workbench.runCommand('GitLab Clusters: Group By…');
    await workbench.choose('API URL');
    const unknown = workbench.row('Unknown').filter({ hasText: 'Cluster integration switched off' });
    await workbench.expand(unknown);
    await workbench.row(/^cluster-\d+$/).waitFor();
    const names = (await workbench.readRows()).map(({ label }) => label).filter((label) => /^cluster-/.test(label));
    await workbench.page.setViewportSize({ width: 1280, height: 900 });
    await workbench.screenshot(`fleet-names-only-${editor.version}`);
    assert.ok(names.length > 10);
    await unknown.locator('.monaco-tl-twistie').click();

    const [name] = names;
    assert.ok(name);
    await workbench.runCommand('GitLab Clusters: Go to Cluster…');
    await workbench.inputBox('Go to Cluster').waitFor();
    await workbench.typeQuickInput(name);
    await workbench.screenshot(`fleet-names-go-to-${editor.version}`);
    await workbench.choose(name);
    await workbench.notification(`GitLab reveals only the name of ${name} · `).waitFor();
    await workbench.page.locator('.sidebar .monaco-list-row.selected').filter({ hasText: name }).waitFor();

    await workbench.page.setViewportSize({ width: 1280, height: 3000 });
    await workbench.runCommand('GitLab Clusters: Export Clusters…');
    await workbench.choose('CSV');
    // Those of the instance were read while it was on.
    const read = gitlab.world.clusters.filter(({ owner }) => owner.level === 'instance').length;
    await workbench.notification(`Exported ${names.length + read} clusters.`).waitFor();
    const text = workbench.page.locator('.monaco-editor .view-lines');
    await text.filter({ hasText: new RegExp(`,${name},\\d+,,,,,,,,`) }).waitFor();
  });

  it('are shown by pages where they are many', async () => {
    for (let index = 1; index <= 250; index++)
      addCluster(gitlab.world, 'instance', { name: `many-${index}`, environmentScope: `many-${index}` });
    await workbench.page.setViewportSize({ width: 1280, height: 6000 });
    await all().locator('.monaco-tl-twistie').click();
    await described('300 clusters · just now').waitFor();
    // The list of the watched instance is the one just found, by pages too.
    const below = async (): Promise<number> => {
      const rows = await workbench.readRows();
      return rows.findIndex(({ label }) => label === 'All clusters') - 2;
    };
    await eventually(async () => assert.equal(await below(), 201));
    await workbench.runCommand('GitLab Clusters: Group By…');
    await workbench.choose('Level');
    await workbench.expand(workbench.row('Instance clusters').filter({ hasText: '255 clusters' }));
    const more = workbench.row('Show 55 more').filter({ hasText: '55 not shown' });
    await more.waitFor();
    const shown = async (): Promise<number> => (await workbench.readRows()).filter(({ level }) => level === 2).length;
    await eventually(async () => assert.equal(await shown(), 201));
    await more.click();
    await workbench.row('many-250').waitFor();
    await more.waitFor({ state: 'detached' });
    await eventually(async () => assert.equal(await shown(), 255));
  });

  it('are watched from their rows, one or several at once, and say so', async () => {
    await findAll();
    const above = async (): Promise<string[]> => {
      const labels = (await workbench.readRows()).map(({ label }) => label);
      return labels.slice(0, labels.indexOf('All clusters')).filter((label) => /^(group|project)-/.test(label));
    };
    const below = (label: string) => workbench.row(label, 3);
    await workbench.clickInline(below('group-1'), 'Watch');
    await below('group-1').filter({ hasText: 'watched' }).waitFor();
    await eventually(async () => assert.deepEqual(await above(), ['group-1']));

    await below('group-6').click();
    await below('group-11').click({ modifiers: ['ControlOrMeta'] });
    assert.ok((await workbench.readMenu(below('group-11'))).includes('Watch'));
    await workbench.chooseFromMenu(below('group-11'), 'Watch');
    await below('group-11').filter({ hasText: 'watched' }).waitFor();
    await eventually(async () => assert.deepEqual(await above(), ['group-1', 'group-6', 'group-11']));
    assert.ok(!(await workbench.readMenu(below('group-1'))).includes('Watch'));
    await workbench.page.setViewportSize({ width: 1280, height: 900 });
    await workbench.screenshot(`fleet-watched-${editor.version}`);
    await workbench.page.setViewportSize({ width: 1280, height: 3000 });

    await below('group-6').click();
    await below('group-11').click({ modifiers: ['ControlOrMeta'] });
    await workbench.chooseFromMenu(below('group-11'), 'Stop Watching');
    await below('group-11').filter({ hasNotText: 'watched' }).waitFor();
    await eventually(async () => assert.deepEqual(await above(), ['group-1']));

    await workbench.runCommand('GitLab Clusters: Stop Watching');
    await workbench.choose('group-1');
    await workbench.acceptQuickInput();
    await below('group-1').filter({ hasNotText: 'watched' }).waitFor();
    await eventually(async () => assert.deepEqual(await above(), []));
  });

  it('are found again by Refresh All and from their own row, whose menu has all there is to do', async () => {
    await findAll();
    const menu = ['Filter Clusters…', 'Group By…', 'Sort By…', 'Diagnose Clusters', 'Export Clusters…'];
    assert.deepEqual(await workbench.readMenu(all()), ['Find Again', 'Find GitLab Agents…', ...menu]);
    gitlab.world.clusters.splice(0, 1);
    await workbench.clickViewTitle('Refresh All');
    await described('49 clusters · just now').waitFor();
    gitlab.world.clusters.splice(0, 2);
    await workbench.clickInline(all(), 'Find Again');
    await described('47 clusters · just now').waitFor();

    await workbench.chooseFromMenu(all(), 'Export Clusters…');
    await workbench.choose('JSON');
    await workbench.notification('Exported 47 clusters.').waitFor();
  });

  it('stop being looked for when told so, go on from there, and are remembered', async () => {
    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    const letGo = gitlab.onRequest(async ({ request }) => {
      if (/\/(projects|groups)\/\d+\/clusters/.test(request.path)) await held;
      return undefined;
    });
    await all().locator('.monaco-tl-twistie').click();
    await described('seen').waitFor();
    await workbench.page.setViewportSize({ width: 1280, height: 900 });
    await workbench.screenshot(`fleet-progress-${editor.version}`);
    await workbench.clickInline(all(), 'Stop Finding Clusters');
    const stopped = workbench.row('Stopped').filter({ hasText: 'Continue' });
    await stopped.waitFor();
    assert.deepEqual((await workbench.readMenu(all())).slice(0, 2), ['Continue Finding Clusters', 'Find Again']);
    await workbench.screenshot(`fleet-stopped-${editor.version}`);
    release();
    letGo();
    await stopped.click();
    await described('50 clusters · just now').waitFor();
    await stopped.waitFor({ state: 'detached' });

    // Another window of the same user, which hears nothing from GitLab about owners.
    let forget: () => void = () => undefined;
    const silent = new Promise<void>((resolve) => (forget = resolve));
    const hear = gitlab.onRequest(async ({ request }) => {
      if (/\/groups\?|\/projects\?.*keyset|\/clusters/.test(request.path)) await silent;
      return undefined;
    });
    const again = await editor.open({ sameUserAs: workbench });
    await again.openView('GitLab Clusters');
    await again.expand(again.row('Fleet GitLab'));
    await again.expand(again.row('All clusters'));
    await again.row('group-1').waitFor();
    await again.screenshot(`fleet-remembered-${editor.version}`);
    forget();
    hear();
    await again.row('All clusters').filter({ hasText: '50 clusters · just now' }).waitFor();
  });

  it('are looked for again at the next start in groups too, dated until then, and can be stopped there', async () => {
    await findAll();
    await workbench.runCommand('GitLab Clusters: Group By…');
    await workbench.choose('API URL');
    await workbench.row('k8s-1.example.com:6443').waitFor();
    let identify: () => void = () => undefined;
    const unknown = new Promise<void>((resolve) => (identify = resolve));
    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    gitlab.onRequest(async ({ request }) => {
      if (request.path.endsWith('/user')) await unknown;
      if (/\/(projects|groups)\/\d+\/clusters/.test(request.path)) await held;
      return undefined;
    });
    const again = await editor.open({ sameUserAs: workbench });
    await again.openView('GitLab Clusters');
    await again.row('k8s-1.example.com:6443').filter({ hasText: '40 clusters' }).waitFor();
    await again.row(/^Fleet GitLab: Found (just now|1 minute ago)$/).waitFor();
    await again.screenshot(`fleet-groups-remembered-${editor.version}`);
    identify();
    // Groups stay the same all the while: the row follows the progress by itself.
    const going = again.row(/^Fleet GitLab: Finding clusters: .* seen$/);
    await going.waitFor();
    await again.screenshot(`fleet-groups-progress-${editor.version}`);
    await again.clickInline(going, 'Stop Finding Clusters');
    await again.row('Fleet GitLab: Stopped').filter({ hasText: 'Continue' }).waitFor();
    release();
    await again.row('Fleet GitLab: Stopped').click();
    await again.row('Fleet GitLab: Stopped').waitFor({ state: 'detached' });
    await again.row('k8s-1.example.com:6443').filter({ hasText: '40 clusters' }).waitFor();
  });
});

function projectPath(gitlab: GitLab, id: number, groupPath: (id: number | null) => string): string {
  const project = gitlab.world.projects.find((one) => one.id === id);
  assert.ok(project);
  const { namespace } = project;
  const user = gitlab.world.users.find((one) => namespace.kind === 'user' && one.id === namespace.id);
  return `${user ? user.username : groupPath(namespace.id)}/${project.path}`;
}
