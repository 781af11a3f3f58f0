import assert from 'node:assert/strict';
import { json } from '../gitlab/answer';
import { certificate } from '../gitlab/certificates';
import { demoFleet } from '../gitlab/demoFleet';
import { generatedFleet } from '../gitlab/generatedFleet';
import { addProject } from '../gitlab/populate';
import { startGitLab, type GitLab } from '../gitlab/server';
import type { Workbench } from '../lab/workbench';
import { eventually } from './eventually';
import { openWithHosts } from './hosts';
import { useEditor } from './useEditor';

const API_URL = 'https://k8s-2.example.com:6443';
/** Without what all begin with. */
const SHOWN_URL = 'k8s-2.example.com:6443';

describe('Changing many clusters', () => {
  const editor = useEditor();
  let gitlab: GitLab;
  let workbench: Workbench;

  beforeEach(async () => {
    gitlab = await startGitLab({ world: generatedFleet({ projects: 60, clusters: 50 }) });
    for (const cluster of registrations()) cluster.namespacePerEnvironment = cluster.id % 2 === 0;
    const owner = gitlab.world.clusters.find(({ name }) => name === 'cluster-44')?.owner;
    const project = gitlab.world.projects.find(({ id }) => owner?.level === 'project' && id === owner.id);
    assert.ok(project);
    project.archived = true;
    const host = { url: gitlab.url, token: 'fleet-admin', name: 'Fleet GitLab' };
    workbench = await openWithHosts(editor, [host]);
    await workbench.row('All clusters').locator('.monaco-tl-twistie').click();
    await workbench.row('All clusters').filter({ hasText: '50 clusters · just now' }).waitFor();
    await workbench.clickViewTitle('Filter Clusters…');
    await workbench.inputBox('Filter Clusters').waitFor();
    await workbench.typeQuickInput('k8s-2');
    await workbench.acceptQuickInput();
    await workbench.runCommand('GitLab Clusters: Group By…');
    await workbench.choose('API URL');
    await workbench.row(SHOWN_URL).filter({ hasText: '10 clusters' }).waitFor();
  });
  afterEach(async () => {
    await workbench.close();
    await gitlab.close();
  });

  const registrations = () => gitlab.world.clusters.filter(({ platform }) => platform?.apiUrl === API_URL);
  /** GitLab refuses changes below an archived project. */
  const changeable = () =>
    registrations().filter(
      ({ owner }) =>
        owner.level !== 'project' || gitlab.world.projects.some(({ id, archived }) => id === owner.id && !archived),
    );
  const puts = () =>
    gitlab.requests.flatMap(({ method, path, body, status }) => {
      const parsed: unknown = method === 'PUT' ? JSON.parse(body) : undefined;
      return parsed === undefined ? [] : [{ id: Number(path.split('/').at(-1)), body: parsed, status }];
    });
  /** The shown text; VS Code writes blanks as no-break spaces and renders only what fits. */
  const shownText = async () =>
    (await workbench.page.locator('.monaco-editor .view-lines').innerText()).replaceAll('\u00a0', ' ');
  const showsText = (pattern: RegExp) => eventually(async () => assert.match(await shownText(), pattern));

  it('shows the table, rotates the CA of all registrations of an API URL, and tries the failed one again [main way]', async () => {
    const pem = certificate('production-eu').trim();
    const wanted = changeable();
    const cannot = registrations().length - wanted.length;
    assert.ok(cannot > 0);
    await workbench.page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await workbench.page.evaluate((text) => navigator.clipboard.writeText(text), pem);
    await workbench.chooseFromMenu(workbench.row(SHOWN_URL), 'Change Clusters…');
    await workbench.choose('Replace CA Certificate…');
    await workbench.choose('From the Clipboard');

    const question = `Replace the CA certificate of ${wanted.length} clusters?`;
    const { message, detail } = await workbench.readDialog();
    assert.equal(message, question);
    assert.match(detail, new RegExp(`^Cannot be changed: ${cannot}\nThe new CA certificate: `));
    await workbench.screenshot(`bulk-question-${editor.version}`);
    await workbench.answerDialog('Read the Table First');
    await workbench.tab('Planned changes of clusters').waitFor();
    await workbench.notification(question).waitFor();
    await workbench.screenshot(`bulk-table-${editor.version}`);
    await showsText(new RegExp(`Will be changed: ${wanted.length}\n(.*\n)+.*cluster-50 .*CA certificate`));
    assert.deepEqual(puts(), []);

    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    let count = 0;
    const letGo = gitlab.onRequest(async ({ request }) => {
      if (request.method !== 'PUT') return undefined;
      count++;
      if (count === 3) return json(500, { message: '500 Internal Server Error' });
      if (count > 4) await held;
      return undefined;
    });
    await workbench.answerNotification(question, 'Change');
    await workbench.notification(`Changing ${wanted.length} clusters`).waitFor();
    await workbench.notification(/\d of \d+, 1 failed/).waitFor();
    await workbench.screenshot(`bulk-progress-${editor.version}`);
    release();
    const partly = `Changed ${wanted.length - 1} clusters. Failed: 1. Could not be changed: ${cannot}.`;
    await workbench.notification(partly).waitFor();
    await workbench.tab('Results of changing clusters').waitFor();
    await workbench.screenshot(`bulk-results-${editor.version}`);
    await showsText(/Failed: 1\n/);
    letGo();
    const [failed] = puts().filter(({ status }) => status === 500);
    assert.ok(failed);
    assert.notEqual(registrations().find(({ id }) => id === failed.id)?.platform?.caCert, pem);

    await workbench.answerNotification(partly, 'Retry the Failed');
    await workbench.notification(`Changed ${wanted.length} clusters. Could not be changed: ${cannot}.`).waitFor();
    await workbench.screenshot(`bulk-retried-${editor.version}`);
    const expected = wanted.map(({ id }) => ({
      id,
      // As it was: GitLab would turn it on where it is left out.
      body: { namespace_per_environment: id % 2 === 0, platform_kubernetes_attributes: { ca_cert: pem } },
      status: 200,
    }));
    const byId = (one: { id: number }, other: { id: number }): number => one.id - other.id;
    assert.deepEqual(
      puts()
        .filter(({ status }) => status !== 500)
        .sort(byId),
      expected.sort(byId),
    );
    assert.equal(puts().length, wanted.length + 1);
    assert.deepEqual(
      gitlab.world.clusters.filter(({ platform }) => platform?.caCert?.trim() === pem).map(({ id }) => id),
      wanted.map(({ id }) => id),
    );
  });

  it('offers all registrations when one has a new service token, which no table shows', async () => {
    editor.secrets.add('eyJ-not-for-eyes');
    await workbench.expand(workbench.row(SHOWN_URL));
    await workbench.chooseFromMenu(workbench.row('cluster-41'), 'Change Clusters…');
    await workbench.choose('Replace Service Token…');
    await workbench.choose(`All 10 registrations of ${API_URL}`);
    await workbench.answerInput('New token of the service account', 'eyJ-not-for-eyes');
    const { message } = await workbench.readDialog();
    assert.equal(message, `Replace the service token of ${changeable().length} clusters?`);
    await workbench.answerDialog('Cancel');
    await showsText(/Service token +\(not shown\) +→ +replaced/);
    assert.ok(!(await shownText()).includes('eyJ-not-for-eyes'));
    assert.deepEqual(puts(), []);
  });

  it('searches a management project at GitLab, says whom it cannot manage, and sets it on the others', async () => {
    const [some] = changeable().filter(({ owner }) => owner.level === 'project');
    assert.ok(some);
    const at = (id: number) => gitlab.world.projects.find((project) => project.id === id);
    const { namespace } = at(some.owner.level === 'project' ? some.owner.id : 0) ?? {};
    assert.ok(namespace?.kind === 'group');
    const group = gitlab.world.groups.find(({ id }) => id === namespace.id);
    assert.ok(group);
    const manager = addProject(gitlab.world, 'cluster-management', group);

    await workbench.chooseFromMenu(workbench.row(SHOWN_URL), 'Change Clusters…');
    await workbench.choose('Set Management Project…');
    await workbench.quickPick('None').waitFor();
    await workbench.typeQuickInput('cluster-management');
    // Until GitLab has answered, what was found before stands there, and would move from under the pointer.
    await workbench.quickPick('None').waitFor({ state: 'detached' });
    const found = workbench.quickPick(/\/cluster-management$/);
    await found.filter({ hasText: /for \d of 10 clusters/ }).waitFor();
    await workbench.screenshot(`bulk-management-${editor.version}`);
    await found.click();
    const { message, detail } = await workbench.readDialog();
    assert.match(message, /^Make \S*\/cluster-management the management project of \d clusters?\?$/);
    assert.match(detail, /^Cannot be changed: \d$/);
    await workbench.screenshot(`bulk-management-question-${editor.version}`);
    await showsText(/GitLab accepts only projects/);
    await workbench.answerDialog('Change');
    await workbench.notification(/Changed \d clusters?\. Could not be changed: \d\./).waitFor();
    assert.deepEqual(new Set(puts().map(({ status }) => status)), new Set([200]));
    assert.equal(some.managementProjectId, manager.id);

    // The results are brought to the front where they are, also beside another editor.
    const results = workbench.page.locator('.tabs-container .tab').filter({ hasText: 'Results of changing clusters' });
    await results.waitFor();
    await workbench.runCommand('View: New Editor Group to the Right');
    const inactive = workbench.page.locator('.editor-group-container:not(.active)').filter({ has: results });
    await inactive.waitFor();
    await workbench.answerNotification(/Changed \d/, 'Show Results');
    await inactive.waitFor({ state: 'detached' });
    assert.equal(await results.count(), 1);
  });

  it('changes all that match the filter, is cancelled, tries the failed one again alone, and goes on', async () => {
    const wanted = changeable().length;
    await workbench.runCommand('GitLab Clusters: Change Clusters…');
    await workbench.choose('What matches “k8s-2”');
    await workbench.choose('Disable');
    assert.equal((await workbench.readDialog()).message, `Disable ${wanted} clusters?`);
    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    let begun = 0;
    let full: () => void = () => undefined;
    const four = new Promise<void>((resolve) => (full = resolve));
    gitlab.onRequest(async ({ request }) => {
      if (request.method !== 'PUT') return undefined;
      const turn = ++begun;
      if (turn === 4) full();
      await held;
      return turn === 1 ? json(500, { message: '500 Internal Server Error' }) : undefined;
    });
    await workbench.answerDialog('Change');
    await four;
    const progress = workbench.notification(`Changing ${wanted} clusters`);
    await workbench.answerNotification(`Changing ${wanted} clusters`, 'Cancel');
    await progress.waitFor({ state: 'hidden' });
    // The window hides it at once and tells the extension host after; what that answers now comes behind the telling.
    await workbench.runCommand('GitLab Clusters: Sort By…');
    await workbench.quickPick('Name').waitFor();
    await workbench.page.keyboard.press('Escape');
    assert.equal(begun, 4);
    release();
    const partly = /Changed (\d) clusters?\. Failed: 1\. Not begun: (\d)\./;
    await workbench.notification(partly).waitFor();
    await workbench.screenshot(`bulk-cancelled-${editor.version}`);
    const [, changed, notBegun] = partly.exec((await workbench.readNotifications()).join('\n')) ?? [];
    const disabled = () => registrations().filter(({ enabled }) => !enabled).length;
    assert.deepEqual([Number(changed), Number(notBegun)], [disabled(), wanted - disabled() - 1]);
    await workbench.answerNotification(partly, 'Retry the Failed');
    const retried = `Changed ${Number(changed) + 1} clusters. Not begun: ${notBegun}.`;
    await workbench.notification(retried).waitFor();
    assert.equal(disabled(), Number(changed) + 1);
    await workbench.answerNotification(retried, 'Continue');
    // In the results, since VS Code 1.100 shows no more than three notifications within 0.8 s.
    await showsText(new RegExp(`Changed: ${wanted}\n`));
    assert.equal(disabled(), wanted);
    assert.equal(puts().length, wanted + 1, 'each was sent once, the failed one twice');
  });

  it('deletes many after a table of what goes, and leaves what cannot', async () => {
    const wanted = changeable().map(({ id }) => id);
    const left = registrations().length - wanted.length;
    await workbench.chooseFromMenu(workbench.row(SHOWN_URL), 'Change Clusters…');
    await workbench.choose('Delete…');
    const { message, detail } = await workbench.readDialog();
    assert.equal(message, `Delete ${wanted.length} clusters from GitLab?`);
    assert.match(detail, new RegExp(`^Cannot be changed: ${left}\nOnly GitLab’s record goes\\.`));
    await showsText(new RegExp(`Will be deleted: ${wanted.length}\n`));
    await workbench.screenshot(`bulk-delete-${editor.version}`);
    assert.equal(registrations().length, wanted.length + left);
    await workbench.answerDialog('Delete');
    await workbench.notification(`Deleted ${wanted.length} clusters. Could not be changed: ${left}.`).waitFor();
    assert.deepEqual(
      gitlab.world.clusters.filter(({ id }) => wanted.includes(id)),
      [],
    );
    assert.equal(registrations().length, left);
    await workbench.row(SHOWN_URL).filter({ hasText: '1 cluster' }).waitFor();
  });
});

describe('Setting the management project of a watched project’s cluster', () => {
  const editor = useEditor();

  it('goes by where the project is now, though its group was renamed since it was watched', async () => {
    const gitlab = await startGitLab({ world: demoFleet() });
    try {
      const projects = [{ id: 1, path: 'platform/payments-api' }];
      const host = { url: gitlab.url, token: 'demo-maintainer', name: 'Example GitLab', projects };
      const workbench = await openWithHosts(editor, [host]);
      const [platform = assert.fail('no group')] = gitlab.world.groups;
      platform.path = 'infra';
      await workbench.chooseFromMenu(workbench.row('review'), 'Change Clusters…');
      await workbench.choose('Set Management Project…');
      await workbench.quickPick('None').waitFor();
      await workbench.typeQuickInput('cluster-management');
      await workbench.quickPick('None').waitFor({ state: 'detached' });
      await workbench.choose('infra/cluster-management');
      const question = 'Make infra/cluster-management the management project of 1 cluster?';
      await workbench.dialog.filter({ hasText: question }).waitFor();
      await workbench.answerDialog('Change');
      await workbench.notification('Changed 1 cluster.').waitFor();
      assert.equal(gitlab.world.clusters.find(({ name }) => name === 'review')?.managementProjectId, 3);
    } finally {
      await gitlab.close();
    }
  });
});
