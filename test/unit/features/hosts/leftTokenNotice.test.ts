import assert from 'node:assert/strict';
import { mock } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import type { Disposable } from '../../../../src/core/time/event';
import { leftTokenNotice } from '../../../../src/features/hosts/leftTokenNotice';
import { Accounts, host } from '../../core/accounts/accounts';
import { ScriptedDialogs } from '../../editor/scriptedDialogs';

const one = host('https://one.example.com');
const other = host('https://other.example.com');

describe('The notice of a token whose host left the setting', () => {
  let editor: Accounts;
  let dialogs: ScriptedDialogs;
  let notice: Disposable;
  let inFront: boolean;
  let windowChanged: () => void;
  let failures: unknown[];

  const pass = async (): Promise<void> => {
    mock.timers.tick(60_000);
    await turn();
    await turn();
  };

  beforeEach(async () => {
    mock.timers.enable({ apis: ['setTimeout'] });
    const kept = new Map<string, unknown>();
    editor = new Accounts();
    dialogs = new ScriptedDialogs();
    inFront = true;
    failures = [];
    notice = leftTokenNotice({
      accounts: editor.accounts,
      memory: { get: (key) => kept.get(key), update: (key, value) => kept.set(key, value) },
      inFront: () => inFront,
      onDidChangeWindow: (listener) => {
        windowChanged = listener;
        return { dispose: () => (windowChanged = () => assert.fail('still heard')) };
      },
      dialogs,
      tell: (error) => failures.push(error),
    });
    await editor.accounts.add(one, 'the-token');
    await editor.accounts.add(other, 'another-token');
  });
  afterEach(() => {
    notice.dispose();
    mock.timers.reset();
    dialogs.assertAllAsked();
  });

  it('names the host, and deletes the token by its button alone', async () => {
    editor.settings.type([{ url: other.url }]);
    await pass();
    const { text, offered } = dialogs.find('one.example.com');
    assert.match(text, /is no longer listed in the settings, but its access token is still kept on this computer/);
    assert.deepEqual(offered, ['Delete Its Access Token']);
    assert.equal(editor.secrets.stored.size, 2);
    dialogs.will(['other.example.com', 'Delete Its Access Token']);
    editor.settings.type([]);
    await pass();
    assert.deepEqual([...editor.secrets.stored.values()], ['the-token']);
    assert.deepEqual(failures, []);
  });

  it('comes when its window comes to the front', async () => {
    inFront = false;
    editor.settings.type([{ url: other.url }]);
    await pass();
    assert.deepEqual(dialogs.told, []);
    inFront = true;
    windowChanged();
    await pass();
    assert.equal(dialogs.told.length, 1);
  });

  it('says why the token could not be deleted', async () => {
    dialogs.will(['one.example.com', 'Delete Its Access Token']);
    editor.secrets.delete = () => Promise.reject(new Error('locked'));
    editor.settings.type([{ url: other.url }]);
    await pass();
    assert.equal(failures.length, 1);
  });
});
