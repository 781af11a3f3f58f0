import assert from 'node:assert/strict';
import { commands } from '../../../../src/contributions';
import { json } from '../../../gitlab/answer';
import { demoFleet } from '../../../gitlab/demoFleet';
import { addCluster } from '../../../gitlab/populate';
import { flowLabs } from '../flowLab';
import type { FlowLab } from '../flowLab';

const projects = [{ id: 1, path: 'platform/payments-api' }];
const gone = 'Only GitLab’s record is deleted.';

describe('Deleting clusters by their rows', () => {
  const open = flowLabs();
  let lab: FlowLab;
  const remove = (...names: readonly string[]) => {
    const rows = names.map((name) => lab.row(name));
    return lab.commands[commands.deleteCluster](rows[0], rows);
  };

  beforeEach(async () => {
    lab = await open({ world: demoFleet(), token: 'demo-maintainer', projects });
    await lab.read();
  });
  afterEach(() => lab.dialogs.assertAllAsked());

  it('asks with name, owner and host, and what stays, and sends nothing when cancelled', async () => {
    lab.dialogs.will(['Delete the cluster review · payments-api · Example GitLab from GitLab?', undefined]);
    await remove('review');
    const { detail, offered } = lab.dialogs.find('Delete the cluster review');
    assert.match(detail, /^• review \(platform\/payments-api, Example GitLab\)\n\nOnly GitLab’s record is deleted\./);
    assert.deepEqual(offered, ['Review', 'Delete 1 Cluster']);
    assert.deepEqual(lab.asked(), []);
  });

  it('looks at it again right before, then deletes it', async () => {
    lab.dialogs.will(['Delete the cluster review · payments-api · Example GitLab from GitLab?', 'Delete 1 Cluster']);
    await remove('review');
    assert.deepEqual(lab.asked(), ['GET /projects/1/clusters/7', 'DELETE /projects/1/clusters/7']);
    assert.equal(lab.record('review'), undefined);
    assert.deepEqual(lab.dialogs.told, ['Deleted the cluster review · payments-api · Example GitLab.']);
  });

  it('leaves one alone that somebody pointed elsewhere meanwhile, and says what changed', async () => {
    const record = lab.record('review') ?? assert.fail();
    assert.ok(record.platform);
    record.platform.apiUrl = 'https://other.example.com';
    lab.dialogs.will(
      ['Delete the cluster review · payments-api · Example GitLab from GitLab?', 'Delete 1 Cluster'],
      ['The cluster review · payments-api · Example GitLab was not deleted.', undefined],
    );
    await remove('review');
    assert.equal(lab.record('review'), record);
    assert.deepEqual(lab.asked(), ['GET /projects/1/clusters/7']);
    const { detail, offered } = lab.dialogs.find('was not deleted');
    assert.match(detail, /Changed by someone else since the preview.*→ https:\/\/other\.example\.com/);
    assert.deepEqual(offered, []);
  });

  it('says so of one that is gone already', async () => {
    const { world } = lab.gitlab;
    world.clusters.splice(world.clusters.indexOf(lab.record('review') ?? assert.fail()), 1);
    lab.dialogs.will(['Delete the cluster review · payments-api · Example GitLab from GitLab?', 'Delete 1 Cluster']);
    await remove('review');
    assert.deepEqual(lab.dialogs.told, ['The cluster review · payments-api · Example GitLab was already gone.']);
  });

  it('tells what became of each where one fails, and tries that one again when asked to', async () => {
    let refused = false;
    lab.gitlab.onRequest(({ request }) => {
      if (refused || request.method !== 'DELETE' || !request.path.endsWith('/7')) return undefined;
      refused = true;
      return json(403, { message: '403 Forbidden' });
    });
    lab.dialogs.will(
      ['Delete 2 clusters from GitLab?', 'Delete 2 Clusters'],
      ['1 of 2 clusters were not deleted.', 'Retry Failed'],
    );
    await remove('review', 'production-eu');
    const { detail } = lab.dialogs.find('were not deleted');
    assert.match(detail, /^• review \(.*\): .*does not permit this.*\n• production-eu \(.*\): deleted$/);
    assert.equal(lab.record('review'), undefined);
    assert.equal(lab.asked().filter((one) => one.startsWith('DELETE')).length, 3);
    assert.deepEqual(lab.dialogs.told, ['Deleted 2 clusters.']);
  });

  it('names in a text what is too much for the question, and asks again beside it', async () => {
    const project = lab.gitlab.world.projects.find(({ id }) => id === 1) ?? assert.fail();
    const names = Array.from({ length: 20 }, (_, index) => `many-${index}`);
    for (const name of names) addCluster(lab.gitlab.world, project, { name, environmentScope: name });
    await lab.read();
    lab.dialogs.will(['Delete 20 clusters from GitLab?', 'Review'], ['Clusters to delete', 'Delete 20 Clusters']);
    await remove(...names);
    const [modal, beside] = lab.dialogs.shown;
    assert.match(modal?.detail ?? '', /• many-14 \(.*\n… and 5 more\n/);
    assert.equal(beside?.kind, 'review');
    const text = lab.dialogs.texts.get('Clusters to delete') ?? '';
    for (const name of names) assert.ok(text.includes(`• ${name} (`), name);
    assert.ok(text.includes(gone));
    assert.deepEqual(lab.dialogs.told.at(-1), 'Deleted 20 clusters.');
  });

  it('shows names as the text they are', async () => {
    const record = lab.record('review') ?? assert.fail();
    record.name = '$(trash) [x](command:evil)';
    await lab.read();
    lab.dialogs.will(['Delete the cluster', undefined]);
    await remove(record.name);
    const { text, detail } = lab.dialogs.find('Delete the cluster');
    assert.doesNotMatch(text + detail, /\$\(trash\)|\]\(command/);
  });

  it('says before what the role is too low for, and sends nothing', async () => {
    const mayChange = () => Promise.resolve(false);
    lab = await open({ world: demoFleet(), token: 'demo-maintainer', projects, mayChange });
    await lab.read();
    lab.dialogs.will(['There is nothing that can be deleted.', undefined]);
    await remove('review');
    assert.match(lab.dialogs.find('nothing that can be deleted').detail, /Maintainer role/);
    assert.deepEqual(lab.asked(), []);
  });

  it('does not ask for what a token cannot do', async () => {
    lab = await open({ world: demoFleet(), token: 'demo-reader', projects });
    await lab.read();
    await remove('review');
    assert.match(lab.dialogs.told.join(), /^The access token of Example GitLab can only read/);
    assert.deepEqual(lab.asked(), []);
  });
});
