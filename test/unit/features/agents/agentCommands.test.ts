import assert from 'node:assert/strict';
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { commands } from '../../../../src/contributions';
import type { Agent } from '../../../../src/core/model/agent';
import type { AgentNode, AgentsNode } from '../../../../src/editor/clusterNodes';
import { demoFleet } from '../../../gitlab/demoFleet';
import { addAgent, addAgentToken, addCluster } from '../../../gitlab/populate';
import type { World } from '../../../gitlab/world';
import { flowLabs } from '../flowLab';
import type { FlowLab } from '../flowLab';

const management = { id: 3, path: 'platform/cluster-management' };

describe('agents', () => {
  const open = flowLabs();
  let lab: FlowLab;
  let world: World;

  beforeEach(async () => {
    world = demoFleet();
    lab = await open({ world, token: 'demo-maintainer', projects: [management] });
    await lab.read();
  });

  const groupAt = (host: FlowLab['host']['url']): AgentsNode => {
    const owner = { level: 'project', ...management } as const;
    const parent = { type: 'owner', host, owner, watched: true, fromWorkspace: false } as const;
    return { type: 'agents', list: 'own', host, project: management, parent };
  };
  const group = () => groupAt(lab.host.url);
  const row = async (name: string): Promise<AgentNode> => {
    await lab.agents.agents.load(lab.host.url, management);
    const agents: readonly Agent[] = lab.agents.agents.own(lab.host.url, management.id)?.value?.agents ?? [];
    const agent = agents.find((one) => one.name === name);
    assert.ok(agent, name);
    lab.gitlab.clearRequests();
    return { type: 'agent', parent: group(), agent };
  };
  const record = (name: string) => world.agents.find((one) => one.name === name) ?? assert.fail(name);
  const writes = () => lab.asked().filter((one) => !one.startsWith('GET') && !one.includes('graphql'));
  /** Everything a secret could have got to. */
  const traces = async (): Promise<string> => {
    const files = (await readdir(lab.folder, { recursive: true, withFileTypes: true })).filter((one) => one.isFile());
    const texts = await Promise.all(files.map(({ parentPath, name }) => readFile(join(parentPath, name), 'utf8')));
    const { dialogs } = lab;
    const told = dialogs.shown.filter(({ text }) => !text.startsWith('Token '));
    return JSON.stringify([texts, told, [...dialogs.texts], dialogs.progressed, dialogs.problems, dialogs.documents]);
  };
  const notes = async () =>
    (await lab.journal.read()).projectWrites.map(({ kind, thing, part, outcome }) => [
      kind,
      thing.name,
      part?.name,
      outcome,
    ]);

  it('are added with a token whose secret is shown once, copied, and nowhere else', async () => {
    lab.dialogs.will(
      ['Add Agent to platform/cluster-management', 'production'],
      ['Add the agent production', 'Add Agent'],
      ['Token production of the agent production', 'Copy Token'],
    );
    await lab.commands[commands.addAgent](group());
    lab.dialogs.assertAllAsked();
    const [token] = record('production').tokens;
    assert.ok(token);
    assert.equal(lab.dialogs.clipboard, token.secret);
    assert.match(lab.dialogs.find('Token production of the agent').detail, new RegExp(token.secret));
    assert.ok(!(await traces()).includes(token.secret));
    assert.deepEqual(writes(), ['POST /projects/3/cluster_agents', 'POST /projects/3/cluster_agents/3/tokens']);
    assert.deepEqual(await notes(), [
      ['addAgentToken', 'production', 'production', 'done'],
      ['addAgent', 'production', undefined, 'done'],
    ]);
  });

  it('are not added before the question was answered, nor with a name GitLab would refuse', async () => {
    lab.dialogs.will(
      ['Add Agent to', 'Production'],
      ['Add Agent to', 'production'],
      ['Add the agent production', undefined],
    );
    await lab.commands[commands.addAgent](group());
    assert.match(lab.dialogs.problems.join(), /lower-case/);
    assert.deepEqual(writes(), []);
  });

  it('whose name is taken get a token instead, if wanted', async () => {
    lab.dialogs.will(
      ['Add Agent to', 'spare'],
      ['spare is already registered in platform/cluster-management', 'Add Token…'],
      ['Add Token to Agent spare', 'spare'],
      ['Token spare of the agent spare', 'Copy Token'],
    );
    await lab.commands[commands.addAgent](group());
    assert.deepEqual(writes(), ['POST /projects/3/cluster_agents/2/tokens']);
  });

  it('stay without a token where that fails, which is said with the way on', async () => {
    lab.gitlab.onRequest(({ request }) =>
      request.path.endsWith('/tokens') && request.method === 'POST'
        ? { status: 403, headers: { 'Content-Type': 'application/json' }, body: '{"message":"403 Forbidden"}' }
        : undefined,
    );
    lab.dialogs.will(['Add Agent to', 'production'], ['Add the agent production', 'Add Agent']);
    await lab.commands[commands.addAgent](group());
    assert.match(lab.dialogs.told.join(), /production is registered, but its token was not created/);
    assert.deepEqual(lab.dialogs.find('was not created').offered, ['Add Token…']);
    assert.deepEqual((await notes())[0], ['addAgentToken', 'production', 'production', 'failed']);
  });

  it('are told to have a token nobody can use where the answer with its secret got lost; it is not sent again', async () => {
    lab.gitlab.onRequest(({ request, socket, ...exchange }) => {
      if (!request.path.endsWith('/tokens') || request.method !== 'POST') return undefined;
      exchange.gitlab();
      socket.destroy();
      return 'taken';
    });
    lab.dialogs.will(['Add Token to Agent spare', 'lost']);
    await lab.commands[commands.addAgentToken](await row('spare'));
    assert.match(lab.dialogs.told.join(), /token’s secret with it.*token lost, revoke it/);
    assert.equal(record('spare').tokens.length, 1);
    assert.deepEqual((await notes())[0], ['addAgentToken', 'spare', 'lost', 'unknown']);
  });

  it('do not lose their secret to a slip: closing without copying is asked for', async () => {
    lab.dialogs.will(
      ['Add Token to Agent spare', 'first'],
      ['Token first of the agent spare', undefined],
      ['Close without copying', undefined],
      ['Token first of the agent spare', undefined],
      ['Close without copying', 'Close Without Copying'],
    );
    await lab.commands[commands.addAgentToken](await row('spare'));
    lab.dialogs.assertAllAsked();
    assert.equal(lab.dialogs.clipboard, '');
  });

  it('with two tokens get no third, and the way to revoke one', async () => {
    addAgentToken(world, record('platform-agent'), { name: 'second' });
    lab.dialogs.will(
      ['has two active tokens', 'Revoke Token…'],
      ['Revoke Token of Agent platform-agent', 'second'],
      ['Revoke the token second', 'Revoke'],
    );
    await lab.commands[commands.addAgentToken](await row('platform-agent'));
    lab.dialogs.assertAllAsked();
    assert.deepEqual(
      record('platform-agent').tokens.map(({ revoked }) => revoked),
      [false, true],
    );
    assert.match(lab.dialogs.find('Revoke the token second').detail, /never used[\s\S]*other one/);
    assert.deepEqual((await notes())[0], ['revokeAgentToken', 'platform-agent', 'second', 'done']);
  });

  it('lose their only token with a warning', async () => {
    lab.dialogs.will(['Revoke Token of Agent', 'platform-agent'], ['Revoke the token platform-agent', undefined]);
    await lab.commands[commands.revokeAgentToken](await row('platform-agent'));
    assert.match(lab.dialogs.find('Revoke the token').detail, /last used 2 minutes ago\nIt is the only token/);
    assert.deepEqual(writes(), []);
  });

  it('are deleted after a question that names what stops working and what is kept', async () => {
    lab.dialogs.will(['Delete the agent platform-agent', 'Delete']);
    await lab.commands[commands.deleteAgent](await row('platform-agent'));
    const { detail } = lab.dialogs.find('Delete the agent');
    assert.match(detail, /It is connected: jobs that select the context platform\/cluster-management:platform-agent/);
    assert.match(detail, /Kept: what is installed in the cluster/);
    assert.deepEqual(lab.dialogs.find('Delete the agent').offered, ['Keep Agent', 'Delete'], 'Enter does no harm');
    assert.deepEqual(
      world.agents.map(({ name }) => name),
      ['spare'],
    );
    assert.deepEqual((await notes())[0], ['deleteAgent', 'platform-agent', undefined, 'done']);
  });

  it('that somebody deleted meanwhile are told to be gone', async () => {
    const spare = await row('spare');
    lab.dialogs.will([
      'Delete the agent spare',
      () => {
        world.agents.splice(1, 1);
        return 'Delete';
      },
    ]);
    await lab.commands[commands.deleteAgent](spare);
    assert.match(lab.dialogs.told.join(), /spare was already gone/);
    assert.deepEqual((await notes())[0], ['deleteAgent', 'spare', undefined, 'gone']);
    await lab.commands[commands.deleteAgent](spare);
    assert.match(lab.dialogs.told.join(), /spare no longer exists/);
  });

  it('have a configuration file to read, or none; a page in GitLab; and a context to copy', async () => {
    const agent = await row('platform-agent');
    await lab.commands[commands.openAgentConfig](agent);
    assert.match(
      lab.dialogs.texts.get('config of platform/cluster-management:platform-agent') ?? '',
      /# The money first/,
    );
    await lab.commands[commands.openAgentConfig](await row('spare'));
    assert.match(lab.dialogs.told.join(), /spare has no configuration file/);
    await lab.commands[commands.openAgentPage](agent);
    assert.deepEqual(lab.dialogs.opened, [
      `${lab.host.url}/platform/cluster-management/-/cluster_agents/platform-agent`,
    ]);
    await lab.commands[commands.copyContextName](agent);
    assert.equal(lab.dialogs.clipboard, 'platform/cluster-management:platform-agent');
  });

  it('are chosen at GitLab where a command comes from the Command Palette', async () => {
    lab.dialogs.will(
      ['Copy Context Name: project of Example GitLab', ['cluster-man', 'platform/cluster-management']],
      ['Copy Context Name', 'platform-agent'],
    );
    await lab.commands[commands.copyContextName](undefined);
    assert.equal(lab.dialogs.clipboard, 'platform/cluster-management:platform-agent');
  });

  it('are not changed with a token that only reads', async () => {
    const reading = await open({ world: demoFleet(), token: 'demo-reader', projects: [management] });
    await reading.read();
    await reading.commands[commands.addAgent](groupAt(reading.host.url));
    assert.match(reading.dialogs.told.join(), /can only read/);
    assert.deepEqual(reading.asked(), []);
  });

  it('are listed among the changes, exported, and not undone', async () => {
    lab.dialogs.will(['Add Token to Agent spare', 'first'], ['Token first of the agent spare', 'Copy Token']);
    await lab.commands[commands.addAgentToken](await row('spare'));
    lab.dialogs.will(['Show Changes', 'Added token first of agent spare']);
    await lab.commands[commands.showChanges](undefined);
    const text = lab.dialogs.texts.get('Added token first of agent spare') ?? '';
    assert.match(text, /Project: platform\/cluster-management\nAgent ID: 2\nUser: @maria\nOutcome: done/);
    lab.dialogs.will(['Export Changes As', 'CSV']);
    await lab.commands[commands.exportChanges](undefined);
    assert.match(
      lab.dialogs.documents[0]?.content ?? '',
      /addAgentToken,project,platform\/cluster-management,,,agentToken,,spare\/first,done/,
    );
    await lab.commands[commands.undoChange](undefined);
    assert.match(lab.dialogs.told.join(), /can’t be undone/);
    assert.ok(!(await traces()).includes(record('spare').tokens[0]?.secret ?? '?'));
  });
});

describe('finding agents', () => {
  const open = flowLabs();

  it('asks the projects with clusters eight at a time and tells what it could not see', async () => {
    const world = demoFleet();
    const lab = await open({ world, token: 'demo-admin-token', projects: [management], latency: 5 });
    const [, , , observability] = world.projects;
    assert.ok(observability);
    for (let n = 0; n < 3; n++) addAgent(world, observability, `edge-${n}`);
    await lab.findAll();
    let [open_, most] = [0, 0];
    lab.gitlab.onRequest(async () => {
      most = Math.max(most, ++open_);
      await new Promise((resolve) => setTimeout(resolve, 10));
      open_--;
      return undefined;
    });
    await lab.commands[commands.findAgents]({ type: 'host', host: lab.host });
    const text = lab.dialogs.texts.get('Agents of Example GitLab') ?? '';
    assert.match(
      text,
      /\| platform\/cluster-management \| platform-agent \| connected, v18\.2\.1 \| platform-agent: last used/,
    );
    assert.match(text, /\| platform\/shared\/observability \| edge-2 \| no token \| none \|/);
    assert.match(text, /- Projects without agents: 5/);
    assert.ok(most > 1 && most <= 8, `${most} at a time`);
    // A found project then has its row of agents.
    assert.ok(lab.agents.knows(lab.host.url, observability.id));
  });

  it('is asked for where it takes many requests, and can be cancelled with what was found', async () => {
    const world = demoFleet();
    const [platform] = world.groups;
    assert.ok(platform);
    const { addProject } = await import('../../../gitlab/populate');
    for (let n = 0; n < 40; n++) addCluster(world, addProject(world, `app-${n}`, platform));
    const lab = await open({ world, token: 'demo-admin-token' });
    await lab.findAll();
    lab.dialogs.will(['for the agents of 46 projects?', 'Find Agents']);
    lab.dialogs.onReport = (message, cancel) => {
      if (message.startsWith('10 of')) cancel();
    };
    await lab.commands[commands.findAgents]({ type: 'fleet', host: lab.host.url });
    const text = lab.dialogs.texts.get('Agents of Example GitLab') ?? '';
    const unasked = Number(/Projects not asked \(cancelled\): (\d+)/.exec(text)?.[1]);
    assert.ok(unasked >= 20 && unasked <= 36, text);
    assert.ok(!text.includes('Could not be read'), text);
  });
});
