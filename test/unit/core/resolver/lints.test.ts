import assert from 'node:assert/strict';
import type { Cluster } from '../../../../src/core/model/cluster';
import type { Environment } from '../../../../src/core/gitlab/environments';
import { indexClusters } from '../../../../src/core/resolver/clusterIndex';
import { lintScopes } from '../../../../src/core/resolver/lints';
import { remedyOf, warningInWords } from '../../../../src/core/resolver/lintsInWords';
import type { ReadProject } from '../../../../src/core/resolver/resolver';
import { certificate } from '../../../gitlab/certificates';
import { cluster, group, instance, project } from '../inventory/clusters';

const shop = group(10, 'shop');
const web = project(7, 'shop/web');
const now = new Date('2026-11-27T00:00:00Z');

function environment(name: string): Environment {
  return { id: 1, name, slug: name, state: 'available', tier: undefined };
}

function read(clusters: readonly Cluster[], names: readonly string[], more = false): ReadProject {
  return {
    place: {
      project: { id: 7, path: 'shop/web' },
      groups: [{ id: 10, path: 'shop' }],
      clusters: indexClusters(clusters),
      unseen: [],
      switchedOff: false,
    },
    environments: names.map(environment),
    more,
  };
}

const words = (clusters: readonly Cluster[], projects: readonly ReadProject[] = []) =>
  lintScopes(clusters, projects, now).map(warningInWords);

describe('warnings about scopes', () => {
  it('are none where all is well', () => {
    assert.deepEqual(words([cluster(1), cluster(2, { owner: shop })]), []);
  });

  it('name a scope that matches no environment, only where all environments of a project were read', () => {
    const clusters = [cluster(1, { environmentScope: 'qa/*' })];
    assert.deepEqual(words(clusters), []);
    assert.deepEqual(words(clusters, [read(clusters, ['production'], true)]), []);
    assert.deepEqual(words(clusters, [read(clusters, ['qa/1'])]), []);
    assert.deepEqual(words(clusters, [read(clusters, ['production'])]), [
      'The scope “qa/*” of shop/web / cluster-1 matches no environment known today (projects read: 1). Jobs may still create one.',
    ]);
  });

  it('name a group’s cluster that a nearer one shadows in every project that was read', () => {
    const clusters = [cluster(1, { environmentScope: '*' }), cluster(2, { owner: shop, environmentScope: 'review/*' })];
    assert.deepEqual(words(clusters, [read(clusters, ['review/a'])]), [
      'shop / cluster-2 serves nothing in the projects that were read: a nearer cluster, such as shop/web / cluster-1, takes all it would match.',
    ]);
    const elsewhere: ReadProject = { ...read([clusters[1] ?? cluster(2)], ['review/b']) };
    assert.deepEqual(words(clusters, [read(clusters, ['review/a']), elsewhere]), []);
  });

  it('name a cluster of a parent group, or of the instance, that a group shadows in every project that was read', () => {
    const top = group(9, 'shop');
    const team = group(10, 'shop/team');
    const place = (clusters: readonly Cluster[]): ReadProject => ({
      ...read(clusters, ['staging']),
      place: {
        ...read(clusters, []).place,
        project: { id: 7, path: 'shop/team/web' },
        groups: [
          { id: 10, path: 'shop/team' },
          { id: 9, path: 'shop' },
        ],
      },
    });
    const near = cluster(1, { owner: team, environmentScope: 'st*' });
    const shadowed = [
      cluster(2, { owner: top, environmentScope: 'staging' }),
      cluster(3, { owner: instance, environmentScope: 'stag*' }),
    ];
    const shadows = (clusters: readonly Cluster[]) =>
      lintScopes(clusters, [place(clusters)], now).flatMap((one) =>
        one.kind === 'shadowed' ? [[one.cluster.id, one.by.id]] : [],
      );
    assert.deepEqual(shadows([near, ...shadowed]), [
      [2, 1],
      [3, 1],
    ]);
    assert.deepEqual(shadows([{ ...near, enabled: false }, ...shadowed]), []);
    assert.deepEqual(shadows([cluster(1, { owner: team, environmentScope: 'staging' }), ...shadowed]), [[2, 1]]);
  });

  it('name a group’s * that hides the exact scope of its parent, or of the instance', () => {
    const all = [
      cluster(1, { owner: group(10, 'shop/team') }),
      cluster(2, { owner: group(9, 'shop'), environmentScope: 'production' }),
      cluster(3, { owner: instance, environmentScope: 'qa' }),
      cluster(4, { owner: group(8, 'other'), environmentScope: 'production' }),
    ];
    assert.deepEqual(words(all), [
      'The scope * of shop/team / cluster-1 hides “production” of shop / cluster-2: a nearer cluster wins over a more specific one.',
      'The scope * of shop/team / cluster-1 hides “qa” of instance / cluster-3: a nearer cluster wins over a more specific one.',
    ]);
  });

  it('name patterns of one owner that meet in some environment', () => {
    assert.deepEqual(
      words([cluster(1, { environmentScope: 'review/*' }), cluster(2, { environmentScope: '*/name' })]),
      [
        'Some environments match both “review/*” and “*/name” of shop/web / cluster-1; GitLab defines no order among them.',
      ],
    );
    assert.deepEqual(words([cluster(1, { environmentScope: 'a/*' }), cluster(2, { environmentScope: 'b/*' })]), []);
    const disabled = cluster(2, { environmentScope: '*/name', enabled: false });
    assert.equal(
      words([cluster(1, { environmentScope: 'review/*' }), disabled]).some((one) => one.startsWith('Some')),
      false,
    );
  });

  it('name clusters that share a management project and a scope', () => {
    const managementProject = { id: 9, path: 'shop/ops', name: 'ops' };
    const clusters = [cluster(1, { managementProject }), cluster(2, { owner: shop, managementProject })];
    assert.match(
      words(clusters)[0] ?? '',
      /^shop \/ cluster-2 and shop\/web \/ cluster-1 have the same management project/,
    );
  });

  it('name a project’s * that hides the exact scope of a group, unless the project has that scope itself', () => {
    const exact = cluster(2, { owner: shop, environmentScope: 'production' });
    assert.deepEqual(words([cluster(1), exact]), [
      'The scope * of shop/web / cluster-1 hides “production” of shop / cluster-2: a nearer cluster wins over a more specific one.',
    ]);
    assert.deepEqual(words([cluster(1), cluster(3, { environmentScope: 'production' }), exact]), []);
    assert.deepEqual(words([cluster(1, { owner: project(8, 'shopping/cart') }), exact]), []);
  });

  it('name a disabled cluster that blocks a scope, and an expired CA', () => {
    assert.deepEqual(words([cluster(1, { enabled: false })]), [
      'shop/web / cluster-1 is disabled, yet no other cluster beside it can have its scope “*”.',
    ]);
    assert.deepEqual(words([cluster(1, {}, { caCert: certificate('staging-expired') })]), [
      'The CA certificate of shop/web / cluster-1 has expired.',
    ]);
  });

  it('name a namespace that Kubernetes will refuse', () => {
    const clusters = [cluster(1, {}, { namespace: 'n'.repeat(60) })];
    assert.deepEqual(words(clusters, [read(clusters, ['production'])]), [
      'The namespace expected for “production” of shop/web has 71 characters; Kubernetes allows 63, so a deployment will fail.',
    ]);
  });

  it('come each with something to do', () => {
    const clusters = [cluster(1, { enabled: false, owner: web })];
    assert.deepEqual(
      lintScopes(clusters, [], now).map((one) => [remedyOf(one).act, remedyOf(one).cluster.id]),
      [['edit', 1]],
    );
  });
});
