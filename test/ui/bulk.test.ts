import assert from 'node:assert/strict';
import { json } from '../gitlab/answer';
import { certificate } from '../gitlab/certificates';
import { generatedFleet } from '../gitlab/generatedFleet';
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

  it('replaces a connection everywhere after a table; is cancelled, tries the failed one again, goes on [main way]', async () => {
    const pem = certificate('production-eu').trim();
    const apiUrl = 'https://moved.example.com:6443';
    const token = 'eyJ-not-for-eyes';
    editor.secrets.add(token);
    const wanted = changeable();
    const cannot = registrations().length - wanted.length;
    assert.ok(cannot > 0);
    await workbench.page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await workbench.page.evaluate((text) => navigator.clipboard.writeText(text), pem);
    await workbench.chooseFromMenu(workbench.row(SHOWN_URL), 'Change Clusters…');
    await workbench.choose('Replace API URL, CA Certificate and Service Token…');
    await workbench.answerInput('New address of the Kubernetes API', apiUrl);
    await workbench.choose('From the Clipboard');
    await workbench.answerInput('New token of the service account', token);

    const question = `Replace the connection of ${wanted.length} clusters?`;
    const { message, detail } = await workbench.readDialog();
    assert.equal(message, question);
    assert.match(detail, new RegExp(`^Cannot be changed: ${cannot}\n(.*\n)*The new CA certificate: `));
    await workbench.screenshot(`bulk-question-${editor.version}`);
    await workbench.answerDialog('Review');
    await workbench.tab('Planned changes of clusters').waitFor();
    const agree = workbench.page
      .locator('.codelens-decoration a')
      .filter({ hasText: `Change ${wanted.length} Clusters` });
    await agree.waitFor();
    await workbench.screenshot(`bulk-table-${editor.version}`);
    await showsText(new RegExp(`Will be changed: ${wanted.length}\n(.*\n)+.*cluster-50 .*CA certificate`));
    await showsText(/Service token +\(not shown\) +→ +replaced/);
    assert.deepEqual(puts(), []);

    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    let full: () => void = () => undefined;
    const four = new Promise<void>((resolve) => (full = resolve));
    let begun = 0;
    gitlab.onRequest(async ({ request }) => {
      if (request.method !== 'PUT') return undefined;
      const turn = ++begun;
      if (turn === 4) full();
      await held;
      return turn === 1 ? json(400, { message: '400 Bad Request' }) : undefined;
    });
    await agree.click();
    await four;
    const progress = workbench.notification(`Changing ${wanted.length} clusters`);
    await workbench.screenshot(`bulk-progress-${editor.version}`);
    await workbench.answerNotification(`Changing ${wanted.length} clusters`, 'Cancel');
    await progress.waitFor({ state: 'hidden' });
    // The window hides it at once and tells the extension host after; what that answers now comes behind the telling.
    await workbench.runCommand('GitLab Clusters: Sort By…');
    await workbench.quickPick('Name').waitFor();
    await workbench.page.keyboard.press('Escape');
    assert.equal(begun, 4);
    release();
    const partly = `Changed 3 clusters. Failed: 1. Not started: ${wanted.length - 4}. Could not be changed: ${cannot}.`;
    await workbench.notification(partly).waitFor();
    await showsText(/Failed: 1\n/);
    await workbench.screenshot(`bulk-results-${editor.version}`);

    // The results are brought to the front where they are, also beside another editor.
    const results = workbench.page.locator('.tabs-container .tab').filter({ hasText: 'Results of changing clusters' });
    await workbench.runCommand('View: New Editor Group to the Right');
    const inactive = workbench.page.locator('.editor-group-container:not(.active)').filter({ has: results });
    await inactive.waitFor();
    await workbench.answerNotification(partly, 'Show Results');
    await inactive.waitFor({ state: 'detached' });
    assert.equal(await results.count(), 1);

    await workbench.answerNotification(partly, 'Retry Failed');
    const retried = `Changed 4 clusters. Not started: ${wanted.length - 4}. Could not be changed: ${cannot}.`;
    await workbench.answerNotification(retried, 'Continue');
    // In the results, since VS Code 1.100 shows no more than three notifications within 0.8 s.
    await eventually(async () =>
      assert.match(
        await workbench.page.locator('.monaco-editor .view-lines').last().innerText(),
        new RegExp(`Changed:.${wanted.length}\n`),
      ),
    );
    await workbench.screenshot(`bulk-retried-${editor.version}`);
    const expected = wanted.map(({ id }) => ({
      id,
      body: {
        // As it was: GitLab would turn it on where it is left out.
        namespace_per_environment: id % 2 === 0,
        platform_kubernetes_attributes: { api_url: apiUrl, ca_cert: pem, token },
      },
      status: 200,
    }));
    const byId = (one: { id: number }, other: { id: number }): number => one.id - other.id;
    const worked = puts().filter(({ status }) => status === 200);
    assert.deepEqual(worked.sort(byId), expected.sort(byId));
    assert.equal(puts().length, wanted.length + 1, 'each was sent once, the failed one twice');
  });
});
