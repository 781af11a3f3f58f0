import assert from 'node:assert/strict';
import { addAgent, addAgentToken, putFile, setRole } from '../gitlab/populate';
import type { AgentRecord } from '../gitlab/world';
import { at, each, keysOf, openLab, type Lab } from './lab';

const agents = (lab: Lab, project = lab.app) => `/projects/${project.id}/cluster_agents`;
const tokens = (lab: Lab, agent: AgentRecord) => `${agents(lab)}/${agent.id}/tokens`;
const everybody = ['admin', 'maintainer', 'developer', 'reporter', 'guest', 'outsider', undefined];

// GitLab API contract 8.1 and 9, agents and environments 6 and 12.5
describe('agents of a project in REST', () => {
  const lab = openLab({ profile: '18.5.0-ee' });

  it('are listed by name, page by page', async () => {
    for (const name of ['b', 'a', 'c']) addAgent(lab.world, lab.app, name);
    addAgent(lab.world, lab.tools, 'elsewhere');
    const { json, headers } = await lab.ask('developer', 'GET', `${agents(lab)}?per_page=2`);
    assert.deepEqual([each(json, 'name'), headers.get('x-total'), headers.get('x-next-page')], [['a', 'b'], '3', '2']);
    assert.deepEqual(keysOf(at(json, 0)), [
      'config_project',
      'created_at',
      'created_by_user_id',
      'id',
      'is_receptive',
      'name',
    ]);
    assert.deepEqual([at(json, 0, 'config_project', 'path_with_namespace')], ['own/app']);
  });

  it('are read by Developers and up; others get 404', async () => {
    const { id } = addAgent(lab.world, lab.app, 'prod');
    const list = await Promise.all(everybody.map(async (who) => (await lab.ask(who, 'GET', agents(lab))).status));
    assert.deepEqual(list, [200, 200, 200, 404, 404, 404, 401]);
    assert.deepEqual((await lab.ask('guest', 'GET', agents(lab))).json, { message: '404 ClusterAgents Not Found' });
    assert.equal((await lab.ask('guest', 'GET', `${agents(lab)}/${id}`)).status, 404);
    assert.equal((await lab.ask('developer', 'GET', `${agents(lab)}/${id}`)).status, 200);
    assert.equal((await lab.ask('developer', 'GET', `${agents(lab)}/4711`)).status, 404);
  });

  it('are created by Maintainers, with a name of GitLab’s rules that is not taken', async () => {
    const create = (who: string, body: object) => lab.ask(who, 'POST', agents(lab), { body });
    assert.equal((await create('developer', { name: 'prod' })).status, 403);
    const created = await create('maintainer', { name: 'prod' });
    assert.deepEqual([created.status, at(created.json, 'name')], [201, 'prod']);
    assert.deepEqual((await create('maintainer', {})).json, { error: 'name is missing' });
    for (const name of ['#4^x', '-a', 'a-', 'A', '', 'a'.repeat(64), 'prod']) {
      assert.equal((await create('maintainer', { name })).status, 400, name);
    }
    const { text } = await create('maintainer', { name: '#4^x' });
    assert.match(text, /Name can contain only lowercase letters, digits, and '-'/);
    assert.equal((await lab.ask('maintainer', 'POST', '/projects/4711/cluster_agents', { body: {} })).status, 404);
  });

  it('are deleted by Maintainers, tokens included; If-Unmodified-Since is honoured', async () => {
    const agent = addAgent(lab.world, lab.app, 'prod', { updatedAt: '2026-01-01T00:00:00.000Z' });
    const path = `${agents(lab)}/${agent.id}`;
    const remove = (who: string, headers = {}) => lab.ask(who, 'DELETE', path, { headers });
    assert.equal((await remove('guest')).status, 403);
    assert.equal((await remove('developer')).status, 403);
    assert.equal((await remove('maintainer', { 'If-Unmodified-Since': 'Mon, 01 Dec 2025 00:00:00 GMT' })).status, 412);
    assert.equal((await remove('maintainer')).status, 204);
    assert.equal((await remove('maintainer')).status, 404);
    assert.equal(lab.world.agents.length, 0);
  });

  it('work while certificate-based clusters are switched off', async () => {
    lab.gitlab.flagOff = true;
    assert.equal((await lab.ask('developer', 'GET', agents(lab))).status, 200);
  });
});

// GitLab API contract 8.2, agents and environments 6
describe('agent tokens in REST', () => {
  const lab = openLab({ profile: '17.9.0-ee' });
  const secret = /^glagent-[0-9a-zA-Z_-]{50}$/;

  it('show their secret once, when they are created', async () => {
    const agent = addAgent(lab.world, lab.app, 'prod');
    const body = { name: 'first', description: 'of the test' };
    const created = await lab.ask('maintainer', 'POST', tokens(lab, agent), { body });
    assert.equal(created.status, 201);
    assert.match(String(at(created.json, 'token')), secret);
    const [stored] = agent.tokens;
    const read = await lab.ask('developer', 'GET', `${tokens(lab, agent)}/${String(stored?.id)}`);
    assert.deepEqual([read.status, at(read.json, 'last_used_at'), at(read.json, 'token')], [200, null, undefined]);
    assert.ok(!read.text.includes(String(at(created.json, 'token'))));
  });

  it('are listed while active, without their last use, which each one has alone', async () => {
    const agent = addAgent(lab.world, lab.app, 'prod');
    const used = addAgentToken(lab.world, agent, { name: 'used', lastUsedAt: '2026-11-01T10:00:00.000Z' });
    addAgentToken(lab.world, agent, { name: 'gone', revoked: true });
    const { json } = await lab.ask('developer', 'GET', tokens(lab, agent));
    assert.deepEqual(each(json, 'name'), ['used']);
    assert.equal(keysOf(at(json, 0)).includes('last_used_at'), false);
    const one = await lab.ask('developer', 'GET', `${tokens(lab, agent)}/${used.id}`);
    assert.equal(at(one.json, 'last_used_at'), '2026-11-01T10:00:00.000Z');
  });

  it('are two at most', async () => {
    const agent = addAgent(lab.world, lab.app, 'prod');
    const create = () => lab.ask('maintainer', 'POST', tokens(lab, agent), { body: { name: 'one' } });
    assert.deepEqual([(await create()).status, (await create()).status], [201, 201]);
    const third = await create();
    assert.deepEqual(
      [third.status, third.json],
      [400, { message: '400 Bad request - An agent can have only two active tokens at a time' }],
    );
  });

  it('are revoked by Maintainers, again without complaint, and are not found then', async () => {
    const agent = addAgent(lab.world, lab.app, 'prod');
    const token = addAgentToken(lab.world, agent);
    const path = `${tokens(lab, agent)}/${token.id}`;
    assert.equal((await lab.ask('developer', 'DELETE', path)).status, 403);
    assert.equal((await lab.ask('maintainer', 'DELETE', path)).status, 204);
    assert.equal((await lab.ask('maintainer', 'DELETE', path)).status, 204);
    assert.equal((await lab.ask('maintainer', 'GET', path)).status, 404);
    assert.equal((await lab.ask('maintainer', 'DELETE', `${tokens(lab, agent)}/4711`)).status, 404);
  });
});

// Agents and environments 7.1 and 12.2
describe('configuration files of agents', () => {
  const lab = openLab();
  const path = `/projects/1/repository/files/${encodeURIComponent('.gitlab/agents/prod/config.yaml')}`;

  it('are read from the default branch by Reporters and up', async () => {
    putFile(lab.world, lab.app, '.gitlab/agents/prod/config.yaml', 'ci_access: {}\n');
    const { json } = await lab.ask('reporter', 'GET', `${path}?ref=HEAD`);
    assert.equal(Buffer.from(String(at(json, 'content')), 'base64').toString(), 'ci_access: {}\n');
    assert.equal((await lab.ask('reporter', 'GET', `${path}/raw?ref=main`)).text, 'ci_access: {}\n');
    assert.equal((await lab.ask('guest', 'GET', `${path}?ref=HEAD`)).status, 403);
  });

  it('need not be there', async () => {
    const { status, json } = await lab.ask('reporter', 'GET', `${path}?ref=HEAD`);
    assert.deepEqual([status, json], [404, { message: '404 File Not Found' }]);
  });
});

// Agents and environments 6, 9 and 15.4
describe('agents of old versions', () => {
  describe('13.6', () => {
    const lab = openLab({ profile: '13.6.7' });

    it('are not known', async () => {
      const { status, json } = await lab.ask('maintainer', 'GET', agents(lab));
      assert.deepEqual([status, json], [404, { error: '404 Not Found' }]);
    });
  });

  describe('14.10', () => {
    const lab = openLab({ profile: '14.10.5' });

    it('are in REST, their tokens are not yet', async () => {
      const agent = addAgent(lab.world, lab.app, 'prod');
      const { json } = await lab.ask('developer', 'GET', agents(lab));
      assert.deepEqual([each(json, 'name'), at(json, 0, 'is_receptive')], [['prod'], undefined]);
      const ofTokens = await lab.ask('maintainer', 'GET', tokens(lab, agent));
      assert.deepEqual([ofTokens.status, ofTokens.json], [404, { error: '404 Not Found' }]);
    });
  });

  describe('16.0', () => {
    const lab = openLab({ profile: '16.0.0' });

    it('have as many tokens as one likes', async () => {
      const agent = addAgent(lab.world, lab.app, 'prod');
      for (let n = 0; n < 3; n++) {
        const { status } = await lab.ask('maintainer', 'POST', tokens(lab, agent), { body: { name: `${n}` } });
        assert.equal(status, 201);
      }
    });
  });
});

describe('roles for agents', () => {
  const lab = openLab();

  it('count where they are given on the project alone, too', async () => {
    setRole(lab.world, lab.people.outsider, lab.app, 40);
    assert.equal((await lab.ask('outsider', 'POST', agents(lab), { body: { name: 'mine' } })).status, 201);
  });

  it('are of no use with a token that only reads', async () => {
    const [token] = lab.world.tokens.filter(({ value }) => value === 'maintainer');
    assert.ok(token);
    token.scopes = ['read_api'];
    assert.equal((await lab.ask('maintainer', 'POST', agents(lab), { body: { name: 'mine' } })).status, 403);
    assert.equal((await lab.ask('maintainer', 'GET', agents(lab))).status, 200);
  });
});
