import assert from 'node:assert/strict';
import { json } from '../gitlab/answer';
import { certificate } from '../gitlab/certificates';
import { generatedFleet } from '../gitlab/generatedFleet';
import { startGitLab, type GitLab } from '../gitlab/server';
import type { Workbench } from '../lab/workbench';
import { openWithHosts } from './hosts';
import { useEditor } from './useEditor';

const API_URL = 'https://k8s-2.example.com:6443';

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
    await workbench.page.keyboard.press('Enter');
    await workbench.runCommand('GitLab Clusters: Group By…');
    await workbench.choose('API URL');
    await workbench.row(API_URL).filter({ hasText: '10 clusters' }).waitFor();
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

  it('shows the table, rotates the CA of all registrations of an API URL, and tries the failed one again', async () => {
    const pem = certificate('production-eu').trim();
    const wanted = changeable();
    const cannot = registrations().length - wanted.length;
    assert.ok(cannot > 0);
    await workbench.page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await workbench.page.evaluate((text) => navigator.clipboard.writeText(text), pem);
    await workbench.chooseFromMenu(workbench.row(API_URL), 'Change Clusters…');
    await workbench.choose('Replace CA Certificate…');
    await workbench.choose('From the Clipboard');

    const question = `Change ${wanted.length} clusters?`;
    const { message, detail } = await workbench.readDialog();
    assert.equal(message, question);
    assert.match(detail, new RegExp(`Will be changed: ${wanted.length}\nCannot be changed: ${cannot}\n`));
    await workbench.screenshot(`bulk-question-${editor.version}`);
    await workbench.answerDialog('Read the Table First');
    await workbench.tab('Planned changes of clusters').waitFor();
    await workbench.notification(question).waitFor();
    await workbench.screenshot(`bulk-table-${editor.version}`);
    assert.match(
      await shownText(),
      new RegExp(`Will be changed: ${wanted.length}\n(.*\n)+.*cluster-50 .*CA certificate`),
    );
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
    const partly = `Changed ${wanted.length - 1} clusters. 1 failed.`;
    await workbench.notification(partly).waitFor();
    await workbench.tab('Results of changing clusters').waitFor();
    await workbench.screenshot(`bulk-results-${editor.version}`);
    assert.match(await shownText(), /Failed: 1\n/);
    letGo();
    const [failed] = puts().filter(({ status }) => status === 500);
    assert.ok(failed);
    assert.notEqual(registrations().find(({ id }) => id === failed.id)?.platform?.caCert, pem);

    await workbench.answerNotification(partly, 'Retry the Failed');
    await workbench.notification(`Changed ${wanted.length} clusters.`).waitFor();
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
    await workbench.expand(workbench.row(API_URL));
    await workbench.chooseFromMenu(workbench.row('cluster-41'), 'Change Clusters…');
    await workbench.choose('Replace Service Token…');
    await workbench.choose(`All 10 registrations of ${API_URL}`);
    await workbench.answerInput('New token of the service account', 'eyJ-not-for-eyes');
    const { message } = await workbench.readDialog();
    assert.equal(message, `Change ${changeable().length} clusters?`);
    await workbench.answerDialog('Cancel');
    const text = await shownText();
    assert.match(text, /Service token +\(not shown\) +→ +replaced/);
    assert.ok(!text.includes('eyJ-not-for-eyes'));
    assert.deepEqual(puts(), []);
  });
});
