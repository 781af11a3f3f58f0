import assert from 'node:assert/strict';
import { Fleet } from '../../../../src/core/inventory/fleet';
import { FleetFinder } from '../../../../src/core/arrange/fleetFinder';
import type { FleetsChange } from '../../../../src/core/inventory/fleetStatus';
import { ownerKey } from '../../../../src/core/model/cluster';
import { Emitter } from '../../../../src/core/time/event';
import type { Host } from '../../../../src/core/model/host';
import { cluster, group, hostUrl, project } from '../inventory/clusters';

const url = hostUrl();
const other = hostUrl('https://other.example.com');
const host = (address: typeof url, name: string): Host => ({ url: address, name, projects: [], groups: [] });

function owned(owner: ReturnType<typeof project>) {
  return { owner, name: 'x', archived: false };
}

describe('Finding one’s way over all hosts', () => {
  const shop = project(7, 'shop/web');
  const ops = group(3, 'ops');
  let fleets: Map<string, Fleet>;
  let changes: Emitter<FleetsChange>;
  let hostsChanged: Emitter<void>;
  let kept: Map<string, unknown>;

  beforeEach(() => {
    const first = new Fleet(url);
    first.putGroup({ id: 9, path: 'shop', name: 'Shop', parentId: undefined });
    first.putClusters(owned(shop), [cluster(1, { name: 'prod' }), cluster(2, { name: 'test', enabled: false })]);
    first.putClusters(owned(ops), [
      cluster(3, { owner: ops, name: 'prod 10' }),
      cluster(4, { owner: ops, name: 'prod 9' }),
    ]);
    const second = new Fleet(other);
    second.putClusters(owned(shop), [
      cluster(1, { host: other, name: 'prod' }, { apiUrl: 'HTTPS://K8S.example.com:6443/' }),
      cluster(2, { host: other, name: 'far' }, { apiUrl: 'https://far.example.com' }),
    ]);
    fleets = new Map([
      [url, first],
      [other, second],
    ]);
    changes = new Emitter();
    hostsChanged = new Emitter();
    kept = new Map();
  });

  function finder(hosts = [host(url, 'One'), host(other, 'Two')]): FleetFinder {
    return new FleetFinder({
      hosts: () => hosts,
      onDidChangeHosts: hostsChanged.event,
      fleets: {
        fleet: (asked) => fleets.get(asked) ?? new Fleet(asked),
        status: () => ({ status: 'unasked' }),
        onDidChange: changes.event,
      },
      choices: { get: (key) => kept.get(key), update: (key, value) => kept.set(key, value) },
    });
  }

  it('counts what fits a filter and what is known', () => {
    const finding = finder();
    assert.deepEqual(finding.counts, { fitting: 6, total: 6 });
    finding.setFilter('prod');
    assert.deepEqual(finding.counts, { fitting: 4, total: 6 });
    finding.setFilter('two prod');
    assert.deepEqual(finding.counts, { fitting: 1, total: 6 });
    finding.setFilter('disabled');
    assert.deepEqual(
      finding.matching().clusters.map(({ name }) => name),
      ['test'],
    );
    finding.setFilter('   ');
    assert.equal(finding.shape, 'owners', 'blanks filter nothing');
    assert.equal(finding.filterText, '');
  });

  it('gives groups over all hosts: one row for one Kubernetes API, however it is spelled', () => {
    const finding = finder();
    finding.setGroupBy('apiUrl');
    assert.equal(finding.shape, 'grouped');
    assert.deepEqual(
      finding.groups().map(({ label, clusters }) => [label, clusters.map(({ name }) => name)]),
      [
        ['https://far.example.com', ['far']],
        ['https://k8s.example.com:6443', ['prod', 'prod', 'prod 9', 'prod 10', 'test']],
      ],
    );
    const [far] = finding.groups()[0]?.clusters ?? [];
    assert.ok(far);
    assert.equal(finding.groupOf(far)?.label, 'https://far.example.com');
    finding.setFilter('far');
    assert.equal(finding.groups().length, 1);
  });

  it('keeps the choice of groups and order for the next start, and ignores what cannot be one', () => {
    const finding = finder();
    finding.setGroupBy('level');
    finding.setSortBy('created');
    const next = finder();
    assert.deepEqual([next.groupBy, next.sortBy], ['level', 'created']);
    kept.set('groupBy', 'colour');
    assert.equal(finder().groupBy, 'owner');
  });

  it('nests owners below the groups above them, with what fits only', () => {
    const finding = finder();
    const labels = () => finding.tree(url).branches.map(({ label, total }) => `${label} ${total}`);
    assert.deepEqual(labels(), ['ops 2', 'shop 2']);
    assert.equal(finding.tree(url).above(shop)?.label, 'shop');
    finding.setFilter('test');
    assert.deepEqual(labels(), ['shop 1']);
  });

  it('follows the fleets, and forgets hosts that are gone', () => {
    const hosts = [host(url, 'One'), host(other, 'Two')];
    const finding = finder(hosts);
    assert.equal(finding.counts.total, 6);
    fleets.get(url)?.remove(cluster(1));
    changes.fire({ host: url, content: { owners: new Set([ownerKey(shop)]), structure: false, groups: false } });
    assert.equal(finding.counts.total, 5);
    assert.equal(finding.tree(url).branch(shop)?.total, 1);
    const told: unknown[] = [];
    finding.onDidChange((change) => told.push(change));
    hosts.pop();
    hostsChanged.fire();
    assert.equal(finding.counts.total, 3);
    assert.deepEqual(told, [{ host: undefined }]);
  });

  it('looks into a host’s new name without being told by a view', () => {
    const hosts = [host(url, 'One'), host(other, 'Two')];
    const finding = finder(hosts);
    finding.setFilter('three');
    assert.equal(finding.counts.fitting, 0);
    hosts[1] = host(other, 'Three');
    hostsChanged.fire();
    assert.equal(finding.counts.fitting, 2);
  });

  it('passes on which owners changed, or that it is the status alone', () => {
    const finding = finder();
    const told: unknown[] = [];
    finding.onDidChange((change) => told.push(change));
    const content = { owners: new Set([ownerKey(shop)]), structure: false, groups: false };
    changes.fire({ host: url, content });
    changes.fire({ host: url, content: undefined });
    assert.deepEqual(told, [
      { host: url, content },
      { host: url, content: undefined },
    ]);
  });

  it('shows long lists by pages, and as many as reach to a row', () => {
    const finding = finder();
    assert.equal(finding.limit('list'), 200);
    finding.showMore('list', url);
    assert.equal(finding.limit('list'), 400);
    finding.showMore('list', url, 1203);
    assert.equal(finding.limit('list'), 1400);
    finding.showMore('list', url, 10);
    assert.equal(finding.limit('list'), 1400, 'what is shown stays');
  });
});
