import assert from 'node:assert/strict';
import { commands } from '../../../../src/contributions';
import { Fleet } from '../../../../src/core/inventory/fleet';
import type { FleetsChange } from '../../../../src/core/inventory/fleetStatus';
import type { Cluster } from '../../../../src/core/model/cluster';
import type { HostUrl } from '../../../../src/core/model/host';
import { Emitter } from '../../../../src/core/time/event';
import type { ClusterTreeNode, WarningsNode } from '../../../../src/editor/clusterNodes';
import { nodeId } from '../../../../src/editor/clusterNodes';
import { children, parentOf } from '../../../../src/features/tree/rows/rowOf';
import { present } from '../../../../src/features/tree/rows/rowOf';
import type { TreeKnowledge } from '../../../../src/features/tree/treeKnowledge';
import { WarningRows } from '../../../../src/features/tree/warningRows';
import { admin, cluster, hostNode, knowing, project, reader, url } from './knowledge';

const group: WarningsNode = { type: 'warnings', host: url };

describe('The warnings of a host', () => {
  const told = new Emitter<FleetsChange>();
  const read = new Emitter<HostUrl>();
  let fleet: Fleet;
  let looked: number;
  let rows: WarningRows;
  let knowledge: TreeKnowledge;

  const put = (...clusters: readonly Cluster[]): void =>
    fleet.putClusters({ owner: project, name: 'x', archived: false }, clusters);
  /** Waits for what is told when a look is over. */
  const looks = (ask: () => void): Promise<unknown> =>
    new Promise((resolve) => {
      const subscription = rows.onDidChange((host) => {
        subscription.dispose();
        resolve(host);
      });
      ask();
    });
  const texts = () => children(group, knowledge).map((row) => `${labelOf(row)}`);
  const labelOf = (row: ClusterTreeNode): string => {
    const { label, description } = present(row, knowledge);
    return [label, description].filter(Boolean).join(' — ');
  };

  beforeEach(() => {
    fleet = new Fleet(url);
    looked = 0;
    const known = () => {
      looked++;
      return fleet.clusters;
    };
    const resolver = { known, projects: () => [], onDidChange: read.event };
    rows = new WarningRows({ fleets: { onDidChange: told.event }, resolver }, 1);
    knowledge = knowing({ identity: admin, warnings: rows });
  });
  afterEach(() => rows.dispose());

  it('have a group of their own below the host, last', () => {
    const below = children(hostNode, knowing({ warnings: 'unopened' }));
    assert.deepEqual(below.slice(-3).map(nodeId), [`${url}|*`, `${url}|?moves`, `${url}|?`]);
    assert.deepEqual(children(hostNode, knowing()).map(nodeId).slice(-1), [`${url}|*`]);
    assert.equal(parentOf(group, knowledge)?.type, 'host');
  });

  it('are not looked for before the group is opened', () => {
    put({ ...cluster, enabled: false });
    told.fire({ host: url, content: { owners: new Set(), structure: true, groups: false } });
    const unopened = knowing({ warnings: 'unopened' });
    assert.equal(present(group, unopened).description, 'open to check');
    assert.deepEqual(
      children(group, unopened).map((row) => present(row, unopened).label),
      ['Loading…'],
    );
    assert.equal(looked, 0);
  });

  it('have a row each, with what to do about it', async () => {
    put({ ...cluster, enabled: false });
    await looks(() => rows.open(group));
    assert.deepEqual(texts(), ['Disabled, blocks its scope — production · Project group/app']);
    const [row] = children(group, knowledge);
    assert.ok(row);
    const { command, accessibilityLabel, icon } = present(row, knowledge);
    assert.deepEqual([command?.id, command?.arguments.length], [commands.editCluster, 1]);
    assert.equal(icon.color, 'list.warningForeground');
    assert.match(accessibilityLabel, /^Disabled, blocks its scope, production · Project group\/app\. group\/app \/ /);
    assert.match(accessibilityLabel, /Change its scope, or delete it: press Enter\.$/);
    assert.equal(present(group, knowledge).description, '1');
    assert.deepEqual(parentOf(row, knowledge), group);
  });

  it('can be diagnosed as a whole once it is known which clusters they are about, each once', async () => {
    const menu = () => present(group, knowledge).contextValue;
    assert.equal(menu(), 'scopeWarnings');
    assert.deepEqual(rows.clustersOf(url), []);
    put({ ...cluster, enabled: false }, { ...cluster, id: cluster.id + 1, environmentScope: '*' });
    await looks(() => rows.open(group));
    assert.ok(texts().length > 0);
    assert.equal(menu(), 'scopeWarnings warnedClusters');
    const about = rows.clustersOf(url).map(({ id }) => id);
    assert.ok(about.includes(cluster.id));
    assert.equal(new Set(about).size, about.length);
  });

  it('let whoever may change nothing look at the cluster', async () => {
    put({ ...cluster, enabled: false });
    await looks(() => rows.open(group));
    const readOnly = knowing({ identity: reader, warnings: rows });
    const [row] = children(group, readOnly);
    assert.ok(row);
    assert.equal(present(row, readOnly).command?.id, commands.openCluster);
  });

  it('say so where there are none, and follow what becomes known', async () => {
    put(cluster);
    await looks(() => rows.open(group));
    assert.deepEqual(texts(), ['No problem found; clusters checked: 1']);
    assert.equal(present(group, knowledge).description, 'none');
    put({ ...cluster, enabled: false });
    await looks(() => told.fire({ host: url, content: { owners: new Set(), structure: false, groups: false } }));
    assert.equal(texts().length, 1);
    assert.equal(present(group, knowledge).description, '1');
    await looks(() => read.fire(url));
    assert.equal(looked, 3);
  });
});
