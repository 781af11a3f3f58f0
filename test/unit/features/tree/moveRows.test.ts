import assert from 'node:assert/strict';
import { commands } from '../../../../src/contributions';
import { Fleet } from '../../../../src/core/inventory/fleet';
import type { FleetsChange } from '../../../../src/core/inventory/fleetStatus';
import type { Blocker, Stage } from '../../../../src/core/migration/stages';
import type { Cluster } from '../../../../src/core/model/cluster';
import type { HostUrl } from '../../../../src/core/model/host';
import { Emitter } from '../../../../src/core/time/event';
import { nodeId } from '../../../../src/editor/clusterNodes';
import type { ClusterTreeNode } from '../../../../src/editor/clusterNodes';
import { children, parentOf, present } from '../../../../src/features/tree/rows/rowOf';
import type { TreeKnowledge } from '../../../../src/features/tree/treeKnowledge';
import { WarningRows } from '../../../../src/features/tree/warningRows';
import { admin, cluster, hostNode, knowing, project, url } from './knowledge';

const group: ClusterTreeNode = { type: 'warnings', list: 'moves', host: url };

describe('The moves of a host', () => {
  let rows: WarningRows;
  let knowledge: TreeKnowledge;
  let fleet: Fleet;
  let looked: number;

  const other: Cluster = { ...cluster, id: 77, name: 'other' };
  const keep = (of: Cluster, stage: Stage, blockers: readonly Blocker[] = []): void =>
    rows.stages.keep([{ cluster: of, progress: { stage, blockers }, at: new Date() }]);
  const texts = () =>
    children(group, knowledge).map((row) => {
      const { label, description } = present(row, knowledge);
      return `${label} — ${description}`;
    });

  beforeEach(() => {
    fleet = new Fleet(url);
    fleet.putClusters({ owner: project, name: 'x', archived: false }, [cluster, other]);
    looked = 0;
    const projects = () => {
      looked++;
      return [];
    };
    const resolver = { known: () => fleet.clusters, projects, onDidChange: new Emitter<HostUrl>().event };
    rows = new WarningRows({ fleets: { onDidChange: new Emitter<FleetsChange>().event }, resolver }, 1);
    knowledge = knowing({ identity: admin, warnings: rows });
  });
  afterEach(() => rows.dispose());

  it('have a row below their host, and nothing is read for it', () => {
    const unopened = knowing({ warnings: 'unopened' });
    assert.deepEqual(children(hostNode, unopened).slice(-2).map(nodeId), [`${url}|?moves`, `${url}|?`]);
    const { label, description, contextValue } = present(group, unopened);
    assert.deepEqual([label, description, contextValue], ['Moves to the agent', 'expand to see', 'moves']);
    assert.equal(parentOf(group, knowledge)?.type, 'host');
    rows.open({ type: 'warnings', list: 'moves', host: url });
    assert.equal(looked, 0);
  });

  it('say that none was read, and offer to read them all', () => {
    const [row, ...more] = children(group, knowledge);
    assert.ok(row);
    assert.equal(more.length, 0);
    const { label, description, command } = present(row, knowledge);
    assert.deepEqual([label, description], ['Not read: 2', 'Read all moves']);
    assert.deepEqual([command?.id, command?.arguments], [commands.showMigrations, []]);
  });

  it('are the clusters that were read, the least advanced first, each with its stage and what blocks it', () => {
    keep(cluster, 'readyToSwitchOff');
    keep(other, 'jobsLeft', [{ kind: 'jobs', count: 3, projects: 2 }]);
    assert.deepEqual(texts(), [
      'other — agents are ready, jobs still need the cluster · Project group/app',
      'production — ready to be switched off · Project group/app',
    ]);
    const [row] = children(group, knowledge);
    assert.ok(row);
    const { accessibilityLabel, command, tooltip } = present(row, knowledge);
    assert.match(
      accessibilityLabel,
      /^other, agents are ready, jobs still need the cluster · Project group\/app\. Stage: agents/,
    );
    assert.match(tooltip.replaceAll('\\', ''), /Jobs that need it: 3, in projects: 2/);
    assert.equal(command?.id, commands.planMigration);
    assert.deepEqual(parentOf(row, knowledge), group);
    const { description, tooltip: ofGroup } = present(group, knowledge);
    assert.equal(description, '1 of 2 ready or off');
    assert.match(ofGroup.replaceAll('\\', ''), /ready to be switched off: 1/);
  });

  it('tell when a plan was made, and leave out a cluster that was switched since', () => {
    const told: HostUrl[] = [];
    rows.onDidChange((host) => told.push(host));
    keep(cluster, 'readyToSwitchOff');
    assert.deepEqual(told, [url]);
    fleet.putClusters({ owner: project, name: 'x', archived: false }, [{ ...cluster, enabled: false }, other]);
    assert.deepEqual(texts(), ['Not read: 2 — Read all moves']);
  });
});
