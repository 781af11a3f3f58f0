import assert from 'node:assert/strict';
import { commands } from '../../../../src/contributions';
import { addCluster } from '../../../gitlab/populate';
import { flowLabs } from '../flowLab';
import type { FlowLab } from '../flowLab';
import { company } from './companies';
import type { Company } from './companies';
import { moveLab } from './moveLab';
import type { MoveLab } from './moveLab';

describe('Switching a certificate cluster back on', () => {
  const open = flowLabs();

  const start = async (): Promise<{ flow: FlowLab; lab: MoveLab; what: Company }> => {
    const what = company('project', 1, 1);
    const [first] = what.projects;
    assert.ok(first);
    Object.assign(what.cluster, { enabled: false });
    const projects = [{ id: first.project.id, path: 'corp/team-1/app-1' }];
    const groups = [{ id: what.root.id, path: 'corp' }];
    const flow = await open({ world: what.world, token: 'token', projects, groups });
    return { flow, lab: moveLab(flow), what };
  };
  const asked = ({ dialogs }: FlowLab): string => {
    const { text, detail } = dialogs.find('Enable 1 cluster');
    return `${text}\n${detail}`;
  };

  /** Environments that the question says would go to the cluster. */
  const movedIn = (flow: FlowLab): readonly (string | undefined)[] =>
    [...asked(flow).matchAll(/^“(.*)” of corp\/team-1\/app-1 would go to corp\/team-1\/app-1 \/ old-cluster/gm)].map(
      ([, name]) => name,
    );

  it('says first which environments it takes from another cluster', async () => {
    const { flow, lab, what } = await start();
    addCluster(what.world, what.root, { name: 'far-cluster' });
    await flow.read();
    flow.dialogs.will(['Enable 1 cluster', undefined]);
    await lab.commands[commands.switchBackCluster](flow.row('old-cluster'));
    assert.deepEqual(movedIn(flow), ['production', 'staging', 'review/one']);
    assert.equal(flow.record('old-cluster')?.enabled, false);
  });

  it('says first which environments get a cluster again, and sends one write after the question', async () => {
    const { flow, lab } = await start();
    await flow.read();
    flow.gitlab.clearRequests();
    flow.dialogs.will(['Enable 1 cluster', 'Enable 1 Cluster']);
    await lab.commands[commands.switchBackCluster](flow.row('old-cluster'));
    assert.deepEqual(movedIn(flow), ['production', 'staging', 'review/one']);
    const writes = flow.gitlab.requests.filter(({ method, path }) => method !== 'GET' && !path.includes('graphql'));
    assert.equal(writes.length, 1);
    assert.equal(flow.record('old-cluster')?.enabled, true);
  });

  it('leaves out those that a more specific cluster of the project keeps', async () => {
    const { flow, lab, what } = await start();
    const [first] = what.projects;
    assert.ok(first);
    addCluster(what.world, first.project, { name: 'near-cluster', environmentScope: 'production' });
    await flow.read();
    flow.dialogs.will(['Enable 1 cluster', undefined]);
    await lab.commands[commands.switchBackCluster](flow.row('old-cluster'));
    assert.deepEqual(movedIn(flow), ['staging', 'review/one']);
    assert.match(asked(flow), /Environments checked: 3/);
  });
});
