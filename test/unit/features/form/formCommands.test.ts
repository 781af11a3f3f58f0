import assert from 'node:assert/strict';
import { commands } from '../../../../src/contributions';
import { tellSaved } from '../../../../src/features/form/tellSaved';
import { demoFleet } from '../../../gitlab/demoFleet';
import { ScriptedDialogs } from '../../editor/scriptedDialogs';
import type { Answer } from '../../editor/scriptedDialogs';
import { flowLabs } from '../flowLab';
import type { FlowLab } from '../flowLab';
import { clusterWith } from './drafts';

const payments = { id: 1, path: 'platform/payments-api' };

describe('Opening the form', () => {
  const open = flowLabs();
  let lab: FlowLab;
  const row = () => ({ type: 'owner', host: lab.host.url, owner: { level: 'project', ...payments } });
  const opened = () => lab.blankForms.map(({ owner, text }) => [owner.level === 'instance' ? '' : owner.path, text]);
  const start = async (mayChange?: boolean): Promise<void> => {
    lab = await open({
      ...{ world: demoFleet(), token: 'demo-maintainer', projects: [payments] },
      mayChange: () => Promise.resolve(mayChange),
    });
    await lab.read();
  };

  afterEach(() => lab.dialogs.assertAllAsked());

  it('says before that the role is too low, with the place in GitLab as the way on', async () => {
    await start(false);
    lab.dialogs.will(['needs the Maintainer role there', 'Open in GitLab']);
    await lab.commands[commands.addCluster](row());
    await new Promise(setImmediate);
    assert.match(lab.dialogs.told.join(), /^Project platform\/payments-api at Example GitLab: adding and changing/);
    assert.deepEqual(lab.dialogs.opened, [`${lab.host.url}/platform/payments-api`]);
    assert.deepEqual(opened(), []);
  });

  it('with what is in the clipboard; where that is empty, a file is offered', async () => {
    await start();
    lab.dialogs.clipboard = 'kind: Config';
    await lab.commands[commands.addClusterFromClipboard](row());
    assert.deepEqual(opened(), [['platform/payments-api', 'kind: Config']]);
    lab.dialogs.clipboard = ' \n';
    lab.importing.push({ text: 'from the file' });
    lab.dialogs.will(['The clipboard holds no text', 'Choose File…']);
    await lab.commands[commands.addClusterFromClipboard](row());
    assert.deepEqual(opened().at(-1), ['platform/payments-api', 'from the file']);
  });

  it('with a file, asking for another one where it cannot be read', async () => {
    await start();
    lab.importing.push({ problem: 'This file is too large.' }, { text: 'kind: Config' });
    lab.dialogs.will(['This file is too large.', 'Choose Another File…']);
    await lab.commands[commands.addClusterFromFile](row());
    assert.deepEqual(opened(), [['platform/payments-api', 'kind: Config']]);
    lab.importing.push({ problem: 'This file is too large.' });
    await lab.commands[commands.addClusterFromFile](row());
    assert.equal(opened().length, 1);
  });

  it('for the cluster of a row', async () => {
    await start();
    await lab.commands[commands.editCluster](lab.row('staging'));
    assert.deepEqual(lab.visited, ['form of staging']);
  });
});

describe('The end of a save', () => {
  const cluster = clusterWith();
  const target = { mode: 'edit', hostName: 'Fleet', cluster } as const;
  const field = { field: 'baseDomain', kind: 'notApplied' } as const;

  const tell = async (isOn: boolean, ignored: readonly (typeof field)[], ...answers: readonly Answer[]) => {
    const dialogs = new ScriptedDialogs();
    const done: string[] = [];
    dialogs.will(...answers);
    const recording = { isOn: () => isOn, undo: (change: string) => Promise.resolve(void done.push(`undo ${change}`)) };
    const edit = ({ name }: { readonly name: string }) => done.push(`edit ${name}`);
    await tellSaved(target, cluster, ignored, { dialogs, change: 'the change', recording, edit });
    dialogs.assertAllAsked();
    const [told] = dialogs.shown;
    return { kind: told?.kind, text: told?.text, offered: told?.offered, done };
  };

  it('names the cluster with its place, and offers to undo', async () => {
    const told = await tell(true, [], ['Saved the cluster', 'Undo']);
    assert.equal(told.text, 'Saved the cluster production-eu · payments-api · Fleet.');
    assert.deepEqual([told.kind, told.offered, told.done], ['information', ['Undo'], ['undo the change']]);
  });

  it('is quiet where no change is recorded: there is nothing to press', async () => {
    const { kind, offered } = await tell(false, []);
    assert.deepEqual([kind, offered], ['information', []]);
  });

  it('with something that GitLab ignored is a warning that opens the form again, recorded or not', async () => {
    const told = await tell(false, [field], ['GitLab did not apply: Base domain.', 'Edit Again']);
    assert.deepEqual([told.kind, told.offered, told.done], ['warning', ['Edit Again'], ['edit production-eu']]);
    assert.deepEqual((await tell(true, [field])).offered, ['Edit Again', 'Undo']);
  });
});
