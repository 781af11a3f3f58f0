import assert from 'node:assert/strict';
import { AgentStore } from '../../../../src/core/inventory/agentStore';
import { Inventory } from '../../../../src/core/inventory/inventory';
import type { HostUrl } from '../../../../src/core/model/host';
import { smallWorld } from '../../../contract/lab';
import { json } from '../../../gitlab/answer';
import { addAgent } from '../../../gitlab/populate';
import { startGitLab } from '../../../gitlab/server';
import type { GitLab } from '../../../gitlab/server';
import { Accounts, host as listed } from '../accounts/accounts';
import { connect } from '../gitlab/connection';

const app = { id: 1, path: 'own/app' };

describe('the agents that were asked for', () => {
  let gitlab: GitLab;
  let accounts: Accounts;
  let inventory: Inventory;
  let store: AgentStore;
  let url: HostUrl;

  beforeEach(async () => {
    gitlab = await startGitLab({ world: smallWorld().world });
    accounts = new Accounts((address, token) => connect({ url: address }, token));
    const host = listed(gitlab.url, { projects: [app] });
    url = host.url;
    await accounts.accounts.add(host, 'maintainer');
    inventory = new Inventory(accounts.accounts);
    store = new AgentStore({ accounts: accounts.accounts, inventory });
    const [project] = gitlab.world.projects;
    addAgent(gitlab.world, project ?? assert.fail(), 'prod');
  });
  afterEach(async () => {
    store.dispose();
    inventory.dispose();
    accounts.accounts.dispose();
    await gitlab.close();
  });

  const names = () => store.own(url, app.id)?.value?.agents?.map(({ name }) => name);
  /** Waits until something that changes is so. */
  const until = (isSo: () => boolean): Promise<void> =>
    new Promise((resolve) => {
      if (isSo()) return resolve();
      const subscription = store.onDidChange(() => {
        if (!isSo()) return;
        subscription.dispose();
        resolve();
      });
    });

  it('are read again with the clusters of their project, and those that nobody asked for are not', async () => {
    const owner = { level: 'project', ...app } as const;
    await inventory.load(url, owner);
    assert.ok(gitlab.requests.every(({ path }) => !path.includes('graphql')));
    await store.load(url, app);
    assert.deepEqual(names(), ['prod']);
    addAgent(gitlab.world, gitlab.world.projects[0] ?? assert.fail(), 'second');
    await inventory.load(url, owner);
    await until(() => names()?.length === 2);
    assert.ok(gitlab.requests.every(({ body }) => !body.includes('ciAccessAuthorizedAgents')));
  });

  it('are forgotten with another token, and with their host', async () => {
    await store.load(url, app);
    await accounts.accounts.replaceToken(url, 'developer');
    assert.equal(names(), undefined);
    await store.load(url, app);
    await accounts.accounts.remove(url);
    assert.equal(names(), undefined);
  });

  it('stay where GitLab has an error of its own', async () => {
    await store.load(url, app);
    gitlab.onRequest(() => json(500, { message: '500 Internal Server Error' }));
    await store.load(url, app);
    assert.deepEqual([store.own(url, app.id)?.state, names()], ['failed', ['prod']]);
  });

  it('leave no trace where they were given up before there was an answer, and stay where there was one', async () => {
    const stop = new AbortController();
    const mend = gitlab.onRequest(() => {
      stop.abort();
      return 'taken';
    });
    await store.load(url, app, stop.signal);
    assert.equal(store.own(url, app.id), undefined);
    mend();
    await store.load(url, app);
    const again = new AbortController();
    gitlab.onRequest(() => {
      again.abort();
      return 'taken';
    });
    await store.load(url, app, again.signal);
    assert.deepEqual([store.own(url, app.id)?.state, names()], ['loaded', ['prod']]);
  });
});
