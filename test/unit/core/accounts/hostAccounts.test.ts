import assert from 'node:assert/strict';
import { demoFleet } from '../../../gitlab/demoFleet';
import { startGitLab } from '../../../gitlab/server';
import { failure } from '../gitlab/connection';
import { Accounts, host } from './accounts';

const one = host('https://one.example.com');
const key = `gitlabClusters.token:${one.url}`;

describe('host accounts', () => {
  it('stores the token before the host is listed', async () => {
    const { accounts, secrets, settings } = new Accounts();
    const seen: string[] = [];
    accounts.onDidChangeToken(() => seen.push(`token, ${settings.written.length} written`));
    accounts.onDidChangeHosts(() => seen.push(`hosts, ${secrets.stored.size} stored`));
    await accounts.add(one, 'token');
    assert.deepEqual(seen, ['token, 0 written', 'hosts, 1 stored']);
    assert.equal(secrets.stored.get(key), 'token');
    assert.deepEqual(settings.written, [[{ url: one.url, name: 'A host' }]]);
    assert.doesNotMatch(JSON.stringify(settings.written), /token/);
  });

  it('gets ready for a host while its token is read', async () => {
    const seen: string[] = [];
    const { accounts, secrets, connected } = new Accounts(undefined, (url) => seen.push(`${url} ${connected.length}`));
    secrets.stored.set(key, 'token');
    await accounts.client(one.url);
    await accounts.client(one.url);
    assert.deepEqual(seen, [`${one.url} 0`]);
    assert.deepEqual(connected, ['token']);
  });

  it('leaves no token behind where the host could not be listed', async () => {
    const { accounts, secrets, settings } = new Accounts();
    settings.readOnly = true;
    await failure(accounts.add(one, 'token'), 'settings');
    assert.deepEqual([...secrets.stored], []);
  });

  it('keeps the token of a host that was listed before, should listing it again fail', async () => {
    const { accounts, secrets, settings } = new Accounts();
    await accounts.add(one, 'token');
    settings.readOnly = true;
    await failure(accounts.add(one, 'new'), 'settings');
    assert.deepEqual([...secrets.stored.values()], ['new']);
  });

  it('lists nothing where the token cannot be stored, and tells that without quoting anybody', async () => {
    const { accounts, secrets, settings } = new Accounts();
    secrets.locked = true;
    const error = await failure(accounts.add(one, 'token'), 'keyring');
    assert.deepEqual(settings.written, []);
    assert.equal(error.message + String(error.cause), 'undefined');
  });

  it('unlists the host first and then deletes its token', async () => {
    const { accounts, secrets, settings } = new Accounts();
    await accounts.add(one, 'token');
    const seen: string[] = [];
    accounts.onDidChangeHosts(() => seen.push(`hosts, ${secrets.stored.size} stored`));
    await accounts.remove(one.url);
    assert.deepEqual(seen, ['hosts, 1 stored']);
    assert.deepEqual(settings.value, []);
    assert.deepEqual([...secrets.stored], []);
  });

  it('deletes the token also where the setting cannot be written', async () => {
    const { accounts, secrets, settings } = new Accounts();
    await accounts.add(one, 'token');
    settings.readOnly = true;
    await failure(accounts.remove(one.url), 'settings');
    assert.deepEqual([...secrets.stored], []);
    assert.equal(await accounts.client(one.url), undefined);
  });

  it('uses one client per host until its token changes', async () => {
    const { accounts, connected } = new Accounts();
    await accounts.add(one, 'token');
    assert.equal(await accounts.client(one.url), await accounts.client(one.url));
    await accounts.replaceToken(one.url, 'new');
    await accounts.client(one.url);
    assert.deepEqual(connected, ['token', 'new']);
    accounts.reconnect();
    await accounts.client(one.url);
    assert.deepEqual(connected, ['token', 'new', 'new']);
  });

  it('sees a token that another window replaced or deleted', async () => {
    const { accounts, secrets, connected } = new Accounts();
    await accounts.add(one, 'token');
    await accounts.client(one.url);
    const told: string[] = [];
    accounts.onDidChangeToken((url) => told.push(url));
    await secrets.store(key, 'from another window');
    await accounts.client(one.url);
    await secrets.delete(key);
    assert.equal(await accounts.client(one.url), undefined);
    assert.deepEqual(connected, ['token', 'from another window']);
    assert.deepEqual(told, [one.url, one.url]);
  });

  it('sees hosts that another window lists or renames', () => {
    const { accounts, settings } = new Accounts();
    settings.type([{ url: one.url, name: 'First' }]);
    assert.equal(accounts.find(one.url)?.name, 'First');
    settings.type([{ url: one.url, name: 'Second' }, 'nonsense']);
    assert.equal(accounts.find(one.url)?.name, 'Second');
    assert.equal(accounts.problems.length, 1);
  });

  it('looks again after the keyring was locked or a token was missing', async () => {
    const { accounts, secrets, settings } = new Accounts();
    settings.type([{ url: one.url }]);
    assert.equal(await accounts.client(one.url), undefined);
    secrets.stored.set(key, 'token');
    secrets.locked = true;
    await failure(accounts.client(one.url), 'keyring');
    secrets.locked = false;
    assert(await accounts.client(one.url));
  });

  it('keeps a token in memory alone where the keyring is locked, and forgets it with the host', async () => {
    const { accounts, connected, secrets } = new Accounts();
    secrets.locked = true;
    await failure(accounts.add(one, 'token'), 'keyring');
    const told: string[] = [];
    accounts.onDidChangeToken((url) => told.push(url));
    await accounts.add(one, 'token', 'session');
    assert(await accounts.client(one.url));
    assert.deepEqual([connected, told, [...secrets.stored]], [['token'], [one.url], []]);
    secrets.locked = false;
    await accounts.replaceToken(one.url, 'newer');
    await accounts.client(one.url);
    assert.deepEqual(connected, ['token', 'newer']);
    await accounts.replaceToken(one.url, 'newest', 'session');
    await accounts.remove(one.url);
    assert.equal(await accounts.client(one.url), undefined);
  });

  it('connects with the newer token that another window stored, instead of the one kept for the session', async () => {
    const { accounts, connected, secrets } = new Accounts();
    await accounts.add(one, 'kept', 'session');
    await accounts.client(one.url);
    await secrets.store(key, 'stored elsewhere');
    await accounts.client(one.url);
    assert.deepEqual(connected, ['kept', 'stored elsewhere']);
  });

  it('gives who connects on the event of a new token that one, not the one kept for the session', async () => {
    const { accounts, connected } = new Accounts();
    await accounts.add(one, 'kept', 'session');
    const clients: Promise<unknown>[] = [];
    accounts.onDidChangeToken((url) => clients.push(accounts.client(url)));
    await accounts.replaceToken(one.url, 'new');
    assert.equal((await Promise.all(clients)).length, 1);
    assert.deepEqual(connected, ['new']);
  });

  it('goes on with the token kept for the session where a new one could not be stored', async () => {
    const { accounts, connected, secrets } = new Accounts();
    await accounts.add(one, 'kept', 'session');
    secrets.locked = true;
    await failure(accounts.replaceToken(one.url, 'new'), 'keyring');
    await accounts.client(one.url);
    assert.deepEqual(connected, ['kept']);
  });

  it('changes name and watched projects of a listed host alone', async () => {
    const { accounts, settings } = new Accounts();
    await accounts.change(one.url, { name: 'x' });
    assert.deepEqual(settings.written, []);
    await accounts.add(one, 'token');
    await accounts.change(one.url, { projects: [{ id: 5, path: 'a/b' }] });
    assert.deepEqual(settings.value, [{ url: one.url, name: 'A host', projects: [{ id: 5, path: 'a/b' }] }]);
  });

  it('asks who a token is before anything is stored', async () => {
    const gitlab = await startGitLab({ world: demoFleet() });
    try {
      const { accounts, secrets, settings } = new Accounts();
      const { url } = host(gitlab.url);
      assert.equal((await accounts.check(url, 'demo-maintainer')).user.username, 'maria');
      await failure(accounts.check(url, 'mistyped'), 'unauthorized');
      assert.deepEqual([...secrets.done, ...settings.written], []);
    } finally {
      await gitlab.close();
    }
  });
});
