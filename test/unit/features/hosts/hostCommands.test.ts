import assert from 'node:assert/strict';
import { commands } from '../../../../src/contributions';
import { demoFleet } from '../../../gitlab/demoFleet';
import { addToken } from '../../../gitlab/populate';
import { presents } from '../../../net/pem';
import { flowLabs } from '../flowLab';
import type { FlowLab } from '../flowLab';

const token = 'demo-maintainer';
const hostRow = (lab: FlowLab) => ({ type: 'host', host: lab.host });

describe('Adding a host', () => {
  const open = flowLabs();
  let lab: FlowLab;
  const listed = () => lab.accounts.accounts.hosts.map(({ url, name }) => ({ url, name }));
  const stored = () => [...lab.accounts.secrets.stored.values()];

  beforeEach(async () => {
    lab = await open({ world: demoFleet() });
  });
  afterEach(() => lab.dialogs.assertAllAsked());

  it('asks for address, token and name, and stores nothing before the token works', async () => {
    const { dialogs, gitlab } = lab;
    dialogs.will(
      ['Address of your GitLab', 'ftp://gitlab.example.com'],
      ['Address of your GitLab', ` ${gitlab.url}/ `],
      ['Access token', ''],
      ['Access token', 'two words'],
      ['Access token', 'demo-revoked'],
      ['Access token', () => (assert.deepEqual([stored(), listed()], [[], []]), token)],
      ['Display name for', 'Example'],
    );
    await lab.commands[commands.addHost](undefined);
    assert.deepEqual(listed(), [{ url: lab.host.url, name: 'Example' }]);
    assert.deepEqual(stored(), [token]);
    assert.equal(dialogs.problems.length, 4);
    assert.match(dialogs.problems[3] ?? '', /revoked/);
    assert.deepEqual(dialogs.told, ['Connected to Example: GitLab 18.2.1-ee, as @maria.']);
    assert.doesNotMatch(JSON.stringify(dialogs.shown), /demo-|two words/);
  });

  it('goes back a question with what was typed, and offers at the end what to do next', async () => {
    const { dialogs, gitlab } = lab;
    dialogs.will(
      ['Address of your GitLab', gitlab.url],
      ['Access token', 'Back'],
      ['Address of your GitLab', gitlab.url],
      ['Access token', token],
      ['Display name for', 'Back'],
      ['Address of your GitLab', gitlab.url],
      ['Access token', token],
      ['Display name for', 'Example'],
      ['Connected to Example', 'Find All Clusters'],
    );
    await lab.commands[commands.addHost](undefined);
    await new Promise((resolve) => setImmediate(resolve));
    assert.deepEqual(dialogs.find('Connected to').offered, ['Find All Clusters', 'Watch Projects…']);
    assert.deepEqual(lab.runs, [[commands.findAllClusters, 'Example']]);
  });

  it('stops without a trace at every question', async () => {
    const { dialogs, gitlab } = lab;
    const answers = [
      ['Address of your GitLab', gitlab.url],
      ['Access token', token],
      ['Display name for', 'Example'],
    ] as const;
    for (const [index, [asked]] of answers.entries()) {
      dialogs.will(...answers.slice(0, index), [asked, undefined]);
      await lab.commands[commands.addHost](undefined);
      assert.deepEqual([stored(), listed()], [[], []], asked);
      dialogs.assertAllAsked();
    }
  });

  it('asks before a token is sent over plain http to another machine', async () => {
    lab.dialogs.will(['Address of your GitLab', 'http://gitlab.example.com'], ['without encryption?', undefined]);
    await lab.commands[commands.addHost](undefined);
    assert.deepEqual(listed(), []);
  });

  it('leads to GitLab’s page for a token, and to the older one only after that', async () => {
    const { dialogs, gitlab } = lab;
    dialogs.will(
      ['Address of your GitLab', gitlab.url],
      ['Access token', 'Create a Token in GitLab…'],
      ['Access token', undefined],
    );
    await lab.commands[commands.addHost](undefined);
    assert.equal(dialogs.opened.length, 1);
    assert.match(dialogs.opened[0] ?? '', /\/-\/user_settings\/personal_access_tokens\?/);
  });

  it('refuses one that is listed already, also one that is listed with a mistake', async () => {
    const { dialogs, gitlab } = lab;
    lab.accounts.settings.type([
      { url: gitlab.url, name: 'Example' },
      { url: 'https://gitlab.example.com', projects: 'all' },
    ]);
    dialogs.will(
      ['Address of your GitLab', gitlab.url],
      ['Address of your GitLab', 'https://gitlab.example.com'],
      ['Address of your GitLab', undefined],
    );
    await lab.commands[commands.addHost](undefined);
    assert.match(dialogs.problems[0] ?? '', /^This host is already listed, as “Example”/);
    assert.match(dialogs.problems[1] ?? '', /^This host is already listed\./);
  });

  it('shows a certificate that is not trusted once, and says why the token was not sent', async () => {
    const { world } = lab.gitlab;
    lab = await open({ world, tls: presents('lone') });
    lab.dialogs.will(['Address of your GitLab', lab.gitlab.url], ['Access token', token], ['Access token', undefined]);
    await lab.commands[commands.addHost](undefined);
    assert.deepEqual(lab.untrusted, [lab.host.url]);
    assert.match(lab.dialogs.problems.join(), /a certificate that it issued itself/);
    assert.deepEqual(lab.asked(), []);
  });

  describe('to a keyring that is locked', () => {
    const keyring = 'The access token could not be stored.';
    const addHost = () => lab.commands[commands.addHost]({ url: lab.gitlab.url, token, name: 'Example' });

    beforeEach(() => {
      lab.accounts.secrets.locked = true;
    });

    it('is told in a dialog with both ways out and no secret, and asked again until it is open', async () => {
      const unlock = () => {
        lab.accounts.secrets.locked = false;
        return 'Try Again';
      };
      lab.dialogs.will([keyring, 'Try Again'], [keyring, unlock]);
      await addHost();
      const asked = lab.dialogs.shown.filter(({ text }) => text === keyring);
      assert.deepEqual(
        asked.map(({ kind, offered }) => [kind, ...offered]),
        [0, 1].map(() => ['confirm', 'Try Again', 'Keep for This Session Only']),
      );
      assert.doesNotMatch(JSON.stringify(lab.dialogs.shown), new RegExp(`${token}|glpat`));
      assert.deepEqual(stored(), [token]);
      assert.deepEqual(listed(), [{ url: lab.host.url, name: 'Example' }]);
    });

    it('need not be opened to work with a host until the window closes', async () => {
      lab.dialogs.will([keyring, 'Keep for This Session Only']);
      await addHost();
      assert.deepEqual(listed(), [{ url: lab.host.url, name: 'Example' }]);
      await lab.read();
      assert.equal(lab.inventory.hostState(lab.host.url)?.state, 'loaded');
      assert.deepEqual(stored(), [], 'the token is nowhere but in memory');
    });

    it('leaves nothing behind where the dialog is cancelled', async () => {
      lab.dialogs.will([keyring, undefined]);
      await addHost();
      lab.accounts.secrets.locked = false;
      assert.deepEqual([stored(), listed()], [[], []]);
      assert.equal(await lab.accounts.accounts.client(lab.host.url), undefined);
    });
  });
});

describe('A listed host', () => {
  const open = flowLabs();
  let lab: FlowLab;

  beforeEach(async () => {
    lab = await open({ world: demoFleet(), token });
  });
  afterEach(() => lab.dialogs.assertAllAsked());

  it('is removed with its token after a question, and kept when that is cancelled', async () => {
    const remove = () => lab.commands[commands.removeHost](hostRow(lab));
    lab.dialogs.will(['Remove the host Example GitLab?', undefined]);
    await remove();
    const { detail, offered } = lab.dialogs.find('Remove the host');
    for (const part of ['access token', 'what is watched: projects (0), groups (0)', 'remembered', 'history'])
      assert.ok(detail.includes(part), part);
    assert.deepEqual(offered, ['Keep Host', 'Remove'], 'Enter removes nothing');
    assert.equal(lab.accounts.accounts.hosts.length, 1);
    lab.dialogs.will(['Remove the host Example GitLab?', 'Remove']);
    await remove();
    assert.deepEqual(lab.accounts.accounts.hosts, []);
    assert.deepEqual([...lab.accounts.secrets.stored], []);
    assert.deepEqual(lab.asked(), []);
  });

  it('takes a fine-grained token for what it is: nothing is said of scopes it needs none of', async () => {
    const { world } = lab.gitlab;
    const maria = world.users.find(({ username }) => username === 'maria');
    addToken(world, maria ?? assert.fail(), 'marked-fine', { scopes: ['granular'] });
    lab.dialogs.will(['Access token', 'marked-fine']);
    await lab.commands[commands.replaceToken](hostRow(lab));
    assert.doesNotMatch([...lab.dialogs.told, ...lab.dialogs.problems].join(), /scope|read/);
    assert.equal(lab.inventory.identity(lab.host.url)?.canWrite ?? true, true);
    assert.deepEqual([...lab.accounts.secrets.stored.values()], ['marked-fine']);
  });

  it('gets another token once that works, and says where it can only read', async () => {
    lab.dialogs.will(['Access token', 'demo-reader']);
    await lab.commands[commands.replaceToken](hostRow(lab));
    assert.deepEqual([...lab.accounts.secrets.stored.values()], ['demo-reader']);
    assert.match(lab.dialogs.told.join(), /The token can only read/);
  });

  it('is renamed, and gets the name of its address where none is typed', async () => {
    lab.dialogs.will(['Rename Host', 'x'.repeat(101)], ['Rename Host', 'Other']);
    await lab.commands[commands.renameHost](hostRow(lab));
    assert.equal(lab.accounts.accounts.hosts[0]?.name, 'Other');
    lab.dialogs.will(['Rename Host', '']);
    await lab.commands[commands.renameHost](hostRow(lab));
    assert.equal(lab.accounts.accounts.hosts[0]?.name, new URL(lab.gitlab.url).host);
  });
});
