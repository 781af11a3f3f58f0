import assert from 'node:assert/strict';
import { commands } from '../../../../src/contributions';
import { REQUESTS_PER_PROJECT } from '../../../../src/core/migration/movePlan';
import { readAgentConfigurations } from '../../../gitlab/agents/access';
import { putFile } from '../../../gitlab/populate';
import { fileOn, mergeRequest } from '../../../gitlab/repositories';
import { profileOf } from '../../../gitlab/profiles';
import { flowLabs } from '../flowLab';
import type { FlowLab } from '../flowLab';
import { company, movedCi } from './companies';
import type { Company } from './companies';
import { answerInRounds, compareWithTruth, leastRounds, pathOf, requestsPerProject } from './companyFigures';
import { moveLab } from './moveLab';
import type { MoveLab } from './moveLab';

const title = 'Move of old-cluster';
const DAY = 86_400_000;

interface Figures {
  asked: number;
  written: number;
  missed: number;
  falseAlarms: number;
  jobs: number;
  sent: number;
  perProject: number;
  ratio: number;
}

describe('The move of a company', function () {
  const open = flowLabs();

  const start = async (
    what: Company,
    level: 'project' | 'group' | 'instance',
  ): Promise<{ flow: FlowLab; lab: MoveLab }> => {
    const [first] = what.projects;
    const flow = await open({
      world: what.world,
      token: 'token',
      projects: [
        { id: what.agents.id, path: 'corp/agents' },
        ...(level === 'project' && first ? [{ id: first.project.id, path: pathOf(first.project) }] : []),
      ],
      groups: level === 'group' ? [{ id: what.root.id, path: 'corp' }] : [],
    });
    await flow.read();
    if (level === 'instance') await flow.inventory.load(flow.host.url, { level: 'instance' });
    return { flow, lab: moveLab(flow) };
  };

  const moveWhole = async (level: 'project' | 'group' | 'instance', count: number): Promise<Figures> => {
    const what = company(level, count, 4711 + count);
    const { flow, lab } = await start(what, level);
    const { dialogs, gitlab } = flow;
    const row = flow.row('old-cluster');
    const site = { world: what.world, profile: profileOf() };
    const go = (): void => (count > 8 ? dialogs.will(['Read the CI configurations', 'Continue']) : undefined);
    const figures: Figures = {
      asked: 0,
      written: 0,
      missed: 0,
      falseAlarms: 0,
      jobs: 0,
      sent: 0,
      perProject: 0,
      ratio: 0,
    };

    // The plan at the beginning, measured.
    gitlab.clearRequests();
    const rounds = answerInRounds(gitlab);
    go();
    await lab.commands[commands.planMigration](row);
    const taken = rounds.end();
    figures.perProject = Math.max(...requestsPerProject(gitlab.requests, what));
    figures.ratio = taken / leastRounds(gitlab.requests.length);
    const plan = lab.documents.get(title) ?? '';
    assert.match(stageOf(lab), /Stage: not started/);
    const truth = compareWithTruth(plan, what);
    figures.jobs = truth.jobs;
    figures.missed = truth.missed.length;
    figures.falseAlarms = truth.falseAlarms.length;

    // The agent is authorised by a merge request in its own project.
    lab.address = title;
    await lab.commands[commands.openAgentDiff](title);
    assert.equal(lab.compared.length, 1);
    dialogs.will(
      ['Create Merge Requests', ['Configuration of the Agent', 'Environment Template of the Agent']],
      ['Create a merge request in corp/agents', 'Create Merge Request'],
    );
    await lab.commands[commands.createMoveRequest](title);
    mergeRequest(what.world, what.agents, 1);
    assert.match(fileOn(what.world, what.agents, '.gitlab/agents/prod/config.yaml') ?? '', /^# Agent of everybody\n/);
    readAgentConfigurations(site);

    // Every project that can be changed with certainty gets a merge request; a person does the others.
    go();
    await lab.commands[commands.planMigration](title);
    assert.match(stageOf(lab), /agents are ready, jobs still need the cluster/);
    const text = lab.documents.get(title) ?? '';
    const changeable = what.projects.filter(({ project }) =>
      text.includes(`\`${pathOf(project)}\`: changes that were read back`),
    );
    figures.sent = changeable.length;
    if (changeable.length > 0) {
      dialogs.will(['Create Merge Requests', changeable.map(({ project }) => pathOf(project))]);
      dialogs.will(
        changeable.length === 1
          ? ['Create a merge request in', 'Create Merge Request']
          : ['Planned merge requests', `Create ${changeable.length} Merge Requests`],
      );
      await lab.commands[commands.createMoveRequest](title);
      for (const { project } of changeable) mergeRequest(what.world, project, 1);
    }
    for (const { project } of what.projects) {
      putFile(what.world, project, '.gitlab-ci.yml', movedCi);
    }

    // Nothing is left: it is switched off, watched, and then its record may go.
    go();
    dialogs.will(['Disable 1 cluster', 'Disable 1 Cluster']);
    await lab.commands[commands.switchOffCluster](title);
    assert.match(stageOf(lab), /Stage: ready to be switched off/);
    assert.equal(flow.record('old-cluster')?.enabled, false);
    assert.equal(flow.record('old-cluster')?.namespacePerEnvironment, true);
    lab.now = new Date(Date.now() + 31 * DAY);
    go();
    await lab.commands[commands.planMigration](title);
    assert.match(stageOf(lab), /record may be deleted/);
    // And there is a way back.
    dialogs.will(['Enable 1 cluster', 'Enable 1 Cluster']);
    await lab.commands[commands.switchBackCluster](title);
    assert.equal(flow.record('old-cluster')?.enabled, true);
    dialogs.assertAllAsked();

    figures.asked = gitlab.requests.filter(({ method, path }) => method === 'GET' || path.includes('graphql')).length;
    figures.written = gitlab.requests.length - figures.asked;
    const secrets = [
      ...lab.documents.values(),
      ...dialogs.texts.values(),
      JSON.stringify(dialogs.shown),
      JSON.stringify(await flow.journal.read()),
    ].join('\n');
    for (const secret of ['service-token-1', '"token"', 'glagent-']) assert.ok(!secrets.includes(secret), secret);
    return figures;
  };

  for (const [name, level, count] of [
    ['with one project and its own cluster', 'project', 1],
    ['with sixty projects below the cluster of a group', 'group', 60],
    ['with an instance cluster over three hundred projects', 'instance', 300],
  ] as const) {
    it(`${name} goes from start to end`, async function () {
      this.timeout(120_000);
      const figures = await moveWhole(level, count);
      const { asked, written, missed, falseAlarms, jobs, perProject, ratio } = figures;
      console.log(
        `      ${count} projects, ${jobs} jobs: ${asked} requests asked, ${written} written, ${missed} missed, ${falseAlarms} false alarms; ` +
          `at most ${perProject} requests per project, rounds of answers ÷ bound ${ratio.toFixed(2)}`,
      );
      assert.equal(missed, 0);
      assert.ok(perProject <= REQUESTS_PER_PROJECT);
      if (count > 1) assert.ok(ratio <= 1.3, `${ratio}`);
    });
  }
});

/** The line with the stage: a whole plan would be too much to read in a failure. */
function stageOf({ documents }: MoveLab): string {
  return documents.get(title)?.split('\n## ')[0] ?? '';
}
