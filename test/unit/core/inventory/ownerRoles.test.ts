import assert from 'node:assert/strict';
import { Fleets } from '../../../../src/core/inventory/fleets';
import { Inventory } from '../../../../src/core/inventory/inventory';
import { OwnerRoles } from '../../../../src/core/inventory/ownerRoles';
import { showTokenFaults } from '../../../../src/core/inventory/tokenFaults';
import type { ClusterOwner } from '../../../../src/core/model/cluster';
import { smallWorld } from '../../../contract/lab';
import type { SmallWorld } from '../../../contract/lab';
import { json } from '../../../gitlab/answer';
import { addCluster } from '../../../gitlab/populate';
import { openConnection } from '../gitlab/connection';
import { Accounts, host } from '../accounts/accounts';

const app: ClusterOwner = { level: 'project', id: 1, path: 'own/app' };
const group: ClusterOwner = { level: 'group', id: 1, path: 'own' };

describe('what an owner lets a token do', () => {
  let small: SmallWorld = smallWorld();
  const connection = openConnection(() => ({ world: (small = smallWorld()).world }));
  let inventory: Inventory;
  let roles: OwnerRoles;
  let accounts: Accounts;
  const url = () => host(connection.gitlab.url).url;

  async function as(token: string): Promise<void> {
    accounts = new Accounts();
    inventory = new Inventory(accounts.accounts);
    roles = new OwnerRoles(accounts.accounts, inventory);
    await accounts.accounts.add(host(connection.gitlab.url), token);
    await inventory.loadHost(url());
    connection.gitlab.clearRequests();
  }
  afterEach(() => {
    roles.dispose();
    inventory.dispose();
  });
  const learned = (): Promise<ClusterOwner> =>
    new Promise((resolve) => {
      const subscription = roles.onDidLearn(({ owner }) => {
        subscription.dispose();
        resolve(owner);
      });
    });

  it('is learned once its clusters are read, with one request, and told where it is too little', async () => {
    await as('developer');
    const told = learned();
    await inventory.load(url(), app);
    assert.deepEqual(await told, app);
    assert.equal(roles.mayChange(url(), app), false);
    await inventory.load(url(), app);
    assert.equal(await roles.ask(url(), app), false);
    const asked = connection.gitlab.requests.filter(({ path }) => path.includes('min_access_level'));
    assert.equal(asked.length, 1);
  });

  it('is enough for Maintainers, and not asked of administrators', async () => {
    await as('maintainer');
    assert.equal(await roles.ask(url(), app), true);
    assert.equal(await roles.ask(url(), group), true);
    inventory.dispose();
    roles.dispose();
    await as('admin');
    assert.equal(await roles.ask(url(), app), undefined);
    assert.equal(connection.gitlab.requests.length, 0);
  });

  it('is not known where it cannot be found out, and asked again only by those who want to know', async () => {
    await as('developer');
    const heal = connection.gitlab.onRequest(({ request }) =>
      request.path.includes('min_access_level') ? json(500, { message: '500' }) : undefined,
    );
    assert.equal(await roles.ask(url(), app), undefined);
    await inventory.load(url(), app);
    await inventory.load(url(), app);
    assert.equal(connection.gitlab.requests.filter(({ path }) => path.includes('min_access_level')).length, 1);
    heal();
    assert.equal(await roles.ask(url(), app), false);
  });

  it('is forgotten with its token', async () => {
    await as('developer');
    await roles.ask(url(), app);
    await accounts.accounts.replaceToken(url(), 'maintainer');
    assert.equal(roles.mayChange(url(), app), undefined);
  });

  describe('and a token that stops working', () => {
    const hostKind = () => {
      const state = inventory.hostState(url());
      return state?.state === 'failed' ? state.error.kind : state?.state;
    };
    const settled = async (): Promise<void> => {
      while (hostKind() === 'loaded' || hostKind() === 'loading') {
        await new Promise<void>((resolve) => {
          const subscription = inventory.onDidChange(() => {
            subscription.dispose();
            resolve();
          });
        });
      }
    };
    const revoke = (): void => {
      const token = small.world.tokens.find(({ value }) => value === 'maintainer') ?? assert.fail();
      token.revoked = true;
    };

    it('shows on the row of the host after a search', async () => {
      await as('maintainer');
      addCluster(small.world, small.app);
      const storage = {
        read: () => Promise.resolve(undefined),
        write: () => Promise.resolve(),
        delete: () => Promise.resolve(),
      };
      const fleets = new Fleets({ accounts: accounts.accounts, inventory, storage, slots: () => 4 });
      const watch = showTokenFaults(inventory, fleets);
      connection.gitlab.onRequest(({ request }) => {
        if (request.path.includes('/clusters')) revoke();
        return undefined;
      });
      await fleets.crawl(url());
      await settled();
      assert.equal(hostKind(), 'tokenRevoked');
      watch.dispose();
      fleets.dispose();
    });

    it('shows there after an owner was read', async () => {
      await as('maintainer');
      const fleets = new Fleets({
        accounts: accounts.accounts,
        inventory,
        storage: {
          read: () => Promise.resolve(undefined),
          write: () => Promise.resolve(),
          delete: () => Promise.resolve(),
        },
        slots: () => 4,
      });
      const watch = showTokenFaults(inventory, fleets);
      revoke();
      await inventory.load(url(), app);
      await settled();
      assert.equal(hostKind(), 'tokenRevoked');
      watch.dispose();
      fleets.dispose();
    });
  });
});
