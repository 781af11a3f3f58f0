import assert from 'node:assert/strict';
import { commands } from '../../../../src/contributions';
import { REQUESTS_PER_PROJECT } from '../../../../src/core/migration/movePlan';
import { GitLabError } from '../../../../src/core/gitlab/errors';
import { readAgentConfigurations } from '../../../gitlab/agents/access';
import { json } from '../../../gitlab/answer';
import { addCluster, addEnvironment, addGroup, addProject, putFile, setRole } from '../../../gitlab/populate';
import { profileOf } from '../../../gitlab/profiles';
import type { Project } from '../../../gitlab/world';
import { flowLabs } from '../flowLab';
import type { FlowLab } from '../flowLab';
import { company } from './companies';
import type { Company } from './companies';
import { requestsPerProject } from './companyFigures';
import { moveLab } from './moveLab';
import type { MoveLab } from './moveLab';

const title = 'Move of old-cluster';
const ci = 'deploy:\n  environment: production\n  script:\n    - kubectl apply -f k8s.yml\n';

/**
 * Agents and environments 17, trap by trap. Held elsewhere: 3, 4, 7 and 8 in what a plan says and generates (planning and
 * namespaces), 10 in agentConfig and ciEdit, 12 and 14 in moving and agents, 16 and 19 in certificateUses, 20 in agents,
 * 21 in namespaces, 28 in the rows of the tree. A rename of the agent's project (11) shows in every new plan.
 */
describe('A trap on the way to the agent', () => {
  const open = flowLabs();

  const start = async (
    change: (what: Company, project: Project) => void = () => undefined,
  ): Promise<{ flow: FlowLab; lab: MoveLab; what: Company; project: Project; plan: () => Promise<string> }> => {
    const what = company('project', 1, 1);
    const [first] = what.projects;
    assert.ok(first);
    putFile(what.world, first.project, '.gitlab-ci.yml', ci);
    change(what, first.project);
    const projects = [
      { id: what.agents.id, path: 'corp/agents' },
      { id: first.project.id, path: 'corp/team-1/app-1' },
    ];
    const flow = await open({ world: what.world, token: 'token', projects });
    await flow.read();
    const lab = moveLab(flow);
    const plan = async (): Promise<string> => {
      await lab.commands[commands.planMigration](flow.row('old-cluster'));
      return lab.documents.get(title) ?? '';
    };
    return { flow, lab, what, project: first.project, plan };
  };
  const authorise = ({ world, agents }: Company): void => {
    putFile(world, agents, '.gitlab/agents/prod/config.yaml', 'ci_access:\n  groups:\n    - id: corp\n');
    readAgentConfigurations({ world, profile: profileOf() });
  };

  it('is that jobs lose everything at once, and gated ones vanish (1): the plan says so before the switch', async () => {
    const { plan } = await start();
    const [, part = ''] = (await plan()).split('## 7. Switch off');
    assert.match(part, /lose the default context, all KUBE_\* variables and CI_KUBERNETES_ACTIVE at once/);
    assert.match(part, /vanish without failing/);
  });

  it('is that GitLab resets an option that is not echoed (2): off and on again leave it as it was', async () => {
    const { flow, lab, what, plan } = await start(({ cluster }) => (cluster.namespacePerEnvironment = false));
    await plan();
    flow.dialogs.will(['Disable 1 cluster', 'Disable 1 Cluster'], ['Enable 1 cluster', 'Enable 1 Cluster']);
    await lab.commands[commands.switchOffCluster](title);
    assert.equal(flow.record('old-cluster')?.enabled, false);
    await lab.commands[commands.switchBackCluster](title);
    assert.equal(flow.record('old-cluster')?.enabled, true);
    const puts = flow.gitlab.requests.filter(({ method }) => method === 'PUT');
    assert.deepEqual(
      puts.map(({ body }): unknown => JSON.parse(body)),
      [false, true].map((enabled) => ({ enabled, namespace_per_environment: false })),
    );
    assert.equal(what.cluster.name, 'old-cluster');
  });

  it('is a slug of an old server, and a stored namespace (5, 6): slugs are GitLab’s, and names are called expected', async () => {
    const { plan } = await start(({ world }, project) => {
      addEnvironment(world, project, 'qa', { slug: 'qa-x7k2p9' });
    });
    const text = await plan();
    assert.match(text, /`qa` – `corp\/team-1\/app-1`: .*`app-1-2-qa-x7k2p9`/);
    assert.match(text, /Names before are expected ones: a namespace GitLab has stored wins/);
  });

  it('is an entry GitLab drops without a word (9): projects of another root group get none', async () => {
    const what = company('instance', 2, 3);
    const other = addProject(what.world, 'shop', addGroup(what.world, 'elsewhere'));
    const [user] = what.world.users;
    assert.ok(user);
    setRole(what.world, user, other, 40);
    addEnvironment(what.world, other, 'production');
    putFile(what.world, other, '.gitlab-ci.yml', ci);
    const flow = await open({
      world: what.world,
      token: 'token',
      projects: [{ id: what.agents.id, path: 'corp/agents' }],
    });
    await flow.read();
    await flow.inventory.load(flow.host.url, { level: 'instance' });
    const lab = moveLab(flow);
    await lab.commands[commands.planMigration](flow.row('old-cluster'));
    assert.match(lab.documents.get(title) ?? '', /Projects of another root group can’t use it .*: 1\n/);
    await lab.commands[commands.openAgentDiff](title);
    assert.doesNotMatch(lab.compared[0]?.[2] ?? 'elsewhere', /elsewhere/);
  });

  it('is an option of a plan nobody can read (4): what takes Premium is called so before it is merged', async () => {
    const { plan } = await start();
    assert.match(await plan(), /on \*\*Free\*\*, leave `access_as` and `resource_management` out/);
    const unmanaged = await start(({ cluster }) => (cluster.managed = false));
    assert.doesNotMatch(await unmanaged.plan(), /leave `access_as`/);
  });

  it('is a path with capitals (11): the context is written as GitLab writes it', async () => {
    const { plan } = await start((what) => {
      what.agents.path = 'Agents';
      authorise(what);
    });
    assert.match(await plan(), /The agent `corp\/Agents:prod` may be used by the jobs of 1/);
  });

  it('is that nothing may mean no right (13): agents that are not visible are no missing agents', async () => {
    const { flow } = await start();
    flow.gitlab.onRequest(({ request }) =>
      request.path.includes('graphql') && request.body.includes('ciAccessAuthorizedAgents')
        ? json(200, { data: { project: null } })
        : undefined,
    );
    const lab = moveLab(flow);
    await lab.commands[commands.planMigration](flow.row('old-cluster'));
    const text = lab.documents.get(title) ?? '';
    assert.match(text, /Projects whose agents are not visible: 1/);
    assert.doesNotMatch(text, /Projects without an agent/);
  });

  it('is that values come with the names of variables (15): they are not asked for', async () => {
    const { flow, plan } = await start(authorise);
    await plan();
    assert.ok(flow.gitlab.requests.every(({ path }) => !/\/variables(?!\/KUBE_CONTEXT)/.test(path)));
  });

  it('is an include this token can’t read (17): its project is not known to be ready', async () => {
    const { plan } = await start((what, project) => {
      authorise(what);
      putFile(what.world, project, '.gitlab-ci.yml', 'include:\n  - project: secret/ci\n    file: a.yml\n');
      project.autoDevOps = true;
    });
    const text = await plan();
    assert.match(text, /can’t be merged or read with this token:.*\n\n- `corp\/team-1\/app-1`/);
    assert.match(text, /Stage: not known/);
    assert.doesNotMatch(text, /Auto-DevOps/);
  });

  it('is Auto DevOps without any file (18): it counts as a use', async () => {
    const { plan } = await start((what, project) => {
      authorise(what);
      what.world.files.splice(
        0,
        what.world.files.length,
        ...what.world.files.filter((file) => file.projectId !== project.id),
      );
      putFile(what.world, project, 'README.md', 'x');
      project.autoDevOps = true;
    });
    const text = await plan();
    assert.match(text, /`corp\/team-1\/app-1` – `Auto-DevOps\.gitlab-ci\.yml`/);
    assert.match(text, /agents are ready, jobs still need the cluster/);
  });

  it('is a project without any file: it needs nothing, and is in nobody’s way (17)', async () => {
    const { plan } = await start((what, project) => {
      authorise(what);
      what.world.files.splice(
        0,
        what.world.files.length,
        ...what.world.files.filter((file) => file.projectId !== project.id),
      );
      putFile(what.world, project, 'README.md', 'x');
    });
    assert.match(await plan(), /Stage: ready to be switched off/);
  });

  it('is an address that only the cluster can reach, or none (22): it is said, and nothing else is taken for one', async () => {
    const { plan, what } = await start(({ world }) => void (world.agents.length = 0));
    assert.match(await plan(), /`wss:\/\/kas\.example\.com`\. The cluster has to reach it/);
    what.world.settings.kas = { externalUrl: 'wss://kas.example.com;rm', version: '18.2.1' };
    assert.match(await plan(), /The address of the agent server \(KAS\) is not reported/);
  });

  it('is what is left behind (23, 24, 25): to look at in order, the account kept until nobody needs the way back', async () => {
    const { plan } = await start();
    const [, part = ''] = (await plan()).split('## 8. Afterwards');
    assert.match(part, /serviceaccount,pod install-gitlab-agent/);
    assert.match(part, /Until then keep the record, and the service account whose token it holds/);
    assert.match(part, /Never choose “Remove integration and resources”/);
    assert.doesNotMatch(part, /kubectl [^\n]*(?:delete|apply|create)/);
  });

  it('is a limit of requests (26): what was read until then is used next time, unless it is old', async () => {
    const what = company('group', 12, 3);
    const flow = await open({ world: what.world, token: 'token', groups: [{ id: what.root.id, path: 'corp' }] });
    await flow.read();
    const lab = moveLab(flow);
    const question = ['Read the CI configurations', 'Continue'] as const;
    const lints = (): number => flow.gitlab.requests.filter(({ path }) => path.includes('/ci/lint')).length;
    const stop = flow.gitlab.onRequest(({ request }) =>
      request.path.includes('/ci/lint') && lints() > 10 ? json(401, { message: '401 Unauthorized' }) : undefined,
    );
    flow.dialogs.will(question);
    await assert.rejects(async () => lab.commands[commands.planMigration](flow.row('old-cluster')), GitLabError);
    stop();
    flow.gitlab.clearRequests();
    flow.dialogs.will(question);
    await lab.commands[commands.planMigration](flow.row('old-cluster'));
    assert.ok(lints() > 0 && lints() < 13, `${lints()}`);

    flow.dialogs.onReport = (message, cancel) => void (message.startsWith('5 of') && cancel());
    flow.dialogs.will(question);
    await lab.commands[commands.planMigration](flow.row('old-cluster'));
    flow.dialogs.onReport = () => undefined;
    flow.gitlab.clearRequests();
    lab.now = new Date(Date.now() + 3_600_000);
    flow.dialogs.will(question);
    await lab.commands[commands.planMigration](flow.row('old-cluster'));
    assert.equal(lints(), 13);
  });

  it('is a list of one hundred (27): further pages are read, one request each', async () => {
    const { flow, what, plan } = await start(({ world }, project) => {
      for (let n = 0; n < 120; n++) addEnvironment(world, project, `review/${n}`);
    });
    flow.gitlab.clearRequests();
    const text = await plan();
    assert.match(text, /It serves environments: 123, in projects: 1\./);
    assert.match(text, /`review\/119`/);
    assert.ok(Math.max(...requestsPerProject(flow.gitlab.requests, what)) <= REQUESTS_PER_PROJECT + 1);
  });

  it('is an environment that does not exist yet: a job counts for each scope its name may come to', async () => {
    const text = 'deploy:\n  environment: feature/$CI_COMMIT_REF_SLUG\n  script:\n    - kubectl apply -f k8s.yml\n';
    const { flow, lab } = await start(({ world }, project) => {
      putFile(world, project, '.gitlab-ci.yml', text);
      addCluster(world, project, { name: 'eu-cluster', environmentScope: 'feature/eu-*' });
      addCluster(world, project, { name: 'us-cluster', environmentScope: 'review/us-*' });
    });
    for (const [name, count] of [
      ['eu-cluster', 1],
      ['us-cluster', 0],
    ] as const) {
      await lab.commands[commands.planMigration](flow.row(name));
      const plan = lab.documents.get(`Move of ${name}`) ?? '';
      assert.equal(plan.includes('`deploy` (environment `feature/$CI_COMMIT_REF_SLUG`)'), count > 0, name);
    }
  });
});
