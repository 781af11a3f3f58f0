import assert from 'node:assert/strict';
import { commands } from '../../../../src/contributions';
import { demoFleet } from '../../../gitlab/demoFleet';
import { flowLabs } from '../flowLab';
import type { FlowLab } from '../flowLab';

const checkout = { id: 2, path: 'platform/checkout-web' };
const payments = { id: 1, path: 'platform/payments-api' };

describe('Watching', () => {
  const open = flowLabs();
  let lab: FlowLab;
  const watched = () => lab.accounts.accounts.hosts.map(({ projects, groups }) => ({ projects, groups }));
  const searched = () => lab.asked().filter((one) => one.includes('search='));

  beforeEach(async () => {
    lab = await open({ world: demoFleet(), token: 'demo-maintainer', projects: [payments] });
    await lab.read();
  });
  afterEach(() => lab.dialogs.assertAllAsked());

  it('searches projects at GitLab among those the token may read clusters of, and watches one', async () => {
    lab.dialogs.will(['Watch Project · Example GitLab', ['checkout', checkout.path]]);
    await lab.commands[commands.watchProject](undefined);
    assert.deepEqual(watched(), [{ projects: [payments, checkout], groups: [] }]);
    assert.equal(searched().length, 1);
    assert.match(searched()[0] ?? '', /^GET \/projects\?.*min_access_level=30/);
  });

  it('marks what is watched already, and watches nothing twice', async () => {
    lab.dialogs.will(['Watch Project · Example GitLab', ['payments', payments.path]]);
    await lab.commands[commands.watchProject](undefined);
    assert.deepEqual(lab.dialogs.find('Watch Project').offered, [`${payments.path} — watched already`]);
    assert.deepEqual(watched(), [{ projects: [payments], groups: [] }]);
  });

  it('watches a group for its own clusters', async () => {
    lab.dialogs.will(['Watch Group · Example GitLab', ['platform', 'platform']]);
    await lab.commands[commands.watchGroup](undefined);
    assert.deepEqual(watched(), [{ projects: [payments], groups: [{ id: 1, path: 'platform' }] }]);
  });

  it('stops for rows, or for what is ticked, and reads their clusters no more with the host', async () => {
    const opened = () => lab.accounts.accounts.hosts.map(({ url }) => lab.inventory.loadedOwners(url).length);
    assert.deepEqual(opened(), [1]);
    lab.dialogs.will(['Stop Watching', [payments.path]]);
    await lab.commands[commands.unwatch](undefined, undefined);
    assert.deepEqual(watched(), [{ projects: [], groups: [] }]);
    assert.deepEqual(opened(), [0]);
    await lab.commands[commands.unwatch](undefined, undefined);
    assert.match(lab.dialogs.told.join(), /^Nothing is watched at Example GitLab yet/);
  });

  it('changes nothing where the search is left', async () => {
    lab.dialogs.will(['Watch Project · Example GitLab', undefined]);
    await lab.commands[commands.watchProject](undefined);
    assert.deepEqual(watched(), [{ projects: [payments], groups: [] }]);
  });
});
