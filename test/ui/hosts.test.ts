import assert from 'node:assert/strict';
import { demoFleet, oldDemoFleet } from '../gitlab/demoFleet';
import { profileOf } from '../gitlab/profiles';
import { startGitLab, type GitLab } from '../gitlab/server';
import type { Workbench } from '../lab/workbench';
import { eventually } from './eventually';
import { addHost, openWithHosts, secretKeyOf, tokenPrompt } from './hosts';
import { useEditor } from './useEditor';

describe('Hosts', () => {
  const editor = useEditor();
  let gitlab: GitLab;
  let old: GitLab;

  before(async () => {
    gitlab = await startGitLab({ world: demoFleet() });
    old = await startGitLab({ world: oldDemoFleet(), profile: profileOf('13.6'), subPath: '/gitlab' });
  });
  after(async () => {
    await gitlab.close();
    await old.close();
  });

  async function openEmpty(): Promise<Workbench> {
    const workbench = await editor.open();
    await workbench.openView('GitLab Clusters');
    await workbench.welcome.getByRole('button', { name: 'Add GitLab Host' }).waitFor();
    return workbench;
  }

  it('are added by address, token and name, and nothing is stored before the token works [main way]', async () => {
    const workbench = await openEmpty();
    await workbench.welcome.getByRole('button', { name: 'Add GitLab Host' }).click();

    const address = workbench.inputBox('Address of your GitLab');
    await address.waitFor();
    for (const [typed, problem] of [
      ['ftp://gitlab.example.com', /must begin with https/],
      ['https://maria:secret@gitlab.example.com', /user name and password/],
      ['https://gitlab.example.com/?private_token=x', /“\?”/],
    ] as const) {
      await workbench.typeQuickInput(typed);
      await workbench.page.keyboard.press('Enter');
      await workbench.inputMessage.filter({ hasText: problem }).waitFor();
    }
    await workbench.typeQuickInput(gitlab.url);
    await workbench.page.keyboard.press('Enter');

    await workbench.inputBox(tokenPrompt).waitFor();
    assert.equal(await workbench.quickInput.locator('input.input').getAttribute('type'), 'password');
    for (const [token, problem] of [
      ['demo-nobody', /does not know this access token/],
      ['demo-expired', /has expired/],
      ['demo-revoked', /was revoked/],
      ['demo-narrow', /lacks a scope/],
    ] as const) {
      await workbench.answerInput(tokenPrompt, token);
      await workbench.inputMessage.filter({ hasText: problem }).waitFor();
    }
    await workbench.screenshot(`add-host-${editor.version}`);
    assert.deepEqual([...(await workbench.readSecrets())], []);

    await workbench.answerInput(tokenPrompt, 'demo-maintainer');
    await workbench.answerInput('Display name for', 'Example GitLab');
    await workbench.notification('Connected to Example GitLab').waitFor();
    assert.deepEqual([...(await workbench.readSecrets())], [[secretKeyOf(gitlab.url), 'demo-maintainer']]);
    assert.doesNotMatch(JSON.stringify(await editor.server().readUserSettings()), /demo-/);
    await workbench.row('Example GitLab').filter({ hasText: '@maria · GitLab' }).waitFor();

    await workbench.runCommand('GitLab Clusters: Add GitLab Host…');
    await workbench.answerInput('Address of your GitLab', `${gitlab.url.toUpperCase().replace('HTTP', 'http')}/`);
    await workbench.inputMessage.filter({ hasText: 'already listed' }).waitFor();
  });

  it('lead to GitLab’s page for a token, and to the older one only after that', async () => {
    const workbench = await openEmpty();
    await workbench.runCommand('GitLab Clusters: Add GitLab Host…');
    // Asked before it is opened, since it is no address of this computer.
    await workbench.answerInput('Address of your GitLab', 'https://gitlab.example.com');
    await workbench.inputBox(tokenPrompt).waitFor();
    const button = (name: string) => workbench.quickInput.locator(`.action-label[aria-label="${name}"]`);
    const older = button('Page Not Found? Open the One of GitLab before 16.10…');
    assert.equal(await older.count(), 0);
    for (const [create, path] of [
      [button('Create a Token in GitLab…'), '-/user_settings/personal_access_tokens'],
      [older, '-/profile/personal_access_tokens'],
    ] as const) {
      await create.click();
      assert.match((await workbench.readDialog()).detail, new RegExp(`${path}\\?.*=api$`));
      await workbench.answerDialog('Cancel');
    }
    await workbench.screenshot(`create-token-${editor.version}`);
    await workbench.page.keyboard.press('Escape');
  });

  it('watch a project that is searched for on the server, and stop watching it [main way]', async () => {
    const workbench = await openEmpty();
    await addHost(workbench, { url: gitlab.url, token: 'demo-maintainer', name: 'Example GitLab' });
    await workbench.clickInline(workbench.row('Example GitLab'), 'Watch Projects…');
    await workbench.inputBox('Type to search projects').waitFor();
    gitlab.clearRequests();
    await workbench.quickPicks.filter({ hasText: 'playground' }).waitFor();
    let answer: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (answer = resolve));
    const letGo = gitlab.onRequest(async ({ request }) => {
      if (request.path.includes('search=payments')) await held;
      return undefined;
    });
    await workbench.typeQuickInput('payments');
    // What was found before stands there still; Enter must not take its first row.
    await workbench.page.keyboard.press('Enter');
    await eventually(() => assert.ok(gitlab.requests.some(({ path }) => path.includes('search=payments'))));
    answer();
    letGo();
    await workbench.quickPicks.filter({ hasText: 'playground' }).waitFor({ state: 'detached' });
    await workbench.quickPicks.filter({ hasText: 'platform/payments-api' }).waitFor();
    const search = gitlab.requests.find(({ path }) => path.includes('search=payments'));
    assert.match(search?.path ?? '', /min_access_level=30/);
    await workbench.choose('platform/payments-api');
    await workbench.screenshot(`watch-projects-${editor.version}`);
    await workbench.acceptQuickInput();
    await workbench.row('production-eu').waitFor();
    const expected = [
      ['payments-eks', 'load-test · Amazon EKS'],
      ['payments-gke', 'qa/* · Google GKE'],
      ['production-eu', 'production'],
      ['review', 'review/*'],
      ['staging', 'CA expired · staging'],
      ['GitLab agents', 'expand to see'],
    ];
    await eventually(async () => {
      const clusters = (await workbench.readRows()).filter(({ level }) => level === 3);
      assert.deepEqual(
        clusters.map(({ label, description }) => [label, description]),
        expected,
      );
    });
    await workbench.chooseFromMenu(workbench.row('payments-api'), 'Stop Watching');
    await workbench.row('payments-api').waitFor({ state: 'detached' });
  });

  it('with a read_api token show everything and offer no change', async () => {
    const projects = [{ id: 1, path: 'platform/payments-api' }];
    const workbench = await openWithHosts(editor, [
      { url: gitlab.url, token: 'demo-reader', name: 'Example GitLab', projects },
    ]);
    await workbench.row('production-eu').waitFor();
    await workbench.row('Example GitLab').filter({ hasText: 'read-only' }).waitFor();
    const menu = await workbench.readMenu(workbench.row('production-eu'));
    assert.ok(menu.includes('Show Cluster Details'), menu.join());
    assert.deepEqual(
      menu.filter((title) => /Edit|Delete/.test(title)),
      [],
    );
    assert.doesNotMatch((await workbench.readMenu(workbench.row('payments-api'))).join(), /Add Cluster/);
  });

  it('typed into the settings by hand ask for their token', async () => {
    const workbench = await editor.open({
      settings: { 'gitlabClusters.hosts': [{ url: gitlab.url }, { url: 'https://maria@gitlab.example.com' }] },
    });
    await workbench.openView('GitLab Clusters');
    await workbench.row('No token').click();
    await workbench.answerInput(tokenPrompt, 'demo-maintainer');
    await workbench.status('Connected to').waitFor();
    await workbench.row('No token').waitFor({ state: 'detached' });
    assert.match((await workbench.readRows()).map(({ ariaLabel }) => ariaLabel).join('\n'), /user name and password/);
  });
});
