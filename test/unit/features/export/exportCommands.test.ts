import assert from 'node:assert/strict';
import { commands } from '../../../../src/contributions';
import { generatedFleet } from '../../../gitlab/generatedFleet';
import { flowLabs } from '../flowLab';
import type { FlowLab } from '../flowLab';

describe('Exporting clusters', () => {
  const open = flowLabs();
  let lab: FlowLab;
  const run = () => lab.commands[commands.exportClusters](undefined);

  beforeEach(async () => {
    lab = await open({ world: generatedFleet({ projects: 30, clusters: 20 }), token: 'fleet-admin' });
    await lab.read();
  });
  afterEach(() => lab.dialogs.assertAllAsked());

  it('writes everything known into a new document, and saves it only when asked to', async () => {
    await lab.findAll();
    lab.dialogs.will(['Export Clusters As', 'CSV'], ['Exported 20 clusters.', 'Save As…']);
    await run();
    const [document] = lab.dialogs.documents;
    assert.ok(document);
    assert.equal(document.language, 'plaintext');
    assert.equal(document.content.trim().split('\r\n').length, 21);
    assert.equal(document.saved, true);
    assert.deepEqual(lab.asked(), []);
  });

  it('offers what matches the filter first', async () => {
    await lab.findAll();
    lab.finder.setFilter('cluster-7');
    lab.dialogs.will(['Export Clusters', 'What matches “cluster-7”'], ['Export Clusters As', 'JSON']);
    await run();
    const [first] = lab.dialogs.shown;
    assert.deepEqual(first?.offered, ['What matches “cluster-7” — 1 cluster', 'Everything known — 20 clusters']);
    const parsed: unknown = JSON.parse(lab.dialogs.documents[0]?.content ?? '');
    assert.equal(
      JSON.stringify(parsed)
        .match(/cluster-\d+/g)
        ?.includes('cluster-7'),
      true,
    );
    assert.deepEqual(lab.dialogs.documents[0]?.saved, false);
  });

  it('makes no document where nothing is known, and says so', async () => {
    await run();
    assert.deepEqual(lab.dialogs.documents, []);
    assert.match(lab.dialogs.told.join(), /^No cluster is known/);
  });
});
