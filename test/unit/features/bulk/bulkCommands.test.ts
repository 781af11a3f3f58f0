import assert from 'node:assert/strict';
import { commands } from '../../../../src/contributions';
import { json } from '../../../gitlab/answer';
import { certificate } from '../../../gitlab/certificates';
import { demoFleet } from '../../../gitlab/demoFleet';
import { generatedFleet } from '../../../gitlab/generatedFleet';
import { projectPath } from '../../../gitlab/lookup';
import { addProject } from '../../../gitlab/populate';
import type { Answer } from '../../editor/scriptedDialogs';
import { flowLabs } from '../flowLab';
import type { FlowLab } from '../flowLab';

const API_URL = 'https://k8s-2.example.com:6443';
const PLAN = 'Planned changes of clusters';
const RESULTS = 'Results of changing clusters';

describe('Changing many clusters', () => {
  const open = flowLabs();
  let lab: FlowLab;

  const registrations = () => lab.gitlab.world.clusters.filter(({ platform }) => platform?.apiUrl === API_URL);
  /** GitLab refuses changes below an archived project. */
  const changeable = () =>
    registrations().filter(
      ({ owner }) =>
        owner.level !== 'project' || lab.gitlab.world.projects.some(({ id, archived }) => id === owner.id && !archived),
    );
  const puts = () => lab.gitlab.requests.filter(({ method }) => method === 'PUT');
  /** Changes what matches the filter. */
  const change = (...answers: readonly Answer[]) => {
    lab.dialogs.will(['Change Clusters', 'What matches “k8s-2”'], ...answers);
    return lab.commands[commands.changeClusters](undefined, undefined);
  };

  beforeEach(async () => {
    lab = await open({ world: generatedFleet({ projects: 60, clusters: 50 }), token: 'fleet-admin' });
    const owner = lab.record('cluster-44')?.owner;
    const project = lab.gitlab.world.projects.find(({ id }) => owner?.level === 'project' && id === owner.id);
    assert.ok(project);
    project.archived = true;
    await lab.read();
    await lab.findAll();
    lab.finder.setFilter('k8s-2');
  });
  afterEach(() => lab.dialogs.assertAllAsked());

  it('shows the table of what will change and sends nothing where the question is cancelled', async () => {
    const wanted = changeable().length;
    await change(['Change 10 Clusters', 'Disable'], [`Disable ${wanted} clusters?`, undefined]);
    assert.match(lab.dialogs.texts.get(PLAN) ?? '', new RegExp(`Will be changed: ${wanted}\n(.*\n)+.*cluster-41 `));
    assert.equal(lab.dialogs.find('Disable').detail, `Cannot be changed: ${10 - wanted}`);
    assert.deepEqual(lab.asked(), []);
  });

  it('has its buttons on the table for whoever reviews it, which is what Enter does', async () => {
    await change(
      ['Change 10 Clusters', 'Disable'],
      ['Disable', 'Review'],
      [PLAN, () => (assert.deepEqual(puts(), []), `Disable ${changeable().length} Clusters`)],
    );
    // Enter is for the first button.
    assert.deepEqual(lab.dialogs.find('Disable ').offered, ['Review', `Disable ${changeable().length} Clusters`]);
    assert.equal(puts().length, changeable().length);
  });

  it('takes a CA certificate from the clipboard or a file, with what is wrong with it', async () => {
    lab.dialogs.clipboard = 'no certificate';
    await change(
      ['Change 10 Clusters', 'Replace CA Certificate…'],
      ['Change 10 Clusters', 'From the Clipboard'],
      ['', 'Choose Another Certificate…'],
      ['Change 10 Clusters', 'From the Clipboard'],
    );
    assert.deepEqual(
      lab.dialogs.shown.slice(-3).map(({ kind }) => kind),
      ['error', 'choose', 'error'],
    );
    lab.dialogs.file = Buffer.from(`-----BEGIN JUNK-----\n${certificate('staging-expired')}`);
    await change(
      ['Change 10 Clusters', 'Replace CA Certificate…'],
      ['Change 10 Clusters', 'From a File…'],
      ['GitLab would reject this text.', 'Use the Certificate Inside'],
      ['Replace the CA certificate of', `Change ${changeable().length} Clusters`],
    );
    assert.match(lab.dialogs.find('Replace the CA certificate of').detail, /has expired/);
    assert.deepEqual(
      new Set(changeable().map(({ platform }) => platform?.caCert?.trim())),
      new Set([certificate('staging-expired').trim()]),
    );
  });

  it('offers the address that was meant where GitLab would refuse what was typed', async () => {
    await change(
      ['Change 10 Clusters', 'Replace API URL…'],
      ['New address of the Kubernetes API', '(HTTPS://new.k8s.example.com:6443/api/v1)'],
      ['GitLab would refuse this API URL.', 'Use https://new.k8s.example.com:6443'],
      ['Replace the API URL of', undefined],
    );
    assert.match(lab.dialogs.texts.get(PLAN) ?? '', /→ +https:\/\/new\.k8s\.example\.com:6443\s/);
    assert.deepEqual(puts(), []);
  });

  it('offers the token inside of what was typed, and keeps what GitLab takes where the user wants that', async () => {
    const sent = new Array<string | undefined>();
    for (const [answer, expected] of [
      ['Use the Token Inside', 'eyJ-meant-0123456789'],
      ['Use as Typed', '"eyJ-meant-0123456789"'],
    ] as const) {
      await change(
        ['Change 10 Clusters', 'Replace Service Token…'],
        ['New token of the service account', '"eyJ-meant-0123456789"'],
        ['This text holds more than the token.', answer],
        ['Replace the service token of', () => `Change ${changeable().length} Clusters`],
      );
      sent.push(changeable()[0]?.platform?.token ?? undefined);
      assert.equal(sent.at(-1), expected);
    }
    assert.doesNotMatch(JSON.stringify([lab.dialogs.shown, [...lab.dialogs.texts]]), /eyJ-meant/);
  });

  it('offers all registrations when one has a new service token, which no table and no dialog shows', async () => {
    const token = 'eyJ-not-for-eyes';
    lab.dialogs.will(
      ['Change 1 Cluster', 'Replace Service Token…'],
      ['Change Clusters', `All 10 registrations of ${API_URL}`],
      ['New token of the service account', token],
      [`Replace the service token of ${changeable().length} clusters?`, undefined],
    );
    const row = lab.row('cluster-41');
    await lab.commands[commands.changeClusters](row, [row]);
    assert.match(lab.dialogs.texts.get(PLAN) ?? '', /Service token +\(not shown\) +→ +replaced/);
    assert.ok(!JSON.stringify([lab.dialogs.shown, [...lab.dialogs.texts]]).includes(token));
    assert.deepEqual(lab.asked(), []);
  });

  it('searches a management project at GitLab, says whom it cannot manage, and sets it on the others', async () => {
    const { world } = lab.gitlab;
    const [some = assert.fail()] = changeable().filter(({ owner }) => owner.level === 'project');
    const project = world.projects.find(({ id }) => some.owner.level === 'project' && id === some.owner.id);
    const group = world.groups.find(({ id }) => project?.namespace.kind === 'group' && id === project.namespace.id);
    assert.ok(group);
    const manager = addProject(world, 'cluster-management', group);
    await change(
      ['Change 10 Clusters', 'Set Management Project…'],
      ['Change 10 Clusters', ['cluster-management', projectPath(world, manager)]],
      ['the management project of', () => lab.dialogs.find('the management project of').offered[1]],
    );
    assert.match(
      lab.dialogs.shown.find(({ kind }) => kind === 'search')?.offered[0] ?? '',
      / — for \d of 10 clusters$/,
    );
    assert.match(lab.dialogs.find('the management project of').detail, /^Cannot be changed: \d$/);
    assert.match(lab.dialogs.texts.get(PLAN) ?? '', /GitLab accepts only projects/);
    assert.match(lab.dialogs.told.at(-1) ?? '', /^Changed \d clusters?\. Could not be changed: \d\.$/);
    assert.equal(some.managementProjectId, manager.id);
  });

  it('is cancelled between two clusters, tries the failed one again alone, and goes on', async () => {
    const wanted = changeable().length;
    let begun = 0;
    lab.gitlab.onRequest(({ request }) => {
      if (request.method !== 'PUT') return undefined;
      begun++;
      return begun === 1 ? json(400, { message: '400 Bad Request' }) : undefined;
    });
    lab.dialogs.onReport = (_, cancel) => cancel();
    const goOn = () => {
      lab.dialogs.onReport = () => undefined;
      return 'Continue';
    };
    const disabled = () => registrations().filter(({ enabled }) => !enabled).length;
    let disabledBefore = 0;
    await change(
      ['Change 10 Clusters', 'Disable'],
      [`Disable ${wanted} clusters?`, `Disable ${wanted} Clusters`],
      ['Failed: 1. Not started: ', () => ((disabledBefore = disabled()), 'Retry Failed')],
      ['Not started: ', () => (assert.equal(disabled(), disabledBefore + 1), goOn())],
    );
    assert.ok(disabledBefore < wanted - 1, 'the first step was cancelled');
    assert.equal(disabled(), wanted);
    assert.equal(puts().length, wanted + 1, 'each was sent once, the failed one twice');
    assert.match(lab.dialogs.texts.get(RESULTS) ?? '', new RegExp(`Changed: ${wanted}\n`));
    assert.ok(lab.dialogs.progressed.includes(`Changing ${wanted} clusters`));
  });

  it('deletes many after a table of what goes, and leaves what cannot', async () => {
    const wanted = changeable().map(({ id }) => id);
    const left = registrations().length - wanted.length;
    await change(
      ['Change 10 Clusters', 'Delete…'],
      [`Delete ${wanted.length} clusters from GitLab?`, `Delete ${wanted.length} Clusters`],
    );
    const { detail } = lab.dialogs.find('from GitLab?');
    assert.match(detail, new RegExp(`^Cannot be changed: ${left}\nOnly GitLab’s record is deleted\\.`));
    assert.match(lab.dialogs.texts.get(PLAN) ?? '', new RegExp(`Will be deleted: ${wanted.length}\n`));
    assert.equal(lab.dialogs.told.at(-1), `Deleted ${wanted.length} clusters. Could not be changed: ${left}.`);
    assert.equal(registrations().length, left);
  });

  it('says that a host was not searched, before and in the table', async () => {
    lab = await open({ world: generatedFleet({ projects: 60, clusters: 50 }), token: 'fleet-admin' });
    await lab.read();
    await lab.inventory.load(lab.host.url, { level: 'instance' });
    lab.dialogs.will(
      ['Change the known clusters only?', 'Change Known Clusters'],
      ['Change 5 Clusters', 'Disable'],
      ['Disable ', undefined],
    );
    await lab.commands[commands.changeClusters](undefined, undefined);
    const words = 'host not searched: Example GitLab: never searched';
    assert.ok(lab.dialogs.texts.get(PLAN)?.includes(words));
    assert.ok(lab.dialogs.find('Disable ').detail.includes(words));
  });

  it('is begun from a row’s own menu without asking what is to be done', async () => {
    const row = lab.row('cluster-41');
    lab.dialogs.will(['Disable 1 cluster?', 'Disable 1 Cluster']);
    await lab.commands[commands.disableCluster](row);
    assert.equal(lab.record('cluster-41')?.enabled, false);
  });

  it('says where there is nothing to change', async () => {
    await change(['Change 10 Clusters', 'Enable']);
    assert.deepEqual(lab.dialogs.told, ['Nothing to change. See the table for the reasons.']);
  });
});

describe('A change of many clusters of one owner', () => {
  const open = flowLabs();

  it('reads each cluster before it is changed, and the owner’s list once at most: the answer to a PUT is the cluster', async () => {
    const projects = [{ id: 1, path: 'platform/payments-api' }];
    const lab = await open({ world: demoFleet(), token: 'demo-maintainer', projects });
    await lab.read();
    const rows = ['production-eu', 'staging', 'review'].map((name) => lab.row(name));
    lab.dialogs.will(['Disable 3 clusters?', 'Disable 3 Clusters']);
    lab.gitlab.clearRequests();
    await lab.commands[commands.disableClusters](rows[0], rows);
    const asked = lab.asked().map((request) => request.replace(/\?.*$/, ''));
    const times = (request: RegExp): number => asked.filter((one) => request.test(one)).length;
    assert.deepEqual([times(/^PUT /), times(/^GET .*\/clusters\/\d+$/)], [3, 3]);
    assert.ok(times(/^GET .*\/clusters$/) <= 1, asked.join('\n'));
    const state = lab.inventory.ownerState(lab.host.url, { level: 'project', id: 1, path: 'platform/payments-api' });
    const now = new Map(state?.value?.flatMap((one) => ('name' in one ? [[one.name, one] as const] : [])));
    for (const name of ['production-eu', 'staging', 'review']) {
      const known = now.get(name);
      assert.equal(known && 'enabled' in known && known.enabled, false);
    }
  });
});

describe('The management project of a watched project’s cluster', () => {
  const open = flowLabs();

  it('is judged by where the project is now, though its group was renamed since it was watched', async () => {
    const projects = [{ id: 1, path: 'platform/payments-api' }];
    const lab = await open({ world: demoFleet(), token: 'demo-maintainer', projects });
    await lab.read();
    const [platform = assert.fail('no group')] = lab.gitlab.world.groups;
    platform.path = 'infra';
    lab.dialogs.will(
      ['Change 1 Cluster', 'Set Management Project…'],
      ['Change 1 Cluster', ['cluster-management', 'infra/cluster-management']],
      ['Make infra/cluster-management the management project of 1 cluster?', 'Change 1 Cluster'],
    );
    const row = lab.row('review');
    await lab.commands[commands.changeClusters](row, [row]);
    assert.deepEqual(lab.dialogs.told, ['Changed 1 cluster.']);
    lab.dialogs.assertAllAsked();
  });
});
