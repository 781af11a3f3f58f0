import assert from 'node:assert/strict';
import { commands } from '../../../../src/contributions';
import { generatedFleet } from '../../../gitlab/generatedFleet';
import { flowLabs } from '../flowLab';
import type { FlowLab } from '../flowLab';

describe('Exporting clusters', () => {
  const open = flowLabs();
  let lab: FlowLab;
  const run = () => lab.commands[commands.exportClusters](undefined, undefined);

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
    assert.match(document.title, /^GitLab clusters \d{4}-\d\d-\d\d$/);
    assert.equal(document.extension, 'csv');
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

  it('says before, and in the file, that a host was not searched, and offers to search it', async () => {
    await lab.inventory.load(lab.host.url, { level: 'instance' });
    lab.dialogs.will(
      ['Export the known clusters only?', 'Export Known Clusters'],
      ['Export Clusters As', 'CSV'],
      ['Export the known clusters only?', 'Search Them First'],
      ['Export Clusters As', 'CSV'],
    );
    await run();
    const [{ detail, offered } = assert.fail()] = lab.dialogs.shown;
    assert.equal(detail, 'host not searched\n\n• Example GitLab: never searched');
    assert.deepEqual(offered, ['Search Them First', 'Export Known Clusters']);
    const [, first, ...others] = lab.dialogs.documents[0]?.content.trim().split('\r\n') ?? [];
    assert.match(first ?? '', /^Example GitLab,.*,not searched: never searched$/);
    assert.equal(others.length, 2);
    await run();
    assert.doesNotMatch(lab.dialogs.documents[1]?.content ?? 'not searched', /not searched/);
  });

  it('exports just the selected rows, which are all there is to them', async () => {
    await lab.inventory.load(lab.host.url, { level: 'instance' });
    lab.dialogs.will(['Export Clusters As', 'JSON']);
    const row = lab.row('cluster-11');
    await lab.commands[commands.exportClusters](row, [row]);
    assert.deepEqual(lab.dialogs.documents[0]?.content.match(/"name":"[^"]*"/g), ['"name":"cluster-11"']);
  });

  it('makes no document where nothing is known, and says so', async () => {
    await run();
    assert.deepEqual(lab.dialogs.documents, []);
    assert.match(lab.dialogs.told.join(), /^None of the known clusters/);
  });
});
