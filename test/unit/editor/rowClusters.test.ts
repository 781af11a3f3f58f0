import assert from 'node:assert/strict';
import { clustersOfRows } from '../../../src/editor/rowClusters';
import type { ShownGroups } from '../../../src/editor/rowClusters';
import { groupClusters } from '../../../src/core/arrange/grouping';
import type { ClusterTreeNode } from '../../../src/editor/clusterNodes';
import { cluster, hostUrl } from '../core/inventory/clusters';

describe('the clusters of the rows a command was called on', () => {
  const all = [
    cluster(1, {}, { apiUrl: 'https://a.example.com' }),
    cluster(2, {}, { apiUrl: 'https://a.example.com' }),
    cluster(3, { platform: undefined }),
  ];
  const list = groupClusters(all, 'apiUrl');
  const groups: ShownGroups = { groupBy: 'apiUrl', group: (key) => list.find((one) => one.key === key) };
  const group = (key: string, by: ShownGroups['groupBy'] = 'apiUrl'): ClusterTreeNode => ({ type: 'group', by, key });
  const ids = (...rows: readonly ClusterTreeNode[]): unknown => {
    const found = clustersOfRows(rows, groups);
    return found === 'gone' ? found : found.map(({ id }) => id);
  };

  it('are each there once, whether by itself or in a group', () => {
    const [first] = all;
    assert.ok(first);
    const row: ClusterTreeNode = { type: 'cluster', cluster: first, place: 'group' };
    assert.deepEqual(ids(row), [1]);
    assert.deepEqual(ids(row, group('https://a.example.com')), [1, 2]);
    assert.deepEqual(ids(group('')), [3]);
  });

  it('are gone with the row of a group, and not none, which would mean all', () => {
    assert.equal(ids(group('https://gone.example.com')), 'gone');
    assert.equal(ids(group('https://a.example.com'), group('https://gone.example.com')), 'gone');
  });

  it('are gone where the rows were made by another grouping, though the key means something in this one', () => {
    assert.equal(ids(group('', 'environmentScope')), 'gone');
  });

  it('are none for rows of other things', () => {
    assert.deepEqual(ids(), []);
    assert.deepEqual(ids({ type: 'fleet', host: hostUrl() }), []);
  });
});
