import assert from 'node:assert/strict';
import { readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { commands } from '../../../../src/contributions';
import { changesOf } from '../../../../src/core/journal/history';
import type { NotedChange } from '../../../../src/core/journal/history';
import type { Cluster } from '../../../../src/core/model/cluster';
import { toAddFields } from '../../../../src/core/model/clusterDraft';
import type { ClusterFields } from '../../../../src/core/model/clusterFields';
import { json } from '../../../gitlab/answer';
import { certificate } from '../../../gitlab/certificates';
import { checkWhatIf } from '../../../../src/core/resolver/whatIfCheck';
import { whatIfLines } from '../../../../src/core/resolver/whatIfInWords';
import { demoFleet } from '../../../gitlab/demoFleet';
import { flowLabs } from '../flowLab';
import type { FlowLab } from '../flowLab';

const projects = [{ id: 1, path: 'platform/payments-api' }];
const own = ['production-eu', 'staging', 'review'];

describe('Undoing', () => {
  const open = flowLabs();
  let lab: FlowLab;

  /** Whether a question looks at the environments, as it does for the user. */
  let looks = false;

  beforeEach(async () => {
    looks = false;
    lab = await open({
      world: demoFleet(),
      token: 'demo-maintainer',
      projects,
      effects: async (planned, signal) =>
        looks ? whatIfLines(await checkWhatIf(lab.resolver, planned, signal)) : Promise.resolve([]),
    });
    await lab.read();
  });
  afterEach(() => lab.dialogs.assertAllAsked());

  const record = (name: string) => lab.record(name) ?? assert.fail(`${name} is not there`);
  /** Everything GitLab has of these clusters but when it was changed, to compare. */
  const state = (...names: readonly string[]): string =>
    JSON.stringify(
      names.map((name) => {
        const { platform, ...rest } = record(name);
        // An empty text and none are the same certificate to everybody.
        return { ...rest, updatedAt: undefined, platform: { ...platform, caCert: platform?.caCert || null } };
      }),
    );
  const cluster = (name: string): Cluster => {
    const row = lab.row(name);
    return row.type === 'cluster' ? row.cluster : assert.fail();
  };
  const edit = (name: string, fields: ClusterFields) => lab.inventory.edit(cluster(name), fields);
  const changes = async (): Promise<readonly NotedChange[]> => changesOf((await lab.journal.read()).writes);
  const newest = async (): Promise<NotedChange> => (await changes())[0] ?? assert.fail('nothing is noted');
  const undo = async () => lab.commands[commands.undoChange]((await newest()).id);
  const puts = () => lab.gitlab.requests.filter(({ method }) => method === 'PUT');

  describe('an edit', () => {
    const every: ClusterFields = {
      name: 'renamed',
      enabled: false,
      baseDomain: 'new.example.com',
      environmentScope: 'other/*',
      apiUrl: 'https://elsewhere.example.com',
      caCert: certificate('edge'),
      namespace: 'other',
      namespacePerEnvironment: false,
      managementProjectId: null,
    };

    it('puts every field back with one request, and says from what to what', async () => {
      for (const name of own) {
        const before = state(name);
        await edit(name, { ...every, name });
        assert.notEqual(state(name), before);
        lab.gitlab.clearRequests();
        lab.dialogs.will([`Undo the change of ${name} · `, 'Undo']);
        await undo();
        assert.equal(state(name), before);
        assert.equal(puts().length, 1);
      }
      assert.match(lab.dialogs.find('Undo the change of staging · ').detail, /• Enabled: no → yes/);
      assert.match(lab.dialogs.told.at(-1) ?? '', /is as it was before/);
    });

    it('keeps the namespace of each environment off where it was off', async () => {
      record('review').namespacePerEnvironment = false;
      const before = state('review');
      await lab.inventory.get(cluster('review'));
      await edit('review', { enabled: false, namespacePerEnvironment: false });
      lab.dialogs.will(['Undo the change of review · ', 'Undo']);
      await undo();
      assert.equal(state('review'), before);
    });

    it('shows what somebody changed since, and leaves that where the user wants it', async () => {
      const before = record('review').enabled;
      await edit('review', { enabled: false, baseDomain: 'ours.example.com' });
      record('review').domain = 'theirs.example.com';
      const changed = record('review');
      changed.name = 'review-2';
      lab.dialogs.will(['Undo the change of review · ', 'Leave Theirs']);
      await undo();
      const { detail } = lab.dialogs.find('Undo the change of review · ');
      assert.match(
        detail,
        /Changed by someone else since:\n• Base domain: .* ours\.example\.com .* now theirs\.example\.com/,
      );
      assert.match(detail, /Also changed since, and left as they are: Name/);
      assert.deepEqual([changed.enabled, changed.domain, changed.name], [before, 'theirs.example.com', 'review-2']);
    });

    it('puts that back too where the user wants it', async () => {
      const before = record('review').domain;
      await edit('review', { baseDomain: 'ours.example.com' });
      record('review').domain = 'theirs.example.com';
      lab.dialogs.will(['Undo the change of review · ', 'Put All Back']);
      await undo();
      assert.equal(record('review').domain ?? '', before ?? '');
    });

    it('asks again where somebody changes it while the question is open', async () => {
      await edit('review', { enabled: false });
      lab.dialogs.will(
        [
          'Undo the change of review · ',
          () => {
            record('review').domain = 'meanwhile.example.com';
            return 'Undo';
          },
        ],
        ['Undo the change of review · ', undefined],
      );
      lab.gitlab.clearRequests();
      await undo();
      assert.equal(puts().length, 0);
      const said = lab.dialogs.shown.map(({ detail }) =>
        detail.startsWith('Someone else has just changed the cluster.'),
      );
      assert.deepEqual(said, [false, true]);
    });

    it('says that a replaced service token cannot be put back, and sends nothing for it alone', async () => {
      await edit('review', { serviceToken: 'sesame', namespacePerEnvironment: true });
      lab.gitlab.clearRequests();
      lab.dialogs.will(['There is nothing to undo at the cluster review · payments-api · Example GitLab.', undefined]);
      await undo();
      assert.match(lab.dialogs.find('There is nothing to undo').detail, /Service token: .*can’t be restored/);
      assert.equal(puts().length, 0);
    });

    it('can itself be undone', async () => {
      await edit('review', { enabled: false });
      const after = state('review');
      lab.dialogs.will(
        ['Undo the change of review · ', 'Undo'],
        ['is as it was before', 'Undo'],
        ['Undo the change of review · ', 'Undo'],
      );
      await undo();
      await Promise.all(lab.undone);
      assert.equal(state('review'), after);
    });

    it('is told as impossible where the cluster is gone', async () => {
      await edit('review', { enabled: false });
      const { world } = lab.gitlab;
      world.clusters.splice(world.clusters.indexOf(record('review')), 1);
      await undo();
      assert.match(lab.dialogs.told.at(-1) ?? '', /Could not undo the change of review/);
    });
  });

  describe('a bulk change', () => {
    it('puts all of it back through table, question and run, offered at its end', async () => {
      const before = state(...own);
      lab.dialogs.will(
        ['Change 3 Clusters', 'Disable'],
        ['Disable ', () => lab.dialogs.shown.at(-1)?.offered[1]],
        ['Changed ', 'Undo'],
        ['Undo the change of ', () => lab.dialogs.shown.at(-1)?.offered[1]],
      );
      const rows = own.map((name) => lab.row(name));
      await lab.commands[commands.changeClusters](rows[0], rows);
      await Promise.all(lab.undone);
      assert.equal(lab.undone.length, 1);
      assert.equal(state(...own), before);
      const [again, first] = await changes();
      assert.equal(again?.writes.length, first?.writes.length);
    });

    it('leaves alone what somebody changed since, says so in the table, and puts back the rest', async () => {
      lab.dialogs.will(
        ['Change 2 Clusters', 'Set Base Domain…'],
        ['Change 2 Clusters', 'ours.example.com'],
        ['Set the base domain', () => lab.dialogs.shown.at(-1)?.offered[1]],
      );
      const rows = ['staging', 'review'].map((name) => lab.row(name));
      const before = state('staging');
      await lab.commands[commands.changeClusters](rows[0], rows);
      record('review').domain = 'theirs.example.com';
      lab.dialogs.will(['Undo the change of 1 cluster?', 'Change 1 Cluster']);
      await undo();
      assert.equal(state('staging'), before);
      assert.equal(record('review').domain, 'theirs.example.com');
      assert.match(
        lab.dialogs.texts.get('Planned changes of clusters') ?? '',
        /review .*Changed by someone else since: Base domain/,
      );
    });

    it('is undone as far as it was done, and what failed can still be tried again', async () => {
      const before = state('staging');
      let refusing = true;
      const { id } = record('review');
      lab.gitlab.onRequest(({ request: { method, path } }) =>
        refusing && method === 'PUT' && path.endsWith(`/${id}`) ? json(400, { message: '400 Bad Request' }) : undefined,
      );
      lab.dialogs.will(
        ['Change 2 Clusters', 'Disable'],
        ['Disable ', 'Disable 2 Clusters'],
        ['Failed: 1', 'Undo'],
        ['Undo the change of staging · ', 'Undo'],
        ['Failed: 1', () => ((refusing = false), 'Retry Failed')],
      );
      const rows = ['staging', 'review'].map((name) => lab.row(name));
      await lab.commands[commands.changeClusters](rows[0], rows);
      await Promise.all(lab.undone);
      assert.equal(state('staging'), before);
      assert.equal(record('review').enabled, false);
    });

    it('says before that service tokens cannot be put back', async () => {
      lab.dialogs.will(
        ['Change 2 Clusters', 'Replace Service Token…'],
        ['New token of the service account', 'sesame'],
        ['Replace the service token', () => lab.dialogs.shown.at(-1)?.offered[1]],
      );
      const rows = ['staging', 'review'].map((name) => lab.row(name));
      await lab.commands[commands.changeClusters](rows[0], rows);
      lab.gitlab.clearRequests();
      await undo();
      assert.match(lab.dialogs.texts.get('Planned changes of clusters') ?? '', /Cannot be changed: 2/);
      assert.equal(puts().length, 0);
    });

    it('says in the question that it cannot be recorded', async () => {
      await rm(lab.folder, { recursive: true });
      await writeFile(lab.folder, '');
      lab.dialogs.will(['Change 2 Clusters', 'Disable'], ['Disable ', undefined]);
      await lab.commands[commands.changeClusters](lab.row('staging'), [lab.row('staging'), lab.row('review')]);
      assert.match(lab.dialogs.find('Disable ').detail, /The history cannot be written/);
    });
  });

  it('a deletion opens the form with everything that was known, and says what is new', async () => {
    const { platform, environmentScope, domain } = record('production-eu');
    record('production-eu').managementProjectId = 3;
    lab.dialogs.will(
      ['Delete the cluster production-eu', 'Delete 1 Cluster'],
      ['Deleted the cluster production-eu', 'Undo'],
      ['Add the cluster production-eu · payments-api · Example GitLab again?', 'Open Form'],
    );
    await lab.commands[commands.deleteCluster](lab.row('production-eu'), undefined);
    await Promise.all(lab.undone);
    const { detail } = lab.dialogs.find('Add the cluster production-eu · payments-api · Example GitLab again?');
    assert.match(detail, /new ID/);
    assert.match(detail, /service token/);
    const [form] = lab.forms;
    assert.equal(lab.forms.length, 1);
    assert.equal(form?.draft.name, 'production-eu');
    assert.equal(form.draft.serviceToken, '');
    assert.deepEqual(
      [form.draft.apiUrl, form.draft.caCert.trim(), form.draft.environmentScope, form.draft.baseDomain],
      [platform?.apiUrl, platform?.caCert?.trim(), environmentScope, domain ?? ''],
    );
    assert.equal(form.draft.managementProject?.path, 'platform/cluster-management');
  });

  it('a deletion gives GitLab all of it back when the form is saved, but what its question named', async () => {
    for (const name of own) {
      const { host, owner } = cluster(name);
      // Of what GitLab keeps, the id, the dates, who added it and the token are new.
      const known = (): string => {
        const mine = lab.gitlab.world.clusters.find(
          (one) => one.name === name && one.owner.level === 'project' && one.owner.id === 1,
        );
        const { platform, ...rest } = mine ?? assert.fail(`${name} is not there`);
        const connection = { ...platform, token: '', caCert: platform?.caCert?.trim() };
        return JSON.stringify({ ...rest, id: 0, createdAt: '', updatedAt: '', creatorId: 0, connection });
      };
      const before = known();
      lab.dialogs.will([`Delete the cluster ${name}`, 'Delete 1 Cluster'], ['Add the cluster ', 'Open Form']);
      await lab.commands[commands.deleteCluster](lab.row(name), undefined);
      await undo();
      const { draft } = lab.forms.at(-1) ?? assert.fail('no form');
      await lab.inventory.add(host, owner, toAddFields({ ...draft, serviceToken: 'sesame' }));
      assert.equal(known(), before);
    }
  });

  it('a deletion changes nothing where somebody took the scope meanwhile: GitLab refuses it', async () => {
    const { host, owner } = cluster('review');
    const { environmentScope } = record('review');
    lab.dialogs.will(['Delete the cluster review', 'Delete 1 Cluster'], ['Add the cluster review · ', 'Open Form']);
    await lab.commands[commands.deleteCluster](lab.row('review'), undefined);
    record('staging').environmentScope = environmentScope;
    await undo();
    const { draft } = lab.forms[0] ?? assert.fail('no form');
    const before = state('staging');
    await assert.rejects(lab.inventory.add(host, owner, toAddFields({ ...draft, serviceToken: 'sesame' })), /scope/i);
    assert.equal(lab.record('review'), undefined);
    assert.equal(state('staging'), before);
  });

  it('an addition deletes the cluster, with its question', async () => {
    const { host } = cluster('review');
    const fields = { name: 'new', environmentScope: 'new', apiUrl: 'https://new.example.com', serviceToken: 'sesame' };
    await lab.inventory.add(host, cluster('review').owner, fields);
    lab.dialogs.will(['Delete the cluster new', 'Delete 1 Cluster']);
    await undo();
    assert.equal(lab.record('new'), undefined);
    assert.doesNotMatch(lab.dialogs.find('Delete the cluster new').detail, /Changed since/);
  });

  it('an addition names in that question what somebody changed since', async () => {
    const { host, owner } = cluster('review');
    const fields = { name: 'new', environmentScope: 'new', apiUrl: 'https://new.example.com', serviceToken: 'sesame' };
    await lab.inventory.add(host, owner, fields);
    record('new').domain = 'theirs.example.com';
    record('new').enabled = false;
    lab.dialogs.will(['Delete the cluster new · ', undefined]);
    await undo();
    assert.match(lab.dialogs.find('Delete the cluster new').detail, /Changed since it was added: Enabled, Base domain/);
    assert.equal(record('new').domain, 'theirs.example.com');
  });

  describe('says what it does to environments', () => {
    beforeEach(() => (looks = true));
    const moved = /“production” of platform\/payments-api would go to platform\/payments-api \/ production-eu instead/;

    it('for one edit', async () => {
      await edit('production-eu', { enabled: false });
      lab.dialogs.will(['Undo the change of production-eu · ', undefined]);
      await undo();
      assert.match(lab.dialogs.find('Undo the change of production-eu · ').detail, moved);
      assert.equal(puts().length, 1);
    });

    it('for a bulk change', async () => {
      const rows = ['production-eu', 'review'].map((name) => lab.row(name));
      lab.dialogs.will(['Change 2 Clusters', 'Disable'], ['Disable 2 clusters?', 'Disable 2 Clusters']);
      await lab.commands[commands.changeClusters](rows[0], rows);
      lab.dialogs.will(['Undo the change of 2 clusters?', undefined]);
      await undo();
      assert.match(lab.dialogs.find('Undo the change of 2 clusters?').detail, moved);
    });

    it('not for what decides nothing of them', async () => {
      await edit('review', { baseDomain: 'other.example.com' });
      lab.gitlab.clearRequests();
      lab.dialogs.will(['Undo the change of review · ', undefined]);
      await undo();
      assert.doesNotMatch(lab.dialogs.find('Undo the change of review · ').detail, /nvironments/);
      assert.equal(lab.gitlab.requests.length, 1);
    });
  });

  it('of what failed is nothing to do', async () => {
    const gone = cluster('review');
    lab.gitlab.world.clusters.splice(lab.gitlab.world.clusters.indexOf(record('review')), 1);
    await assert.rejects(lab.inventory.edit(gone, { enabled: false }));
    await undo();
    assert.match(lab.dialogs.told.at(-1) ?? '', /nothing to undo/);
  });

  it('needs a choice where nothing is given; a cluster’s row offers its own changes', async () => {
    await edit('review', { enabled: false });
    await edit('staging', { enabled: false });
    lab.dialogs.will(['Show Changes', 'Changed review']);
    await lab.commands[commands.showChanges](lab.row('review'));
    assert.equal(lab.shown[0]?.writes[0]?.cluster.name, 'review');
    assert.equal(lab.dialogs.find('Show Changes').offered.length, 1);
    lab.dialogs.will(['Undo Change', 'Changed staging'], ['Undo the change of staging · ', 'Undo']);
    await lab.commands[commands.undoChange](undefined);
    assert.equal(record('staging').enabled, true);
  });

  it('exports as CSV without formulas, as JSON, and as Markdown; no token is in any of them', async () => {
    await edit('review', { name: '=HYPERLINK("x")', serviceToken: 'sesame-open', caCert: certificate('edge') });
    for (const label of ['CSV', 'JSON', 'Markdown']) {
      lab.dialogs.will(['Export Changes As', label]);
      await lab.commands[commands.exportChanges](undefined);
    }
    const [csv, json, markdown] = lab.dialogs.documents.map(({ content }) => content);
    assert.match(csv ?? '', /,name,review,"'=HYPERLINK\(""x""\)",done/);
    assert.match(csv ?? '', /,serviceToken,,replaced,done/);
    const rows: unknown = JSON.parse(json ?? '');
    assert.equal(Array.isArray(rows) && rows.length, 3);
    assert.match(markdown ?? '', /\\=?HYPERLINK|=HYPERLINK\\\(/);
    const names = await readdir(lab.folder, { recursive: true });
    const kept = await Promise.all(
      names.filter((name) => name.endsWith('.jsonl')).map((name) => readFile(join(lab.folder, name), 'utf8')),
    );
    for (const text of [csv, json, markdown, ...kept]) assert.ok(!text?.includes('sesame-open'));
  });

  it('forgets everything by a command, after a question', async () => {
    await edit('review', { enabled: false });
    lab.dialogs.will(['Delete the history of all hosts', 'Delete']);
    await lab.commands[commands.deleteHistory]();
    assert.deepEqual(await changes(), []);
    assert.equal(lab.dialogs.told.at(-1), 'The history was deleted.');
  });
});
