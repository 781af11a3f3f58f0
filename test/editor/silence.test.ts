import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import fetch from 'node-fetch';
import * as vscode from 'vscode';
import { HostAccounts } from '../../src/core/accounts/hostAccounts';
import { GitLabClient } from '../../src/core/gitlab/client';
import { Inventory } from '../../src/core/inventory/inventory';
import { OwnerRoles } from '../../src/core/inventory/ownerRoles';
import { showTokenFaults } from '../../src/core/inventory/tokenFaults';
import { isReadable } from '../../src/core/model/cluster';
import type { Cluster, ClusterOwner } from '../../src/core/model/cluster';
import { parseHostUrl } from '../../src/core/model/host';
import type { Host, HostUrl } from '../../src/core/model/host';
import { Emitter } from '../../src/core/time/event';
import type { ClusterTreeNode } from '../../src/editor/clusterNodes';
import { LazyPart } from '../../src/core/time/lazyPart';
import { serveDocuments } from '../../src/features/details/documentProvider';
import { ClusterDocuments, clusterUri } from '../../src/features/details/clusterDocument';
import { ClusterRows } from '../../src/features/tree/clusterRows';
import { TreeLoading } from '../../src/features/tree/treeLoading';
import { html, json, text, type Answer } from '../gitlab/answer';
import { demoFleet } from '../gitlab/demoFleet';
import { dropConnection, neverAnswer, type Hook } from '../gitlab/faults';
import { startGitLab, type GitLab } from '../gitlab/server';
import { treeSources } from './treeSources';

/** Milliseconds after which nothing may be sent any more, and for which one then listens. */
const SILENT_AFTER = 1000;
const LISTENING = 500;
/** Milliseconds until a request that is never answered is given up. */
const DEADLINE = 150;

const payments: ClusterOwner = { level: 'project', id: 1, path: 'platform/payments-api' };

const refusals: Readonly<Record<string, Answer>> = {
  unauthorized: json(401, { message: '401 Unauthorized' }),
  revoked: json(401, { error: 'invalid_token', error_description: 'Token was revoked.' }),
  scope: json(403, { error: 'insufficient_scope', scope: 'api' }),
  forbidden: json(403, { message: '403 Forbidden' }),
  blocked: json(403, { message: '403 Forbidden - Your account has been blocked.' }),
  'not found': json(404, { message: '404 Not found' }),
  'switched off': json(404, { message: '404 Not Found' }),
  'no route': json(404, { error: '404 Not Found' }),
  invalid: json(400, { message: { name: ['is odd'] } }),
  conflict: json(409, { message: '409 Conflict: Resource lock' }),
  limited: text(429, 'Retry later\n', { 'Retry-After': '0' }),
  'server error': json(500, { message: '500 Internal Server Error' }),
  gateway: html(502, '<html>Bad gateway</html>'),
  'web page': html(200, '<html>Sign in</html>'),
  'empty object': json(200, {}),
  redirect: { status: 302, headers: { Location: 'https://elsewhere.example.com/' }, body: '' },
};
const faults: readonly (readonly [name: string, hook: Hook])[] = [
  ...Object.entries(refusals).map(([name, answer]) => [name, () => answer] as const),
  ['dropped', dropConnection],
  ['unanswered', neverAnswer],
];

/** What is done while a request of its kind fails, and which requests those are. */
const operations: readonly {
  readonly name: string;
  readonly fails: (method: string, path: string) => boolean;
  readonly run: (scene: Scene, cluster: Cluster, gitlab: GitLab) => Promise<unknown>;
}[] = [
  {
    name: 'get',
    fails: (method, path) => method === 'GET' && /\/clusters\/\d+$/.test(path),
    run: async ({ inventory }, cluster, { world }) => {
      // Its list brings news of it, so that the open document is fetched again; then somebody wants to edit it.
      for (const record of world.clusters) record.domain = 'news.example.com';
      await inventory.load(cluster.host, cluster.owner);
      await inventory.get(cluster);
    },
  },
  {
    name: 'list',
    fails: (method, path) => method === 'GET' && path.includes('/clusters?'),
    run: ({ inventory }, { host, owner }) => inventory.load(host, owner),
  },
  {
    name: 'add',
    fails: (method) => method === 'POST',
    run: ({ inventory }, { host, owner }) =>
      inventory.add(host, owner, {
        name: 'new',
        environmentScope: 'new/*',
        apiUrl: 'https://new.k8s.example.com',
        serviceToken: 'sesame',
      }),
  },
  {
    name: 'edit',
    fails: (method) => method === 'PUT',
    run: ({ inventory }, cluster) => inventory.edit(cluster, { enabled: false }),
  },
  {
    name: 'delete',
    fails: (method) => method === 'DELETE',
    run: ({ inventory }, cluster) => inventory.delete(cluster),
  },
  {
    name: 'identity',
    fails: (method, path) => method === 'GET' && path.endsWith('/user'),
    run: ({ inventory }, { host }) => inventory.reloadHost(host),
  },
];

interface Scene {
  readonly inventory: Inventory;
  readonly documents: ClusterDocuments;
}

/** A stand-in for each way to fail, twice: the requests of the operation fail, or all of them do. */
interface Failing {
  readonly name: string;
  readonly gitlab: GitLab;
  readonly url: HostUrl;
  readonly hook: Hook;
  readonly everything: boolean;
}

describe('After a failure', function () {
  this.timeout(60_000);

  for (const operation of operations) {
    it(`of “${operation.name}”, whatever it is, nothing is asked any more within a second`, async () => {
      const failing = await Promise.all(
        faults.flatMap(([name, hook]) => [open(name, hook, false), open(name, hook, true)]),
      );
      const scene = openEverything(failing);
      try {
        const clusters = await Promise.all(failing.map(({ url }) => opened(scene, url)));
        scene.patience.deadline = DEADLINE;
        for (const { gitlab, hook, everything } of failing) {
          gitlab.onRequest((exchange) => {
            const { method, path } = exchange.request;
            return everything || operation.fails(method, path) ? hook(exchange) : undefined;
          });
          gitlab.clearRequests();
        }
        await Promise.allSettled(
          failing.map(({ gitlab }, index) => {
            const cluster = clusters[index];
            assert.ok(cluster);
            return operation.run(scene, cluster, gitlab);
          }),
        );
        await pause(SILENT_AFTER);
        for (const { gitlab } of failing) gitlab.clearRequests();
        await pause(LISTENING);
        const loud = failing.flatMap(({ name, gitlab, everything }) =>
          gitlab.requests.length > 0
            ? [`${name}${everything ? ', everywhere' : ''}: ${gitlab.requests.map(({ path }) => path).join(' ')}`]
            : [],
        );
        assert.deepEqual(loud, []);
      } finally {
        scene.dispose();
        await vscode.commands.executeCommand('workbench.action.closeAllEditors');
        await Promise.all(failing.map(({ gitlab }) => gitlab.close()));
      }
    });
  }

  it('one click on a cluster asks for it once, also where that fails', async () => {
    const failing = await open('server error', () => json(500, { message: '500' }), false);
    const scene = openEverything([failing]);
    try {
      const cluster = await opened(scene, failing.url);
      await vscode.commands.executeCommand('workbench.action.closeAllEditors');
      const [get] = operations;
      assert.ok(get);
      failing.gitlab.onRequest((exchange) =>
        get.fails(exchange.request.method, exchange.request.path) ? failing.hook(exchange) : undefined,
      );
      failing.gitlab.clearRequests();
      await scene.documents.show({ ...cluster, name: `${cluster.name}-clicked` });
      await pause(LISTENING);
      const asked = failing.gitlab.requests.filter(({ method, path }) => get.fails(method, path));
      assert.equal(asked.length, 1);
    } finally {
      scene.dispose();
      await vscode.commands.executeCommand('workbench.action.closeAllEditors');
      await failing.gitlab.close();
    }
  });
});

async function open(name: string, hook: Hook, everything: boolean): Promise<Failing> {
  const gitlab = await startGitLab({ world: demoFleet() });
  const parsed = parseHostUrl(gitlab.url);
  assert.ok(parsed.ok);
  return { name, gitlab, url: parsed.url, hook, everything };
}

/** Rows that follow as VS Code makes them follow, documents, roles and all clusters of every host. */
function openEverything(failing: readonly Failing[]) {
  /** Everything is opened at leisure, on a machine that may be busy. */
  const patience = { deadline: 20_000 };
  const projects = [{ id: 1, path: 'platform/payments-api' }];
  const hosts: readonly Host[] = failing.map(({ url, name }) => ({ url, name, projects, groups: [] }));
  const accounts = new HostAccounts(
    {
      read: () => ({ hosts, problems: [] }),
      put: () => Promise.resolve(),
      remove: () => Promise.resolve(),
      onDidChange: new Emitter<void>().event,
    },
    {
      get: () => Promise.resolve('demo-maintainer'),
      set: () => Promise.resolve(),
      delete: () => Promise.resolve(),
      onDidChange: new Emitter<HostUrl>().event,
    },
    (url, token) =>
      new GitLabClient(url, token, {
        fetch,
        log: () => undefined,
        get readDeadline() {
          return patience.deadline;
        },
        get writeDeadline() {
          return patience.deadline;
        },
        retries: { tries: 2, backoff: 1, patience: 50 },
      }),
  );
  const inventory = new Inventory(accounts, { looks: { first: [0, 10], pause: 10, until: 50 } });
  const roles = new OwnerRoles(accounts, inventory);
  const sources = treeSources(accounts, inventory);
  const loading = new TreeLoading({ ...sources, roles });
  const rows = new ClusterRows({ ...sources, roles }, loading);
  const faultsOfTokens = showTokenFaults(inventory, sources.fleets);
  const changed = new vscode.EventEmitter<vscode.Uri>();
  const documents = new ClusterDocuments(inventory, accounts, changed);
  const served = serveDocuments(new LazyPart(() => Promise.resolve(documents)), changed, inventory);
  // VS Code asks for every open row again.
  const view = rows.onDidChangeTreeData(() => readRows(rows));
  readRows(rows);
  return {
    patience,
    inventory,
    documents,
    fleets: sources.fleets,
    dispose() {
      view.dispose();
      for (const one of [served, documents, faultsOfTokens, rows, roles, sources, inventory, accounts]) one.dispose();
    },
  };
}

/** One cluster of a host with its row, its document and all clusters beside it open. */
async function opened({ inventory, fleets }: ReturnType<typeof openEverything>, url: HostUrl): Promise<Cluster> {
  await inventory.loadHost(url);
  await inventory.load(url, payments);
  await fleets.crawl(url);
  const state = inventory.ownerState(url, payments);
  const cluster = state?.state === 'loaded' ? state.value.filter(isReadable)[0] : undefined;
  assert.ok(cluster, `${url} ${state?.state}`);
  await vscode.workspace.openTextDocument(clusterUri(cluster, 'Host'));
  return cluster;
}

function readRows(rows: ClusterRows, node?: ClusterTreeNode): void {
  for (const child of rows.getChildren(node)) {
    rows.getTreeItem(child);
    if (child.type === 'host' || child.type === 'owner') readRows(rows, child);
  }
}
