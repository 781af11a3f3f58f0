import assert from 'node:assert/strict';
import { commands } from '../../../../src/contributions';
import { generatedFleet } from '../../../gitlab/generatedFleet';
import { flowLabs } from '../flowLab';
import type { FlowLab } from '../flowLab';

describe('Finding clusters', () => {
  const open = flowLabs();
  let lab: FlowLab;

  beforeEach(async () => {
    lab = await open({ world: generatedFleet({ projects: 30, clusters: 20 }), token: 'fleet-admin' });
    await lab.read();
  });
  afterEach(() => lab.dialogs.assertAllAsked());

  const told = async (text: string): Promise<void> => {
    for (let turns = 0; turns < 1000 && !lab.dialogs.told.some((one) => one.includes(text)); turns++) {
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    lab.dialogs.find(text);
  };

  it('shows the row at once, says how many were found, and exports them on request', async () => {
    lab.dialogs.will(['Found 20 clusters at Example GitLab.', 'Export…'], ['Export Clusters As', 'JSON']);
    await lab.commands[commands.findAllClusters](undefined, undefined);
    assert.deepEqual(lab.visited, ['all of Example GitLab']);
    await told('Exported 20 clusters.');
    assert.equal(lab.dialogs.documents.length, 1);
  });

  it('goes to a cluster by the words of the filter', async () => {
    await lab.findAll();
    const [cluster] = lab.finder.known().clusters;
    assert.ok(cluster);
    lab.dialogs.will(['Go to Cluster', [`#${cluster.id} host:example`, cluster.name]]);
    await lab.commands[commands.goToCluster]();
    assert.deepEqual(lab.visited, [cluster.name, `row of ${cluster.name}`]);
    assert.equal(lab.dialogs.find('Go to Cluster').offered.length, 1);
  });

  it('says while one chooses that a host was not searched, and searches it first', async () => {
    await lab.inventory.load(lab.host.url, { level: 'instance' });
    lab.dialogs.will(['Go to Cluster (host not searched)', 'Search Them First'], ['Go to Cluster', 'cluster-1']);
    await lab.commands[commands.goToCluster]();
    assert.deepEqual(lab.visited, ['cluster-1', 'row of cluster-1']);
    assert.equal(lab.finder.known().clusters.length, 20);
  });
});
