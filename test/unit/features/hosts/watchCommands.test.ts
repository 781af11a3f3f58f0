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

  it('searches projects at GitLab among those the token may read clusters of, watches one and shows its row', async () => {
    lab.dialogs.will(['Watch Projects · Example GitLab', ['checkout', checkout.path]]);
    await lab.commands[commands.watchProject](undefined);
    assert.deepEqual(watched(), [{ projects: [payments, checkout], groups: [] }]);
    assert.deepEqual(lab.visited, ['row of platform/checkout-web']);
    assert.equal(searched().length, 1);
    assert.match(searched()[0] ?? '', /^GET \/projects\?.*min_access_level=30/);
  });

  it('shows what is already watched, ticked, takes several at once, and stops for what is unticked', async () => {
    lab.dialogs.will(['Watch Projects · Example GitLab', ['platform', payments.path, checkout.path]]);
    await lab.commands[commands.watchProject](undefined);
    const [first, ...others] = lab.dialogs.find('Watch Projects').offered;
    assert.equal(first, `${payments.path} — already watched`);
    assert.ok(others.includes(checkout.path) && !others.some((one) => one.includes('watched')));
    assert.deepEqual(watched(), [{ projects: [checkout], groups: [] }]);
  });

  it('watches a group for its own clusters', async () => {
    lab.dialogs.will(['Watch Groups · Example GitLab', ['platform', 'platform']]);
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
    lab.dialogs.will(['Watch Projects · Example GitLab', undefined]);
    await lab.commands[commands.watchProject](undefined);
    assert.deepEqual(watched(), [{ projects: [payments], groups: [] }]);
  });
});
