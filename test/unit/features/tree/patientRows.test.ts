import assert from 'node:assert/strict';
import { Inventory } from '../../../../src/core/inventory/inventory';
import { Emitter } from '../../../../src/core/time/event';
import type { ClusterTreeNode } from '../../../../src/editor/clusterNodes';
import { patientRows } from '../../../../src/features/tree/patientRows';
import { fixedAccounts, treeSources } from '../../../editor/treeSources';
import { host } from '../../core/accounts/accounts';
import { connect, hostUrl, openConnection } from '../../core/gitlab/connection';

describe('Rows that are just being read', () => {
  const connection = openConnection();
  const payments = { level: 'project', id: 1, path: 'platform/payments-api' } as const;
  let sources: ReturnType<typeof treeSources>;
  let hostNode: ClusterTreeNode;
  let ownerNode: ClusterTreeNode;
  let below: (node: ClusterTreeNode | undefined) => unknown;

  /** Rows of which only their number counts: one where what they show is known. */
  function openTree(storage?: Parameters<typeof treeSources>[2]): void {
    const here = host(connection.gitlab.url);
    const accounts = fixedAccounts(here, (url, token) => connect({ url }, token));
    const inventory = new Inventory(accounts);
    sources = treeSources(accounts, inventory, storage);
    hostNode = { type: 'host', host: here };
    ownerNode = { type: 'owner', host: here.url, owner: payments, watched: true, fromWorkspace: false };
    const { fleets } = sources;
    const provider = patientRows(
      {
        onDidChangeTreeData: new Emitter<undefined>().event,
        getTreeItem: () => assert.fail('no looks are asked for'),
        resolveTreeItem: () => assert.fail('no tooltips are asked for'),
        getParent: () => undefined,
        getChildren(node) {
          if (node?.type === 'host') void inventory.ensure(here.url);
          if (node?.type === 'owner') void inventory.ensure(here.url, payments);
          const isKnown =
            node?.type === 'host'
              ? inventory.hostState(here.url)?.state === 'loaded'
              : node?.type === 'owner'
                ? inventory.ownerState(here.url, payments)?.state === 'loaded'
                : fleets.status(here.url).status !== 'unasked';
          return isKnown ? [hostNode] : [];
        },
      },
      sources,
    );
    below = (node) => provider.getChildren(node);
  }

  afterEach(() => sources.dispose());

  it('are waited for where GitLab answers at once, and given without a wait once they are known', async () => {
    openTree();
    assert.deepEqual(await below(hostNode), [hostNode]);
    assert.deepEqual(await below(ownerNode), [hostNode]);
    assert.deepEqual(below(hostNode), [hostNode]);
    assert.deepEqual(below(ownerNode), [hostNode]);
  });

  it('are given as far as they are known where GitLab takes longer', async () => {
    let answer: () => void = () => undefined;
    const later = new Promise<void>((resolve) => (answer = resolve));
    connection.gitlab.onRequest(() => later.then(() => undefined));
    openTree();
    assert.deepEqual(await below(hostNode), []);
    answer();
    await sources.inventory.ensure(hostUrl(connection.gitlab.url));
    assert.deepEqual(below(hostNode), [hostNode]);
  });

  it('of groups are waited for until what is remembered was read, which asks nobody', async () => {
    openTree();
    assert.deepEqual(below(undefined), [], 'of owners there is nothing to wait for');
    sources.finder.setGroupBy('apiUrl');
    assert.deepEqual(await below(undefined), [hostNode]);
    assert.equal(connection.gitlab.requests.length, 0);
  });
});
