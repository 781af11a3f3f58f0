import assert from 'node:assert/strict';
import type { ClusterTreeNode } from '../../../../src/editor/clusterNodes';
import { nodeId } from '../../../../src/editor/clusterNodes';
import { children } from '../../../../src/features/tree/rows/rowOf';
import { present } from '../../../../src/features/tree/rows/rowOf';
import { ShownRows } from '../../../../src/features/tree/shownRows';
import type { TreeKnowledge } from '../../../../src/features/tree/treeKnowledge';
import { cluster, failed, hostNode, knowing, maintainer, project, projectNode, reader } from './knowledge';

/** Gives the view a row and what is below it, as VS Code asks for it. */
function give(shown: ShownRows, node: ClusterTreeNode, knowledge: TreeKnowledge): void {
  const below = children(node, knowledge);
  shown.gaveLook(node, present(node, knowledge));
  shown.gaveChildren(node, below);
  for (const child of below) shown.gaveLook(child, present(child, knowledge));
}

function isOutdated(shown: ShownRows, node: ClusterTreeNode, knowledge: TreeKnowledge): boolean {
  return shown.isOutdated(node, children(node, knowledge), (one) => present(one, knowledge));
}

describe('A row the view has', () => {
  const before = knowing({ owners: [[project, [cluster]]] });

  const same: readonly (readonly [string, TreeKnowledge])[] = [
    ['while it is loaded again', knowing({ owners: [[project, { state: 'loading', value: [cluster] }]] })],
    ['when the same clusters come back', knowing({ owners: [[project, [structuredClone(cluster)]]] })],
  ];
  for (const [when, after] of same) {
    it(`is left alone ${when}`, () => {
      const shown = new ShownRows();
      give(shown, projectNode, before);
      assert.equal(isOutdated(shown, projectNode, after), false);
    });
  }

  const other: readonly (readonly [string, TreeKnowledge])[] = [
    ['a cluster is renamed', knowing({ owners: [[project, [{ ...cluster, name: 'x' }]]] })],
    [
      'only what commands take of a cluster changes',
      knowing({
        owners: [
          [
            project,
            [
              {
                ...cluster,
                platform: {
                  ...cluster.platform,
                  apiUrl: '',
                  namespace: undefined,
                  authorizationType: undefined,
                  caCert: 'x',
                },
              },
            ],
          ],
        ],
      }),
    ],
    ['a cluster is added', knowing({ owners: [[project, [cluster, { ...cluster, id: 13 }]]] })],
    ['the clusters go', knowing({ owners: [[project, []]] })],
    ['it fails', knowing({ owners: [[project, failed('network')]] })],
    ['the token may no longer write', knowing({ identity: reader, owners: [[project, [cluster]]] })],
  ];
  for (const [when, after] of other) {
    it(`is outdated when ${when}`, () => {
      const shown = new ShownRows();
      give(shown, projectNode, before);
      assert.equal(isOutdated(shown, projectNode, after), true);
    });
  }

  it('is outdated when a row below it looks different, though it is the same row', () => {
    const shown = new ShownRows();
    give(shown, hostNode, before);
    assert.equal(isOutdated(shown, hostNode, before), false);
    assert.equal(isOutdated(shown, hostNode, knowing({ owners: [[project, failed('tls')]] })), true);
  });

  it('that is closed and was never opened is judged by its own look', () => {
    const shown = new ShownRows();
    shown.gaveLook(hostNode, present(hostNode, knowing({ state: { state: 'loading', value: maintainer } })));
    assert.equal(isOutdated(shown, hostNode, knowing()), false);
    assert.equal(isOutdated(shown, hostNode, knowing({ state: { state: 'noToken' } })), true);
  });

  it('is found again as the very object it was given', () => {
    const shown = new ShownRows();
    shown.gaveChildren(undefined, [hostNode]);
    assert.equal(shown.get(nodeId(hostNode)), hostNode);
    shown.clear();
    assert.equal(shown.get(nodeId(hostNode)), undefined);
  });

  it('has a list whose age counts from when it was last given', async () => {
    const shown = new ShownRows();
    assert.equal(shown.ageOfChildren(undefined), Infinity);
    shown.gaveChildren(undefined, [hostNode]);
    assert.equal(shown.ageOfChildren(hostNode), Infinity);
    await new Promise((resolve) => setTimeout(resolve, 20));
    const age = shown.ageOfChildren(undefined);
    assert.ok(age >= 19 && age < Infinity, `${age} ms`);
    shown.gaveChildren(undefined, [hostNode]);
    assert.ok(shown.ageOfChildren(undefined) < age);
  });
});
