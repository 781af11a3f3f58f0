import assert from 'node:assert/strict';
import { readAgentConfigurations } from '../gitlab/agents/access';
import { addAgent, addAgentToken, putFile } from '../gitlab/populate';
import type { AgentRecord } from '../gitlab/world';
import { at, each, openLab, type Lab } from './lab';

const pod = {
  connectedAt: '2026-11-01T10:00:00.000Z',
  connectionId: 4711,
  version: 'v18.2.1',
  podNamespace: 'gitlab-agent-prod',
  podName: 'prod-0',
};

async function query(lab: Lab, who: string, text: string, headers = {}): Promise<unknown> {
  const response = await fetch(`${lab.gitlab.url}/api/graphql`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${who}`, ...headers },
    body: JSON.stringify({ query: text }),
  });
  assert.equal(response.status, 200);
  return response.json();
}

// Agents and environments 9
describe('agents of a project in GraphQL', () => {
  const lab = openLab({ profile: '18.5.0-ee' });
  const text = `{ project(fullPath: "own/app") { clusterAgents(first: 100) { nodes { id name webPath
    tokens { nodes { id name lastUsedAt } } connections { nodes { connectedAt metadata { version podName } } } } } } }`;
  const nodes = async (who: string) => at(await query(lab, who, text), 'data', 'project', 'clusterAgents', 'nodes');

  it('come with active tokens, their last use and live connections', async () => {
    const agent = addAgent(lab.world, lab.app, 'prod', { connections: [pod] });
    addAgentToken(lab.world, agent, { name: 'used', lastUsedAt: '2026-11-01T10:00:00.000Z' });
    addAgentToken(lab.world, agent, { name: 'gone', revoked: true });
    const found = await nodes('maintainer');
    assert.deepEqual(
      [at(found, 0, 'id'), at(found, 0, 'webPath')],
      ['gid://gitlab/Clusters::Agent/1', '/own/app/-/cluster_agents/prod'],
    );
    assert.deepEqual(each(at(found, 0, 'tokens', 'nodes'), 'lastUsedAt'), ['2026-11-01T10:00:00.000Z']);
    assert.equal(at(found, 0, 'connections', 'nodes', 0, 'metadata', 'version'), 'v18.2.1');
  });

  it('show connections to Maintainers, tokens to Developers, and nothing to those below', async () => {
    const agent = addAgent(lab.world, lab.app, 'prod', { connections: [pod] });
    addAgentToken(lab.world, agent);
    const seen = async (who: string) => {
      const found = await nodes(who);
      const [connections, ofTokens] = ['connections', 'tokens'].map((list) => at(found, 0, list, 'nodes'));
      return [each(found).length, each(connections, 'connectedAt').length, each(ofTokens).length];
    };
    assert.deepEqual(await seen('maintainer'), [1, 1, 1]);
    assert.deepEqual(await seen('developer'), [1, 0, 1]);
    assert.deepEqual(await seen('reporter'), [0, 0, 0]);
    assert.deepEqual(await query(lab, 'outsider', text), { data: { project: null } });
  });

  it('have null for connections, and an error beside the data, while KAS is down', async () => {
    addAgent(lab.world, lab.app, 'prod', { connections: [pod] });
    lab.world.settings.kasDown = true;
    const json = await query(lab, 'maintainer', text);
    assert.deepEqual(at(json, 'data', 'project', 'clusterAgents', 'nodes', 0, 'connections'), null);
    assert.deepEqual(at(json, 'errors', 0, 'path'), ['project', 'clusterAgents', 'nodes', 0, 'connections']);
    assert.deepEqual(at(await query(lab, 'developer', text), 'errors'), undefined);
  });

  it('come page by page', async () => {
    for (const name of ['a', 'b', 'c']) addAgent(lab.world, lab.app, name);
    const page = (after: string) =>
      query(
        lab,
        'developer',
        `{ project(fullPath: "own/app") { clusterAgents(first: 2, after: ${after}) { nodes { name } pageInfo { hasNextPage endCursor } } } }`,
      );
    const first = at(await page('null'), 'data', 'project', 'clusterAgents');
    assert.deepEqual([each(at(first, 'nodes'), 'name'), at(first, 'pageInfo', 'hasNextPage')], [['a', 'b'], true]);
    const second = at(
      await page(JSON.stringify(at(first, 'pageInfo', 'endCursor'))),
      'data',
      'project',
      'clusterAgents',
    );
    assert.deepEqual([each(at(second, 'nodes'), 'name'), at(second, 'pageInfo', 'hasNextPage')], [['c'], false]);
  });
});

// Agents and environments 7.2, 7.3 and 9
describe('agents a project may use', () => {
  const lab = openLab({ profile: '18.5.0-ee' });
  const authorized = async (who: string, path: string, field = 'ciAccessAuthorizedAgents') => {
    const text = `{ project(fullPath: "${path}") { ${field} { nodes { agent { name project { fullPath } } config } } } }`;
    return at(await query(lab, who, text), 'data', 'project', field);
  };
  const names = async (path: string, field?: string) => {
    const nodes = at(await authorized('developer', path, field), 'nodes');
    return Array.isArray(nodes) ? nodes.map((node: unknown) => at(node, 'agent', 'name')) : nodes;
  };
  const configured = (name: string, config: string, connected = true): AgentRecord => {
    putFile(lab.world, lab.tools, `.gitlab/agents/${name}/config.yaml`, config);
    return addAgent(lab.world, lab.tools, name, connected ? { connections: [pod] } : {});
  };

  it('are those whose file names it or a group above it, once KAS has read it', async () => {
    configured('direct', 'ci_access: { projects: [{ id: OWN/App, default_namespace: shop }] }');
    configured('grouped', 'ci_access: { groups: [{ id: own }] }');
    configured('elsewhere', 'ci_access: { projects: [{ id: own/sub/lib }] }');
    assert.deepEqual(await names('own/app'), []);
    readAgentConfigurations(lab.gitlab);
    const nodes = at(await authorized('developer', 'own/app'), 'nodes');
    assert.deepEqual(nodes, [
      { agent: { name: 'direct', project: { fullPath: 'own/tools' } }, config: { default_namespace: 'shop' } },
      { agent: { name: 'grouped', project: { fullPath: 'own/tools' } }, config: {} },
    ]);
  });

  it('are the agents of the project itself in any case', async () => {
    addAgent(lab.world, lab.app, 'own');
    assert.deepEqual(await names('own/app'), ['own']);
    assert.deepEqual(await names('own/app', 'userAccessAuthorizedAgents'), []);
  });

  it('come with the entry of the project, else with that of the innermost group', async () => {
    configured(
      'prod',
      'ci_access: { groups: [{ id: own, default_namespace: outer }, { id: own/sub, default_namespace: inner }] }',
    );
    readAgentConfigurations(lab.gitlab);
    const [lib, app] = await Promise.all(['own/sub/lib', 'own/app'].map((path) => authorized('developer', path)));
    assert.equal(at(lib, 'nodes', 0, 'config', 'default_namespace'), 'inner');
    assert.equal(at(app, 'nodes', 0, 'config', 'default_namespace'), 'outer');
  });

  it('lack entries that do not resolve, that are of another root group, and those of agents that are not connected', async () => {
    configured('prod', 'ci_access: { projects: [{ id: own/nowhere }, { id: foreign/other }, { id: own/app }] }');
    configured('away', 'ci_access: { projects: [{ id: own/app }] }', false);
    readAgentConfigurations(lab.gitlab);
    assert.deepEqual(await names('own/app'), ['prod']);
    assert.equal(lab.world.agents[0]?.ciAccess.length, 1);
    lab.world.settings.crossRootAgents = true;
    readAgentConfigurations(lab.gitlab);
    assert.equal(lab.world.agents[0]?.ciAccess.length, 2);
  });

  it('lack entries beyond the five hundredth', async () => {
    const far = [...Array(500).keys()].map(() => '{ id: own/nowhere }').join(', ');
    configured('prod', `ci_access: { projects: [${far}, { id: own/app }] }`);
    readAgentConfigurations(lab.gitlab);
    assert.deepEqual(await names('own/app'), []);
  });

  it('are told apart from those its members may use', async () => {
    configured('prod', 'user_access: { access_as: { agent: {} }, projects: [{ id: own/app }] }');
    readAgentConfigurations(lab.gitlab);
    assert.deepEqual([await names('own/app'), await names('own/app', 'userAccessAuthorizedAgents')], [[], ['prod']]);
  });

  it('are null without an error for those who may not read them', async () => {
    assert.equal(await authorized('reporter', 'own/app'), null);
    const outsider = await query(
      lab,
      'outsider',
      '{ project(fullPath: "own/app") { ciAccessAuthorizedAgents { nodes { config } } } }',
    );
    assert.deepEqual(outsider, { data: { project: null } });
  });
});

// Agents and environments 9: limits, errors and versions
describe('GraphQL', () => {
  const lab = openLab({ profile: '18.5.0-ee' });
  const message = async (who: string, text: string) => at(await query(lab, who, text), 'errors', 0, 'message');

  it('refuses a token that is not good', async () => {
    const response = await fetch(`${lab.gitlab.url}/api/graphql`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Authorization: 'Bearer nobody' },
      body: JSON.stringify({ query: '{ currentUser { username } }' }),
    });
    assert.deepEqual([response.status, await response.json()], [401, { errors: [{ message: 'Invalid token' }] }]);
  });

  it('knows who asks, with PRIVATE-TOKEN too', async () => {
    const json = await query(lab, '', '{ currentUser { username } }', { Authorization: '', 'PRIVATE-TOKEN': 'guest' });
    assert.equal(at(json, 'data', 'currentUser', 'username'), 'guest');
  });

  it('answers a field it does not know with an error and no data', async () => {
    const json = await query(lab, 'developer', '{ project(fullPath: "own/app") { weather } }');
    assert.deepEqual(
      [at(json, 'data'), at(json, 'errors', 0, 'message')],
      [undefined, "Field 'weather' doesn't exist on type 'Project'"],
    );
  });

  it('refuses what is more complex than 250, for administrators 300', async () => {
    const agent = 'clusterAgents { nodes { connections { nodes { connectedAt connectionId metadata { version } } } } }';
    const many = (times: number) =>
      `{ project(fullPath: "own/app") { ${[...Array(times).keys()].map((n) => `a${n}: ${agent}`).join(' ')} } }`;
    assert.equal(await message('developer', many(10)), undefined);
    assert.match(
      String(await message('developer', many(12))),
      /^Query has complexity of \d+, which exceeds max complexity of 250$/,
    );
    assert.equal(await message('admin', many(12)), undefined);
    assert.match(String(await message('admin', many(14))), /max complexity of 300$/);
  });

  it('refuses more than ten thousand characters', async () => {
    assert.equal(await message('developer', `{ currentUser { username ${' '.repeat(10_000)} } }`), 'Query too large');
  });

  for (const [profile, known] of [
    ['13.6.7', [false, false]],
    ['14.10.5', [true, false]],
    ['16.1.0', [true, true]],
    ['17.9.0', [true, true]],
  ] as const) {
    describe(`of ${profile}`, () => {
      const old = openLab({ profile });

      it(`knows ${known[0] ? 'agents' : 'no agents'} and ${known[1] ? 'who' : 'not who'} may use them`, async () => {
        const asked = await Promise.all(
          ['clusterAgents { nodes { id } }', 'ciAccessAuthorizedAgents { nodes { config } }'].map(async (field) => {
            const json = await query(old, 'developer', `{ project(fullPath: "own/app") { ${field} } }`);
            return at(json, 'errors') === undefined;
          }),
        );
        assert.deepEqual(asked, known);
      });
    });
  }

  describe('of 14.10', () => {
    const old = openLab({ profile: '14.10.5' });

    it('shows tokens to Maintainers alone, revoked ones among them', async () => {
      const agent = addAgent(old.world, old.app, 'prod');
      addAgentToken(old.world, agent, { revoked: true });
      const text = '{ project(fullPath: "own/app") { clusterAgents { nodes { tokens { nodes { status } } } } } }';
      const seen = async (who: string) =>
        at(await query(old, who, text), 'data', 'project', 'clusterAgents', 'nodes', 0, 'tokens');
      assert.deepEqual(await seen('maintainer'), { nodes: [{ status: 'REVOKED' }] });
      assert.equal(await seen('developer'), null);
    });
  });
});
