import assert from 'node:assert/strict';
import { readFilter } from '../../../../src/core/arrange/clusterFilter';
import type { FilterContext } from '../../../../src/core/arrange/clusterFilter';
import { groupClusters, normalisedApiUrl, sortClusters, sortedByName } from '../../../../src/core/arrange/grouping';
import { naturalKey } from '../../../../src/core/model/naturalKey';
import type { NameOnlyCluster } from '../../../../src/core/inventory/ownerRecord';
import type { GitLabErrorKind } from '../../../../src/core/gitlab/errors';
import { certificate } from '../../../gitlab/certificates';
import { cluster, group, hostUrl, instance, project } from '../inventory/clusters';

const context: FilterContext = {
  hostName: (host) => (host === hostUrl() ? 'Work' : 'Home'),
  isArchived: ({ id }) => id === 4,
  now: new Date('2026-01-01'),
};
const named: NameOnlyCluster = {
  detail: 'nameOnly',
  host: hostUrl(),
  level: 'group',
  path: 'company/ops',
  ownerId: 3,
  id: 90,
  name: 'hidden-edge',
  reason: 'clustersUnavailable',
};
const all = [
  cluster(1, { name: 'Production EU', environmentScope: 'production' }, { apiUrl: 'https://10.0.0.1:6443' }),
  cluster(2, { name: 'review', environmentScope: 'review/*', enabled: false, owner: instance }),
  cluster(3, { name: 'gke', provider: 'gcp', managed: false, owner: group(5, 'company') }),
  cluster(4, { name: 'disabled-by-name', host: hostUrl('https://git.home.example') }),
  cluster(5, { name: 'stale' }, { caCert: certificate('staging-expired') }),
  cluster(6, { name: 'untold', enabled: undefined, managed: undefined, platform: undefined }),
  cluster(12, { name: 'dozen', enabled: undefined, managed: undefined, provider: 'other', owner: project(2, 'b/c') }),
  cluster(120, { name: 'fix#12', enabled: undefined, managed: undefined, provider: 'other', owner: project(2, 'b/c') }),
  named,
];

describe('the filter', () => {
  const cases: [text: string, ids: number[]][] = [
    ['production', [1]],
    ['PRODUCTION eu', [1]],
    ['eu 10.0.0.1', [1]],
    ['eu review', []],
    ['"production eu"', [1]],
    ['"eu production"', []],
    ['"production e', [1]],
    ['shop/web', [1, 4, 5, 6]],
    ['review/*', [2]],
    ['#3', [3]],
    ['#1', [1]],
    ['#12', [12]],
    ['#12 dozen', [12]],
    ['#12 #120', []],
    ['dozen #', [12]],
    ['"#12"', [120]],
    ['12', [12, 120]],
    ['#90', [90]],
    ['fix#12', [120]],
    ['home', [4]],
    ['git.home.example', [4]],
    ['work gke', [3]],
    ['host:home', [4]],
    ['host:work #3', [3]],
    ['scope:review', [2]],
    ['scope:"review/*"', [2]],
    ['scope:gke', []],
    ['host:', []],
    ['disabled', [2, 4]],
    ['"disabled"', [4]],
    ['enabled', [1, 3, 4, 5]],
    ['unmanaged', [3]],
    ['managed', [1, 2, 4, 5]],
    ['gcp', [3]],
    ['gcp enabled company', [3]],
    ['instance', [2]],
    ['group', [3, 90]],
    ['project -', [4]],
    ['archived', [4]],
    ['expired', [5]],
    ['hidden company/ops', [90]],
    ['disab', [4]],
  ];
  for (const [text, ids] of cases) {
    it(`${JSON.stringify(text)} leaves ${ids.length === 0 ? 'nothing' : ids.join(', ')}`, () => {
      const filter = readFilter(text, context);
      assert.ok(filter);
      assert.deepEqual(
        all.filter(filter).map(({ id }) => id),
        ids,
      );
    });
  }

  for (const text of ['', '   ', '""', '"  "', '"', '#']) {
    it(`${JSON.stringify(text)} filters nothing`, () => assert.equal(readFilter(text, context), undefined));
  }
});

describe('grouping', () => {
  it('puts all spellings of one Kubernetes API under one row', () => {
    const urls = [
      'https://K8S.example.com',
      'https://k8s.example.com:443/',
      ' https://user:x@k8s.example.com',
      'https://k8s.example.com:6443',
    ];
    const groups = groupClusters(
      urls.map((apiUrl, index) => cluster(index, {}, { apiUrl })),
      'apiUrl',
    );
    assert.deepEqual(
      groups.map(({ label, clusters }) => [label, clusters.length]),
      [
        ['https://k8s.example.com', 3],
        ['https://k8s.example.com:6443', 1],
      ],
    );
  });

  it('keeps what is no address as it is', () => assert.equal(normalisedApiUrl(' not a url '), 'not a url'));

  it('does not mix owners of two hosts that have the same id', () => {
    const groups = groupClusters([cluster(1), cluster(1, { host: hostUrl('https://git.home.example') })], 'owner');
    assert.deepEqual(
      groups.map(({ label, clusters }) => [label, clusters.length]),
      [
        ['shop/web', 1],
        ['shop/web', 1],
      ],
    );
    assert.equal(new Set(groups.map(({ key }) => key)).size, 2);
  });

  it('orders levels from instance to project, and scopes and owners naturally', () => {
    const owners = [project(1, 'a/team-10'), instance, group(2, 'a'), project(3, 'a/team-9')];
    const clusters = owners.map((owner, index) => cluster(index, { owner, environmentScope: `env-${10 - index}` }));
    assert.deepEqual(
      groupClusters(clusters, 'level').map(({ key }) => key),
      ['instance', 'group', 'project'],
    );
    assert.deepEqual(
      groupClusters(clusters, 'owner').map(({ label }) => label),
      ['', 'a', 'a/team-9', 'a/team-10'],
    );
    assert.deepEqual(
      groupClusters(clusters, 'environmentScope').map(({ label }) => label),
      ['env-7', 'env-8', 'env-9', 'env-10'],
    );
    assert.equal(groupClusters(clusters, 'host').length, 1);
  });

  it('loses no cluster, nor one known by name only', () => {
    for (const by of ['host', 'owner', 'level', 'apiUrl', 'environmentScope'] as const) {
      const clusters = all.filter((one) => one.detail === 'full');
      const grouped = groupClusters(clusters, by, [named]).flatMap((one) => [...one.clusters, ...one.named]);
      assert.deepEqual(new Set(grouped), new Set(all), by);
    }
  });

  it('says why it does not know what names only have in common, last', () => {
    const name = (id: number, reason: GitLabErrorKind): NameOnlyCluster => ({
      detail: 'nameOnly',
      host: hostUrl(),
      level: 'project',
      path: 'a/b',
      ownerId: 7,
      id,
      name: `n${id}`,
      reason,
    });
    const named = [name(1, 'forbidden'), name(2, 'clustersUnavailable'), name(3, 'clustersUnavailable')];
    const groups = groupClusters([cluster(9), cluster(10, { platform: undefined })], 'apiUrl', named);
    assert.deepEqual(
      groups.map(({ label, unknown, clusters, named: names }) => [label, unknown, clusters.length, names.length]),
      [
        ['', undefined, 1, 0],
        ['https://k8s.example.com:6443', undefined, 1, 0],
        ['', 'forbidden', 0, 1],
        ['', 'clustersUnavailable', 0, 2],
      ],
    );
    assert.equal(new Set(groups.map(({ key }) => key)).size, 4);
    assert.deepEqual(
      groupClusters([cluster(9)], 'level', named).map(({ key, named: names }) => [key, names.length]),
      [['project', 3]],
    );
  });
});

describe('sorting', () => {
  it('sorts names without case and accents, numbers by value, equal ones by id', () => {
    const names = ['node-10', 'Node-9', 'Ärger', 'zebra', 'arg', 'node-9'];
    const clusters = names.map((name, index) => cluster(index, { name }));
    assert.deepEqual(
      sortClusters(clusters, 'name').map(({ id }) => id),
      [4, 2, 1, 5, 0, 3],
    );
  });

  it('sorts by creation, the newest first and unknown ones last', () => {
    const dates = [new Date(1000), undefined, new Date(3000), new Date(2000)];
    const clusters = dates.map((createdAt, index) => cluster(index, { createdAt }));
    assert.deepEqual(
      sortClusters(clusters, 'created').map(({ id }) => id),
      [2, 3, 0, 1],
    );
  });

  it('sorts by owner, API URL and scope, and then by name', () => {
    const clusters = [
      cluster(1, { name: 'b', owner: project(1, 'x/y'), environmentScope: 'qa' }, { apiUrl: 'https://a-10' }),
      cluster(2, { name: 'a', owner: project(1, 'x/y'), environmentScope: '*' }, { apiUrl: 'https://a-9' }),
      cluster(3, { name: 'c', owner: instance, environmentScope: 'qa' }, { apiUrl: 'https://a-10' }),
    ];
    assert.deepEqual(
      sortClusters(clusters, 'owner').map(({ id }) => id),
      [3, 2, 1],
    );
    assert.deepEqual(
      sortClusters(clusters, 'apiUrl').map(({ id }) => id),
      [2, 1, 3],
    );
    assert.deepEqual(
      sortClusters(clusters, 'environmentScope').map(({ id }) => id),
      [2, 1, 3],
    );
  });

  it('sorts a list to look one up in by name, then by owner, names only among the others', () => {
    const clusters = [
      cluster(1, { name: 'prod 10', owner: project(1, 'b') }),
      cluster(2, { name: 'prod 9', owner: project(2, 'z') }),
      cluster(3, { name: 'Prod 10', owner: instance }),
      { ...named, name: 'prod 10', path: 'a' },
    ];
    assert.deepEqual(
      sortedByName(clusters).map(({ id }) => id),
      [2, 3, 90, 1],
    );
  });

  it('leaves numbers beyond any counter in order of their digits’ count', () => {
    assert.ok(naturalKey('v2') < naturalKey('v10'));
    assert.equal(naturalKey('ÉCOLE'), naturalKey('ecole'));
  });
});
