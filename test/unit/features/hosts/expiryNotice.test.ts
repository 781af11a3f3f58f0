import assert from 'node:assert/strict';
import { expiryNotice } from '../../../../src/features/hosts/expiryNotice';
import { demoFleet } from '../../../gitlab/demoFleet';
import { addToken } from '../../../gitlab/populate';
import { flowLabs } from '../flowLab';

describe('An access token that expires soon', () => {
  const open = flowLabs();

  it('is told of once a day, and replaced with a click', async () => {
    const world = demoFleet();
    const maria = world.users.find(({ username }) => username === 'maria') ?? assert.fail();
    const expiresAt = new Date(Date.now() + 5 * 86_400_000).toISOString().slice(0, 10);
    addToken(world, maria, 'expires-soon', { expiresAt });
    const { accounts, inventory, dialogs, host } = await open({ world, token: 'expires-soon' });
    const kept = new Map<string, unknown>();
    const memory = {
      get: (key: string) => kept.get(key),
      update: (key: string, value: unknown) => Promise.resolve(void kept.set(key, value)),
    };
    const replaced: string[] = [];
    const notice = expiryNotice({
      accounts: accounts.accounts,
      inventory,
      memory,
      dialogs,
      replaceToken: ({ url }) => replaced.push(url),
    });
    dialogs.will(['The access token of Example GitLab expires in 4 days.', 'Replace Token']);
    await inventory.loadHost(host.url);
    await inventory.loadHost(host.url);
    dialogs.assertAllAsked();
    assert.deepEqual(dialogs.told, ['The access token of Example GitLab expires in 4 days.']);
    assert.deepEqual(replaced, [host.url]);
    kept.set(`expiryTold:${host.url}`, '2020-01-01');
    await inventory.loadHost(host.url);
    assert.equal(dialogs.told.length, 2);
    assert.doesNotMatch(JSON.stringify([...kept]), /expires-soon/);
    notice.dispose();
  });
});
