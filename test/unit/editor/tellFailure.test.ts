import assert from 'node:assert/strict';
import { commands } from '../../../src/contributions';
import { GitLabError } from '../../../src/core/gitlab/errors';
import type { GitLabErrorKind } from '../../../src/core/gitlab/errors';
import type { Host } from '../../../src/core/model/host';
import { tellFailure, tellProblem } from '../../../src/editor/tellFailure';
import { host } from '../core/accounts/accounts';
import { ScriptedDialogs } from './scriptedDialogs';

const fleet = host('https://fleet.example.com', { name: 'Fleet' });
const edge = host('https://edge.example.com', { name: 'Edge' });

describe('A command that failed', () => {
  let dialogs: ScriptedDialogs;
  let ran: (readonly [string, string | undefined])[];

  const fail = (error: unknown, given: unknown, hosts: readonly Host[] = [fleet, edge], action?: string) =>
    tellFailure(
      error,
      given,
      { accounts: { hosts }, dialogs, run: (command, row) => ran.push([command, row?.host.name]) },
      action,
    );

  beforeEach(() => {
    dialogs = new ScriptedDialogs();
    ran = [];
  });
  afterEach(() => dialogs.assertAllAsked());

  const advices: readonly (readonly [GitLabErrorKind, string, string])[] = [
    ['tokenExpired', 'Replace Access Token…', commands.replaceToken],
    ['unauthorized', 'Replace Access Token…', commands.replaceToken],
    ['proxy', 'Test Connection', commands.testHost],
    ['redirected', 'Open Host in Browser', commands.openHost],
    ['notFound', 'Refresh Host', commands.refreshHost],
    ['internal', 'Show Log', commands.showLog],
  ];
  for (const [kind, button, command] of advices)
    it(`names its host, and offers “${button}” for ${kind}`, async () => {
      dialogs.will(['Edge: ', button]);
      await fail(new GitLabError(kind), { type: 'host', host: edge });
      assert.deepEqual(dialogs.find('Edge: ').offered, [button]);
      assert.equal(dialogs.find('Edge: ').kind, 'error');
      assert.deepEqual(ran, [[command, 'Edge']]);
    });

  it('finds its host by the row it was called on, by a URL, or as the only one', async () => {
    const error = new GitLabError('notFound');
    await fail(error, { type: 'fleet', host: edge.url });
    await fail(error, fleet.url);
    await fail(error, undefined, [edge]);
    await fail(error, undefined);
    assert.deepEqual(
      dialogs.told.map((text) => text.slice(0, 6)),
      ['Edge: ', 'Fleet:', 'Edge: ', 'Not fo'],
    );
  });

  it('is told by what was tried, where that says the host itself', async () => {
    await fail(new GitLabError('notFound'), edge.url, [fleet, edge], 'Could not undo the change of x · Edge.');
    assert.match(dialogs.told.join(), /^Could not undo the change of x · Edge\. Not found in GitLab/);
    assert.deepEqual(dialogs.shown[0]?.offered, ['Refresh Host']);
  });

  it('for a mistake of ours blames no host, and shows the log', async () => {
    dialogs.will(['', 'Show Log']);
    await fail(new TypeError('x is undefined'), { type: 'host', host: edge });
    assert.doesNotMatch(dialogs.told.join(), /Edge|undefined/);
    assert.deepEqual(ran, [[commands.showLog, undefined]]);
  });

  it('does nothing more where the message is closed', async () => {
    await fail(new GitLabError('notFound'), edge.url);
    assert.deepEqual(ran, []);
  });

  it('on this computer is told with the log as the way to more', async () => {
    dialogs.will(['The history cannot be written.', 'Show Log']);
    await tellProblem('The history cannot be written.', { dialogs, run: (command) => ran.push([command, undefined]) });
    assert.deepEqual(ran, [[commands.showLog, undefined]]);
  });
});
