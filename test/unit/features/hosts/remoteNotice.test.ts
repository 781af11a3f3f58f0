import assert from 'node:assert/strict';
import { parseGitRemote, projectPathOn } from '../../../../src/core/model/gitRemote';
import { unknownSshHosts } from '../../../../src/core/model/unknownSshHosts';
import { offerRemotes } from '../../../../src/features/hosts/remoteNotice';
import { demoFleet } from '../../../gitlab/demoFleet';
import { host } from '../../core/accounts/accounts';
import { flowLabs } from '../flowLab';
import type { FlowLab } from '../flowLab';

const remotes = ['git@work:platform/payments-api.git'];

describe('A git remote of no listed host', () => {
  const listed = [host('https://gitlab.example.com')];
  const names = (...texts: readonly string[]) => unknownSshHosts(texts, listed).map(({ name }) => name);

  it('is one whose ssh name is an alias, or of the host’s own domain', () => {
    assert.deepEqual(names('git@work:group/app.git', 'ssh://git@ssh.example.com:2222/group/app.git'), [
      'work',
      'ssh.example.com',
    ]);
  });

  it('is none that a host takes, none of another service, none over https, and no path of a computer', () => {
    assert.deepEqual(
      names(
        'git@gitlab.example.com:group/app.git',
        'git@github.com:owner/app.git',
        'git@gitlab.com:group/app.git',
        'https://work/group/app.git',
        'C:/folder/app',
        '/srv/git/app.git',
        'git@10.0.0.5:group/app.git',
        'git@work:app.git',
      ),
      [],
    );
  });

  it('is none once its name is among the host’s', () => {
    const tied = host('https://gitlab.example.com', { sshHosts: ['WORK'] });
    assert.deepEqual(unknownSshHosts(['git@work:group/app.git'], [tied]), []);
  });
});

describe('The offer to tie a remote to a host', () => {
  const open = flowLabs();
  let lab: FlowLab;
  let kept: Map<string, unknown>;
  let looked: string[];

  const offer = () =>
    offerRemotes(remotes, {
      accounts: lab.accounts.accounts,
      dialogs: lab.dialogs,
      tell: (error) => assert.fail(String(error)),
      memory: { get: (key) => kept.get(key), update: (key, value) => Promise.resolve(void kept.set(key, value)) },
      lookAgain: (url) => looked.push(url),
    });
  const sshHosts = () => lab.accounts.accounts.hosts.map((one) => one.sshHosts);

  beforeEach(async () => {
    lab = await open({ world: demoFleet(), token: 'demo-maintainer' });
    kept = new Map();
    looked = [];
  });
  afterEach(() => lab.dialogs.assertAllAsked());

  it('ties it with a click, in the settings of the host, and looks again', async () => {
    lab.dialogs.will([
      'Does the Git remote work:platform/payments-api of an open folder belong to Example GitLab?',
      'Yes',
    ]);
    await offer();
    assert.deepEqual(sshHosts(), [['work']]);
    assert.deepEqual(looked, [lab.host.url]);
    const [one] = lab.accounts.accounts.hosts;
    const remote = parseGitRemote(remotes[0] ?? '');
    assert.ok(one && remote);
    assert.equal(projectPathOn(one.url, remote, one.sshHosts), 'platform/payments-api');
    await offer();
    assert.equal(lab.dialogs.shown.length, 1);
  });

  it('asks about each name once, whatever the answer', async () => {
    lab.dialogs.will(['Does the Git remote', 'No']);
    await offer();
    await offer();
    assert.equal(lab.dialogs.shown.length, 1);
    assert.deepEqual(sshHosts(), [undefined]);
    assert.deepEqual([...kept.keys()], ['remoteAsked:work']);
  });

  it('lets the user choose among several hosts', async () => {
    await lab.accounts.accounts.add(host('https://other.example.com', { name: 'Other' }), 'token');
    lab.dialogs.will(['Which one does it belong to?', 'Choose Host…'], ['Host of work:platform/payments-api', 'Other']);
    await offer();
    assert.deepEqual(sshHosts(), [undefined, ['work']]);
  });
});
