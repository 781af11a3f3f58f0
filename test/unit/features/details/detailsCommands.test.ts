import assert from 'node:assert/strict';
import { mock } from 'node:test';
import { commands } from '../../../../src/contributions';
import { demoFleet } from '../../../gitlab/demoFleet';
import { flowLabs } from '../flowLab';
import type { FlowLab } from '../flowLab';

const payments = { id: 1, path: 'platform/payments-api' };

describe('Opening a cluster', () => {
  const open = flowLabs();
  let lab: FlowLab;
  let now: number;
  const click = (name: string) => lab.commands[commands.openCluster](lab.row(name), undefined);

  beforeEach(async () => {
    lab = await open({ world: demoFleet(), token: 'demo-maintainer', projects: [payments] });
    await lab.read();
    now = 1_000_000;
    mock.method(performance, 'now', () => now);
  });
  afterEach(() => {
    mock.restoreAll();
    lab.dialogs.assertAllAsked();
  });

  it('by a click previews it and leaves the focus in the tree', async () => {
    await click('staging');
    assert.deepEqual(lab.showings, [{ focus: false, pinned: false }]);
  });

  it('by two clicks on the same row within half a second pins it, and goes there', async () => {
    await click('staging');
    now += 499;
    await click('staging');
    assert.deepEqual(lab.showings.at(-1), { focus: true, pinned: true });
  });

  it('by two slow clicks, or two on different rows, only previews', async () => {
    await click('staging');
    now += 500;
    await click('staging');
    await click('review');
    assert.deepEqual(
      lab.showings,
      [1, 2, 3].map(() => ({ focus: false, pinned: false })),
    );
  });

  it('by Enter goes there without pinning; a later click previews again', async () => {
    await lab.commands[commands.openRow]();
    assert.deepEqual(lab.runs, [['list.select', undefined]]);
    await click('staging');
    now += 2000;
    await click('review');
    assert.deepEqual(lab.showings, [
      { focus: true, pinned: false },
      { focus: false, pinned: false },
    ]);
  });

  it('from its menu, which gives what is selected too, goes there', async () => {
    const row = lab.row('staging');
    await lab.commands[commands.openCluster](row, [row]);
    assert.deepEqual(lab.showings, [{ focus: true, pinned: false }]);
  });
});

describe('What is copied and opened of clusters', () => {
  const open = flowLabs();
  let lab: FlowLab;

  beforeEach(async () => {
    lab = await open({ world: demoFleet(), token: 'demo-maintainer', projects: [payments] });
    await lab.read();
  });
  afterEach(() => lab.dialogs.assertAllAsked());

  it('is a line for each selected row, said quietly', async () => {
    const rows = ['staging', 'review'].map((name) => lab.row(name));
    await lab.commands[commands.copyNames](rows[0], rows);
    assert.equal(lab.dialogs.clipboard, 'staging\nreview');
    await lab.commands[commands.copyIds](rows[0], rows);
    assert.equal(lab.dialogs.clipboard, '6\n7');
    assert.deepEqual(
      lab.dialogs.shown.map(({ kind, text, offered }) => [kind, text, offered.length]),
      [1, 2].map(() => ['information', 'Copied.', 0]),
    );
  });

  it('is the page of the cluster, and of its project', async () => {
    await lab.commands[commands.openClusterPage](lab.row('staging'));
    await lab.commands[commands.openOwnerPage](lab.row('staging'));
    assert.deepEqual(lab.dialogs.opened, [
      `${lab.host.url}/platform/payments-api/-/clusters/6`,
      `${lab.host.url}/platform/payments-api`,
    ]);
  });
});
