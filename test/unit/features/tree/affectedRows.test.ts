import assert from 'node:assert/strict';
import { Fleet } from '../../../../src/core/inventory/fleet';
import type { FleetChange } from '../../../../src/core/inventory/fleetChanges';
import type { Cluster, ClusterOwner } from '../../../../src/core/model/cluster';
import { nodeId } from '../../../../src/editor/clusterNodes';
import type { ClusterTreeNode } from '../../../../src/editor/clusterNodes';
import { affectedRows, bothChanges } from '../../../../src/features/tree/affectedRows';
import { children } from '../../../../src/features/tree/rows/rowOf';
import { present } from '../../../../src/features/tree/rows/rowOf';
import { ShownRows } from '../../../../src/features/tree/shownRows';
import type { TreeKnowledge } from '../../../../src/features/tree/treeKnowledge';
import { cluster, finder, group, hostNode, knowing, project, projectNode, url } from './knowledge';

const other: ClusterOwner = { level: 'project', id: 20, path: 'other/app' };
const fleetRow: ClusterTreeNode = { type: 'fleet', host: url };

describe('A change of a host', () => {
  let fleet: Fleet;
  let knowledge: TreeKnowledge;
  let rows: ClusterTreeNode[];
  const on = (owner: ClusterOwner, id: number): Cluster => ({ ...cluster, owner, id });
  const put = (owner: ClusterOwner, ...clusters: Cluster[]): void =>
    fleet.putClusters({ owner, name: 'x', archived: false }, clusters);

  beforeEach(() => {
    fleet = new Fleet(url);
    fleet.putGroup({ id: 3, path: 'group', name: 'Group', parentId: undefined });
    put(group, on(group, 1));
    put(project, on(project, 2));
    put(other, on(other, 3));
    fleet.tellNow();
    knowledge = knowing({ finding: finder({ fleet }) });
    const below = (row: ClusterTreeNode): ClusterTreeNode[] => [
      row,
      ...children(row, knowledge).flatMap((child) => below(child)),
    ];
    rows = [hostNode, projectNode, ...below(fleetRow)];
  });

  /** Ids of the rows of owners, hosts and fleets that can look different then. */
  function affected(change: FleetChange | undefined): string[] {
    const isAffected = affectedRows(new Map([[url, change]]), knowledge);
    return rows.filter((row) => row.type !== 'cluster' && isAffected(row)).map((row) => nodeId(row).slice(url.length));
  }

  it('that is the status alone concerns the row of all clusters and no owner’s', () => {
    assert.deepEqual(affected(undefined), ['|*']);
  });

  it('in one owner concerns that owner, watched or not, and those above it', () => {
    let told: FleetChange | undefined;
    fleet.onDidChange((change) => (told = change));
    put(project, on(project, 2), on(project, 4));
    fleet.tellNow();
    assert.ok(told && !told.groups);
    assert.deepEqual(
      rows
        .filter(affectedRows(new Map([[url, told]]), knowledge))
        .flatMap((row) => ('owner' in row ? [row.owner] : [])),
      [project, group, project],
    );
  });

  it('concerns every owner where one went or groups moved, since what was above is not known any more', () => {
    const all = rows.filter(({ type }) => type === 'branch').length;
    fleet.remove(on(other, 3));
    const gone = affectedRows(
      new Map([[url, { owners: new Set(['project/20']), structure: true, groups: false }]]),
      knowledge,
    );
    assert.equal(rows.filter((row) => row.type === 'branch' && gone(row)).length, all);
    const moved = affectedRows(new Map([[url, { owners: new Set(), structure: false, groups: true }]]), knowledge);
    assert.equal(rows.filter((row) => row.type === 'branch' && moved(row)).length, all);
  });

  it('of another host concerns no row of this one', () => {
    const isAffected = affectedRows(new Map(), knowledge);
    assert.deepEqual(
      rows.filter((row) => row.type !== 'cluster' && isAffected(row)),
      [],
    );
  });

  it('that is the status alone makes no row of an owner look again', () => {
    const shown = new ShownRows();
    const below = children(fleetRow, knowledge);
    shown.gaveLook(fleetRow, present(fleetRow, knowledge));
    shown.gaveChildren(fleetRow, below);
    for (const child of below) shown.gaveLook(child, present(child, knowledge));
    const looked: string[] = [];
    const lookOf = (row: ClusterTreeNode) => {
      looked.push(row.type);
      return present(row, knowledge);
    };
    const isAffected = affectedRows(new Map([[url, undefined]]), knowledge);
    assert.equal(shown.isOutdated(fleetRow, children(fleetRow, knowledge), lookOf, isAffected), false);
    assert.deepEqual(looked, ['fleet']);
  });

  it('after another is both', () => {
    const one: FleetChange = { owners: new Set(['a']), structure: true, groups: false };
    const two: FleetChange = { owners: new Set(['b']), structure: false, groups: false };
    assert.deepEqual(bothChanges(one, two), { owners: new Set(['a', 'b']), structure: true, groups: false });
    assert.equal(bothChanges(undefined, two), two);
    assert.equal(bothChanges(undefined, undefined), undefined);
  });
});
