import assert from 'node:assert/strict';
import type { Locator } from 'playwright-core';
import { certificate } from '../gitlab/certificates';
import { json } from '../gitlab/answer';
import { demoFleet, oldDemoFleet } from '../gitlab/demoFleet';
import { dropConnection } from '../gitlab/faults';
import { profileOf } from '../gitlab/profiles';
import { startGitLab, type GitLab } from '../gitlab/server';
import { themes, type Workbench } from '../lab/workbench';
import { ShownForm } from './forms';
import { openWithHosts } from './hosts';
import { useEditor } from './useEditor';

const pem = certificate('production-eu').trim();
const kubeconfig = `apiVersion: v1
kind: Config
clusters:
- cluster:
    certificate-authority-data: ${Buffer.from(pem).toString('base64')}
    server: https://new.k8s.example.com:6443
  name: new
users:
- name: admin
  user: {token: not-for-this-field}
`;

const wholeKubeconfig = `${kubeconfig}contexts:
- context: {cluster: new, user: admin}
  name: new
current-context: new
`;

/** Just under 1 MiB: each context with its cluster, its CA and its user. */
function largeKubeconfig(): string {
  const ca = Buffer.from(pem).toString('base64');
  const numbers = Array.from({ length: 500 }, (_, index) => index);
  const list = (each: (index: number) => string): string => numbers.map(each).join('');
  const text = (token: string): string => `apiVersion: v1
kind: Config
clusters:
${list((n) => `- name: c${n}\n  cluster: {server: "https://k${n}.example.com:6443", certificate-authority-data: ${ca}}\n`)}contexts:
${list((n) => `- name: x${n}\n  context: {cluster: c${n}, user: u${n}}\n`)}current-context: x250
users:
${list((n) => `- name: u${n}\n  user: {token: t${n}-${token}}\n`)}`;
  return text('a'.repeat(Math.floor((1_048_576 - text('').length) / numbers.length)));
}

function parsed(body: string): unknown {
  return JSON.parse(body);
}

describe('The cluster form', () => {
  const editor = useEditor();
  let gitlab: GitLab;
  let workbench: Workbench;
  let form: ShownForm;

  const edit = async (name: string) => {
    await workbench.chooseFromMenu(workbench.row(name), 'Edit Cluster…');
    await form.titled(`Edit ${name}`);
  };
  const add = async (owner: string) => {
    await workbench.clickInline(workbench.row(owner), 'Add Cluster…');
    await form.titled('Add cluster');
  };
  /** The writes that arrived. */
  const written = () =>
    gitlab.requests.flatMap(({ method, path, body }) =>
      method === 'GET' ? [] : [{ method, path: path.replace(/^.*\/api\/v4/, ''), body: parsed(body) }],
    );

  beforeEach(async function () {
    const old = this.currentTest?.title.includes('old GitLab') ?? false;
    gitlab = await (old
      ? startGitLab({ world: oldDemoFleet(), profile: profileOf('13.6'), subPath: '/gitlab' })
      : startGitLab({ world: demoFleet() }));
    workbench = await openWithHosts(editor, [
      {
        url: gitlab.url,
        token: old ? 'old-admin-token' : 'demo-admin-token',
        name: 'Example GitLab',
        projects: [{ id: 1, path: old ? 'infrastructure/monitoring' : 'platform/payments-api' }],
      },
    ]);
    form = new ShownForm(workbench);
    await workbench.row(old ? 'rack-a' : 'review').waitFor();
  });
  afterEach(async () => {
    await gitlab.close();
  });

  it('fills in what is chosen of a pasted kubeconfig, and sends its token, which the page never has', async () => {
    await add('payments-api');
    await form.paste('API URL', wholeKubeconfig);
    await form.frame.getByRole('row', { name: /API URL.*https:\/\/new\.k8s\.example\.com:6443.*nothing/ }).waitFor();
    await form.frame.getByRole('checkbox', { name: 'Name', exact: true }).uncheck();
    await form.button('Fill In').click();
    await form.frame.getByRole('heading', { name: 'Found: kubeconfig' }).waitFor({ state: 'hidden' });
    assert.equal(await form.field('API URL').inputValue(), 'https://new.k8s.example.com:6443');
    assert.equal(await form.field('Service token').inputValue(), '');
    assert.equal(await form.field('Name').inputValue(), '');
    await form.field('Name').fill('pasted');
    await form.field('Environment scope').fill('pasted/*');
    await form.button('Add Cluster').click();
    await workbench.row('pasted').waitFor();
    assert.match(JSON.stringify(written()), /"token":"not-for-this-field"/);
  });

  it('shows what a kubeconfig of 1 MiB and 500 contexts holds without making one wait', async () => {
    await add('payments-api');
    await form.field('API URL').focus();
    // What the way to the extension and back takes, whatever is read.
    const way = await form.timeToPreview('API URL', wholeKubeconfig);
    await form.button('Dismiss').click();
    const times: number[] = [];
    for (let time = 0; time < 4; time++) {
      times.push(await form.timeToPreview('API URL', largeKubeconfig()));
      await form.button('Dismiss').click();
    }
    // The goal is 300 ms on a computer with nothing else to do.
    const [first = 0, ...others] = times.map(Math.round);
    console.log(
      `      paste to preview: ${Math.min(...others)} ms (best of 3), ${first} ms the first time; of a small one ${Math.round(way)} ms`,
    );
    assert.ok(Math.min(...others) <= 1000, times.join(', '));
  });

  it('adds a cluster to a project, checking what is typed and repairing a kubeconfig on request [main way]', async () => {
    await add('payments-api');
    await form.field('Name').fill('new');
    await form.field('API URL').fill('new.k8s.example.com:6443');
    assert.match(await form.noteAt('API URL'), /must begin with https/);
    await form.field('API URL').fill('https://new.k8s.example.com:6443');
    await form.field('Service token').fill('kubernetes-secret');
    await form.field('CA certificate').fill(kubeconfig);
    assert.match(await form.noteAt('CA certificate'), /This is a kubeconfig/);
    await form.button('Use the certificate inside').click();
    await form.frame.getByText('CN=Production EU Kubernetes CA').waitFor();
    assert.equal(await form.field('CA certificate').inputValue(), pem);
    await form.field('Environment scope').fill('staging');
    assert.equal(await form.noteAt('Environment scope'), 'Error: “staging” (id 6) already has this scope.');
    await form.field('Environment scope').fill('new/*');
    await form.field('Management project').fill('cluster');
    await form.projects.filter({ hasText: 'platform/cluster-management' }).click();
    await workbench.screenshot(`form-add-${editor.version}`);
    await form.button('Add Cluster').click();

    await workbench.row('new').waitFor();
    assert.deepEqual(written(), [
      {
        method: 'POST',
        path: '/projects/1/clusters/user',
        body: {
          name: 'new',
          enabled: true,
          managed: true,
          namespace_per_environment: true,
          environment_scope: 'new/*',
          management_project_id: 3,
          platform_kubernetes_attributes: {
            api_url: 'https://new.k8s.example.com:6443',
            token: 'kubernetes-secret',
            ca_cert: pem,
            authorization_type: 'rbac',
          },
        },
      },
    ]);
    await workbench.tab('Add cluster').waitFor({ state: 'detached' });
  });

  it('shows what somebody changed meanwhile beside what was typed, and saves only when asked again', async () => {
    await edit('review');
    await form.field('Base domain').fill('mine.example.com');
    const cluster = gitlab.world.clusters.find(({ name }) => name === 'review');
    assert.ok(cluster);
    cluster.domain = 'theirs.example.com';
    cluster.enabled = false;
    await form.button('Save Changes').click();
    await form.summary.getByText('Someone else changed this cluster in GitLab').waitFor();
    assert.match(await form.noteAt('Base domain'), /GitLab now has “theirs.example.com”.*Your value is kept/);
    assert.match(await form.noteAt('Enabled'), /Changed in GitLab from “on” to “off”/);
    assert.deepEqual(written(), []);
    assert.equal(await form.field('Base domain').inputValue(), 'mine.example.com');
    assert.equal(await form.field('Enabled').isChecked(), false);
    await form.passesAxe('changed meanwhile');
    await workbench.screenshot(`form-changed-meanwhile-${editor.version}`);
    await form.button('Use GitLab’s value').click();
    assert.equal(await form.field('Base domain').inputValue(), 'theirs.example.com');
    await form.field('Base domain').fill('mine.example.com');
    await form.button('Save Changes').click();
    await workbench.tab('Edit review').waitFor({ state: 'detached' });
    assert.deepEqual(
      written().map(({ method, path, body }) => [method, path, body]),
      [['PUT', '/projects/1/clusters/7', { domain: 'mine.example.com', namespace_per_environment: true }]],
    );
  });

  it('sends a save once though the window is reloaded in its middle, and shows what GitLab then has', async () => {
    await edit('review');
    await form.field('Base domain').fill('reloaded.example.com');
    let arrived: () => void = () => undefined;
    const saving = new Promise<void>((resolve) => (arrived = resolve));
    let answer: () => void = () => undefined;
    const answering = new Promise<void>((resolve) => (answer = resolve));
    gitlab.onRequest(async ({ request }) => {
      if (request.method !== 'PUT') return undefined;
      arrived();
      await answering;
      return undefined;
    });
    await form.button('Save Changes').click();
    await saving;
    await workbench.page.reload();
    await workbench.page.locator('.activitybar .action-item').first().waitFor();
    await workbench.runCommand('View: Show GitLab Clusters');
    await workbench.row('review').waitFor();
    answer();
    await workbench.row('review').click();
    await workbench.page.locator('.view-lines').getByText('reloaded.example.com').waitFor();
    assert.deepEqual(
      written().map(({ method, path }) => [method, path]),
      [['PUT', '/projects/1/clusters/7']],
    );
  });

  it('looks what became of a save whose answer got lost, and stops when told to', async () => {
    await edit('review');
    await form.field('Base domain').fill('lost.example.com');
    const stop = gitlab.onRequest((exchange) =>
      exchange.request.method === 'PUT' ? dropConnection(exchange) : undefined,
    );
    await form.button('Save Changes').click();
    await form.frame.getByRole('status').getByText('GitLab’s response was lost. Checking').waitFor();
    await form.passesAxe('looking');
    await workbench.screenshot(`form-looking-${editor.version}`);
    await form.button('Stop Looking').click();
    await form.summary.getByText('It is unknown whether the change was made').waitFor();
    await form.summary.getByRole('heading', { name: 'The cluster may have been saved' }).waitFor();
    await workbench.tab('● Edit review').click({ button: 'middle' });
    assert.doesNotMatch((await workbench.readDialog()).detail, /Nothing has been saved/);
    await workbench.answerDialog('Reopen');
    await form.titled('Edit review');
    stop();
    await form.button('Save Changes').click();
    await workbench.tab('Edit review').waitFor({ state: 'detached' });
    assert.equal(gitlab.world.clusters.find(({ name }) => name === 'review')?.domain, 'lost.example.com');
    assert.equal(written().length, 2);
  });

  it('is not opened a second time while it is still being saved, and comes back with what was typed', async () => {
    await edit('review');
    await form.field('Base domain').fill('kept.example.com');
    let refuse: () => void = () => undefined;
    const refused = new Promise<void>((resolve) => (refuse = resolve));
    gitlab.onRequest(async ({ request }) => {
      if (request.method !== 'PUT') return undefined;
      await refused;
      return json(403, { message: '403 Forbidden' });
    });
    await form.button('Save Changes').click();
    await form.frame.getByRole('status').getByText('Saving…').waitFor();
    await workbench.tab('Edit review').click({ button: 'middle' });
    await workbench.tab('Edit review').waitFor({ state: 'detached' });
    await workbench.chooseFromMenu(workbench.row('review'), 'Edit Cluster…');
    await workbench.status('still being saved').waitFor();
    assert.equal(await workbench.tab('Edit review').count(), 0);
    refuse();
    assert.match((await workbench.readDialog()).detail, /does not permit this.*Nothing has been saved/s);
    await workbench.answerDialog('Reopen');
    await form.titled('Edit review');
    assert.equal(await form.field('Base domain').inputValue(), 'kept.example.com');
  });

  it('adds a cluster to the instance with the keyboard alone', async () => {
    const { keyboard } = workbench.page;
    await workbench.runCommand('GitLab Clusters: Add Cluster…');
    await workbench.quickPicks.filter({ hasText: 'Instance' }).waitFor();
    await keyboard.type('Instance');
    await keyboard.press('Enter');
    await form.titled('Add cluster');
    await form.focusAt('Name');
    await keyboard.type('keys');
    await keyboard.press('Tab');
    await keyboard.press('Space');
    await keyboard.press('Tab');
    await keyboard.type('https://keys.k8s.example.com');
    // Behind the field is its Check.
    for (let tabs = 0; tabs < 2; tabs++) await keyboard.press('Tab');
    await keyboard.type('kubernetes-secret');
    for (const expected of ['CA certificate', 'Authorization type', 'Environment scope (required)']) {
      await keyboard.press('Tab');
      if (expected === 'Authorization type') await keyboard.press('ArrowDown');
    }
    await keyboard.press('Backspace');
    await keyboard.type('keys/*');
    for (let tabs = 0; tabs < 5; tabs++) await keyboard.press('Tab');
    await form.focusAt('Management project');
    await keyboard.type('gateway');
    await form.projects.filter({ hasText: 'platform/shared/edge/gateway' }).waitFor();
    await keyboard.press('ArrowDown');
    await keyboard.press('Enter');
    assert.equal(await form.field('Management project').inputValue(), 'platform/shared/edge/gateway');
    await keyboard.press('Enter');
    await workbench.tab('Add cluster').waitFor({ state: 'detached' });
    await workbench.expand(workbench.row('Instance'));
    await workbench.row('keys').waitFor();
    const [{ path, body } = assert.fail('nothing was sent')] = written();
    assert.equal(path, '/admin/clusters/add');
    assert.deepEqual(body, {
      name: 'keys',
      enabled: false,
      managed: true,
      namespace_per_environment: true,
      environment_scope: 'keys/*',
      management_project_id: 5,
      platform_kubernetes_attributes: {
        api_url: 'https://keys.k8s.example.com',
        token: 'kubernetes-secret',
        authorization_type: 'abac',
      },
    });
  });

  it('shows GitLab’s error on its field, and loses nothing', async () => {
    await add('payments-api');
    await form.field('Name').fill('local');
    await form.field('API URL').fill('https://10.0.0.1');
    await form.field('Service token').fill('kubernetes-secret');
    await form.field('Environment scope').fill('local');
    // On a slow connection the answer about the first field may come only now.
    await form.answerLate('API URL', 'Enter the address of the Kubernetes API.');
    assert.match(await form.noteAt('API URL'), /^Note: 10\.0\.0\.1 is a local address/);
    await form.button('Add Cluster').click();
    await form.summary.getByRole('link', { name: 'API URL' }).waitFor();
    await form.focusAt('API URL');
    assert.equal(await form.field('API URL').getAttribute('aria-invalid'), 'true');
    await form.frame
      .getByText('GitLab said: “is blocked: Requests to the local network are not allowed”')
      .last()
      .waitFor();
    await workbench.screenshot(`form-rejected-${editor.version}`);

    gitlab.world.settings.allowLocalRequests = true;
    await form.button('Add Cluster').click();
    await workbench.row('local').waitFor();
    assert.equal(written().length, 2);
    assert.deepEqual(written()[0], written()[1]);
  });

  it('edits one field: exactly that is sent, and the namespace per environment GitLab would reset [main way]', async () => {
    const record = gitlab.world.clusters.find(({ name }) => name === 'review');
    assert(record);
    record.namespacePerEnvironment = false;
    await edit('review');
    assert.equal(await form.field('Service token').inputValue(), '');
    assert.equal(await form.field('Namespace per environment').isChecked(), false);
    await form.field('Base domain').fill('moved.example.com');
    await form.field('Base domain').press('Enter');
    await workbench.tab('Edit review').waitFor({ state: 'detached' });
    assert.deepEqual(written(), [
      {
        method: 'PUT',
        path: '/projects/1/clusters/7',
        body: { domain: 'moved.example.com', namespace_per_environment: false },
      },
    ]);
  });

  it('removes a certificate by an explicit choice only', async () => {
    await edit('staging');
    assert.match(await form.noteAt('CA certificate'), /has expired/);
    await form.field('CA certificate').fill('');
    await form.button('Save Changes').click();
    assert.match(await form.noteAt('CA certificate'), /An empty field does not remove/);
    await form.button('Restore the stored certificate').click();
    assert.match(await form.field('CA certificate').inputValue(), /BEGIN CERTIFICATE/);
    await form.field('Remove the certificate').check();
    await form.button('Save Changes').click();
    await workbench.tab('Edit staging').waitFor({ state: 'detached' });
    assert.deepEqual(
      written().map(({ body }) => body),
      [{ namespace_per_environment: true, platform_kubernetes_attributes: { ca_cert: '' } }],
    );
  });

  it('opens once per cluster, and marks its tab while something is changed, and only then [main way]', async () => {
    await edit('production-eu');
    await workbench.chooseFromMenu(workbench.row('production-eu'), 'Edit Cluster…');
    assert.equal(await workbench.page.locator('.tabs-container .tab').count(), 1);
    await form.button('Cancel').click();
    await workbench.tab('Edit production-eu').waitFor({ state: 'detached' });
    assert.deepEqual(written(), []);

    await edit('review');
    const tab = (title: string) => workbench.tab(new RegExp(`^${title} · payments-api · `));
    await tab('Edit review').waitFor();
    const before = await form.field('Base domain').inputValue();
    await form.field('Base domain').fill('typed.example.com');
    await tab('● Edit review').waitFor();
    await workbench.chooseFromMenu(workbench.row('review'), 'Edit Cluster…');
    assert.equal(await workbench.page.locator('.tabs-container .tab').count(), 1);
    await form.field('Base domain').fill(before);
    await tab('Edit review').waitFor();

    await form.field('Base domain').fill('typed.example.com');
    await workbench.tab('● Edit review').click({ button: 'middle' });
    await workbench.answerDialog('Reopen');
    await form.titled('Edit review');
    await tab('● Edit review').waitFor();
    await form.button('Save Changes').click();
    await workbench.tab('Edit review').waitFor({ state: 'detached' });
    await edit('review');
    await tab('Edit review').waitFor();
  });

  it('says once why what a provider keeps cannot be changed, and each such field refers to it', async () => {
    await edit('payments-eks');
    const reason = form.frame.getByText('GitLab created this cluster on Amazon EKS');
    assert.equal(await reason.count(), 1);
    const id = await reason.getAttribute('id');
    for (const label of ['Name', 'API URL', 'Service token', 'CA certificate']) {
      const field = form.field(label);
      assert.equal(await field.getAttribute('readonly'), '', label);
      assert.ok((await field.getAttribute('aria-describedby'))?.split(' ').includes(id ?? '?'), label);
      await form.frame.getByText(`${label} (read-only)`, { exact: true }).waitFor();
    }
    assert.doesNotMatch((await form.field('Base domain').getAttribute('aria-describedby')) ?? '', /reason/);
  });

  it('leads to the first wrong field, with the summary of all in view, which covers no field with the focus', async () => {
    await workbench.page.setViewportSize({ width: 900, height: 500 });
    await add('payments-api');
    await form.field('Environment scope').fill('production');
    await form.field('Base domain').fill('not a domain');
    await form.button('Add Cluster').click();
    await form.summary.waitFor();
    for (const label of ['Name', 'API URL']) {
      await form.focusAt(label);
      const summary = await form.summary.evaluate((element) => element.getBoundingClientRect());
      const field = await form.summary.evaluate(() => document.activeElement?.getBoundingClientRect().top ?? 0);
      assert.ok(summary.top >= 0 && summary.bottom <= field, `${summary.bottom} ${field}`);
      await form.summary.getByRole('link', { name: 'API URL' }).click();
    }
    await workbench.screenshot(`form-summary-${editor.version}`);
    // A narrow editor, and one that is enlarged to 200 %.
    for (const size of [
      { width: 660, height: 900 },
      { width: 640, height: 450 },
    ]) {
      await workbench.page.setViewportSize(size);
      for (const label of ['CA certificate', 'Environment scope', 'Name']) {
        await form.field(label).focus();
        assert.deepEqual(await form.coveredAtFocus(), [], `${label} at ${size.width} × ${size.height}`);
      }
      await workbench.screenshot(`form-summary-${size.width}-${editor.version}`);
    }
    await workbench.page.setViewportSize({ width: 1280, height: 900 });
  });

  it('asks before what was typed is lost, and brings it back [main way]', async () => {
    await edit('production-eu');
    await form.field('Name').fill('typed');
    await form.field('Service token').fill('kubernetes-secret');
    await form.button('Cancel').click();
    assert.match((await workbench.readDialog()).message, /Discard the changes in “Edit production-eu · /);
    await workbench.answerDialog('Cancel');
    assert.equal(await form.field('Name').inputValue(), 'typed');

    await workbench.tab('Edit production-eu').click({ button: 'middle' });
    assert.match((await workbench.readDialog()).message, /“Edit production-eu · .*” was closed with unsaved changes/);
    await workbench.page.keyboard.press('Escape');
    await form.titled('Edit production-eu');
    assert.equal(await form.field('Name').inputValue(), 'typed');
    assert.equal(await form.field('Service token').inputValue(), '');
    await form.frame.getByText('The token you entered is kept.').waitFor();
    assert.equal(await form.field('Service token').getAttribute('placeholder'), 'The token you entered is kept');
    await form.button('Save Changes').click();
    await workbench.row('typed').waitFor();
    assert.deepEqual(
      written().map(({ body }) => body),
      [
        {
          name: 'typed',
          namespace_per_environment: false,
          platform_kubernetes_attributes: { token: 'kubernetes-secret' },
        },
      ],
    );

    await edit('typed');
    await form.field('Name').fill('lost');
    await workbench.tab('Edit typed').click({ button: 'middle' });
    await workbench.answerDialog('Discard Changes');
    await workbench.tab('Edit typed').waitFor({ state: 'detached' });
    assert.equal(written().length, 1);
  });

  it('tells what an old GitLab does not tell, and what it may have ignored', async () => {
    await edit('rack-a');
    assert.match(await form.noteAt('Namespace per environment'), /any save turns it on/);
    await form.field('Enabled').selectOption('Off');
    await form.button('Save Changes').click();
    await workbench.notification('GitLab didn’t confirm: Enabled.').waitFor();
    assert.deepEqual(
      written().map(({ body }) => body),
      [{ enabled: false }],
    );
  });

  it('fits a narrow, enlarged window', async () => {
    await edit('review');
    await workbench.page.setViewportSize({ width: 640, height: 450 });
    const overflow = await form.frame.locator('html').evaluate((page) => page.scrollWidth - page.clientWidth);
    await workbench.screenshot(`form-narrow-${editor.version}`);
    await workbench.page.setViewportSize({ width: 1280, height: 900 });
    assert.equal(overflow, 0);
    await form.button('Cancel').click();
  });

  it('loads nothing and runs nothing but its own [main way]', async () => {
    const complaints: string[] = [];
    workbench.page.on('console', (message) => complaints.push(message.text()));
    await edit('review');
    await form.button('Cancel').click();
    assert.deepEqual(
      complaints.filter((line) => /content security policy|refused to/i.test(line)),
      [],
    );
  });
});

/** What is wrong has a border and a sign of its own, also where a theme gives all boxes the same border. */
async function isToldApart(form: ShownForm, theme: string): Promise<void> {
  const borderOf = (control: Locator) =>
    control.evaluate((element) => {
      const { borderTopColor, borderTopWidth } = getComputedStyle(element);
      return `${borderTopWidth} ${borderTopColor}`;
    });
  const ordinary = await borderOf(form.field('Base domain'));
  for (const wrong of [form.field('Name'), form.frame.locator('.error').first(), form.summary])
    assert.notEqual(await borderOf(wrong), ordinary, theme);
  const sign = await form.summary
    .getByRole('heading')
    .evaluate((heading) => getComputedStyle(heading, '::before').content);
  assert.match(sign, /✕/);
}

describe('Every state of the cluster form passes axe', () => {
  const editor = useEditor();
  for (const [name, theme] of Object.entries({ ...themes, highContrastLight: 'Default High Contrast Light' })) {
    it(`in ${name}`, async () => {
      const gitlab = await startGitLab({ world: demoFleet() });
      const workbench = await openWithHosts(
        editor,
        [
          {
            url: gitlab.url,
            token: 'demo-admin-token',
            name: 'Example GitLab',
            projects: [{ id: 1, path: 'platform/payments-api' }],
          },
        ],
        { 'workbench.colorTheme': theme },
      );
      const form = new ShownForm(workbench);
      const shot = (state: string) => workbench.screenshot(`form-${state}-${name}-${editor.version}`);
      await workbench.row('staging').waitFor();
      await workbench.page.keyboard.press('Escape');

      await workbench.clickInline(workbench.row('payments-api'), 'Add Cluster…');
      await form.titled('Add cluster');
      await form.passesAxe('add');
      await form.paste('Name', wholeKubeconfig);
      await form.frame.getByRole('heading', { name: 'Found: kubeconfig' }).waitFor();
      await form.passesAxe('found');
      await shot('found');
      await form.button('Dismiss').click();
      await form.button('Add Cluster').click();
      await form.summary.waitFor();
      await form.passesAxe('errors');
      await isToldApart(form, name);
      await shot('errors');
      await form.field('Management project').fill('p');
      await form.projects.first().waitFor();
      await workbench.page.keyboard.press('ArrowDown');
      await form.passesAxe('searching');
      await shot('searching');
      await workbench.page.keyboard.press('Escape');
      await form.field('Management project').fill('');
      await form.field('Name').fill('x');
      await form.field('API URL').fill('https://10.0.0.1');
      await form.field('Service token').fill('x');
      await form.field('Environment scope').fill('x');
      let answer: () => void = () => undefined;
      gitlab.onRequest(async ({ request }) => {
        if (request.method === 'POST') await new Promise<void>((resolve) => (answer = resolve));
        return undefined;
      });
      await form.button('Add Cluster').click();
      await form.frame.getByText('Saving…').waitFor();
      await form.passesAxe('saving');
      await shot('saving');
      answer();
      await form.summary.getByRole('link', { name: 'API URL' }).waitFor();
      await form.passesAxe('rejected');
      await form.button('Cancel').click();
      await workbench.answerDialog('Discard Changes');

      await workbench.chooseFromMenu(workbench.row('staging'), 'Edit Cluster…');
      await form.titled('Edit staging');
      await form.frame.getByText('CN=Staging Kubernetes CA').first().waitFor();
      await form.passesAxe('edit');
      await shot('edit');
      await form.field('Remove the certificate').check();
      await form.passesAxe('removing');
      await form.field('Remove the certificate').uncheck();
      await form.field('Enabled').uncheck();
      await form.frame
        .getByText(/Effect on environments|would go to/)
        .first()
        .waitFor();
      await form.passesAxe('effect');
      await form.button('Check').click();
      await workbench.answerDialog('Connect');
      await form.button('Show Report').waitFor();
      await form.passesAxe('checked');
      await shot('checked');
      const staging = gitlab.world.clusters.find((cluster) => cluster.name === 'staging');
      assert.ok(staging);
      await form.field('Base domain').fill('mine.example.com');
      staging.domain = 'theirs.example.com';
      await form.button('Save Changes').click();
      await form.summary.getByText('Someone else changed this cluster in GitLab').waitFor();
      await form.passesAxe('changed meanwhile');
      await shot('meanwhile');
      await form.button('Cancel').click();
      await workbench.answerDialog('Discard Changes');

      await workbench.chooseFromMenu(workbench.row('payments-gke'), 'Edit Cluster…');
      await form.titled('Edit payments-gke');
      await form.passesAxe('read-only');
      await shot('read-only');
      await workbench.close();
      await gitlab.close();
    });
  }
});
