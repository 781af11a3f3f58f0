import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import * as z from 'zod/mini';
import { commands } from '../../../../src/contributions';
import { Inventory } from '../../../../src/core/inventory/inventory';
import { nodeId } from '../../../../src/editor/clusterNodes';
import { isClusterTreeNode } from '../../../../src/editor/isClusterTreeNode';
import type { AgentNode, AgentsNode, ClusterTreeNode, OwnerNode } from '../../../../src/editor/clusterNodes';
import { AgentRows } from '../../../../src/features/tree/agentRows';
import { children, parentOf } from '../../../../src/features/tree/rows/rowOf';
import { present } from '../../../../src/features/tree/rows/rowOf';
import { actionOfKey, textOfRows } from '../../../../src/features/tree/rowKeys';
import type { TreeKnowledge } from '../../../../src/features/tree/treeKnowledge';
import { smallWorld } from '../../../contract/lab';
import { addAgent, addAgentToken, putFile } from '../../../gitlab/populate';
import { profileOf } from '../../../gitlab/profiles';
import { startGitLab } from '../../../gitlab/server';
import type { GitLab } from '../../../gitlab/server';
import { Accounts, host as listed } from '../../core/accounts/accounts';
import { connect } from '../../core/gitlab/connection';
import { admin, failed, knowing, loaded, maintainer, reader } from './knowledge';

const app = { id: 1, path: 'own/app' };
const owner = { level: 'project', ...app } as const;
const pod = {
  connectedAt: '2026-11-01T10:00:00.000Z',
  connectionId: 1,
  version: 'v18.5.0',
  podNamespace: 'gitlab-agent-prod',
  podName: 'prod-0',
};
const minutesAgo = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString();

describe('the rows of agents', () => {
  let gitlab: GitLab;
  let rows: AgentRows;
  let knowledge: TreeKnowledge;
  let node: OwnerNode;
  let who: string;
  let profile: ReturnType<typeof profileOf>;
  const ends: (() => unknown)[] = [];

  const start = async () => {
    gitlab = await startGitLab({ world: smallWorld().world, profile });
    const accounts = new Accounts((url, token) => connect({ url }, token));
    const host = listed(gitlab.url, { projects: [app] });
    await accounts.accounts.add(host, who);
    const inventory = new Inventory(accounts.accounts);
    rows = new AgentRows({ accounts: accounts.accounts, inventory });
    knowledge = {
      ...knowing({ hosts: [host], identity: maintainer, owners: [[owner, []]] }),
      agents: { current: rows },
    };
    node = { type: 'owner', host: host.url, owner, watched: true, fromWorkspace: false };
    const [served, made] = [gitlab, rows];
    ends.push(
      () => made.dispose(),
      () => inventory.dispose(),
      () => accounts.accounts.dispose(),
      () => served.close(),
    );
  };
  beforeEach(() => {
    who = 'maintainer';
    profile = profileOf('18.5.0-ee');
  });
  afterEach(async () => {
    for (const end of ends.splice(0)) await end();
  });

  const groupRow = (below: ClusterTreeNode = node): AgentsNode => {
    const row = children(below, knowledge).find(({ type }) => type === 'agents');
    assert.equal(row?.type, 'agents');
    return row;
  };
  const inWords = (parent: ClusterTreeNode): string[] =>
    children(parent, knowledge).map((row) => {
      const { label, description } = present(row, knowledge);
      return description === '' ? label : `${label} — ${description}`;
    });
  /** Opens a row and waits for what comes below it. */
  const opened = async (row: AgentsNode | AgentNode): Promise<string[]> => {
    const known = new Promise<void>((resolve) => {
      const subscription = rows.onDidChange((id) => {
        const isLoading = children(row, knowledge).some((one) => one.type === 'message' && one.severity === 'loading');
        if (id !== nodeId(row) || isLoading) return;
        subscription.dispose();
        resolve();
      });
    });
    rows.open(row);
    assert.deepEqual(inWords(row), ['Loading…']);
    await known;
    return inWords(row);
  };

  it('come below a watched project in one closed row, and nothing is asked before it is opened', async () => {
    await start();
    gitlab.clearRequests();
    assert.deepEqual(inWords(node), ['No clusters — Add cluster', 'GitLab agents — expand to see']);
    assert.equal(present(groupRow(), knowledge).collapsible, 'collapsed');
    assert.deepEqual(gitlab.requests, []);
  });

  it('say state and version, and the last use where the version is not visible', async () => {
    await start();
    const live = addAgent(gitlab.world, gitlab.world.projects[0] ?? assert.fail(), 'live', { connections: [pod] });
    addAgentToken(gitlab.world, live, { name: 'helm', lastUsedAt: minutesAgo(1) });
    const [project] = gitlab.world.projects;
    assert.ok(project);
    addAgentToken(gitlab.world, addAgent(gitlab.world, project, 'away'), { lastUsedAt: minutesAgo(180) });
    addAgentToken(gitlab.world, addAgent(gitlab.world, project, 'new'));
    addAgent(gitlab.world, project, 'bare');
    const row = groupRow();
    assert.deepEqual(await opened(row), [
      'away — not connected · last used 3 hours ago',
      'bare — no token',
      'live — connected · v18.5.0',
      'new — never connected',
      'For this project’s jobs',
    ]);
    assert.equal(present(row, knowledge).description, '4');
    const agent = children(row, knowledge)[2] ?? assert.fail();
    const { tooltip, accessibilityLabel } = present(agent, knowledge);
    assert.match(tooltip, /Context name: own\\\/app\\:live/);
    assert.match(tooltip, /Token helm: last used 1 minute ago/);
    assert.match(tooltip, /Read from GitLab’s agent server/);
    assert.equal(accessibilityLabel, 'live, connected, v18.5.0. Agent of own/app.');
  });

  it('say what a Developer does not see', async () => {
    who = 'developer';
    await start();
    const [project] = gitlab.world.projects;
    assert.ok(project);
    addAgentToken(gitlab.world, addAgent(gitlab.world, project, 'live', { connections: [pod] }), {
      lastUsedAt: minutesAgo(1),
    });
    const row = groupRow();
    assert.deepEqual(await opened(row), ['live — connected · last used 1 minute ago', 'For this project’s jobs']);
    const { tooltip } = present(children(row, knowledge)[0] ?? assert.fail(), knowledge);
    assert.match(tooltip, /Computed from the last use of its tokens/);
    assert.match(tooltip, /Connections and version are visible from the Maintainer role on/);
  });

  it('are one row where the token may see none, where there are none, and where GitLab is too old', async () => {
    who = 'reporter';
    await start();
    const first = (words: readonly string[]) => words[0];
    assert.equal(first(await opened(groupRow())), 'Not visible to this access token — Refresh');
    who = 'maintainer';
    await start();
    assert.equal(first(await opened(groupRow())), 'No agents — Add agent');
    profile = profileOf('13.6.7');
    await start();
    assert.equal(first(await opened(groupRow())), 'Not reported by this GitLab version — Refresh');
    // Where the version is known, the row is not even there.
    const old = { ...maintainer, version: { number: '13.6.7', enterprise: false } };
    knowledge = { ...knowledge, hostState: () => loaded(old) };
    assert.deepEqual(inWords(node), ['No clusters — Add cluster']);
  });

  it('come with those that the project’s jobs may use, asked for by a row of their own', async () => {
    await start();
    const [project, tools] = gitlab.world.projects;
    assert.ok(project && tools);
    addAgent(gitlab.world, tools, 'shared', {
      ciAccess: [
        {
          to: { kind: 'project', id: project.id },
          config: { default_namespace: 'shop', environments: ['production'], protected_branches_only: true },
        },
      ],
    });
    const own = groupRow();
    await opened(own);
    gitlab.clearRequests();
    const usable = children(own, knowledge).at(-1);
    assert.equal(usable?.type, 'agents');
    assert.deepEqual(await opened(usable), [
      'own/tools:shared — production · protected branches and tags only · namespace shop',
    ]);
    assert.equal(gitlab.requests.length, 1);
    assert.equal(textOfRows(children(usable, knowledge)), 'own/tools:shared');
  });

  it('are read again after a failure, and stay away from a project that cannot be read', async () => {
    await start();
    const mend = gitlab.onRequest(() => ({ status: 404, headers: {}, body: '{"message":"404 Project Not Found"}' }));
    const row = groupRow();
    assert.deepEqual(await opened(row), ['Not found — Refresh']);
    const [message] = children(row, knowledge);
    assert.deepEqual(message?.type === 'message' && message.action?.command, commands.refreshAgents);
    mend();
    await rows.agents.load(node.host, app);
    assert.deepEqual(inWords(row), ['No agents — Add agent', 'For this project’s jobs']);
    knowledge = { ...knowledge, ownerState: () => failed('notFound') };
    assert.ok(children(node, knowledge).every(({ type }) => type !== 'agents'));
    knowledge = { ...knowledge, ownerState: () => failed('clustersUnavailable') };
    assert.ok(children(node, knowledge).some(({ type }) => type === 'agents'));
  });

  it('show what their configuration allows, read when they are opened, or that there is none', async () => {
    await start();
    const [project] = gitlab.world.projects;
    assert.ok(project);
    for (const name of ['bare', 'broken', 'prod']) addAgent(gitlab.world, project, name);
    const file = (name: string, text: string) =>
      putFile(gitlab.world, project, `.gitlab/agents/${name}/config.yaml`, text);
    file('broken', 'ci_access: [');
    file(
      'prod',
      [
        'ci_access:',
        '  projects:',
        '    - id: own/app',
        '      default_namespace: shop',
        '      environments: [production, review/*]',
        '  groups:',
        '    - id: own/sub',
        '      protected_branches_only: true',
        '  instance: {}',
        'user_access:',
        '  projects:',
        '    - id: own/tools',
        '',
      ].join('\n'),
    );
    const row = groupRow();
    await opened(row);
    gitlab.clearRequests();
    const below = async (index: number) => {
      const agent = children(row, knowledge)[index];
      assert.equal(agent?.type, 'agent');
      return opened(agent);
    };
    assert.deepEqual(await below(0), ['No configuration file — Refresh']);
    assert.deepEqual(await below(1), ['Configuration cannot be read — Open file']);
    assert.deepEqual(await below(2), [
      'own/app — jobs · production, review/* · namespace shop',
      'own/sub — jobs of all projects below · protected branches and tags only',
      'Every project — jobs',
      'own/tools — members',
    ]);
    assert.equal(gitlab.requests.length, 3);
  });

  it('know their parents, keys and texts, and are told from other values', async () => {
    await start();
    const [project] = gitlab.world.projects;
    assert.ok(project);
    addAgent(gitlab.world, project, 'live');
    const row = groupRow();
    await opened(row);
    const [agent, usable] = children(row, knowledge);
    assert.ok(agent && usable);
    assert.deepEqual(
      [agent, usable, row].map((one) => parentOf(one, knowledge)).map((one) => one && nodeId(one)),
      [nodeId(row), nodeId(row), nodeId(node)],
    );
    assert.equal(new Set([agent, usable, row, node].map(nodeId)).size, 4);
    for (const one of [agent, usable, row]) assert.ok(isClusterTreeNode(one));
    assert.ok(!isClusterTreeNode({ type: 'agent', agent: 'x' }));
    assert.ok(!isClusterTreeNode({ type: 'agents', project: 7 }));
    assert.equal(actionOfKey('delete', [agent])?.command, commands.deleteAgent);
    assert.equal(actionOfKey('delete', [agent, agent]), undefined);
    assert.equal(actionOfKey('refresh', [row])?.command, commands.refreshAgents);
    assert.equal(textOfRows([agent, row]), 'own/app:live');
  });

  it('offer in their menus what the token may do', async () => {
    await start();
    const [project] = gitlab.world.projects;
    assert.ok(project);
    addAgent(gitlab.world, project, 'live');
    const row = groupRow();
    await opened(row);
    const [agent, usable] = children(row, knowledge);
    assert.ok(agent && usable);
    const reading = ['copyContextName', 'openAgentConfig', 'openAgentPage'];
    assert.deepEqual(offered(row, knowledge), ['addAgent', 'refreshAgents']);
    assert.deepEqual(
      offered(agent, knowledge),
      ['addAgentToken', ...reading, 'deleteAgent', 'revokeAgentToken'].sort(),
    );
    assert.deepEqual(offered(usable, knowledge), ['refreshAgents']);
    knowledge = { ...knowledge, hostState: () => loaded(reader) };
    assert.deepEqual([offered(row, knowledge), offered(agent, knowledge)], [['refreshAgents'], reading]);
    knowledge = { ...knowledge, hostState: () => loaded(admin), agents: { current: undefined } };
    assert.deepEqual(offered(row, knowledge), ['refreshAgents']);
    assert.deepEqual(inWords(row), ['Loading…']);
  });
});

const manifest = z.parse(
  z.object({
    contributes: z.object({
      menus: z.object({
        'view/item/context': z.array(z.object({ command: z.optional(z.string()), when: z.string() })),
      }),
    }),
  }),
  JSON.parse(readFileSync('package.json', 'utf8')),
);

function offered(node: ClusterTreeNode, knowledge: TreeKnowledge): string[] {
  const { contextValue } = present(node, knowledge);
  const fitting = manifest.contributes.menus['view/item/context'].filter(({ when }) =>
    new RegExp(/viewItem =~ \/(.+)\/$/.exec(when)?.[1] ?? '^$').test(contextValue),
  );
  return [...new Set(fitting.flatMap(({ command }) => command?.replace('gitlabClusters.', '') ?? []))].sort();
}
