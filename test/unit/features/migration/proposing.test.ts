import assert from 'node:assert/strict';
import { commands } from '../../../../src/contributions';
import { readAgentConfigurations } from '../../../gitlab/agents/access';
import { putFile, setVariable } from '../../../gitlab/populate';
import { profileOf } from '../../../gitlab/profiles';
import { fileOn } from '../../../gitlab/repositories';
import { flowLabs } from '../flowLab';
import type { FlowLab } from '../flowLab';
import { company } from './companies';
import type { Company } from './companies';
import { moveLab } from './moveLab';
import type { MoveLab } from './moveLab';

const title = 'Move of old-cluster';
const ci = 'deploy:\n  environment: production\n  script:\n    - kubectl apply -f k8s.yml\n';
const ofAutoDevOps = 'include: {template: Auto-DevOps.gitlab-ci.yml}\n';
const template = '.gitlab/agents/prod/environment_templates/default.yaml';
const results = 'Results of creating merge requests';

interface Started {
  readonly flow: FlowLab;
  readonly lab: MoveLab;
  readonly what: Company;
  readonly paths: readonly string[];
}

/** A group whose projects all have this CI file, with the plan of its cluster. */
function starter(open: ReturnType<typeof flowLabs>): (count: number, file: string) => Promise<Started> {
  return async (count, file) => {
    const what = company('group', count, 11);
    for (const { project } of what.projects) putFile(what.world, project, '.gitlab-ci.yml', file);
    putFile(what.world, what.agents, '.gitlab/agents/prod/config.yaml', 'ci_access:\n  groups:\n    - id: corp\n');
    readAgentConfigurations({ world: what.world, profile: profileOf() });
    const flow = await open({ world: what.world, token: 'token', groups: [{ id: what.root.id, path: 'corp' }] });
    await flow.read();
    const lab = moveLab(flow);
    if (count >= 8) flow.dialogs.will(['Read the CI configurations', 'Continue']);
    await lab.commands[commands.planMigration](flow.row('old-cluster'));
    const paths = what.projects.map((_, n) => `corp/team-${(n % 5) + 1}/app-${n + 1}`);
    return { flow, lab, what, paths };
  };
}

const writesOf = ({ gitlab }: FlowLab) =>
  gitlab.requests.filter(({ method, path }) => method === 'POST' && !path.includes('graphql'));

describe('Merge requests of a move', () => {
  const start = starter(flowLabs());

  it('are created for all chosen projects after a preview, each write sent once', async () => {
    const { flow, lab, what, paths } = await start(6, ci);
    const chosen = paths.slice(0, 5);
    flow.dialogs.will(['Create Merge Requests', chosen], ['Planned merge requests', undefined]);
    await lab.commands[commands.createMoveRequest](title);
    assert.equal(writesOf(flow).length, 0);
    const plan = flow.dialogs.texts.get('Planned merge requests') ?? '';
    for (const path of chosen) assert.match(plan, new RegExp(`${path} +\\.gitlab-ci\\.yml +\\d+ +main`));
    assert.ok(!plan.includes('app-6'));

    flow.dialogs.will(['Create Merge Requests', chosen], ['Planned merge requests', 'Create 5 Merge Requests']);
    await lab.commands[commands.createMoveRequest](title);
    assert.equal(what.world.mergeRequests.length, 5);
    assert.deepEqual(
      writesOf(flow).map(({ status }) => status),
      Array.from({ length: 10 }, () => 201),
    );
    const text = flow.dialogs.texts.get(results) ?? '';
    assert.match(text, /^Done: 5\n/m);
    assert.match(text, /corp\/team-1\/app-1 +\.gitlab-ci\.yml +!1 http/);
    const { projectWrites } = await flow.journal.read();
    assert.deepEqual([projectWrites.length, new Set(projectWrites.map(({ change }) => change)).size], [10, 1]);
    assert.ok(projectWrites.every(({ outcome }) => outcome === 'done'));
  });

  it('go on where one is refused, and the results say which and why', async () => {
    const { flow, lab, what, paths } = await start(4, ci);
    const [, second] = what.projects;
    assert.ok(second);
    flow.dialogs.will(
      ['Create Merge Requests', paths],
      [
        'Planned merge requests',
        () => {
          putFile(what.world, second.project, '.gitlab-ci.yml', `# theirs\n${ci}`);
          return 'Create 4 Merge Requests';
        },
      ],
    );
    await lab.commands[commands.createMoveRequest](title);
    assert.equal(what.world.mergeRequests.length, 3);
    const text = flow.dialogs.texts.get(results) ?? '';
    assert.match(text, /^Failed: 1\n.*\n +corp\/team-2\/app-2 .*has changed since/m);
    assert.match(text, /^Done: 3\n/m);
    assert.deepEqual(flow.dialogs.told, ['3 of 4 were done. The results say what failed or was not sent.']);
  });

  it('end between two when they are cancelled; what was begun is finished', async () => {
    const { flow, lab, what, paths } = await start(7, ci);
    flow.dialogs.will(['Create Merge Requests', paths], ['Planned merge requests', 'Create 7 Merge Requests']);
    flow.dialogs.onReport = (message, cancel) => void (message === '1 of 7' && writesOf(flow).length > 0 && cancel());
    await lab.commands[commands.createMoveRequest](title);
    const made = what.world.mergeRequests.length;
    assert.ok(made > 0 && made < 7, `${made}`);
    assert.equal(what.world.branches.length, made);
    assert.match(flow.dialogs.texts.get(results) ?? '', new RegExp(`^Not sent: ${7 - made}\\n`, 'm'));
  });

  it('are not sent on to a host that takes the token no longer', async () => {
    const { flow, lab, what, paths } = await start(7, ci);
    flow.dialogs.will(
      ['Create Merge Requests', paths],
      [
        'Planned merge requests',
        () => {
          what.world.tokens.length = 0;
          return 'Create 7 Merge Requests';
        },
      ],
    );
    await lab.commands[commands.createMoveRequest](title);
    assert.equal(what.world.branches.length, 0);
    assert.match(flow.dialogs.texts.get(results) ?? '', /^Not sent: [3-6]\n/m);
  });

  it('propose the environment template of the agent as a new file, and leave another one alone', async () => {
    const { flow, lab, what } = await start(2, ci);
    flow.dialogs.will(
      ['Create Merge Requests', 'Environment Template of the Agent'],
      ['Create a merge request in corp/agents?', 'Create Merge Request'],
    );
    await lab.commands[commands.createMoveRequest](title);
    const [made] = what.world.mergeRequests;
    assert.ok(made);
    const text = fileOn(what.world, what.agents, template, made.sourceBranch) ?? '';
    assert.match(text, /^delete_resources: never$/m);
    assert.ok(lab.documents.get(title)?.includes(text.trim()));

    putFile(what.world, what.agents, template, 'objects: []\n');
    flow.dialogs.will(['Create Merge Requests', 'Environment Template of the Agent']);
    await lab.commands[commands.createMoveRequest](title);
    assert.match(flow.dialogs.told.at(-1) ?? '', /has another environment template/);
    assert.equal(what.world.mergeRequests.length, 1);
  });
});

describe('CI/CD variables of a move', () => {
  const start = starter(flowLabs());

  it('are in the plan with their scopes, and created after a preview where they are chosen', async () => {
    const { flow, lab, what, paths } = await start(2, ofAutoDevOps);
    const [path = ''] = paths;
    const [first, second] = what.projects;
    assert.ok(first && second);
    const plan = lab.documents.get(title) ?? '';
    assert.ok(plan.includes(`| \`${path}\` | \`KUBE_CONTEXT\` | \`production\` | \`corp/agents:prod\` |`));
    assert.ok(
      plan.includes(`| \`${path}\` | \`KUBE_NAMESPACE\` | \`staging\` | \`app-1-${first.project.id}-staging\` |`),
    );
    flow.dialogs.will(['Create CI/CD Variables', path], ['Planned CI/CD variables', undefined]);
    await lab.commands[commands.createMoveVariables](title);
    assert.equal(writesOf(flow).length, 0);

    setVariable(what.world, first.project, 'KUBE_NAMESPACE', 'theirs', { environmentScope: 'staging' });
    flow.dialogs.will(['Create CI/CD Variables', path], ['Planned CI/CD variables', 'Create 7 Variables']);
    await lab.commands[commands.createMoveVariables](title);
    const { variables } = what.world;
    assert.ok(variables.every(({ projectId }) => projectId === first.project.id));
    assert.deepEqual(
      variables.map(({ key, environmentScope, value }) => [key, environmentScope, value].join(' ')).sort(),
      [
        'KUBE_CONTEXT production corp/agents:prod',
        'KUBE_CONTEXT review/one corp/agents:prod',
        'KUBE_CONTEXT staging corp/agents:prod',
        'KUBE_INGRESS_BASE_DOMAIN * apps.example.com',
        `KUBE_NAMESPACE production app-1-${first.project.id}-production`,
        'KUBE_NAMESPACE staging theirs',
        `KUBE_NAMESPACE review/one app-1-${first.project.id}-review-one-${slugEnd(what, first.project.id)}`,
      ].sort(),
    );
    assert.equal(writesOf(flow).length, 7);
    const text = flow.dialogs.texts.get('Results of creating CI/CD variables') ?? '';
    assert.match(text, /^Failed: 1\n.*\n +corp\/team-1\/app-1 +KUBE_NAMESPACE \(staging\) .*already been taken/m);
    const { projectWrites } = await flow.journal.read();
    assert.deepEqual([projectWrites.length, new Set(projectWrites.map(({ kind }) => kind)).size], [7, 1]);
    assert.ok(!JSON.stringify(projectWrites).includes('corp/agents:prod'));
  });

  it('take the place of what jobs read whose definition is in no file that is edited', async () => {
    const { flow, lab, what } = await start(1, 'include: /more.yml\n');
    const [first] = what.projects;
    assert.ok(first);
    const more = 'deploy:\n  environment: production\n  script: [helm install -n $KUBE_NAMESPACE app .]\n';
    putFile(what.world, first.project, 'more.yml', more);
    await lab.commands[commands.planMigration](flow.row('old-cluster'));
    const plan = lab.documents.get(title) ?? '';
    assert.ok(plan.includes(`| \`KUBE_NAMESPACE\` | \`production\` | \`app-1-${first.project.id}-production\` |`));
    assert.ok(!plan.includes('| `KUBE_CONTEXT` |'));
  });
});

/** The last part of the slug of `review/one`, as GitLab made it. */
function slugEnd({ world }: Company, projectId: number): string {
  const found = world.environments.find((one) => one.projectId === projectId && one.name === 'review/one');
  return found?.slug.replace('review-one-', '') ?? '';
}
