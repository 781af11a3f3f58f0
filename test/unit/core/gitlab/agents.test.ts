import assert from 'node:assert/strict';
import { createAgent, createAgentToken, deleteAgent, revokeAgentToken } from '../../../../src/core/gitlab/agentChanges';
import { listAgents } from '../../../../src/core/gitlab/agents';
import { repositoryFile } from '../../../../src/core/gitlab/repositoryFiles';
import {
  agentNameProblem,
  agentState,
  agentVersion,
  configFilePath,
  contextName,
} from '../../../../src/core/model/agent';
import { smallWorld } from '../../../contract/lab';
import { json } from '../../../gitlab/answer';
import { addAgent, addAgentToken, putFile } from '../../../gitlab/populate';
import { profileOf } from '../../../gitlab/profiles';
import { failure, openConnection } from './connection';

const pod = {
  connectedAt: '2026-11-01T10:00:00.000Z',
  connectionId: 1,
  version: 'v18.5.0',
  podNamespace: 'gitlab-agent-prod',
  podName: 'prod-0',
};
const now = new Date('2026-11-01T12:00:00.000Z');
const justNow = '2026-11-01T11:57:00.000Z';
const anHourAgo = '2026-11-01T11:00:00.000Z';

function lab(version?: string, facts: Parameters<typeof profileOf>[1] = {}) {
  let small = smallWorld();
  const connection = openConnection(() => {
    small = smallWorld();
    return { world: small.world, profile: profileOf(version, facts) };
  });
  const project = { id: small.app.id, path: 'own/app' };
  return {
    connection,
    project,
    get world() {
      return small.world;
    },
    get app() {
      return small.app;
    },
    list: (who: string) => listAgents(connection.client(who), project),
    paths: () => connection.gitlab.requests.map(({ method, path: asked }) => `${method} ${asked.split('?')[0] ?? ''}`),
  };
}

describe('agents of a project', () => {
  const it18 = lab('18.5.0-ee');
  const agentOf = async (who: string) => {
    const { agents } = await it18.list(who);
    assert.equal(agents?.length, 1);
    return agents[0] ?? assert.fail();
  };

  it('come over GraphQL with tokens, last use and the version of their pods, in one request', async () => {
    const agent = addAgent(it18.world, it18.app, 'prod', { connections: [pod] });
    addAgentToken(it18.world, agent, { name: 'first', lastUsedAt: justNow });
    const found = await agentOf('maintainer');
    assert.deepEqual(
      [found.id, found.tokens?.map(({ name, lastUsedAt }) => [name, lastUsedAt?.toISOString()]), agentVersion(found)],
      [agent.id, [['first', justNow]], 'v18.5.0'],
    );
    assert.equal(agentState(found, now), 'connected');
    assert.deepEqual(it18.paths(), ['POST /api/graphql']);
  });

  it('of whom a Developer sees no pods have the state that the last use of their tokens gives', async () => {
    const agent = addAgent(it18.world, it18.app, 'prod', { connections: [pod] });
    const token = addAgentToken(it18.world, agent);
    const state = async () => agentState(await agentOf('developer'), now);
    assert.equal(await state(), 'neverConnected');
    token.lastUsedAt = justNow;
    assert.equal(await state(), 'connected');
    assert.equal(agentVersion(await agentOf('developer')), undefined);
    token.lastUsedAt = anHourAgo;
    assert.equal(await state(), 'notConnected');
  });

  it('keep their state while GitLab’s agent server is down', async () => {
    const agent = addAgent(it18.world, it18.app, 'prod', { connections: [pod] });
    addAgentToken(it18.world, agent, { lastUsedAt: justNow });
    it18.world.settings.kasDown = true;
    const found = await agentOf('maintainer');
    assert.deepEqual([found.pods, agentState(found, now)], [undefined, 'connected']);
  });

  it('are told apart: none there, and none that this token may see', async () => {
    assert.deepEqual(await it18.list('developer'), { agents: [], more: false, source: 'graphql' });
    addAgent(it18.world, it18.app, 'prod');
    assert.equal((await it18.list('reporter')).agents, undefined);
    await failure(it18.list('outsider'), 'notFound');
  });

  it('are read in pages, up to a limit that is said', async () => {
    for (let n = 0; n < 230; n++) addAgent(it18.world, it18.app, `agent-${n}`);
    const { agents, more } = await it18.list('maintainer');
    assert.deepEqual([agents?.length, more, it18.paths().length], [200, true, 4]);
  });

  it('of a project that has moved are found by its id', async () => {
    addAgent(it18.world, it18.app, 'prod');
    const found = await listAgents(it18.connection.client('developer'), { id: it18.app.id, path: 'own/old-name' });
    assert.equal(found.agents?.[0]?.name, 'prod');
  });

  it('fail with a token that GitLab does not know, and are not asked for twice', async () => {
    await failure(it18.list('unknown'), 'unauthorized');
    assert.equal(it18.paths().length, 1);
  });
});

describe('agents where GraphQL does not answer', () => {
  const old = lab('15.11.0', { agentQueries: false });

  it('come over REST, with the last use of each token but without versions', async () => {
    const agent = addAgent(old.world, old.app, 'prod', { connections: [pod] });
    addAgentToken(old.world, agent, { name: 'one', lastUsedAt: justNow });
    addAgentToken(old.world, agent, { name: 'two' });
    const { agents, source } = await old.list('developer');
    const [found] = agents ?? [];
    assert.ok(found);
    assert.deepEqual(
      [source, found.pods, found.tokens?.map(({ name }) => name), agentState(found, now)],
      ['rest', undefined, ['one', 'two'], 'connected'],
    );
    assert.equal(old.paths().length, 5);
  });

  it('are asked for their tokens up to the twentieth; the state of the others is not known', async () => {
    for (let n = 10; n < 40; n++) addAgent(old.world, old.app, `agent-${n}`);
    const { agents } = await old.list('developer');
    assert.deepEqual(
      [agents?.length, agents?.filter((one) => agentState(one, now) === 'unknown').length, old.paths().length],
      [30, 10, 22],
    );
  });

  it('are not visible below Developer', async () => {
    assert.equal((await old.list('reporter')).agents, undefined);
  });
});

describe('agents of old versions', () => {
  describe('14.10', () => {
    const rest = lab('14.10.5', { agentQueries: false });
    it('have no tokens in REST, so that their state is not known', async () => {
      addAgent(rest.world, rest.app, 'prod');
      const [found] = (await rest.list('maintainer')).agents ?? [];
      assert.ok(found);
      assert.deepEqual([found.tokens, agentState(found, now)], [undefined, 'unknown']);
    });
  });

  describe('14.10 with GraphQL', () => {
    const graphql = lab('14.10.5');
    it('show Developers no tokens, and Maintainers those that were not revoked', async () => {
      const agent = addAgent(graphql.world, graphql.app, 'prod');
      addAgentToken(graphql.world, agent, { name: 'used', lastUsedAt: justNow });
      addAgentToken(graphql.world, agent, { name: 'gone', revoked: true });
      const [seen] = (await graphql.list('developer')).agents ?? [];
      assert.ok(seen);
      assert.deepEqual([seen.tokens, agentState(seen, now)], [undefined, 'unknown']);
      assert.deepEqual(
        (await graphql.list('maintainer')).agents?.[0]?.tokens?.map(({ name }) => name),
        ['used'],
      );
    });
  });

  describe('13.6', () => {
    const none = lab('13.6.7');
    it('are not supported', async () => {
      await failure(none.list('maintainer'), 'unsupported');
    });
  });
});

describe('changing agents', () => {
  const current = lab('18.5.0-ee');

  it('creates one, gives it a token whose secret is told once, revokes that and deletes the agent', async () => {
    const client = current.connection.client('maintainer');
    const agent = await createAgent(client, current.project, 'prod');
    assert.equal(agent.name, 'prod');
    const { token, secret } = await createAgentToken(client, agent, { name: 'first', description: 'for helm' });
    assert.match(secret, /^glagent-.{50}$/);
    const [listed] = (await current.list('maintainer')).agents ?? [];
    assert.deepEqual(listed?.tokens, [token]);
    assert.ok(!current.connection.log.join('\n').includes(secret));
    await revokeAgentToken(client, agent, token.id);
    assert.equal(current.world.agents[0]?.tokens[0]?.revoked, true);
    await deleteAgent(client, agent);
    assert.deepEqual(current.world.agents, []);
  });

  it('is sent once, also where the answer gets lost', async () => {
    let creations = 0;
    current.connection.gitlab.onRequest(({ request, socket, ...exchange }) => {
      if (request.method !== 'POST') return undefined;
      creations += 1;
      exchange.gitlab();
      socket.destroy();
      return 'taken';
    });
    await failure(createAgent(current.connection.client('maintainer'), current.project, 'prod'), 'unknownOutcome');
    assert.deepEqual([creations, current.world.agents.length], [1, 1]);
  });

  it('fails in GitLab’s words for a third token, a taken name and a role that is too low', async () => {
    const client = current.connection.client('maintainer');
    const agent = await createAgent(client, current.project, 'prod');
    await createAgentToken(client, agent, { name: 'one' });
    await createAgentToken(client, agent, { name: 'two' });
    const third = await failure(createAgentToken(client, agent, { name: 'three' }), 'invalid');
    assert.match(JSON.stringify([third.message, third.problems]), /only two active tokens/);
    const taken = await failure(createAgent(client, current.project, 'prod'), 'invalid');
    assert.match(JSON.stringify([taken.message, taken.problems]), /already been taken/);
    await failure(createAgent(current.connection.client('developer'), current.project, 'other'), 'forbidden');
  });

  it('never puts a secret into the error of an answer that cannot be read', async () => {
    current.connection.gitlab.onRequest(({ request }) =>
      request.path.endsWith('/tokens') ? json(201, { id: 'x', token: 'glagent-secret' }) : undefined,
    );
    const agent = addAgent(current.world, current.app, 'prod');
    const client = current.connection.client('maintainer');
    const work = createAgentToken(client, { id: agent.id, project: current.project }, { name: 'one' });
    const error = await work.then(
      () => assert.fail('it was read'),
      (thrown: unknown) => thrown,
    );
    assert.ok(!JSON.stringify([String(error), error]).includes('glagent-secret'));
    assert.ok(!current.connection.log.join('\n').includes('glagent-secret'));
  });
});

describe('the configuration file of an agent', () => {
  const current = lab();

  it('is read from the default branch, with umlauts and the commit that guards a change', async () => {
    const file = putFile(current.world, current.app, configFilePath('prod'), 'ci_access: {} # für alle\n');
    const read = await repositoryFile(current.connection.client('reporter'), current.app.id, configFilePath('prod'));
    assert.deepEqual(read, { text: file.content, lastCommitId: file.lastCommitId });
  });

  it('need not be there; whoever may not read it is told so', async () => {
    const path = configFilePath('prod');
    assert.equal(await repositoryFile(current.connection.client('reporter'), current.app.id, path), undefined);
    await failure(repositoryFile(current.connection.client('guest'), current.app.id, path), 'forbidden');
    await failure(repositoryFile(current.connection.client('outsider'), current.app.id, path), 'notFound');
  });
});

describe('what is written of an agent', () => {
  it('follows its project and name', () => {
    const agent = { name: 'prod', project: { path: 'own/app' } };
    assert.equal(contextName(agent), 'own/app:prod');
  });

  it('is refused where GitLab would refuse the name', () => {
    for (const name of ['a', 'prod-1', 'a'.repeat(63)]) assert.equal(agentNameProblem(name), undefined, name);
    for (const name of ['', '-a', 'a-', 'A', 'a_b', 'ä', 'a'.repeat(64)]) assert.ok(agentNameProblem(name), name);
  });
});
