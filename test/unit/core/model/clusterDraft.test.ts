import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  blankDraft,
  draftOf,
  isDraftChanged,
  toAddFields,
  toEditFields,
} from '../../../../src/core/model/clusterDraft';
import type { ClusterDraft } from '../../../../src/core/model/clusterDraft';
import type { Cluster } from '../../../../src/core/model/cluster';
import type { ClusterFields } from '../../../../src/core/model/clusterFields';
import { checkDraft } from '../../../../src/core/model/clusterRules';
import { clusterWith, editContext, expiredPem, goodDraft, pem } from '../../features/form/drafts';

const group = { level: 'group', id: 1, path: 'platform' } as const;
const echo = { namespacePerEnvironment: false };

describe('A draft sent to add a cluster', () => {
  it('says everything the user saw, and leaves blanks out', () => {
    assert.deepEqual(toAddFields(goodDraft()), {
      name: 'new',
      enabled: true,
      managed: true,
      namespacePerEnvironment: true,
      environmentScope: '*',
      apiUrl: 'https://k8s.example.com',
      serviceToken: 'secret',
      authorizationType: 'rbac',
    });
  });

  it('is trimmed, and holds every attribute of the API', () => {
    const draft = goodDraft({
      name: ' new ',
      baseDomain: ' apps.example.com ',
      enabled: false,
      managed: false,
      namespacePerEnvironment: false,
      environmentScope: ' review/* ',
      managementProject: { id: 3, path: 'platform/cluster-management' },
      apiUrl: ' https://k8s.example.com ',
      serviceToken: ' secret\n',
      caCert: `\n${pem}\n`,
      namespace: ' Payments ',
      authorizationType: 'abac',
    });
    assert.deepEqual(toAddFields(draft), {
      name: 'new',
      baseDomain: 'apps.example.com',
      enabled: false,
      managed: false,
      namespacePerEnvironment: false,
      environmentScope: 'review/*',
      managementProjectId: 3,
      apiUrl: 'https://k8s.example.com',
      serviceToken: 'secret',
      caCert: pem,
      namespace: 'Payments',
      authorizationType: 'abac',
    });
  });
});

describe('A draft sent to edit a cluster', () => {
  const changes: readonly (readonly [string, Partial<ClusterDraft>, ClusterFields])[] = [
    ['nothing changed', {}, echo],
    ['another name', { name: ' production ' }, { name: 'production', ...echo }],
    ['blanks typed around values', { name: ' production-eu', apiUrl: 'https://k8s.example.com:6443 ' }, echo],
    ['disabled', { enabled: false }, { enabled: false, ...echo }],
    ['namespace per environment turned on', { namespacePerEnvironment: true }, { namespacePerEnvironment: true }],
    ['the domain cleared', { baseDomain: ' ' }, { baseDomain: '', ...echo }],
    ['another scope', { environmentScope: 'prod*' }, { environmentScope: 'prod*', ...echo }],
    ['the management project cleared', { managementProject: undefined }, { managementProjectId: null, ...echo }],
    ['another management project', { managementProject: { id: 4, path: 'a/b' } }, { managementProjectId: 4, ...echo }],
    ['a project searched but not chosen', { managementProject: { path: 'a' } }, echo],
    ['a new token', { serviceToken: ' new ' }, { serviceToken: 'new', ...echo }],
    ['a blank token', { serviceToken: '  ' }, echo],
    ['another certificate', { caCert: expiredPem }, { caCert: expiredPem, ...echo }],
    ['the certificate with other line ends', { caCert: pem.replace(/\n/g, '\r\n') }, echo],
    ['the certificate field emptied', { caCert: '' }, echo],
    ['the certificate removed', { removeCaCert: true }, { caCert: '', ...echo }],
    ['the namespace in upper case', { namespace: 'PAYMENTS' }, echo],
    ['the namespace cleared', { namespace: '' }, { namespace: '', ...echo }],
    ['another authorization type', { authorizationType: 'abac' }, echo],
  ];
  for (const [name, change, expected] of changes) {
    it(`with ${name} holds exactly that and the echo`, () => {
      const cluster = clusterWith();
      assert.deepEqual(toEditFields({ ...draftOf(cluster), ...change }, cluster), expected);
    });
  }

  it('sends no flag an old GitLab did not tell, unless the user chose', () => {
    const old = clusterWith({ enabled: undefined, managed: undefined, namespacePerEnvironment: undefined });
    const draft = draftOf(old);
    assert.deepEqual(toEditFields({ ...draft, name: 'x' }, old), { name: 'x' });
    assert.deepEqual(toEditFields({ ...draft, enabled: false, namespacePerEnvironment: true }, old), {
      enabled: false,
      namespacePerEnvironment: true,
    });
  });

  it('never sends an empty namespace for a managed cluster of a group', () => {
    const managed = clusterWith({ owner: group });
    assert.deepEqual(toEditFields({ ...draftOf(managed), namespace: '' }, managed), echo);
    const unmanaged = clusterWith({ owner: group, managed: false });
    assert.deepEqual(toEditFields({ ...draftOf(unmanaged), namespace: '' }, unmanaged), { namespace: '', ...echo });
  });

  for (const provider of ['gcp', 'aws']) {
    it(`leaves out what a ${provider} cluster does not take`, () => {
      const cluster = clusterWith({ provider });
      const draft = { ...draftOf(cluster), name: 'x', apiUrl: 'https://x', serviceToken: 'x', removeCaCert: true };
      assert.deepEqual(toEditFields({ ...draft, baseDomain: 'x.example' }, cluster), {
        baseDomain: 'x.example',
        ...echo,
      });
    });
  }
});

/** Clusters as any GitLab may tell them, odd values included. */
const anyCluster: fc.Arbitrary<Cluster> = fc
  .record({
    name: fc.string({ unit: 'grapheme' }),
    enabled: fc.option(fc.boolean(), { nil: undefined }),
    managed: fc.option(fc.boolean(), { nil: undefined }),
    namespacePerEnvironment: fc.option(fc.boolean(), { nil: undefined }),
    environmentScope: fc.string(),
    baseDomain: fc.option(fc.string({ minLength: 1 }), { nil: undefined }),
    provider: fc.constantFrom('user', 'gcp', 'aws', 'other'),
    owner: fc.constantFrom(clusterWith().owner, group, { level: 'instance' } as const),
    platform: fc.option(
      fc.record({
        apiUrl: fc.string(),
        namespace: fc.option(fc.string({ minLength: 1 }), { nil: undefined }),
        authorizationType: fc.option(fc.string(), { nil: undefined }),
        caCert: fc.option(fc.oneof(fc.string({ minLength: 1 }), fc.constant(`${pem}\r\n`)), { nil: undefined }),
      }),
      { nil: undefined },
    ),
  })
  .map((changes) => ({ ...clusterWith(), ...changes }));

describe('A form opened on any cluster and left alone', () => {
  it('has nothing to lose, and would send nothing but the echo', () => {
    fc.assert(
      fc.property(anyCluster, (cluster) => {
        const draft = draftOf(cluster);
        assert.equal(isDraftChanged(draft, draftOf(cluster)), false);
        const { namespacePerEnvironment, ...rest } = toEditFields(draft, cluster);
        assert.deepEqual(rest, {});
        assert.equal(namespacePerEnvironment, cluster.namespacePerEnvironment);
      }),
    );
  });

  it('is never kept from saving something else: GitLab took those values once', () => {
    fc.assert(
      fc.property(anyCluster, (cluster) => {
        const errors = checkDraft(draftOf(cluster), editContext(cluster)).filter(
          ({ severity }) => severity === 'error',
        );
        assert.deepEqual(errors, []);
      }),
    );
  });

  it('notices every change', () => {
    const before = blankDraft();
    const changes: Partial<ClusterDraft>[] = [
      { name: 'a' },
      { baseDomain: 'a' },
      { enabled: false },
      { managed: undefined },
      { namespacePerEnvironment: false },
      { environmentScope: '' },
      { managementProject: { path: 'a' } },
      { managementProject: { id: 1, path: 'a' } },
      { apiUrl: 'a' },
      { serviceToken: 'a' },
      { caCert: 'a' },
      { removeCaCert: true },
      { namespace: 'a' },
      { authorizationType: 'abac' },
    ];
    assert.equal(new Set(changes.flatMap((change) => Object.keys(change))).size, Object.keys(before).length);
    for (const change of changes)
      assert.equal(isDraftChanged({ ...before, ...change }, before), true, JSON.stringify(change));
  });
});
