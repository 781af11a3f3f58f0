import assert from 'node:assert/strict';
import fetch from 'node-fetch';
import * as vscode from 'vscode';
import { hostCommands } from '../../src/features/hosts/hostCommands';
import { Pickers } from '../../src/editor/pickers';
import { commands } from '../../src/contributions';
import { GitLabClient } from '../../src/core/gitlab/client';
import { parseHostUrl } from '../../src/core/model/host';
import type { HostUrl } from '../../src/core/model/host';
import { HostAccounts } from '../../src/core/accounts/hostAccounts';
import { Inventory } from '../../src/core/inventory/inventory';
import { HostTrust } from '../../src/core/accounts/hostTrust';
import { HostListSetting } from '../../src/core/accounts/hostSettings';
import { SecretTokenStore } from '../../src/core/accounts/tokenStore';
import { demoFleet } from '../gitlab/demoFleet';
import { startGitLab, type GitLab } from '../gitlab/server';
import { MemorySecrets } from '../unit/core/accounts/editor';

const token = 'demo-maintainer';
const tryAgain = 'Try Again';
const session = 'Keep for This Session Only';

/** What a dialog asked, and what is done about it: a button's name, or undefined for Cancel. */
type Answer = () => string | undefined;

// VS Code shows no modal dialog while it runs tests, so the dialog is answered here; all else is the editor's.
describe('A keyring that is locked', () => {
  const show = vscode.window.showWarningMessage;
  let gitlab: GitLab;
  let url: HostUrl;
  let secrets: MemorySecrets;
  let accounts: HostAccounts;
  let addHost: () => Promise<void>;
  let answers: Answer[];
  let asked: unknown[][];
  const disposing: vscode.Disposable[] = [];

  const hosts = () => vscode.workspace.getConfiguration('gitlabClusters').inspect('hosts')?.globalValue;

  beforeEach(async () => {
    gitlab = await startGitLab({ world: demoFleet() });
    const parsed = parseHostUrl(gitlab.url);
    assert.ok(parsed.ok);
    url = parsed.url;
    secrets = new MemorySecrets();
    secrets.locked = true;
    const settings = new HostListSetting(vscode.workspace);
    const tokens = new SecretTokenStore(secrets);
    const deadlines = { readDeadline: 10_000, writeDeadline: 10_000 };
    accounts = new HostAccounts(
      settings,
      tokens,
      (host, secret) => new GitLabClient(host, secret, { fetch, log: () => undefined, ...deadlines }),
    );
    const inventory = new Inventory(accounts);
    const trust = new HostTrust(accounts);
    disposing.push(settings, tokens, accounts, inventory, trust);
    const pickers = new Pickers(
      accounts,
      inventory,
      { known: () => assert.fail('no cluster is asked for') },
      { ownersOf: () => [] },
    );
    const table = hostCommands(accounts, pickers, trust, () => assert.fail('no certificate is shown'));
    addHost = () => table[commands.addHost]({ url, token, name: 'Example' });
    answers = [];
    asked = [];
    const answer = (...question: unknown[]): Promise<string | undefined> => {
      asked.push(question);
      const next = answers.shift() ?? assert.fail(`nobody expects ${String(question[0])}`);
      return Promise.resolve(next());
    };
    assert.ok(Reflect.set(vscode.window, 'showWarningMessage', answer), 'the dialog can be answered');
  });
  afterEach(async () => {
    Reflect.set(vscode.window, 'showWarningMessage', show);
    for (const one of disposing.splice(0)) one.dispose();
    await vscode.workspace.getConfiguration('gitlabClusters').update('hosts', undefined, true);
    await gitlab.close();
  });

  it('is told in a dialog with both ways out and no secret, and asked again until it is open', async () => {
    answers = [
      () => tryAgain,
      () => {
        secrets.locked = false;
        return tryAgain;
      },
    ];
    await addHost();
    assert.equal(asked.length, 2);
    for (const [message, options, ...buttons] of asked) {
      assert.equal(message, 'The access token could not be stored.');
      assert.ok(typeof options === 'object' && options !== null && Reflect.get(options, 'modal') === true);
      assert.deepEqual(buttons, [tryAgain, session]);
    }
    assert.doesNotMatch(JSON.stringify(asked), new RegExp(`${token}|glpat`));
    assert.deepEqual([...secrets.stored.values()], [token]);
    assert.deepEqual(hosts(), [{ url, name: 'Example' }]);
  });

  it('need not be opened to work with a host until the window closes', async () => {
    answers = [() => session];
    await addHost();
    assert.deepEqual(hosts(), [{ url, name: 'Example' }]);
    assert.equal((await accounts.test(url)).user.username, 'maria');
    secrets.locked = false;
    assert.deepEqual([...secrets.stored], [], 'the token is nowhere but in memory');
  });

  it('leaves nothing behind where the dialog is cancelled', async () => {
    answers = [() => undefined];
    await addHost();
    secrets.locked = false;
    assert.equal(hosts(), undefined);
    assert.deepEqual([...secrets.stored], []);
    assert.equal(await accounts.client(url), undefined);
  });
});
