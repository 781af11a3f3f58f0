import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import * as z from 'zod/mini';
import { commands } from '../../../../src/contributions';
import type { ClusterTreeNode } from '../../../../src/editor/clusterNodes';
import { actionOfKey, textOfRows } from '../../../../src/features/tree/rowKeys';
import type { RowKey } from '../../../../src/features/tree/rowKeys';
import { cluster, group, hostNode, instance, ownerNode, project, url } from './knowledge';

const clusterRow: ClusterTreeNode = { type: 'cluster', cluster };
const other: ClusterTreeNode = { type: 'cluster', cluster: { ...cluster, id: 99, name: 'other' } };
const all: ClusterTreeNode = { type: 'fleet', host: url };
const more: ClusterTreeNode = { type: 'more', parent: undefined, left: 3 };
const byApiUrl: ClusterTreeNode = { type: 'group', by: 'apiUrl', key: 'x' };
const message: ClusterTreeNode = {
  type: 'message',
  name: 'x',
  parent: hostNode,
  text: 'x',
  detail: undefined,
  severity: 'info',
  action: undefined,
};

describe('A key in the view', () => {
  const cases: readonly (readonly [RowKey, string, readonly ClusterTreeNode[], string | undefined])[] = [
    ['delete', 'a cluster', [clusterRow], commands.deleteCluster],
    ['delete', 'several clusters', [clusterRow, other], commands.deleteCluster],
    ['delete', 'a host', [hostNode], commands.removeHost],
    ['delete', 'two hosts', [hostNode, hostNode], undefined],
    ['delete', 'a project', [ownerNode(project)], undefined],
    ['delete', 'a group of clusters', [byApiUrl], undefined],
    ['delete', 'all clusters', [all], undefined],
    ['delete', 'a message', [message], undefined],
    ['delete', 'a cluster and its project', [clusterRow, ownerNode(project)], undefined],
    ['delete', 'nothing', [], undefined],
    ['edit', 'a cluster', [clusterRow], commands.editCluster],
    ['edit', 'several clusters', [clusterRow, other], undefined],
    ['edit', 'a host', [hostNode], commands.renameHost],
    ['edit', 'a project', [ownerNode(project)], undefined],
    ['refresh', 'a host', [hostNode], commands.refreshHost],
    ['refresh', 'projects', [ownerNode(project), ownerNode(group)], commands.refreshOwner],
    ['refresh', 'all clusters', [all], commands.findAgain],
    ['refresh', 'the row that shows more', [more], undefined],
  ];
  for (const [key, what, rows, command] of cases) {
    it(`${key} on ${what} does ${command?.replace('gitlabClusters.', '') ?? 'nothing'}`, () => {
      const action = actionOfKey(key, rows);
      assert.equal(action?.command, command);
      assert.deepEqual(action?.rows ?? rows, rows);
    });
  }

  it('copies what rows are called, a line each', () => {
    assert.equal(textOfRows([clusterRow, other]), `${cluster.name}\nother`);
    assert.equal(textOfRows([ownerNode(project), ownerNode(instance)]), `group/app\n${url}`);
    assert.equal(textOfRows([hostNode, message, more]), hostNode.host.url);
  });

  it('counts only while the view has the focus and nobody types', () => {
    const shape = z.object({
      contributes: z.object({ keybindings: z.array(z.object({ key: z.string(), when: z.string() })) }),
    });
    const { contributes } = z.parse(shape, JSON.parse(readFileSync('package.json', 'utf8')));
    assert.deepEqual(
      contributes.keybindings.map(({ key }) => key),
      ['delete', 'f2', 'f5', 'ctrl+c', 'ctrl+alt+f', 'enter'],
    );
    for (const { when } of contributes.keybindings) {
      assert.match(when, /^focusedView == gitlabClusters\.clusters && /);
      assert.match(when, /!inputFocus/);
    }
  });
});
