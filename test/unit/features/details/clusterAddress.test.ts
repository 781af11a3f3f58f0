import assert from 'node:assert/strict';
import { fromAddress, toAddress } from '../../../../src/features/details/clusterAddress';
import type { ClusterOwner } from '../../../../src/core/model/cluster';
import { cluster, group, hostUrl, instance, project, url } from '../tree/knowledge';

describe('The address of a cluster’s document', () => {
  const relative = hostUrl('http://127.0.0.1:8080/gitlab');
  for (const owner of [instance, group, project] satisfies ClusterOwner[]) {
    it(`leads back to the cluster: ${owner.level}`, () => {
      const { query } = toAddress({ ...cluster, host: relative, owner }, 'Fleet');
      assert.deepEqual(fromAddress(query), { host: relative, owner, id: 12 });
    });
  }

  const paths = [
    ['production', '/gitlab.example.com/group/app/production · app · Fleet.yaml'],
    ['', '/gitlab.example.com/group/app/cluster 12 · app · Fleet.yaml'],
    ['..', '/gitlab.example.com/group/app/cluster 12 · app · Fleet.yaml'],
    ['a/b\\c', '/gitlab.example.com/group/app/a-b-c · app · Fleet.yaml'],
    ['line\nbreak', '/gitlab.example.com/group/app/line break · app · Fleet.yaml'],
    ['<b>?#%', '/gitlab.example.com/group/app/<b>?#% · app · Fleet.yaml'],
  ] as const;
  for (const [name, path] of paths) {
    it(`shows host, owner and the name ${JSON.stringify(name)}, and ends in .yaml`, () => {
      assert.equal(toAddress({ ...cluster, name }, 'Fleet').path, path);
    });
  }

  it('stands right below the host for the instance', () => {
    assert.equal(
      toAddress({ ...cluster, owner: instance }, 'Fleet').path,
      '/gitlab.example.com/production · Instance · Fleet.yaml',
    );
  });

  it('keeps names out of what identifies the cluster', () => {
    assert.equal(
      toAddress({ ...cluster, name: 'a' }, 'Fleet').query,
      toAddress({ ...cluster, name: 'b' }, 'Fleet').query,
    );
  });

  const foreign = [
    '',
    'x',
    'null',
    '[]',
    '{}',
    JSON.stringify({ host: url, level: 'instance' }),
    JSON.stringify({ host: url, level: 'instance', id: -1 }),
    JSON.stringify({ host: url, level: 'instance', id: '1' }),
    JSON.stringify({ host: url, level: 'project', id: 1 }),
    JSON.stringify({ host: url, level: 'project', ownerId: 1.5, ownerPath: 'a/b', id: 1 }),
    JSON.stringify({ host: 'ftp://gitlab.example.com', level: 'instance', id: 1 }),
    JSON.stringify({ host: 'https://user:secret@gitlab.example.com', level: 'instance', id: 1 }),
  ];
  for (const query of foreign) {
    it(`names no cluster when it says ${query || 'nothing'}`, () => assert.equal(fromAddress(query), undefined));
  }
});
