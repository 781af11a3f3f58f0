import assert from 'node:assert/strict';
import { commands } from '../../../../src/contributions';
import { agentOpener } from '../../../../src/core/net/agents';
import type { Cluster } from '../../../../src/core/model/cluster';
import { typedDiagnoses } from '../../../../src/features/doctor/typedDiagnoses';
import { demoFleet } from '../../../gitlab/demoFleet';
import { addCluster } from '../../../gitlab/populate';
import { startKubernetes } from '../../../kubernetes/server';
import type { Kubernetes } from '../../../kubernetes/server';
import { pem } from '../../../net/pem';
import { flowLabs } from '../flowLab';
import type { FlowLab } from '../flowLab';

const payments = { id: 1, path: 'platform/payments-api' };
const one = 'Diagnosis of staging · payments-api · Example GitLab';

describe('Diagnosing clusters from their rows', () => {
  const open = flowLabs();
  let lab: FlowLab;
  let kubernetes: Kubernetes;
  const diagnose = (...names: readonly string[]) => {
    const rows = names.map((name) => lab.row(name));
    return lab.commands[commands.diagnoseClusters](rows[0], rows);
  };
  const report = (title: string): string => lab.reports.get(title)?.text ?? assert.fail([...lab.reports.keys()].join());

  beforeEach(async () => {
    kubernetes = await startKubernetes();
    const world = demoFleet();
    for (const { name, platform } of world.clusters)
      if (platform && ['staging', 'review'].includes(name)) {
        platform.apiUrl = `https://127.0.0.1:${kubernetes.port}`;
        platform.caCert = pem(name === 'review' ? 'clusterRoot' : 'secondRoot');
      }
    lab = await open({ world, token: 'demo-maintainer', projects: [payments] });
    await lab.read();
  });
  afterEach(async () => {
    await kubernetes.close();
    lab.dialogs.assertAllAsked();
  });

  it('asks before it connects to an address others may have written, and does nothing where that is declined', async () => {
    lab.dialogs.will(['Connect to this address from this computer?', undefined]);
    await diagnose('staging');
    const { detail, offered } = lab.dialogs.find('Connect to this address');
    assert.match(
      detail,
      new RegExp(`^https://127\\.0\\.0\\.1:${kubernetes.port} \\(this computer\\)\\n\\nOthers may have written`),
    );
    assert.deepEqual(offered, ['Connect']);
    assert.equal(kubernetes.connections, 0);
    assert.equal(lab.reports.size, 0);
  });

  it('names the cluster with its place in the title of its report and its progress, and asks once for an address', async () => {
    lab.dialogs.will(['Connect to this address', 'Connect']);
    await diagnose('staging');
    assert.match(report(one), /^# `staging`/);
    assert.match(report(one), /Versions: GitLab Clusters 0\.1\.0/);
    assert.deepEqual(lab.dialogs.progressed[0], 'Diagnosing staging · payments-api · Example GitLab');
    assert.equal(lab.reports.get(one)?.isSortable, false);
    await diagnose('staging');
    assert.ok(kubernetes.connections > 0);
  });

  it('reports several in one document that can be sorted, and says quietly how many failed', async () => {
    lab.dialogs.will(['Connect to this address', 'Connect'], ['Sort Report By', 'Cluster']);
    await diagnose('staging', 'review');
    const title = 'Diagnosis of 2 clusters';
    assert.equal(lab.reports.get(title)?.isSortable, true);
    const places = () => ['## `review`', '## `staging`'].map((heading) => report(title).indexOf(heading));
    const [review = 0, staging = 0] = places();
    assert.ok(0 < staging && staging < review, report(title));
    await lab.commands[commands.sortDiagnoses](title);
    const [first = 0, second = 0] = places();
    assert.ok(0 < first && first < second, report(title));
    const { kind, offered } = lab.dialogs.find('failed');
    assert.deepEqual([kind, offered], ['information', []]);
    await lab.commands[commands.sortDiagnoses]('another report');
    assert.match(lab.dialogs.told.at(-1) ?? '', /can’t be sorted any more/);
  });

  it('lists many addresses in a document with the button on it, and connects to none where that is closed', async () => {
    for (let index = 1; index <= 16; index++)
      addCluster(lab.gitlab.world, lab.gitlab.world.projects[0] ?? assert.fail(), {
        name: `many-${index}`,
        environmentScope: `many-${index}`,
        platform: { apiUrl: `https://many-${index}.test` },
      });
    await lab.read();
    lab.dialogs.will(
      ['Connect to these 16 addresses from this computer?', 'Review First'],
      ['Addresses to connect to', undefined],
    );
    await diagnose(...Array.from({ length: 16 }, (_one, index) => `many-${index + 1}`));
    const question = lab.dialogs.find('Connect to these 16');
    assert.match(question.detail, /and 1 more/);
    assert.deepEqual(question.offered, ['Connect', 'Review First']);
    const reviewed = lab.dialogs.texts.get('Addresses to connect to') ?? '';
    assert.match(reviewed, /^Connect to these 16 addresses from this computer\?\nOthers may have written/);
    assert.equal(reviewed.match(/many-\d+\.test/g)?.length, 16);
    assert.equal(lab.reports.size, 0);
  });

  it('with a token asks again for the address, and shows the token nowhere', async () => {
    lab.dialogs.will(
      ['Connect to this address', 'Connect'],
      ['Diagnose staging · payments-api · Example GitLab with a Token', 'marked-service-token'],
      ['Connect to this address', 'Connect'],
    );
    await diagnose('staging');
    await lab.commands[commands.diagnoseWithToken](lab.row('staging'));
    assert.match(lab.dialogs.shown.at(-1)?.detail ?? '', /The token you entered is sent there only if/);
    assert.ok(![...lab.reports.values()].some(({ text }) => text.includes('marked-service-token')));
  });

  it('takes no pasted “Bearer” for a token', async () => {
    lab.dialogs.will(['Diagnose staging', 'Bearer marked'], ['Diagnose staging', undefined]);
    await lab.commands[commands.diagnoseWithToken](lab.row('staging'));
    assert.match(lab.dialogs.problems.join(), /Enter the token alone/);
  });

  it('says quietly that nothing has an API URL to check', async () => {
    const record = lab.record('staging');
    assert.ok(record);
    record.platform = null;
    await lab.read();
    await diagnose('staging');
    const { kind, offered } = lab.dialogs.find('None of these clusters has an API URL');
    assert.deepEqual([kind, offered], ['information', []]);
  });

  it('in a form names another cluster whose CA it is, and never the one that is edited', async () => {
    // GitLab has the CA of “review” right; in its form another one is typed.
    const sources = {
      ...{ accounts: lab.accounts.accounts, inventory: lab.inventory, finder: lab.finder, dialogs: lab.dialogs },
      ...{ openAgent: agentOpener(() => undefined), results: lab.diagnoses, deadline: () => 5000, versions: '' },
      documents: { show: () => assert.fail(), addressOf: () => undefined },
    };
    const typed = { apiUrl: `https://127.0.0.1:${kubernetes.port}`, caCert: pem('gatewayRoot') };
    const check = async (edited: Cluster | undefined): Promise<string> => {
      const found = await typedDiagnoses(lab.host, edited, sources).diagnose(typed, new AbortController().signal);
      return JSON.stringify(found);
    };
    await lab.findAll();
    const edited = lab.finder.known().clusters.find(({ name }) => name === 'review');
    assert.ok(edited);
    lab.dialogs.will(['Connect to this address', 'Connect']);
    assert.match(await check(undefined), /review \(Project platform\/payments-api at Example GitLab\)/);
    assert.doesNotMatch(await check(edited), /review \(Project platform\/payments-api/);
  });
});
