import assert from 'node:assert/strict';
import { siblingsOf } from '../../../../src/core/model/siblings';
import { hostUrl } from '../../features/tree/knowledge';
import { clusterWith } from '../../features/form/drafts';

const itself = clusterWith();
const beside = clusterWith({ id: 6, name: 'staging', environmentScope: 'staging', managementProject: undefined });
const ofGroup = clusterWith({ id: 7, name: 'shared', owner: { level: 'group', id: 1, path: 'platform' } });

describe('Clusters whose scopes may be in the way', () => {
  const names = (...known: Parameters<typeof siblingsOf>[0]): string[] =>
    siblingsOf(known, itself.host, itself.owner, itself.id).map(
      ({ name, elsewhere }) => `${name} ${elsewhere ?? 'here'}`,
    );

  it('are the others of the same owner', () => assert.deepEqual(names(itself, beside), ['staging here']));

  it('are those elsewhere that have a management project', () => {
    assert.deepEqual(names(ofGroup, { ...ofGroup, managementProject: undefined }), ['shared platform']);
    assert.deepEqual(names({ ...ofGroup, owner: { level: 'instance' } }), ['shared the instance']);
  });

  it('are not those of other hosts', () => {
    assert.deepEqual(names({ ...beside, host: hostUrl('https://other.example.com') }), []);
  });

  it('include all of an owner a cluster is being added to', () => {
    assert.equal(siblingsOf([itself, beside], itself.host, itself.owner).length, 2);
  });
});
