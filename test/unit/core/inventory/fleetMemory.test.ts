import assert from 'node:assert/strict';
import { Fleet } from '../../../../src/core/inventory/fleet';
import { recallFleet, rememberFleet } from '../../../../src/core/inventory/fleetMemory';
import type { FleetStorage } from '../../../../src/core/inventory/fleetMemory';
import { ownerTree, OwnerTree } from '../../../../src/core/arrange/ownerTree';
import type { OwnerBranch } from '../../../../src/core/arrange/ownerTree';
import { GitLabError } from '../../../../src/core/gitlab/errors';
import type { ClusterOwner } from '../../../../src/core/model/cluster';
import { addCluster } from '../../../gitlab/populate';
import { generatedFleet } from '../../../gitlab/generatedFleet';
import { cluster, group, hostUrl, instance, project } from './clusters';
import { crawled, held, hostOf, readable, serving } from './fleetLab';

function storage(): FleetStorage & { readonly texts: Map<string, string> } {
  const texts = new Map<string, string>();
  return {
    texts,
    read: (host) => Promise.resolve(texts.get(host)),
    write: (host, text) => Promise.resolve(void texts.set(host, text)),
    delete: (host) => Promise.resolve(void texts.delete(host)),
  };
}

const outline = (branches: readonly OwnerBranch[]): unknown =>
  branches.map(({ owner, label, total, children }) => [owner, label, total, outline(children)]);

describe('the remembered fleet', function () {
  this.timeout(30_000);
  const serve = serving();

  it('comes back as it was, dated', async () => {
    const gitlab = await serve(generatedFleet({ projects: 100, clusters: 150, seed: 31 }));
    const [someProject] = gitlab.world.projects;
    assert.ok(someProject);
    addCluster(gitlab.world, someProject, {
      provider: 'gcp',
      managementProjectId: 1,
      gcp: { projectId: 'p', zone: 'z', machineType: 'n1', nodes: 3, endpoint: '1.2.3.4' },
    });
    addCluster(gitlab.world, someProject, { platform: null, creatorId: null });
    const { fleet } = await crawled(gitlab, 'fleet-admin');
    const kept = storage();
    await rememberFleet(fleet, kept);
    const again = new Fleet(fleet.host);
    assert.equal(await recallFleet(again, kept), true);
    assert.deepEqual(again.clusters, fleet.clusters);
    assert.deepEqual(
      again.owners,
      fleet.owners.map((record) => ({ ...record, current: false })),
      'all of it, but as something that may be old',
    );
    assert.deepEqual(outline(ownerTree(again)), outline(ownerTree(fleet)));
    assert.deepEqual(again.completedAt, fleet.completedAt);
    assert.ok(again.completedAt);
  });

  it('comes back with names where the integration is switched off', async () => {
    const gitlab = await serve(generatedFleet({ projects: 100, clusters: 150, seed: 32 }));
    gitlab.flagOff = true;
    const { fleet } = await crawled(gitlab, 'fleet-maintainer');
    const kept = storage();
    await rememberFleet(fleet, kept);
    const again = new Fleet(fleet.host);
    await recallFleet(again, kept);
    assert.ok(fleet.named.length > 0);
    assert.deepEqual(again.named, fleet.named);
  });

  it('holds no token and no words of a failure', async () => {
    const gitlab = await serve(generatedFleet({ projects: 30, clusters: 60, seed: 33 }));
    const { fleet } = await crawled(gitlab, 'fleet-admin');
    fleet.putFailure(
      { owner: project(99, 'x/y'), name: 'y', archived: false },
      new GitLabError('server', { message: 'oops' }),
    );
    const kept = storage();
    await rememberFleet(fleet, kept);
    const text = kept.texts.get(fleet.host) ?? '';
    assert.ok(text.includes('k8s-1.example.com'));
    assert.ok(!/fleet-admin|service-token|oops|x\/y/.test(text));
  });

  it('holds no user name and no password of an API URL', async () => {
    const fleet = new Fleet(hostUrl());
    fleet.update(cluster(1, {}, { apiUrl: 'https://admin:hunter2@k8s.example.com:6443/path' }));
    const kept = storage();
    await rememberFleet(fleet, kept);
    assert.doesNotMatch([...kept.texts.values()].join(), /admin|hunter2/);
    const again = new Fleet(hostUrl());
    await recallFleet(again, kept);
    assert.equal(again.clusters[0]?.platform?.apiUrl, 'https://k8s.example.com:6443/path');
  });

  it('is read where it does not name its attributes, as it first was', async () => {
    const fleet = new Fleet(hostUrl());
    fleet.update(cluster(1));
    const kept = storage();
    await rememberFleet(fleet, kept);
    const text = kept.texts.get(fleet.host) ?? '';
    kept.texts.set(fleet.host, text.replace(/"attributes":"[^"]*",/, ''));
    assert.notEqual(kept.texts.get(fleet.host), text);
    const again = new Fleet(hostUrl());
    assert.equal(await recallFleet(again, kept), true);
    assert.deepEqual(again.clusters, fleet.clusters);
  });

  for (const [what, change] of [
    ['is of another version', (text: string) => text.replace('"version":1', '"version":2')],
    ['has another attribute', (text: string) => text.replace('"attributes":"', '"attributes":"colour ')],
    ['is of another host', (text: string) => text.replace('gitlab.example.com', 'other.example.com')],
    ['was cut short', (text: string) => text.slice(0, -20)],
    ['has a text that cannot be', (text: string) => text.replace('"cluster-1"', '17')],
    ['lacks a text', (text: string) => text.replace('"cluster-1",', '')],
    ['lacks a number', (text: string) => text.replace(/,\d+\]\}$/, ']}')],
    ['has a number too many', (text: string) => text.replace(/\]\}$/, ',1]}')],
    ['counts more than it has', (text: string) => text.replace('"numbers":[0,2,', '"numbers":[0,200000,')],
    ['is empty', () => ''],
  ] as const) {
    it(`is left alone where it ${what}`, async () => {
      const fleet = new Fleet(hostUrl());
      fleet.update(cluster(1));
      fleet.update(cluster(2, { owner: instance }));
      const kept = storage();
      await rememberFleet(fleet, kept);
      kept.texts.set(fleet.host, change(kept.texts.get(fleet.host) ?? ''));
      const again = new Fleet(hostUrl());
      assert.equal(await recallFleet(again, kept), false);
      assert.deepEqual([...again.owners], []);
    });
  }

  it('does not cover what a crawl has read by then, and goes where the crawl does not meet it', async () => {
    const gitlab = await serve(generatedFleet({ projects: 60, clusters: 100, seed: 34 }));
    const old = new Fleet(hostOf(gitlab));
    old.update(cluster(7777, { host: old.host, owner: project(5555, 'gone/away') }));
    old.update(cluster(1, { host: old.host, owner: instance, name: 'old name' }));
    const kept = storage();
    await rememberFleet(old, kept);
    const fleet = new Fleet(old.host);
    fleet.update(cluster(1, { host: old.host, owner: instance, name: 'new name' }));
    await recallFleet(fleet, kept);
    assert.deepEqual(fleet.clusters.map(({ name }) => name).sort(), ['cluster-7777', 'new name']);
    await crawled(gitlab, 'fleet-admin', fleet);
    assert.deepEqual(held(fleet), readable(gitlab, 'root'));
  });
});

describe('the tree of owners', function () {
  this.timeout(30_000);
  const serve = serving();

  it('nests groups, subgroups and projects as GitLab does, and counts what lies below', () => {
    const fleet = new Fleet(hostUrl());
    for (const [id, path] of [
      [1, 'top'],
      [2, 'top/sub'],
      [3, 'other'],
      [4, 'unused'],
    ] as const) {
      fleet.putGroup({ id, path, name: path, parentId: undefined });
    }
    fleet.update(cluster(10, { owner: project(1, 'top/sub/app') }));
    fleet.update(cluster(11, { owner: { level: 'group', id: 2, path: 'top/sub' } }));
    fleet.update(cluster(12, { owner: project(2, 'top/zoo') }));
    fleet.update(cluster(13, { owner: project(3, 'fiona/app') }));
    fleet.update(cluster(14, { owner: project(4, 'secret/deep/app') }));
    fleet.update(cluster(15, { owner: instance }));
    const simple = (branches: readonly OwnerBranch[]): unknown =>
      branches.map(({ label, total, children }) => [label, total, simple(children)]);
    assert.deepEqual(simple(ownerTree(fleet)), [
      ['', 1, []],
      [
        'top',
        3,
        [
          ['sub', 2, [['app', 1, []]]],
          ['zoo', 1, []],
        ],
      ],
      ['fiona/app', 1, []],
      ['secret/deep/app', 1, []],
    ]);
    const onlyEleven = ownerTree(fleet, ({ id }) => id === 11);
    assert.deepEqual(simple(onlyEleven), [['top', 1, [['sub', 1, []]]]]);
  });

  it('holds every cluster of a generated fleet exactly once', async () => {
    const gitlab = await serve(generatedFleet({ projects: 150, clusters: 300, seed: 35 }));
    const { fleet } = await crawled(gitlab, 'fleet-admin');
    const ids: number[] = [];
    const walk = (branches: readonly OwnerBranch[]): void => {
      for (const branch of branches) {
        ids.push(...branch.clusters.map(({ id }) => id));
        walk(branch.children);
      }
    };
    const tree = ownerTree(fleet);
    walk(tree);
    assert.deepEqual(
      ids.sort((a, b) => a - b),
      gitlab.world.clusters.map(({ id }) => id),
    );
    assert.equal(
      tree.reduce((sum, { total }) => sum + total, 0),
      ids.length,
    );
  });

  it('hangs a project or a group that was moved or renamed where it is now', () => {
    const fleet = new Fleet(hostUrl());
    const putAll = (web: ClusterOwner, sub: ClusterOwner): void => {
      fleet.putGroup({ id: 1, path: 'a', name: 'a', parentId: undefined });
      fleet.putGroup({ id: 2, path: 'b', name: 'b', parentId: undefined });
      for (const owner of [web, sub])
        fleet.putClusters({ owner, name: 'x', archived: false }, [cluster(owner === web ? 1 : 2, { owner })]);
      fleet.tellNow();
    };
    // Clusters of a group whose parents the token may read, but not the group itself.
    putAll(project(7, 'a/web'), group(8, 'a/sub'));
    for (const filter of [undefined, () => true]) {
      const tree = new OwnerTree(fleet, filter);
      const following = fleet.onDidChange((change) => tree.follow(change));
      putAll(project(7, 'b/shop'), group(8, 'b/sub'));
      assert.deepEqual(outline(tree.branches), outline(ownerTree(fleet, filter)));
      assert.deepEqual(
        tree.branches.map(({ label, children }) => [label, children.map((child) => child.label)]),
        [['b', ['sub', 'shop']]],
      );
      following.dispose();
      putAll(project(7, 'a/web'), group(8, 'a/sub'));
    }
  });

  it('follows a crawl to the same tree as one made afterwards, with a filter and without', async () => {
    const gitlab = await serve(generatedFleet({ projects: 150, clusters: 300, seed: 36 }));
    gitlab.latency = 20;
    const fleet = new Fleet(hostOf(gitlab));
    const fits = ({ id }: { readonly id: number }): boolean => id % 3 === 0;
    const [tree, filtered] = [new OwnerTree(fleet), new OwnerTree(fleet, fits)];
    let followed = 0;
    fleet.onDidChange((change) => {
      followed++;
      for (const one of [tree, filtered]) one.follow(change);
      // Looked at meanwhile, as on a screen: what was sorted has to be sorted again.
      outline(tree.branches);
      outline(filtered.branches);
    });
    await crawled(gitlab, 'fleet-maintainer', fleet);
    assert.ok(followed > 3);
    assert.deepEqual(outline(tree.branches), outline(ownerTree(fleet)));
    assert.deepEqual(outline(filtered.branches), outline(ownerTree(fleet, fits)));
    gitlab.world.clusters.splice(0, 200);
    await crawled(gitlab, 'fleet-maintainer', fleet);
    assert.deepEqual(outline(tree.branches), outline(ownerTree(fleet)));
    assert.deepEqual(outline(filtered.branches), outline(ownerTree(fleet, fits)));
    assert.ok(ownerTree(fleet).length > 0);
  });
});
