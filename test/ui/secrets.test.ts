import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { html, json, type Answer } from '../gitlab/answer';
import { demoFleet } from '../gitlab/demoFleet';
import type { Exchange, RecordedRequest } from '../gitlab/faults';
import { addToken } from '../gitlab/populate';
import { startGitLab, type GitLab } from '../gitlab/server';
import type { Workbench } from '../lab/workbench';
import { ShownForm } from './forms';
import { openWithHosts, secretKeyOf, tokenPrompt } from './hosts';
import { useEditor } from './useEditor';
import { eventually } from './eventually';

/** Stands in the clipboard before; must stand there after. */
const copiedBefore = 'what the user had copied';
const name = 'Hostile GitLab';

describe('Secrets', () => {
  const editor = useEditor();
  let gitlab: GitLab;
  let elsewhere: GitLab;
  let workbench: Workbench;
  let spoilt: (exchange: Exchange) => Answer | undefined;

  /** A token of which every part that could be recognised is searched for. */
  const marked = (prefix: string): string => {
    const mark = randomBytes(12).toString('hex');
    editor.secrets.add(mark);
    return `${prefix}${mark}`;
  };
  /** A token of the administrator, who sees and may do everything. */
  const adminToken = (): string => {
    const [root] = gitlab.world.users;
    assert.ok(root);
    const { value } = addToken(gitlab.world, root, marked('glpat-'), { name: 'api', scopes: ['api', 'admin_mode'] });
    return value;
  };

  beforeEach(async () => {
    gitlab = await startGitLab({ world: demoFleet() });
    elsewhere = await startGitLab();
    spoilt = () => undefined;
  });
  afterEach(async () => {
    await Promise.all([gitlab.close(), elsewhere.close()]);
  });

  async function copySentinel(): Promise<void> {
    await workbench.page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await workbench.page.evaluate((text) => navigator.clipboard.writeText(text), copiedBefore);
  }

  async function assertOnlyWhereTheyBelong(): Promise<void> {
    assert.equal(await workbench.page.evaluate(() => navigator.clipboard.readText()), copiedBefore);
    assert.deepEqual(elsewhere.requests, [], 'nothing was sent to another origin');
    const outside = [...editor.secrets].filter((secret) => gitlab.requests.some(({ path }) => path.includes(secret)));
    assert.deepEqual(outside, [], 'no secret was in an address');
  }

  /** From now on, requests that fit are answered so; gives back what ends that. */
  const answering = (method: string, part: string, answer: (echo: string) => Answer): (() => void) => {
    spoilt = ({ request }) =>
      request.method === method && request.path.includes(part) ? answer(echoOf(request)) : undefined;
    return () => (spoilt = () => undefined);
  };

  it('of GitLab stay in the secret storage, though a host repeats them in every answer [main way]', async () => {
    workbench = await editor.open();
    const wrong = marked('glpat-');
    const first = adminToken();
    const second = adminToken();
    gitlab.onRequest((exchange) => spoilt(exchange) ?? repeating(exchange));
    await copySentinel();
    await workbench.openView('GitLab Clusters');

    await workbench.runCommand('GitLab Clusters: Add GitLab Host…');
    await workbench.answerInput('Address of your GitLab', gitlab.url);
    const refuse = answering('GET', '/user', (echo) => json(403, { message: `403 Forbidden for ${echo}` }));
    await workbench.answerInput(tokenPrompt, wrong);
    await workbench.inputMessage.filter({ hasText: 'GitLab said: “403 Forbidden for •••' }).waitFor();
    await editor.searchWindows('a token that does not work');
    assert.deepEqual([...(await workbench.readSecrets())], []);
    refuse();
    await workbench.answerInput(tokenPrompt, first);
    await workbench.answerInput('Display name for', name);
    await workbench.notification(`Connected to ${name}`).waitFor();
    assert.deepEqual([...(await workbench.readSecrets())], [[secretKeyOf(gitlab.url), first]]);

    await workbench.expand(workbench.row(name));
    await workbench.expand(workbench.row('Instance'));
    await workbench.row('gpu-pool •••').click();
    const document = workbench.page.locator('.monaco-editor .view-lines');
    await document.filter({ hasText: 'gpu-pool •••' }).waitFor();
    await editor.searchWindows('a cluster’s document');

    for (const [what, answer, row] of [
      ['an error', (echo: string) => json(400, { message: echo }), 'Not accepted'],
      ['a web page', (echo: string) => html(500, `<html>${echo}</html>`, { 'X-Echo': echo }), 'GitLab server error'],
      [
        'damaged JSON',
        (echo: string) => ({ ...json(200, []), body: `[{"name":"${echo}"` }),
        'Not a GitLab API response',
      ],
      [
        'a redirect',
        (echo: string) => html(302, '', { Location: `${elsewhere.url}/api/v4/${echo}/clusters?private_token=${echo}` }),
        'Answers from another address',
      ],
    ] as const) {
      const mend = answering('GET', '/admin/clusters', answer);
      await workbench.clickInline(workbench.row('Instance'), 'Refresh Clusters');
      await workbench.row(row).waitFor();
      await editor.searchWindows(what);
      mend();
    }

    await workbench.chooseFromMenu(workbench.row(name), 'Replace Access Token…');
    await workbench.answerInput(tokenPrompt, second);
    await workbench.row('gpu-pool •••').waitFor();
    await eventually(async () =>
      assert.deepEqual([...(await workbench.readSecrets())], [[secretKeyOf(gitlab.url), second]]),
    );

    await workbench.chooseFromMenu(workbench.row(name), 'Test Connection');
    await workbench.tab(`Connection to ${name}`).waitFor();
    await document.filter({ hasText: '18.2' }).waitFor();
    await workbench.runCommand('GitLab Clusters: Show Log');
    await workbench.page.locator('.part.panel .view-lines').filter({ hasText: '/admin/clusters' }).waitFor();
    await editor.searchWindows('report and log');

    await workbench.chooseFromMenu(workbench.row(name), 'Remove Host…');
    await workbench.answerDialog('Remove');
    await workbench.row(name).waitFor({ state: 'detached' });
    assert.deepEqual([...(await workbench.readSecrets())], []);
    await assertOnlyWhereTheyBelong();
  });

  it('of Kubernetes stay in the form and in the one request that carries them', async () => {
    const token = adminToken();
    gitlab.onRequest((exchange) => spoilt(exchange) ?? repeating(exchange));
    workbench = await openWithHosts(editor, [
      { url: gitlab.url, token, name, projects: [{ id: 1, path: 'platform/payments-api' }] },
    ]);
    await workbench.row('review •••').waitFor();
    await copySentinel();
    const form = new ShownForm(workbench);
    const [added, edited] = [marked('eyJhbGciOiJSUzI1NiJ9.'), marked('eyJhbGciOiJSUzI1NiJ9.')];

    await workbench.clickInline(workbench.row(/payments-api/), 'Add Cluster…');
    await form.titled('Add cluster');
    await form.field('Name').fill('new');
    await form.field('API URL').fill('https://new.k8s.example.com');
    await form.field('Service token').fill(added);
    await form.field('Environment scope').fill('new/*');
    for (const [what, answer, sentence] of [
      [
        'a complaint',
        (echo: string) => json(400, { message: { 'platform_kubernetes.token': [`is not ${echo}`] } }),
        /GitLab said: “is not •••/,
      ],
      ['a plain error', (echo: string) => json(403, { message: echo }), /GitLab said: “•••/],
      [
        'a redirect',
        (echo: string) => html(307, '', { Location: `${elsewhere.url}/${echo}/?token=${encodeURIComponent(echo)}` }),
        /redirects to/,
      ],
      ['a lost answer', (echo: string) => html(500, `<html>${echo}</html>`, { 'X-Echo': echo }), /nothing has changed/],
    ] as const) {
      const mend = answering('POST', '/clusters/user', answer);
      await form.button('Add Cluster').click();
      await form.frame.getByText(sentence).last().waitFor();
      await editor.searchWindows(`add: ${what}`);
      mend();
    }
    await form.button('Add Cluster').click();
    await workbench.row(/^new/).waitFor();

    await workbench.chooseFromMenu(workbench.row(/^review/), 'Edit Cluster…');
    await form.titled('Edit review •••');
    await form.field('Service token').fill(edited);
    const refuse = answering('PUT', '/clusters/', (echo) =>
      json(400, { error: `platform_kubernetes_attributes[token] is not ${echo}` }),
    );
    await form.button('Save Changes').click();
    await form.frame
      .getByText(/GitLab said: “is not •••/)
      .last()
      .waitFor();
    await editor.searchWindows('edit: a complaint');
    refuse();
    await form.button('Save Changes').click();
    await workbench.tab('Edit review').waitFor({ state: 'detached' });

    const keep = answering('DELETE', '/clusters/', (echo) => json(403, { message: echo }));
    await workbench.chooseFromMenu(workbench.row(/^new/), 'Delete Cluster…');
    await workbench.answerDialog('Delete 1 Cluster');
    assert.match((await workbench.readDialog()).detail, /•••/);
    await editor.searchWindows('delete: refused');
    await workbench.answerDialog('Cancel');
    keep();
    await workbench.chooseFromMenu(workbench.row(/^new/), 'Delete Cluster…');
    await workbench.answerDialog('Delete 1 Cluster');
    await workbench.row(/^new/).waitFor({ state: 'detached' });

    await assertOnlyWhereTheyBelong();
    const carrying = (secret: string) => gitlab.requests.filter(({ body }) => body.includes(secret));
    assert.deepEqual(
      [...new Set([...carrying(added), ...carrying(edited)].map(({ method }) => method))],
      ['POST', 'PUT'],
      'they reached GitLab in the bodies of writes alone',
    );
  });
});

/** Everything secret a request carried: its token and its body. */
function echoOf({ headers, body }: RecordedRequest): string {
  const token = headers['private-token'];
  const service = /"token":"([^"]*)"/.exec(body)?.[1];
  return [typeof token === 'string' ? token : '', ...(service === undefined ? [] : [service])].join(' ');
}

/** A host that puts the token it was sent into headers, cookies and the names and versions of its good answers. */
function repeating(exchange: Exchange): Answer {
  const answer = exchange.gitlab();
  const token = exchange.request.headers['private-token'];
  const echo = typeof token === 'string' ? token : '';
  const headers = { ...answer.headers, 'X-Echo': echo, 'Set-Cookie': `token=${echo}` };
  if (answer.status > 299 || typeof answer.body !== 'string') return { ...answer, headers };
  return { ...answer, headers, body: answer.body.replaceAll(/("(?:name|version)":"[^"]+)"/g, `$1 ${echo}"`) };
}
