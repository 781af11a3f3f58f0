import assert from 'node:assert/strict';
import { readAgentConfigurations } from '../gitlab/agents/access';
import { mergeCi } from '../gitlab/ciMerge';
import type { RecordedRequest } from '../gitlab/faults';
import { addToken, putFile } from '../gitlab/populate';
import { profileOf } from '../gitlab/profiles';
import { fileOn, mergeRequest } from '../gitlab/repositories';
import { startGitLab } from '../gitlab/server';
import type { GitLab } from '../gitlab/server';
import type { Workbench } from '../lab/workbench';
import { movedCi } from '../unit/features/migration/companies';
import type { Company } from '../unit/features/migration/companies';
import {
  answerInRounds,
  compareWithTruth,
  leastRounds,
  pathOf,
  requestsPerProject,
} from '../unit/features/migration/companyFigures';
import { eventually } from './eventually';
import { openWithHosts } from './hosts';
import type { Editor } from './useEditor';

/** Merge requests that are opened one by one; the other projects are changed by somebody by hand. */
const ENOUGH = 40;
/** Milliseconds after which the extension, in a process of its own, has nothing more to send. */
const QUIET = 300;
/** More projects than these are asked about before they are read. */
const UNASKED = 8;
/** Milliseconds; a plan of three hundred projects takes half of it. */
const LONGEST_PLAN = 180_000;
const TOKEN = 'company-token-of-mia';
const IN_YAML = 'hunter2-written-in-yaml';
const CONFIG = '.gitlab/agents/prod/config.yaml';

/** What a whole move took. */
export interface MoveFigures {
  readonly jobs: number;
  readonly needing: number;
  readonly missed: readonly string[];
  readonly falseAlarms: readonly string[];
  /** Requests that only read, and those that write. */
  readonly asked: number;
  readonly written: number;
  readonly mergeRequests: number;
  /** Of the first plan, for the project that took most. */
  readonly perProject: number;
  /** Rounds of answers the first plan took, beside the least there can be. */
  readonly rounds: number;
  /** How long the second plan took where each answer takes `latency`, beside the time of the least rounds. */
  readonly wall: number;
}

/**
 * Moves the cluster of a company from start to end in the window: finds agents, plans, authorises, changes the CI
 * configurations by merge requests that the stand-in merges, checks, switches off, and looks at what is left.
 * `latency`: of each answer while the second plan is made, in milliseconds.
 */
export async function moveCompany(
  editor: Editor,
  what: Company,
  level: 'project' | 'group' | 'instance',
  latency: number,
): Promise<MoveFigures> {
  const gitlab = await startGitLab({ world: what.world });
  try {
    return await moved(editor, gitlab, what, level, latency);
  } finally {
    await gitlab.close();
  }
}

async function moved(
  editor: Editor,
  gitlab: GitLab,
  what: Company,
  level: 'project' | 'group' | 'instance',
  latency: number,
): Promise<MoveFigures> {
  const { world, root, agents, projects, cluster } = what;
  const picture = (workbench: Workbench, name: string): Promise<void> =>
    workbench.screenshot(`move-${level}-${name}-${editor.version}`);
  const workbench = await open(editor, gitlab, what, level);

  // Agents are found before anything is planned.
  const host = workbench.row('Example GitLab');
  await workbench.chooseFromMenu(host, 'Find GitLab Agents…');
  await workbench.tab('Agents of Example GitLab').waitFor();
  await showsText(workbench, /corp\/agents.*prod.*connected/);

  // The plan at the beginning, measured and compared with what is true.
  const before = gitlab.requests.length;
  const rounds = answerInRounds(gitlab, QUIET);
  const first = await plan(workbench, gitlab, projects.length);
  const taken = rounds.end();
  const least = leastRounds(gitlab.requests.length - before);
  const truth = compareWithTruth(first.text, what);
  assert.match(first.text, /Stage: not started/);
  await picture(workbench, 'plan');

  // The agent is authorised by a merge request in its own project.
  await workbench.runCommand('GitLab Clusters: Open Agent Configuration Diff');
  await workbench.tab(/config.yaml of corp.agents/).waitFor();
  await workbench.page.locator('.line-insert').first().waitFor();
  await picture(workbench, 'agent-diff');
  await workbench.tab('Move of old-cluster').click();
  await workbench.runCommand('GitLab Clusters: Create Merge Requests…');
  await tick(workbench, 'Configuration of the Agent');
  await agree(workbench, gitlab, 'corp/agents', 1);
  mergeRequest(world, agents, 1);
  assert.match(fileOn(world, agents, CONFIG) ?? '', /^# Agent of everybody\n/);
  readAgentConfigurations({ world, profile: profileOf() });

  // Every project that can be changed with certainty gets a merge request; a person does the others.
  gitlab.latency = latency;
  const second = await plan(workbench, gitlab, projects.length);
  gitlab.latency = 0;
  assert.match(second.text, /agents are ready, jobs still need the cluster/);
  const changeable = projects.filter(({ project }) =>
    second.text.includes(`\`${pathOf(project)}\`: changes that were read back are ready`),
  );
  const wanted = changeable.slice(0, ENOUGH);
  for (const [index, { project }] of wanted.entries()) {
    const path = pathOf(project);
    if (index === 0) {
      await workbench.runCommand('GitLab Clusters: Open CI Diff');
      if (changeable.length > 1) await choose(workbench, path);
      await workbench.tab(/gitlab-ci.yml of corp/).waitFor();
      await workbench.page.locator('.line-insert').first().waitFor();
      await picture(workbench, 'ci-diff');
      await workbench.tab('Move of old-cluster').click();
    }
    await workbench.runCommand('GitLab Clusters: Create Merge Requests…');
    await tick(workbench, path);
    await agree(workbench, gitlab, path, index + 2);
    mergeRequest(world, project, 1);
    const merged = mergeCi(
      fileOn(world, project, '.gitlab-ci.yml') ?? '',
      { local: (file) => fileOn(world, project, file), other: (_, file) => fileOn(world, agents, file) },
      false,
    );
    assert.deepEqual(merged.errors, [], path);
  }
  for (const { project } of projects) putFile(world, project, '.gitlab-ci.yml', movedCi);

  // The check finds nothing left, and the cluster is switched off.
  await workbench.runCommand('GitLab Clusters: Switch Off Certificate Cluster…');
  await goOn(workbench, projects.length);
  const question = /Disable 1 cluster/;
  await workbench.dialog.filter({ hasText: question }).waitFor({ timeout: LONGEST_PLAN });
  await picture(workbench, 'switch-off');
  await workbench.answerDialog('Disable 1 Cluster');
  await workbench.tab('Results of changing clusters').waitFor();
  assert.equal(cluster.enabled, false);
  assert.equal(cluster.namespacePerEnvironment, true);
  await workbench.row('old-cluster').filter({ hasText: 'disabled' }).waitFor();

  // What is left, and the row of the table.
  const last = await plan(workbench, gitlab, projects.length);
  assert.match(last.text, /Stage: switched off/);
  assert.match(last.text, /kubectl get/);
  await workbench.runCommand('GitLab Clusters: Show Migration Table');
  await goOn(workbench, projects.length);
  await workbench.tab('Moves to the GitLab agent').waitFor({ timeout: LONGEST_PLAN });
  await showsText(workbench, /Stage: switched off/);
  await showsText(workbench, /\| old-cluster/);
  await picture(workbench, 'table');
  const moves = workbench.row('Moves to the agent');
  await workbench.expand(moves);
  await moves.filter({ hasText: '1 of 1 ready or off' }).waitFor();
  await workbench.rows.filter({ hasText: 'switched off · ' }).waitFor();
  await picture(workbench, 'row');

  const asked = gitlab.requests.filter(({ method, path }) => method === 'GET' || path.includes('graphql')).length;
  const puts = gitlab.requests.filter(({ method, path }) => method === 'PUT' && path.includes('/clusters/'));
  assert.equal(puts.length, 1, 'it is switched off by one request');
  assert.equal(world.mergeRequests.length, wanted.length + 1);
  assert.equal(root.path, 'corp');
  return {
    jobs: truth.jobs,
    needing: truth.needing,
    missed: truth.missed,
    falseAlarms: truth.falseAlarms,
    asked,
    written: gitlab.requests.length - asked,
    mergeRequests: world.mergeRequests.length,
    perProject: Math.max(...requestsPerProject(first.requests, what)),
    rounds: taken / least,
    wall: latency === 0 ? 0 : second.wall / (leastRounds(second.requests.length) * latency),
  };
}

async function open(
  editor: Editor,
  { url }: GitLab,
  { world, agents, root, projects: [first] }: Company,
  level: 'project' | 'group' | 'instance',
): Promise<Workbench> {
  const [user] = world.users;
  assert.ok(user && first);
  addToken(world, user, TOKEN, { scopes: ['api', 'admin_mode'] });
  // Read with every plan of the instance, and shown nowhere.
  putFile(world, agents, '.gitlab-ci.yml', `variables:\n  PASSWORD: ${IN_YAML}\ntest:\n  script: ["true"]\n`);
  for (const secret of [IN_YAML, 'service-token-1', 'glagent-']) editor.secrets.add(secret);
  const ofAgents = { id: agents.id, path: 'corp/agents' };
  const workbench = await openWithHosts(editor, [
    {
      url,
      token: TOKEN,
      name: 'Example GitLab',
      projects: level === 'project' ? [ofAgents, { id: first.project.id, path: pathOf(first.project) }] : [ofAgents],
      groups: level === 'group' ? [{ id: root.id, path: 'corp' }] : [],
    },
  ]);
  await workbench.page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  if (level === 'instance') {
    await workbench.row('All clusters').locator('.monaco-tl-twistie').click();
    await workbench.row('All clusters').filter({ hasText: 'just now' }).waitFor({ timeout: 60_000 });
  }
  await workbench.row('old-cluster').waitFor();
  return workbench;
}

/** Plans the move from the cluster's row, and copies the document. What was sent counts from the question on. */
async function plan(
  workbench: Workbench,
  { requests }: GitLab,
  count: number,
): Promise<{ readonly text: string; readonly requests: readonly RecordedRequest[]; readonly wall: number }> {
  await workbench.runCommand('View: Close All Editors');
  let before = requests.length;
  await workbench.chooseFromMenu(workbench.row('old-cluster'), 'Plan Move to the GitLab Agent');
  if (count > UNASKED) {
    await workbench.dialog.waitFor();
    before = requests.length;
  }
  await goOn(workbench, count);
  await workbench.tab('Move of old-cluster').waitFor({ timeout: LONGEST_PLAN });
  const sent = requests.slice(before);
  const wall = Math.max(...sent.map(({ answeredAt }) => answeredAt ?? 0)) - (sent[0]?.receivedAt ?? 0);
  await workbench.page.evaluate(() => navigator.clipboard.writeText(''));
  await workbench.runCommand('GitLab Clusters: Copy Plan');
  let text = '';
  await eventually(async () => {
    text = await workbench.page.evaluate(() => navigator.clipboard.readText());
    assert.match(text, /^# Move of/);
  });
  return { text, requests: sent, wall };
}

/** Agrees to read many projects, where that is asked. */
async function goOn(workbench: Workbench, count: number): Promise<void> {
  if (count > UNASKED) await workbench.answerDialog('Continue');
}

async function choose(workbench: Workbench, path: string): Promise<void> {
  await workbench.quickInput.waitFor();
  await workbench.typeQuickInput(path);
  await workbench.choose(path);
}

/** Ticks one of several, and accepts that. */
async function tick(workbench: Workbench, label: string): Promise<void> {
  await choose(workbench, label);
  await workbench.acceptQuickInput();
}

/** Agrees to a merge request, and waits until it is the so-manieth of all. */
async function agree(workbench: Workbench, { world }: GitLab, path: string, number: number): Promise<void> {
  const { message } = await workbench.readDialog();
  assert.equal(message, `Create a merge request in ${path}?`);
  await workbench.answerDialog('Create Merge Request');
  await eventually(() => assert.equal(world.mergeRequests.length, number));
}

/** The shown text; VS Code writes blanks as no-break spaces and renders only what fits. */
async function showsText(workbench: Workbench, pattern: RegExp): Promise<void> {
  await eventually(async () => {
    const text = await workbench.page.locator('.monaco-editor .view-lines').first().innerText();
    assert.match(text.replaceAll('\u00a0', ' '), pattern);
  });
}
