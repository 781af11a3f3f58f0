import assert from 'node:assert/strict';
import type { Cluster } from '../../../../src/core/model/cluster';
import type { ClusterFields } from '../../../../src/core/model/clusterFields';
import { differences } from '../../../../src/core/model/differences';
import { clusterWith, pem } from '../../features/form/drafts';

const told = (sent: ClusterFields, got: Cluster = clusterWith()): string[] =>
  differences(sent, got).map(({ field, kind }) => `${field} ${kind}`);

describe('What GitLab has after a save', () => {
  it('is no difference where it only wrote it down its way', () => {
    const sent: ClusterFields = {
      name: 'production-eu',
      baseDomain: 'apps.example.com',
      enabled: true,
      managed: true,
      namespacePerEnvironment: false,
      environmentScope: ' production ',
      managementProjectId: 3,
      apiUrl: ' https://k8s.example.com:6443',
      serviceToken: 'never told',
      caCert: `${pem.replace(/\n/g, '\r\n')}\n`,
      namespace: 'PAYMENTS',
      authorizationType: 'rbac',
    };
    assert.deepEqual(told(sent), []);
    const emptied = clusterWith(
      { baseDomain: undefined, managementProject: undefined },
      { caCert: undefined, namespace: undefined },
    );
    assert.deepEqual(told({ baseDomain: '', managementProjectId: null, caCert: '', namespace: '' }, emptied), []);
  });

  it('is compared for what was sent only', () => assert.deepEqual(told({}), []));

  it('differs in every field that was ignored', () => {
    const sent: ClusterFields = {
      name: 'x',
      enabled: false,
      apiUrl: 'https://x',
      caCert: '',
      authorizationType: 'abac',
      environmentScope: 'x',
      baseDomain: '',
      managed: false,
      namespacePerEnvironment: true,
      namespace: 'x',
      managementProjectId: null,
    };
    assert.deepEqual(
      told(sent),
      Object.keys(sent).map((field) => `${field} notApplied`),
    );
  });

  it('stays open where an old GitLab does not tell', () => {
    const old = clusterWith({ enabled: undefined, managed: undefined, namespacePerEnvironment: undefined });
    assert.deepEqual(told({ enabled: false, managed: true, namespacePerEnvironment: true }, old), [
      'enabled untold',
      'managed untold',
      'namespacePerEnvironment untold',
    ]);
    assert.deepEqual(told({ apiUrl: 'https://x', caCert: pem, namespace: '' }, clusterWith({ platform: undefined })), [
      'apiUrl untold',
      'caCert untold',
    ]);
  });
});
