import assert from 'node:assert/strict';
import { mock } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { LeftTokens } from '../../../../src/core/accounts/leftTokens';
import { Accounts, host } from './accounts';

const one = host('https://one.example.com');
const other = host('https://other.example.com');
const key = `gitlabClusters.token:${one.url}`;

describe('a token whose host left the setting', () => {
  let editor: Accounts;
  let remembered: Map<string, unknown>;
  let told: string[];
  let inFront: boolean;
  let tokens: LeftTokens;

  /** A window is opened: on what the windows before it remembered. */
  const open = (): LeftTokens => {
    const memory = {
      get: (name: string) => remembered.get(name),
      update: (name: string, value: unknown) => remembered.set(name, value),
    };
    return new LeftTokens({ accounts: editor.accounts, memory, inFront: () => inFront, tell: (url) => told.push(url) });
  };
  /** The pause passes, and what was begun then ends. */
  const pass = async (): Promise<void> => {
    mock.timers.tick(60_000);
    await turn();
  };

  beforeEach(async () => {
    mock.timers.enable({ apis: ['setTimeout'] });
    editor = new Accounts();
    remembered = new Map();
    told = [];
    inFront = true;
    tokens = open();
    await editor.accounts.add(one, 'the-token');
    await editor.accounts.add(other, 'another-token');
  });
  afterEach(() => {
    tokens.dispose();
    mock.timers.reset();
  });

  it('is told once, and deleted when that is wanted', async () => {
    editor.settings.type([{ url: other.url }]);
    assert.deepEqual(told, []);
    await pass();
    assert.deepEqual(told, [one.url]);
    editor.settings.type([{ url: other.url, name: 'Renamed' }]);
    await pass();
    assert.deepEqual(told, [one.url]);
    await tokens.delete(one.url);
    assert.deepEqual([...editor.secrets.stored.values()], ['another-token']);
  });

  it('is told at the next start, and nothing but addresses is remembered for that', async () => {
    tokens.dispose();
    editor.settings.type([{ url: other.url }]);
    tokens = open();
    assert.doesNotMatch(JSON.stringify([...remembered]), /-token/);
    await pass();
    assert.deepEqual(told, [one.url]);
  });

  it('is no matter where the host comes back, before or after it was told', async () => {
    editor.settings.type([{ url: other.url }]);
    editor.settings.type([{ url: one.url }, { url: other.url }]);
    await pass();
    assert.deepEqual(told, []);
    editor.settings.type([{ url: other.url }]);
    await pass();
    assert.deepEqual(told, [one.url]);
    editor.settings.type([{ url: one.url, projects: 'half typed' }]);
    await tokens.delete(one.url);
    assert.equal(editor.secrets.stored.get(key), 'the-token');
  });

  it('is not looked for while what is listed cannot be read', async () => {
    for (const value of ['no list', [{ url: other.url }, { url: 'https://' }]]) {
      editor.settings.type(value);
      await pass();
    }
    assert.deepEqual(told, []);
    editor.settings.type([{ url: other.url }]);
    await pass();
    assert.deepEqual(told, [one.url]);
  });

  it('is gone without a word where the host was removed by the command, here or in another window', async () => {
    await editor.accounts.remove(one.url);
    await pass();
    editor.settings.type([]);
    await editor.secrets.delete(`gitlabClusters.token:${other.url}`);
    await pass();
    assert.deepEqual(told, []);
    assert.deepEqual([...remembered.values()], [[]]);
  });

  it('is told in the window that the user is in', async () => {
    inFront = false;
    editor.settings.type([{ url: other.url }]);
    await pass();
    assert.deepEqual(told, []);
    inFront = true;
    tokens.look();
    await pass();
    assert.deepEqual(told, [one.url]);
  });

  it('is told when a locked keyring is open again', async () => {
    editor.accounts.reconnect();
    editor.secrets.locked = true;
    editor.settings.type([{ url: other.url }]);
    await pass();
    assert.deepEqual(told, []);
    editor.secrets.locked = false;
    tokens.look();
    await pass();
    assert.deepEqual(told, [one.url]);
  });
});
