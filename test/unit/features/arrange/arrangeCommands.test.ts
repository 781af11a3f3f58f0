import assert from 'node:assert/strict';
import { commands } from '../../../../src/contributions';
import { demoFleet } from '../../../gitlab/demoFleet';
import { flowLabs } from '../flowLab';
import type { FlowLab } from '../flowLab';

describe('Arranging clusters', () => {
  const open = flowLabs();
  let lab: FlowLab;

  beforeEach(async () => {
    lab = await open({ world: demoFleet(), token: 'demo-maintainer' });
    await lab.read();
    await lab.findAll();
  });
  afterEach(() => lab.dialogs.assertAllAsked());

  it('filters while one types, says how much matches after each text, and keeps the last', async () => {
    lab.dialogs.will(['Filter Clusters', ['staging', 'staging disabled']]);
    await lab.commands[commands.filterClusters]();
    const said = lab.dialogs.shown.map(({ text }) => text.split('\n')[1]);
    assert.match(said[0] ?? '', /^\d+ clusters known\. The filter is kept until you clear it\.$/);
    assert.match(said[1] ?? '', /^3 of \d+ clusters match\.$/);
    assert.match(said[2] ?? '', /^1 of \d+ clusters match\.$/);
    assert.equal(lab.finder.filterText, 'staging disabled');
    lab.commands[commands.clearFilter]();
    assert.equal(lab.finder.filterText, '');
  });

  it('groups by what is chosen, checked in the list, and ends that with one command', async () => {
    lab.dialogs.will(['Group Clusters By', 'Environment scope'], ['Group Clusters By', undefined]);
    await lab.commands[commands.groupBy]();
    assert.equal(lab.finder.groupBy, 'environmentScope');
    await lab.commands[commands.groupBy]();
    const checked = lab.dialogs.shown.map(({ checked: label }) => label);
    assert.deepEqual(checked, ['Location', 'Environment scope']);
    lab.commands[commands.ungroup]();
    assert.equal(lab.finder.groupBy, 'owner');
  });

  it('sorts by what is chosen, checked in the list', async () => {
    lab.dialogs.will(['Sort Clusters By', 'Created, newest first'], ['Sort Clusters By', undefined]);
    await lab.commands[commands.sortBy]();
    assert.equal(lab.finder.sortBy, 'created');
    await lab.commands[commands.sortBy]();
    assert.deepEqual(
      lab.dialogs.shown.map(({ checked: label }) => label),
      ['Name', 'Created, newest first'],
    );
  });
});
