import assert from 'node:assert/strict';
import { commands } from '../../../../src/contributions';
import { readAgentConfigurations } from '../../../gitlab/agents/access';
import { addCluster, addEnvironment, addToken, addUser, putFile, setRole, setVariable } from '../../../gitlab/populate';
import { profileOf } from '../../../gitlab/profiles';
import { fileOn } from '../../../gitlab/repositories';
import { flowLabs } from '../flowLab';
import type { FlowLab } from '../flowLab';
import { REQUESTS_PER_PROJECT } from '../../../../src/core/migration/movePlan';
import type { Project } from '../../../gitlab/world';
import { company } from './companies';
import type { Company } from './companies';
import { moveLab } from './moveLab';
import type { MoveLab } from './moveLab';

const title = 'Move of old-cluster';
const table = 'Moves to the GitLab agent';
const ci = [
  'deploy:',
  '  environment: production',
  '  script:',
  '    - kubectl apply -n $KUBE_NAMESPACE -f k8s.yml',
  'old:',
  '  only: {kubernetes: active}',
  '  script: [true]',
  '',
].join('\n');

describe('The plan of a move', () => {
  const open = flowLabs();

  const start = async (version?: string): Promise<{ flow: FlowLab; lab: MoveLab; what: Company }> => {
    const what = company('project', 1, 1);
    const [first] = what.projects;
    assert.ok(first);
    putFile(what.world, first.project, '.gitlab-ci.yml', ci);
    const projects = [
      { id: what.agents.id, path: 'corp/agents' },
      { id: first.project.id, path: 'corp/team-1/app-1' },
    ];
    const profile = profileOf(version);
    const flow = await open({ world: what.world, token: 'token', projects, profile });
    await flow.read();
    return { flow, lab: moveLab(flow), what };
  };
  const authorise = (what: Company): void => {
    putFile(what.world, what.agents, '.gitlab/agents/prod/config.yaml', 'ci_access:\n  groups:\n    - id: corp\n');
    readAgentConfigurations({ world: what.world, profile: profileOf() });
  };

  it('has eight parts, and says of each answer how it is known', async () => {
    const { flow, lab, what } = await start();
    authorise(what);
    await lab.commands[commands.planMigration](flow.row('old-cluster'));
    const plan = lab.documents.get(title) ?? '';
    if (process.env['SHOW_PLAN']) console.log(plan);
    const owner = lab.titles.at(-1)?.slice(title.length) ?? '';
    assert.match(owner, /^ · [^·]+ · Example GitLab$/);
    assert.equal(flow.dialogs.progressed[0], `Planning the move of old-cluster${owner}`);
    assert.deepEqual(plan.match(/^## \d\. .*/gm), [
      '## 1. What it serves',
      '## 2. Who uses it',
      '## 3. What takes its place',
      '## 4. Same place?',
      '## 5. CI changes',
      '## 6. Check before the switch',
      '## 7. Switch off',
      '## 8. Afterwards',
    ]);
    for (const line of [
      '- `production` – `corp/team-1/app-1`',
      '`corp/team-1/app-1` – `deploy` (environment `production`): `KUBE_NAMESPACE`, `kubectl` with the default context',
      '`old`: `kubernetes: active`, so the job silently vanishes without a cluster',
      'The agent `corp/agents:prod` may be used by the jobs of 1 of these projects.',
      'It is connected. *(read)*',
      '`production` – `corp/team-1/app-1`: equal: `app-1-2-production`',
      'delete_resources: never',
      '`old`: remove the condition on a certificate cluster',
      'Jobs that still need the certificate cluster: **2**',
      'The agent `corp/agents:prod` is connected: **yes**',
      'Other branches than the default one',
    ]) {
      assert.ok(plan.includes(line), line);
    }
  });

  it('tells rows of the tree how far the move is', async () => {
    const { flow, lab, what } = await start();
    authorise(what);
    const listed = flow.finder.known().clusters.find(({ name }) => name === 'old-cluster');
    assert.ok(listed);
    assert.equal(lab.stages.of(listed), undefined);
    await lab.commands[commands.planMigration](flow.row('old-cluster'));
    const { stage, blockers } = lab.stages.of(listed) ?? {};
    assert.deepEqual([stage, blockers], ['jobsLeft', [{ kind: 'jobs', count: 2, projects: 1 }]]);
    assert.equal(lab.stages.of({ ...listed, enabled: false }), undefined);
  });

  it('shows the CI file beside the one that moves, and sends nothing for it', async () => {
    const { flow, lab, what } = await start();
    authorise(what);
    await lab.commands[commands.planMigration](flow.row('old-cluster'));
    await lab.commands[commands.openCiDiff](title);
    const [compared] = lab.compared;
    assert.ok(compared);
    assert.equal(compared[1], ci);
    assert.match(compared[2], /- kubectl config use-context corp\/agents:prod\n {4}- kubectl apply/);
    assert.match(compared[2], /KUBE_NAMESPACE: app-1-2-production/);
    assert.ok(flow.gitlab.requests.every(({ method, path }) => method === 'GET' || path.includes('graphql')));
  });

  it('creates a merge request after a question, once, and not of a file that somebody has changed', async () => {
    const { flow, lab, what } = await start();
    const [first] = what.projects;
    assert.ok(first);
    authorise(what);
    await lab.commands[commands.planMigration](flow.row('old-cluster'));
    flow.dialogs.will(
      ['Create Merge Requests', 'corp/team-1/app-1'],
      ['Create a merge request in corp/team-1/app-1?', undefined],
    );
    await lab.commands[commands.createMoveRequest](title);
    assert.equal(what.world.mergeRequests.length, 0);
    flow.dialogs.will(
      ['Create Merge Requests', 'corp/team-1/app-1'],
      [
        'Create a merge request in corp/team-1/app-1?',
        () => {
          putFile(what.world, first.project, '.gitlab-ci.yml', `# theirs\n${ci}`);
          return 'Create Merge Request';
        },
      ],
    );
    await assert.rejects(async () => lab.commands[commands.createMoveRequest](title));
    assert.equal(what.world.mergeRequests.length + what.world.branches.length, 0);
    flow.dialogs.will(
      ['Create Merge Requests', 'corp/team-1/app-1'],
      ['Create a merge request in corp/team-1/app-1?', 'Create Merge Request'],
    );
    await lab.commands[commands.createMoveRequest](title);
    const [made] = what.world.mergeRequests;
    assert.ok(made);
    assert.match(fileOn(what.world, first.project, '.gitlab-ci.yml', made.sourceBranch) ?? '', /^# theirs\n/);
    const posts = flow.gitlab.requests.filter(({ method, path }) => method === 'POST' && !path.includes('graphql'));
    assert.equal(posts.filter(({ status }) => status === 201).length, 2);
    const { projectWrites } = await flow.journal.read();
    assert.deepEqual(
      projectWrites.map(({ kind, outcome, thing, part }) => [kind, outcome, thing.name, part?.name]),
      [
        ['openMergeRequest', 'done', made.sourceBranch, undefined],
        ['commit', 'done', made.sourceBranch, '.gitlab-ci.yml'],
        ['commit', 'failed', made.sourceBranch, '.gitlab-ci.yml'],
      ],
    );
  });

  it('names a new agent and the commands that install it, where there is none', async () => {
    const { flow, lab, what } = await start();
    what.world.agents.length = 0;
    await lab.commands[commands.planMigration](flow.row('old-cluster'));
    const plan = lab.documents.get(title) ?? '';
    assert.match(plan, /register the agent `old-cluster` in `corp\/team-1\/app-1`/);
    assert.match(plan, /config\.kasAddress='wss:\/\/kas\.example\.com'/);
    assert.doesNotMatch(plan, /config\.token/);
    assert.match(plan, /kubectl config use-context|changes that were read back are ready/);
  });

  it('says what an old server cannot tell', async () => {
    const { flow, lab } = await start('15.1.0');
    await lab.commands[commands.planMigration](flow.row('old-cluster'));
    const plan = lab.documents.get(title) ?? '';
    assert.match(plan, /Projects whose agents are not visible: 1/);
    assert.match(plan, /this version makes no namespaces through an agent/);
    assert.match(plan, /GitLab 15\.1\.0/);
    assert.match(plan, /`KUBE_NAMESPACE`/);
  });

  for (const [version, ...lines] of [
    ['13.6.7', /Projects whose agents are not visible: 1/, /this GitLab version doesn’t report which/],
    ['14.10.5', /Projects whose agents are not visible: 1/, /not provable: `app-1-2-production` before/],
    ['16.1.0', /may be used by the jobs of 1 of these projects/, /this version makes no namespaces through an agent/],
    ['17.9.0', /may be used by the jobs of 1/, /name: '\{\{ \.project\.slug \}\}-/, /Before GitLab 18\.0/],
    ['18.5.0', /may be used by the jobs of 1/, /name: '\{\{ \.legacy_namespace \}\}'/, /equal: `app-1-2-production`/],
  ] as const) {
    it(`is made with GitLab ${version}, too, and finds the same jobs`, async () => {
      const { flow, lab, what } = await start(version);
      authorise(what);
      await lab.commands[commands.planMigration](flow.row('old-cluster'));
      const plan = lab.documents.get(title) ?? '';
      for (const line of lines) assert.match(plan, line);
      assert.match(plan, /`deploy` \(environment `production`\): `KUBE_NAMESPACE`, `kubectl` with the default context/);
      assert.match(plan, /Jobs that need it: 2, in projects: 1/);
    });
  }

  it('says which environments would go to another cluster, before it is switched off', async () => {
    const { flow, lab, what } = await start();
    authorise(what);
    addCluster(what.world, what.root, { name: 'far-cluster' });
    await flow.read();
    await lab.commands[commands.planMigration](flow.row('old-cluster'));
    const plan = lab.documents.get(title) ?? '';
    assert.match(plan, /Environments that would go to another certificate cluster: \*\*3\*\*/);
    assert.match(plan, /would go to corp \/ far-cluster instead/);
  });

  it('counts only jobs of environments that the cluster serves', async () => {
    const { flow, lab, what } = await start();
    const [first] = what.projects;
    assert.ok(first);
    authorise(what);
    addCluster(what.world, first.project, { name: 'staging-cluster', environmentScope: 'staging*' });
    addEnvironment(what.world, first.project, 'staging/2');
    const text = `a:\n  environment: staging/$N\n  script: [kubectl get pods]\n${ci}`;
    putFile(what.world, first.project, '.gitlab-ci.yml', text);
    await flow.read();
    await lab.commands[commands.planMigration](flow.row('staging-cluster'));
    const plan = lab.documents.get('Move of staging-cluster') ?? '';
    assert.match(plan, /Jobs that need it: 1, in projects: 1/);
    assert.match(plan, /– `a` \(environment `staging\/\$N`\)/);
    await lab.commands[commands.planMigration](flow.row('old-cluster'));
    assert.match(lab.documents.get(title) ?? '', /Jobs that need it: 2, in projects: 1/);
  });

  it('counts a job that is gated for the cluster with the scope *, whatever its environment', async () => {
    const { flow, lab, what } = await start();
    const [first] = what.projects;
    assert.ok(first);
    authorise(what);
    addCluster(what.world, first.project, { name: 'staging-cluster', environmentScope: 'staging' });
    const text = 'a:\n  environment: staging\n  only: {kubernetes: active}\n  script: [kubectl get pods]\n';
    putFile(what.world, first.project, '.gitlab-ci.yml', text);
    await flow.read();
    const needs = async (name: string): Promise<string | undefined> => {
      await lab.commands[commands.planMigration](flow.row(name));
      return /– `a` \(environment `staging`\): (.*)/.exec(lab.documents.get(`Move of ${name}`) ?? '')?.[1];
    };
    assert.equal(await needs('staging-cluster'), '`kubectl` with the default context');
    assert.match((await needs('old-cluster')) ?? '', /^`kubernetes: active`, so the job/);
  });

  describe('of Auto DevOps', () => {
    const withAutoDevOps = async (): Promise<{ flow: FlowLab; lab: MoveLab; what: Company; project: Project }> => {
      const { flow, lab, what } = await start();
      const [first] = what.projects;
      assert.ok(first);
      authorise(what);
      putFile(what.world, first.project, '.gitlab-ci.yml', 'include: {template: Auto-DevOps.gitlab-ci.yml}\n');
      return { flow, lab, what, project: first.project };
    };
    const stage = async (flow: FlowLab, lab: MoveLab): Promise<string> => {
      flow.gitlab.clearRequests();
      await lab.commands[commands.planMigration](flow.row('old-cluster'));
      return lab.documents.get(title) ?? '';
    };

    it('counts as moved once KUBE_CONTEXT is that of an agent its jobs may use', async () => {
      const { flow, lab, what, project } = await withAutoDevOps();
      assert.match(await stage(flow, lab), /jobs still need the cluster/);
      setVariable(what.world, project, 'KUBE_CONTEXT', 'corp/agents:prod');
      const plan = await stage(flow, lab);
      assert.match(plan, /Stage: ready to be switched off/);
      assert.match(plan, /Jobs that have moved:.*\n\n- `corp\/team-1\/app-1` – `production` .*: `KUBE_CONTEXT`/);
      assert.match(plan, /CI\/CD variables of groups, and all of projects but `KUBE_CONTEXT`/);
      const about = flow.gitlab.requests.filter(({ path }) =>
        new RegExp(`/projects/${project.id}/(?!clusters)`).test(path),
      );
      assert.ok(about.length <= REQUESTS_PER_PROJECT, about.map(({ path }) => path).join(' '));
    });

    it('has not moved where the variable is of another scope or names no agent its jobs may use', async () => {
      for (const [value, more, problem] of [
        ['corp/agents:prod', { environmentScope: 'staging' }, /is set, and not for every environment/],
        ['corp/agents:other', {}, /is set, and not for every environment/],
        ['gitlab-deploy', {}, /is set, and not for every environment/],
      ] as const) {
        const { flow, lab, what, project } = await withAutoDevOps();
        setVariable(what.world, project, 'KUBE_CONTEXT', value, more);
        const plan = await stage(flow, lab);
        assert.match(plan, /jobs still need the cluster/);
        assert.match(plan, problem);
      }
    });

    it('is looked at scope by scope where there are several', async () => {
      const { flow, lab, what, project } = await withAutoDevOps();
      setVariable(what.world, project, 'KUBE_CONTEXT', 'corp/agents:prod', { environmentScope: 'production' });
      setVariable(what.world, project, 'KUBE_CONTEXT', 'gitlab-deploy', { environmentScope: 'test' });
      assert.match(await stage(flow, lab), /Stage: ready to be switched off/);
    });

    it('asks for no other variable, and says where it may not be read', async () => {
      const { flow, lab, what, project } = await withAutoDevOps();
      setVariable(what.world, project, 'PASSWORD', 'hunter2');
      const plan = await stage(flow, lab);
      const asked = flow.gitlab.requests.filter(({ path }) => path.includes('/variables'));
      assert.deepEqual(
        asked.map(({ path }) => path.replace(/^.*\/variables/, '')),
        ['/KUBE_CONTEXT'],
      );
      assert.ok(!plan.includes('hunter2'));
      const developer = addUser(what.world, { username: 'dora' });
      addToken(what.world, developer, 'weak', { scopes: ['read_api'] });
      setRole(what.world, developer, what.root, 30);
      await flow.accounts.accounts.replaceToken(flow.host.url, 'weak');
      await flow.read();
      assert.match(await stage(flow, lab), /It is not known whether Auto DevOps has moved there/);
    });

    it('takes six requests for a project at most, its clusters and its file included', async () => {
      const what = company('group', 2, 9);
      authorise(what);
      const [first, second] = what.projects;
      assert.ok(first && second);
      const include = 'include: {template: Auto-DevOps.gitlab-ci.yml}\n';
      putFile(what.world, first.project, '.gitlab-ci.yml', include);
      putFile(what.world, second.project, '.gitlab-ci.yml', `${include}${ci}`);
      const flow = await open({ world: what.world, token: 'token', groups: [{ id: what.root.id, path: 'corp' }] });
      await flow.read();
      const plan = await stage(flow, moveLab(flow));
      assert.match(plan, /`corp\/team-1\/app-1`: Auto DevOps, which moves by variables of the project/);
      assert.match(plan, /`corp\/team-2\/app-2`: changes that were read back are ready/);
      for (const [{ project }, isAsked] of [
        [first, true],
        [second, false],
      ] as const) {
        const asked = flow.gitlab.requests.filter(
          ({ path, body }) =>
            new RegExp(`/projects/${project.id}(?:[/?]|$)`).test(path) || body.includes(`/${project.path}"`),
        );
        assert.ok(asked.length <= REQUESTS_PER_PROJECT, asked.map(({ path }) => path).join(' '));
        assert.equal(
          asked.some(({ path }) => path.endsWith('/variables/KUBE_CONTEXT')),
          isAsked,
        );
      }
    });

    it('without any file of its own is moved by the variable, too', async () => {
      const { flow, lab, what, project } = await withAutoDevOps();
      putFile(what.world, project, 'README.md', 'hello');
      what.world.files.splice(
        what.world.files.findIndex((one) => one.projectId === project.id && one.path === '.gitlab-ci.yml'),
        1,
      );
      project.autoDevOps = true;
      assert.match(await stage(flow, lab), /jobs still need the cluster/);
      setVariable(what.world, project, 'KUBE_CONTEXT', 'corp/agents:prod');
      const plan = await stage(flow, lab);
      assert.match(plan, /Stage: ready to be switched off/);
      assert.match(plan, /– Auto DevOps: `KUBE_CONTEXT` = `corp\/agents:prod`/);
    });
  });

  it('goes on where it was cancelled', async () => {
    const what = company('group', 20, 3);
    const flow = await open({ world: what.world, token: 'token', groups: [{ id: what.root.id, path: 'corp' }] });
    await flow.read();
    const lab = moveLab(flow);
    flow.dialogs.will(['Read the CI configurations and environments of 21 projects?', 'Continue']);
    flow.dialogs.onReport = (message, cancel) => void (message.startsWith('5 of') && cancel());
    await lab.commands[commands.planMigration](flow.row('old-cluster'));
    assert.match(lab.documents.get(title) ?? '', /Cancelled: projects that had not been read yet are missing/);
    assert.match(lab.documents.get(title) ?? '', /Projects not looked at: /);
    flow.dialogs.onReport = () => undefined;
    flow.gitlab.clearRequests();
    flow.dialogs.will(['Read the CI configurations and environments of 21 projects?', 'Continue']);
    await lab.commands[commands.planMigration](flow.row('old-cluster'));
    const lints = flow.gitlab.requests.filter(({ path }) => path.includes('/ci/lint')).length;
    assert.ok(lints < 21 && lints > 0, `${lints}`);
    assert.doesNotMatch(lab.documents.get(title) ?? '', /Cancelled/);
  });

  it('is not in the way of secrets: nothing of a configuration or file is kept or logged', async () => {
    const { flow, lab, what } = await start();
    const [first] = what.projects;
    assert.ok(first);
    putFile(what.world, first.project, '.gitlab-ci.yml', `variables:\n  PASSWORD: hunter2-in-yaml\n${ci}`);
    authorise(what);
    await lab.commands[commands.planMigration](flow.row('old-cluster'));
    const kept = JSON.stringify([[...lab.documents], flow.dialogs.shown, [...flow.dialogs.texts], [...lab.memory]]);
    assert.ok(!kept.includes('hunter2'));
  });
});

describe('The table of moves', () => {
  const open = flowLabs();

  const start = async (): Promise<{ flow: FlowLab; lab: MoveLab }> => {
    const what = company('group', 3, 5);
    addCluster(what.world, what.root, { name: 'off', enabled: false, environmentScope: 'x' });
    const flow = await open({ world: what.world, token: 'token', groups: [{ id: what.root.id, path: 'corp' }] });
    await flow.read();
    return { flow, lab: moveLab(flow) };
  };

  it('has each cluster with its stage, what blocks it, and the days that are left', async () => {
    const { lab } = await start();
    lab.now = new Date('2027-04-21T12:00:00Z');
    await lab.commands[commands.showMigrations]();
    const text = lab.documents.get(table) ?? '';
    if (process.env['SHOW_PLAN']) console.log(text);
    assert.match(
      text,
      /## Stage: not started\n\n\| Cluster +\| ID +\| Location +\| Blocked by +\|\n\|[ -|]+\|\n\| old-cluster \| 1 +\| corp +\| Jobs that need it: \d+, in projects: \d/,
    );
    assert.match(
      text,
      /## Stage: switched off\n\n.*\n.*\n\| off +\| 2 +\| corp +\| When it was switched off is not in the history/,
    );
    assert.match(text, /Days left until 2027-05-01: 10\./);
    assert.match(text, /the date may still be moved/);
    assert.match(text, /2027-04-19 +1 █/);
  });

  it('is exported with the notes of the user, which are never sent', async () => {
    const { flow, lab } = await start();
    flow.dialogs.will(['Note About the Move', '=ask Ada first']);
    await lab.commands[commands.editMoveNote](flow.row('old-cluster'));
    flow.dialogs.will(['Export Migration Table As', 'CSV']);
    await lab.commands[commands.exportMigrations]();
    const [exported] = flow.dialogs.documents;
    assert.ok(exported);
    assert.match(exported.content, /^hostName,host,level,owner,cluster,/);
    assert.match(exported.content, /old-cluster,1,\*,true,notStarted,/);
    assert.match(exported.content, /'=ask Ada first/);
    assert.ok(flow.gitlab.requests.every(({ path, body }) => !`${path} ${body}`.includes('Ada')));
    flow.dialogs.will(['Export Migration Table As', 'Markdown']);
    await lab.commands[commands.exportMigrations]();
    assert.match(flow.dialogs.documents[1]?.content ?? '', /^\| hostName \|/);
  });

  it('takes a date of the settings for what it is', async () => {
    const { lab } = await start();
    lab.removalDate = 'soon';
    await lab.commands[commands.showMigrations]();
    assert.match(lab.documents.get(table) ?? '', /is not a date: soon/);
  });
});
