import assert from 'node:assert/strict';
import fetch from 'node-fetch';
import * as vscode from 'vscode';
import { commands } from '../../src/contributions';
import { clusterUri } from '../../src/features/details/clusterDocument';
import { GitLabClient } from '../../src/core/gitlab/client';
import type { FleetStorage } from '../../src/core/inventory/fleetMemory';
import { parseHostUrl } from '../../src/core/model/host';
import type { Host, HostUrl } from '../../src/core/model/host';
import { Inventory } from '../../src/core/inventory/inventory';
import type { ClusterTreeNode } from '../../src/editor/clusterNodes';
import { ClusterRows } from '../../src/features/tree/clusterRows';
import { json } from '../gitlab/answer';
import { demoFleet } from '../gitlab/demoFleet';
import { startGitLab, type GitLab } from '../gitlab/server';
import { fixedAccounts, treeSources } from './treeSources';

function hostUrl(text: string): HostUrl {
  const parsed = parseHostUrl(text);
  assert.ok(parsed.ok);
  return parsed.url;
}

describe('The rows of the tree in VS Code', () => {
  let gitlab: GitLab;
  let inventory: Inventory;
  let sources: ReturnType<typeof treeSources>;
  let rows: ClusterRows;

  beforeEach(async () => {
    gitlab = await startGitLab({ world: demoFleet() });
    const host: Host = {
      url: hostUrl(gitlab.url),
      name: 'Example GitLab',
      projects: [{ id: 1, path: 'platform/payments-api' }],
      groups: [{ id: 1, path: 'platform' }],
    };
    const accounts = fixedAccounts(
      host,
      (url, token) =>
        new GitLabClient(url, token, { fetch, log: () => undefined, readDeadline: 10_000, writeDeadline: 10_000 }),
    );
    inventory = new Inventory(accounts);
    sources = treeSources(accounts, inventory);
    rows = new ClusterRows(sources, sources.loading);
  });
  afterEach(async () => {
    rows.dispose();
    sources.dispose();
    inventory.dispose();
    await gitlab.close();
  });

  /** Waits until nothing is loading any more. */
  async function settled(): Promise<void> {
    while (sources.loading.isLoading) {
      await new Promise<void>((resolve) => {
        const subscription = inventory.onDidChange(() => {
          subscription.dispose();
          resolve();
        });
      });
    }
  }

  /** Every row that can be opened is opened but that of all clusters, which is read on being opened; a row is asked for again when what is below it is known, as VS Code is told. */
  async function readAll(node?: ClusterTreeNode): Promise<{ node: ClusterTreeNode; item: vscode.TreeItem }[]> {
    rows.getChildren(node);
    await settled();
    const read = [];
    for (const child of rows.getChildren(node)) {
      const closed = rows.getTreeItem(child).collapsibleState === vscode.TreeItemCollapsibleState.None;
      const below = closed || child.type === 'fleet' ? [] : await readAll(child);
      read.push({ node: child, item: rows.getTreeItem(child) }, ...below);
    }
    return read;
  }

  it('send nothing before VS Code asks for what is below them', async () => {
    const [host] = rows.getChildren();
    assert.ok(host);
    rows.getTreeItem(host);
    assert.equal(sources.loading.isLoading, false);
    assert.equal(gitlab.requests.length, 0);
    rows.getChildren(host);
    await settled();
    assert.ok(gitlab.requests.length > 0);
    assert.ok(
      gitlab.requests.every(({ path }) => !path.includes('/clusters')),
      'owners stay closed until opened',
    );
  });

  it('are read once, however many views show them', async () => {
    const all = await readAll();
    const asked = gitlab.requests.length;
    const second = new ClusterRows(sources, sources.loading);
    try {
      const shown = (view: ClusterRows, node?: ClusterTreeNode): string[] =>
        view
          .getChildren(node)
          .flatMap((row) => [String(view.getTreeItem(row).id), ...(row.type === 'fleet' ? [] : shown(view, row))]);
      assert.deepEqual(shown(second), shown(rows));
      await settled();
      assert.ok(asked > 0);
      assert.equal(gitlab.requests.length, asked);
      const project = all.find(({ item }) => item.label === 'payments-api')?.node;
      assert.equal(project?.type, 'owner');
      gitlab.world.clusters.splice(
        gitlab.world.clusters.findIndex(({ name }) => name === 'review'),
        1,
      );
      const heard = [rows, second].map(
        (view) => new Promise<void>((resolve) => view.onDidChangeTreeData(() => resolve())),
      );
      await inventory.load(project.host, project.owner);
      await Promise.all(heard);
      assert.equal(gitlab.requests.length, asked + 1);
    } finally {
      second.dispose();
    }
  });

  it('are what GitLab has, with ids of their own and parents', async () => {
    const all = await readAll();
    assert.deepEqual(
      all.map(({ item }) => `${typeof item.label === 'string' ? item.label : ''} — ${String(item.description)}`),
      [
        'Example GitLab — @root · GitLab 18.2',
        'Instance — 2 clusters',
        'gpu-pool — disabled · gpu/*',
        'shared-runners — *',
        'platform — 1 cluster',
        'platform-default — *',
        'payments-api — 5 clusters · platform/payments-api',
        'payments-eks — load-test · Amazon EKS',
        'payments-gke — qa/* · Google GKE',
        'production-eu — production',
        'review — review/*',
        'staging — CA expired · staging',
        'All clusters — expand to search',
      ],
    );
    assert.equal(new Set(all.map(({ item }) => item.id)).size, all.length);
    const byNode = new Map(all.map(({ node, item }) => [node, item.label]));
    const last = all.at(-2);
    const project = last && rows.getParent(last.node);
    const host = project && rows.getParent(project);
    assert.deepEqual([project && byNode.get(project), host && byNode.get(host)], ['payments-api', 'Example GitLab']);
    assert.equal(host && rows.getParent(host), undefined);
  });

  it('have tooltips that VS Code neither trusts nor takes as HTML', async () => {
    const [row] = (await readAll()).filter(({ item }) => item.label === 'production-eu');
    assert.ok(row);
    assert.equal(row.item.tooltip, undefined, 'made only when asked for');
    const { tooltip } = rows.resolveTreeItem(row.item, row.node);
    assert.ok(tooltip instanceof vscode.MarkdownString);
    assert.ok(!tooltip.isTrusted && !tooltip.supportHtml && !tooltip.supportThemeIcons);
    assert.match(tooltip.value, /Namespace per environment: no/);
  });

  it('tell the view of what changed, with the rows it has, and of nothing else', async () => {
    const all = await readAll();
    const told: (readonly ClusterTreeNode[] | undefined)[] = [];
    rows.onDidChangeTreeData((changed) => told.push(changed));
    const project = all.find(({ item }) => item.label === 'payments-api')?.node;
    assert.equal(project?.type, 'owner');

    await inventory.load(project.host, project.owner);
    await new Promise((resolve) => setTimeout(resolve, 0));
    assert.deepEqual(told, []);

    gitlab.world.clusters.splice(
      gitlab.world.clusters.findIndex(({ name }) => name === 'review'),
      1,
    );
    const heard = new Promise<void>((resolve) => rows.onDidChangeTreeData(() => resolve()));
    await inventory.load(project.host, project.owner);
    await heard;
    assert.equal(told.length, 1);
    assert.equal(told[0]?.[0], project, 'the very object VS Code knows');
    assert.match(String(rows.getTreeItem(project).description), /^4 clusters/);
  });
});

describe('Remembered clusters in groups in VS Code', () => {
  it('are shown at once, dated, and looked for again once the view was seen and the host has answered', async () => {
    const gitlab = await startGitLab({ world: demoFleet() });
    const host: Host = { url: hostUrl(gitlab.url), name: 'Example GitLab', projects: [], groups: [] };
    const texts = new Map<HostUrl, string>();
    const storage: FleetStorage = {
      read: (url) => Promise.resolve(texts.get(url)),
      write: (url, text) => Promise.resolve(void texts.set(url, text)),
      delete: (url) => Promise.resolve(void texts.delete(url)),
    };
    const open = () => {
      const accounts = fixedAccounts(
        host,
        (url, token) =>
          new GitLabClient(url, token, { fetch, log: () => undefined, readDeadline: 10_000, writeDeadline: 10_000 }),
      );
      const inventory = new Inventory(accounts);
      const sources = treeSources(accounts, inventory, storage);
      return { inventory, sources, rows: new ClusterRows(sources, sources.loading) };
    };
    const close = ({ inventory, sources, rows }: ReturnType<typeof open>): void => {
      rows.dispose();
      sources.dispose();
      inventory.dispose();
    };
    const before = open();
    await before.sources.fleets.crawl(host.url);
    close(before);

    const { inventory, sources, rows } = open();
    const { fleets, finder } = sources;
    const firstRow = (): string => {
      const { label } = rows.getTreeItem(rows.getChildren()[0] ?? assert.fail());
      return typeof label === 'string' ? label : '';
    };
    try {
      finder.setGroupBy('apiUrl');
      await inventory.loadHost(host.url);
      await fleets.recall(host.url);
      gitlab.clearRequests();
      assert.equal(fleets.status(host.url).status, 'recalled', 'nobody has seen the view');
      assert.equal(gitlab.requests.length, 0);
      const shown: string[] = [];
      const ended = new Promise<void>((resolve) => {
        finder.onDidChange(() => {
          const { status } = fleets.status(host.url);
          if (status === 'crawling') shown.push(firstRow());
          if (status === 'ended') resolve();
        });
      });
      assert.equal(firstRow(), 'Example GitLab: Found just now');
      await ended;
      assert.match(shown[0] ?? '', /^Example GitLab: Finding clusters/);
      assert.match(shown.at(-1) ?? '', /^Example GitLab: Finding clusters: \d+ clusters/);
      assert.doesNotMatch(firstRow(), /^Example GitLab/);
      const requests = gitlab.requests.length;
      finder.setFilter('production');
      rows.getChildren();
      await fleets.recall(host.url);
      assert.equal(gitlab.requests.length, requests, 'once');
    } finally {
      close({ inventory, sources, rows });
      await gitlab.close();
    }
  });
});

describe('A cluster’s document in VS Code', () => {
  let gitlab: GitLab;
  before(async () => {
    gitlab = await startGitLab({ world: demoFleet() });
    await vscode.commands.executeCommand(commands.addHost, {
      url: gitlab.url,
      token: 'demo-maintainer',
      name: 'Example GitLab',
    });
  });
  after(async () => {
    await vscode.workspace.getConfiguration('gitlabClusters').update('hosts', undefined, true);
    await gitlab.close();
  });

  const production = () => ({
    host: hostUrl(gitlab.url),
    owner: { level: 'project', id: 1, path: 'platform/payments-api' } as const,
    id: 5,
    name: 'production/eu',
  });

  it('is YAML, and can be opened again by its address alone, as after a reload', async () => {
    gitlab.clearRequests();
    const uri = vscode.Uri.parse(clusterUri(production(), 'Host').toString());
    const document = await vscode.workspace.openTextDocument(uri);
    assert.equal(document.languageId, 'yaml');
    assert.match(uri.path, /\/platform\/payments-api\/production-eu · payments-api · Host\.yaml$/);
    assert.match(document.getText(), /^environment_scope: production$/m);
    assert.match(document.getText(), /subject: CN=Production EU Kubernetes CA/);
    assert.deepEqual(
      gitlab.requests.map(({ path }) => path),
      ['/api/v4/projects/1/clusters/5'],
    );
  });

  it('leaves GitLab alone once it failed, though the list still has the cluster', async () => {
    const { id } = gitlab.world.clusters.find(({ name }) => name === 'staging') ?? assert.fail();
    const path = `/api/v4/projects/1/clusters/${id}`;
    const stop = gitlab.onRequest(async ({ request }) => {
      if (request.path === path) return json(404, { message: '404 Not found' });
      // VS Code hears of no change while it still opens the document.
      if (request.path.startsWith('/api/v4/projects/1/clusters?')) await new Promise((done) => setTimeout(done, 200));
      return undefined;
    });
    try {
      gitlab.clearRequests();
      const uri = clusterUri({ ...production(), id, name: 'staging' }, 'Host');
      const document = await vscode.workspace.openTextDocument(uri);
      assert.match(document.getText(), /^# Not found/);
      await new Promise((resolve) => setTimeout(resolve, 1000));
      const asked = gitlab.requests.map((request) => request.path);
      assert.ok(
        asked.includes('/api/v4/projects/1/clusters?page=1&per_page=100'),
        `the list was read: ${asked.join()}`,
      );
      assert.equal(asked.filter((asks) => asks === path).length, 1);
      assert.equal(new Set(asked).size, asked.length, `nothing twice: ${asked.join()}`);
    } finally {
      stop();
    }
  });

  it('follows what a search of the host reads later, though nobody opened its owner', async () => {
    const record = gitlab.world.clusters.find(({ name }) => name === 'platform-default') ?? assert.fail();
    const owner = { level: 'group', id: 1, path: 'platform' } as const;
    const uri = clusterUri({ ...production(), owner, id: record.id, name: record.name }, 'Host');
    const document = await vscode.workspace.openTextDocument(uri);
    assert.doesNotMatch(document.getText(), /later\.example\.com/);
    record.domain = 'later.example.com';
    const followed = new Promise<void>((resolve) => {
      const listening = vscode.workspace.onDidChangeTextDocument((change) => {
        if (change.document !== document || !document.getText().includes('later.example.com')) return;
        listening.dispose();
        resolve();
      });
    });
    await vscode.commands.executeCommand(commands.findAllClusters, { type: 'fleet', host: hostUrl(gitlab.url) });
    await followed;
  });

  const sentences = [
    ['a cluster that is gone', () => clusterUri({ ...production(), id: 999 }, 'Host'), /^# Not found/],
    [
      'a host that is not listed',
      () => clusterUri({ ...production(), host: hostUrl('https://gone.example.com') }, 'Host'),
      /^# https:\/\/gone\.example\.com is not among the GitLab hosts any more/,
    ],
    [
      'an address that names none',
      () => vscode.Uri.parse('gitlab-cluster:/x.yaml?nonsense'),
      /doesn’t point to a cluster/,
    ],
  ] as const;
  for (const [what, uri, sentence] of sentences) {
    it(`says so for ${what}`, async () => {
      const document = await vscode.workspace.openTextDocument(uri());
      assert.match(document.getText(), sentence);
    });
  }
});
