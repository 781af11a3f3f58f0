import { AxeBuilder } from '@axe-core/playwright';
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { json } from '../gitlab/answer';
import { demoFleet } from '../gitlab/demoFleet';
import { addCluster } from '../gitlab/populate';
import { startGitLab, type GitLab } from '../gitlab/server';
import type { ClusterRecord } from '../gitlab/world';
import type { Workbench } from '../lab/workbench';
import { themes } from '../lab/workbench';
import { eventually } from './eventually';
import { openWithHosts, tokenPrompt } from './hosts';
import { useEditor } from './useEditor';

const payments = { id: 1, path: 'platform/payments-api' };
const checkout = { id: 2, path: 'platform/checkout-web' };
const platform = { id: 1, path: 'platform' };

describe('The tree', () => {
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

  function open(
    more: { token?: string; projects?: readonly (typeof payments)[]; theme?: string; settings?: object } = {},
  ) {
    const { token = 'demo-admin-token', projects = [payments, checkout], theme = themes.dark } = more;
    const host = { url: gitlab.url, token, name: 'Example GitLab', projects, groups: [platform] };
    return openWithHosts(editor, [host], { 'workbench.colorTheme': theme, ...more.settings });
  }

  /** Level, label and description of every row, as a person reads the tree. */
  async function outline(): Promise<string[]> {
    const rows = await workbench.readRows();
    return rows.map(({ level, label, description }) => `${'  '.repeat(level - 1)}${label} — ${description}`);
  }

  function record(name: string): ClusterRecord {
    const found = gitlab.world.clusters.find((cluster) => cluster.name === name);
    assert.ok(found);
    return found;
  }

  for (const [name, theme] of Object.entries(themes)) {
    it(`shows hosts, owners and clusters with their state in words, and passes axe (${name})${name === 'dark' ? ' [main way]' : ''}`, async () => {
      workbench = await open({ theme });
      await workbench.row('production-us').waitFor();
      await workbench.row('review').waitFor();
      const expected = [
        'Example GitLab — @root · GitLab 18.2',
        '  Instance — 2 clusters',
        '    gpu-pool — disabled · gpu/*',
        '    shared-runners — *',
        '  platform — 1 cluster',
        '    platform-default — *',
        '  checkout-web — 2 clusters · platform/checkout-web',
        '    production-us — production',
        '    staging — disabled · staging',
        '    GitLab agents — expand to see',
        '  payments-api — 5 clusters · platform/payments-api',
        '    payments-eks — load-test · Amazon EKS',
        '    payments-gke — qa/* · Google GKE',
        '    production-eu — production',
        '    review — review/*',
        '    staging — CA expired · staging',
        '    GitLab agents — expand to see',
        '  All clusters — expand to search',
        '  Moves to the agent — expand to see',
        '  Warnings — open to check',
      ];
      await eventually(async () => assert.deepEqual(await outline(), expected));
      // Closed, so that axe sees the tree and not a notification over it.
      await workbench.page.keyboard.press('Escape');
      // That rule reads "Instance2 clusters", since VS Code sets label and description apart by style alone.
      for (const { label, description, ariaLabel } of await workbench.readRows()) {
        assert.ok(ariaLabel.startsWith(`${[label, ...description.split(' · ')].join(', ')}. `), ariaLabel);
      }
      const { violations } = await new AxeBuilder({ page: workbench.page })
        .include('.sidebar .tree-explorer-viewlet-tree-view')
        .disableRules('label-content-name-mismatch')
        .analyze();
      assert.deepEqual(
        violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`)),
        [],
      );
      await workbench.screenshot(`tree-${name}-${editor.version}`);
    });
  }

  it('shows names as the text they are, in rows and tooltips', async () => {
    const name = '$(trash) **b** [x](https://evil.example) <img src=x>\nsecond line';
    const shown = '$\u2060(trash) **b** [x]\u2060(https://evil.example) <img src=x> second line';
    record('review').name = name;
    workbench = await open({ projects: [payments], settings: { 'workbench.hover.delay': 500 } });
    const row = workbench.row(shown);
    // What comes in above it moves the row away from under the pointer, and a new count of its owner draws it again.
    for (const above of ['gpu-pool', 'platform-default']) await workbench.row(above).waitFor();
    for (const owner of await workbench.rows.and(workbench.page.locator('[aria-level="2"][aria-expanded=true]')).all())
      await owner.filter({ hasText: /\d clusters?/ }).waitFor();
    const hover = workbench.page.locator('.monaco-hover:visible .rendered-markdown');
    const tooltip = hover.filter({ hasText: 'API URL: https://review.k8s.example.com:6443' });
    await row.hover();
    await tooltip.waitFor();
    assert.match(await hover.innerText(), new RegExp(shown.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')));
    assert.equal(await hover.locator('a, img, .codicon').count(), 0);
    assert.equal(await row.locator('.label-name .codicon').count(), 0);
  });

  it('opens a cluster with the keyboard alone, fetched anew each time [main way]', async () => {
    workbench = await open({ token: 'demo-maintainer', projects: [payments] });
    await workbench.row('production-eu').waitFor();
    gitlab.clearRequests();
    await workbench.focusView('GitLab Clusters');
    await workbench.page.keyboard.press('End');
    await workbench.focusedRow.filter({ hasText: 'Warnings' }).waitFor();
    await workbench.focusUpTo('production-eu');
    await workbench.page.keyboard.press('Enter');
    await workbench.tab('production-eu · payments-api').waitFor();
    const text = workbench.page.locator('.monaco-editor .view-lines');
    await text.filter({ hasText: 'domain: eu.example.com' }).waitFor();
    assert.deepEqual(
      gitlab.requests.map(({ method, path }) => `${method} ${path}`),
      ['GET /api/v4/projects/1/clusters/5'],
    );
    await workbench.screenshot(`document-${editor.version}`);

    record('production-eu').domain = 'moved.example.com';
    await workbench.focusView('GitLab Clusters');
    await workbench.focusedRow.filter({ hasText: 'production-eu' }).waitFor();
    await workbench.page.keyboard.press('Enter');
    await text.filter({ hasText: 'domain: moved.example.com' }).waitFor();

    await workbench.page.locator('.monaco-editor.focused').waitFor();
    await workbench.page.keyboard.press('Control+End');
    await text.filter({ hasText: 'subject: CN=Production EU Kubernetes CA' }).waitFor();
    await text.filter({ hasText: 'validity: valid' }).waitFor();
  });

  it('follows the cluster in its open document, also when somebody deletes it, and says so in one opened later', async () => {
    workbench = await open({ token: 'demo-maintainer', projects: [payments] });
    const deleteElsewhere = (name: string) =>
      gitlab.world.clusters.splice(gitlab.world.clusters.indexOf(record(name)), 1);
    const text = workbench.page.locator('.monaco-editor .view-lines');
    const deleted = text.filter({ hasText: '# Deleted' }).filter({ hasText: 'it was deleted since' });
    await workbench.row('review').click();
    await text.filter({ hasText: 'enabled: true' }).waitFor();
    record('review').enabled = false;
    await workbench.clickInline(workbench.row('payments-api'), 'Refresh Clusters');
    await text.filter({ hasText: 'enabled: false' }).waitFor();
    deleteElsewhere('review');
    await workbench.clickInline(workbench.row('payments-api'), 'Refresh Clusters');
    await deleted.filter({ hasText: 'Cluster 7 of Project platform/payments-api' }).waitFor();
    deleteElsewhere('staging');
    await workbench.row('staging').click();
    await deleted.filter({ hasText: 'Cluster 6 of Project platform/payments-api' }).waitFor();
  });

  const failures = [
    ['403', json(403, { message: '403 Forbidden' }), 'Not permitted — Refresh'],
    [
      'the integration switched off',
      json(404, { message: '404 Not Found' }),
      'How to turn it on — Cluster integration switched off',
    ],
    ['a project that is gone', json(404, { message: '404 Project Not Found' }), 'Not found — Stop watching'],
    [
      'a token revoked meanwhile',
      json(401, {
        error: 'invalid_token',
        error_description: 'Token was revoked. You have to re-authorize from the user.',
      }),
      'Access token revoked — Replace token',
    ],
    ['too many requests', json(429, { message: { error: 'Try again later.' } }), 'Too many requests — Refresh'],
  ] as const;
  it('shows each failure of an owner as a row of its own beside the others, and recovers by its action', async () => {
    workbench = await open({ token: 'demo-maintainer' });
    await workbench.row('production-eu').waitFor();
    for (const [what, answer, expected] of failures) {
      const mend = gitlab.onRequest(({ request }) =>
        request.path.includes('/projects/1/clusters') ? answer : undefined,
      );
      await workbench.clickInline(workbench.row('payments-api'), 'Refresh Clusters');
      // A host that only does not answer just now keeps the rows that were read.
      const keepsRows = what === 'too many requests';
      if (!keepsRows) await workbench.row('production-eu').waitFor({ state: 'detached' });
      await workbench.row(expected.split(' — ')[0] ?? '').waitFor();
      await eventually(async () => {
        const rows = await outline();
        assert.ok(rows.includes(`    ${expected}`), `${what}: ${rows.join('\n')}`);
        assert.ok(rows.includes('    production-us — production'), what);
        assert.equal(rows.includes('    production-eu — production'), keepsRows, what);
      });
      mend();
      // A token that is refused makes the host's row be read again too, and VS Code draws the rows below it anew. It calls
      // a command that is clicked at that moment without its row, and the command asks which owner is meant.
      await eventually(async () => {
        await workbench.page.keyboard.press('Escape');
        await workbench.clickInline(workbench.row('payments-api'), 'Refresh Clusters');
        await workbench.row(expected.split(' — ')[0] ?? '').waitFor({ state: 'detached', timeout: 3000 });
      });
      await workbench.row('production-eu').waitFor();
    }

    const mend = gitlab.onRequest(({ request }) =>
      request.path.includes('/projects/1/clusters') ? json(500, { message: '500 Internal Server Error' }) : undefined,
    );
    await workbench.clickInline(workbench.row('payments-api'), 'Refresh Clusters');
    await workbench.row('GitLab server error').waitFor();
    await workbench.screenshot(`tree-failure-${editor.version}`);
    mend();
    await workbench.row('GitLab server error').click();
    await workbench.row('GitLab server error').waitFor({ state: 'detached' });
    await workbench.row('production-eu').waitFor();
  });

  it('says “Admin Mode missing” for an administrator’s token without that scope, and asks for another', async () => {
    workbench = await open({ token: 'demo-plain-admin', projects: [] });
    await workbench.row('Admin Mode missing').click();
    await workbench.inputBox(tokenPrompt).waitFor();
  });

  it('shows a host that cannot be reached as a row, and other hosts as ever', async () => {
    const gone = await startGitLab({ world: demoFleet() });
    const hosts = [
      { url: gone.url, token: 'demo-maintainer', name: 'Gone GitLab', projects: [payments] },
      { url: gitlab.url, token: 'demo-maintainer', name: 'Example GitLab', projects: [checkout] },
    ];
    workbench = await openWithHosts(editor, hosts);
    await workbench.row('production-eu').waitFor();
    await gone.close();
    await workbench.clickViewTitle('Refresh All');
    await workbench.row('Not reachable').waitFor();
    await workbench.row('Gone GitLab').filter({ hasText: 'Not reachable' }).waitFor();
    await workbench.row('production-us').waitFor();
  });

  it('keeps what was opened and closed over a refresh, and the old rows until the new ones are there', async () => {
    workbench = await open({ token: 'demo-maintainer' });
    await workbench.row('production-us').waitFor();
    await workbench.row('platform').locator('.monaco-tl-twistie').click();
    await workbench.row('platform-default').waitFor({ state: 'detached' });
    addCluster(gitlab.world, gitlab.world.projects[0] ?? 'instance', { name: 'brand-new' });
    let answer: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (answer = resolve));
    const asked = new Promise<void>((resolve) => {
      gitlab.onRequest(async ({ request }) => {
        if (!request.path.includes('/projects/1/clusters')) return undefined;
        resolve();
        await held;
        return undefined;
      });
    });
    await workbench.clickViewTitle('Refresh All');
    await asked;
    await workbench.page.locator('.sidebar .monaco-progress-container.active').waitFor();
    await workbench.row('production-eu').waitFor();
    answer();
    await workbench.row('brand-new').waitFor();
    await workbench.page.locator('.sidebar .monaco-progress-container.active').waitFor({ state: 'detached' });
    assert.equal(await workbench.row('platform').getAttribute('aria-expanded'), 'false');
    assert.equal(await workbench.row('checkout-web').getAttribute('aria-expanded'), 'true');
  });

  it('shows the projects open folders were cloned from, marked, and follows their remotes [main way]', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'gitlab-clusters-folder-'));
    const git = (...args: string[]) => execFileSync('git', ['-C', folder, ...args]);
    git('init', '--quiet');
    git('remote', 'add', 'origin', `${gitlab.url}/platform/payments-api.git`);
    git('remote', 'add', 'unknown', `${gitlab.url}/nobody/nothing.git`);
    try {
      const settings = {
        'gitlabClusters.hosts': [{ url: gitlab.url, name: 'Example GitLab' }],
        // Git does not run in Restricted Mode.
        'security.workspace.trust.enabled': false,
      };
      workbench = await editor.open({ folder, settings });
      await workbench.openView('GitLab Clusters');
      // What Git has found of the folder may make VS Code draw the rows anew, and a click at that moment does nothing.
      await eventually(async () => {
        await workbench.row('No token').click();
        await workbench.inputBox(tokenPrompt).waitFor({ timeout: 3000 });
      });
      await workbench.answerInput(tokenPrompt, 'demo-maintainer');
      await workbench.row('production-eu').waitFor();
      const expected = [
        'Example GitLab — @maria · GitLab 18.2',
        '  payments-api — 5 clusters · open folder · platform/payments-api',
      ];
      await eventually(async () => assert.deepEqual((await outline()).slice(0, 2), expected));
      await workbench.screenshot(`tree-open-folder-${editor.version}`);

      // Git's extension notices by watching files, which the VS Code from npm cannot; asked to look, it tells.
      git('remote', 'set-url', 'origin', 'git@127.0.0.1:platform/checkout-web.git');
      await workbench.runCommand('Git: Refresh');
      await workbench.row('checkout-web').waitFor();
      await workbench.row('payments-api').waitFor({ state: 'detached' });
      // Its rows come last: from then on nothing moves from under the pointer.
      await workbench.row('production-us').waitFor();

      await workbench.chooseFromMenu(workbench.row('checkout-web'), 'Watch');
      // The name of an SSH configuration is no host's: whose it is, is asked once.
      git('remote', 'set-url', 'origin', 'git@work-gitlab:platform/shared/observability.git');
      await workbench.runCommand('Git: Refresh');
      await workbench.answerNotification('work-gitlab:platform/shared/observability', 'Yes');
      await workbench.row('observability').filter({ hasText: 'open folder' }).waitFor();

      git('remote', 'remove', 'origin');
      await workbench.runCommand('Git: Refresh');
      await workbench.row('checkout-web').filter({ hasNotText: 'open folder' }).waitFor();
      assert.ok((await workbench.readMenu(workbench.row('checkout-web'))).includes('Stop Watching'));
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
});
