import assert from 'node:assert/strict';
import { commands } from '../../../../src/contributions';
import { GitLabError } from '../../../../src/core/gitlab/errors';
import type { GitLabErrorKind } from '../../../../src/core/gitlab/errors';
import { explain } from '../../../../src/core/gitlab/explain';
import type { Cluster, ListedCluster } from '../../../../src/core/model/cluster';
import type { Host } from '../../../../src/core/model/host';
import { nodeId } from '../../../../src/editor/clusterNodes';
import { isClusterTreeNode } from '../../../../src/editor/isClusterTreeNode';
import type { ClusterTreeNode, MessageNode } from '../../../../src/editor/clusterNodes';
import { children, parentOf } from '../../../../src/features/tree/rows/rowOf';
import { present } from '../../../../src/features/tree/rows/rowOf';
import type { TreeKnowledge } from '../../../../src/features/tree/treeKnowledge';
import {
  admin,
  cluster,
  everyKind,
  failed,
  group,
  host,
  hostNode,
  hostUrl,
  instance,
  knowing,
  loaded,
  maintainer,
  ownerNode,
  project,
  projectNode,
  reader,
} from './knowledge';

/** Rows in short: what they are and, for messages, what they say and offer. */
function rows(node: ClusterTreeNode | undefined, knowledge: TreeKnowledge): string[] {
  return children(node, knowledge).map((row) => {
    switch (row.type) {
      case 'host':
        return `host ${row.host.name}`;
      case 'owner':
        return row.owner.level === 'instance' ? 'instance' : `${row.owner.level} ${row.owner.path}`;
      case 'cluster':
        return `cluster ${row.cluster.name} ${row.cluster.id}`;
      case 'unreadable':
        return `unreadable ${row.cluster.index}`;
      case 'message':
        return `message ${row.text}`;
      case 'fleet':
        return 'all clusters';
      default:
        assert.fail(row.type);
    }
  });
}

function onlyMessage(node: ClusterTreeNode | undefined, knowledge: TreeKnowledge): MessageNode {
  const [row, ...others] = children(node, knowledge);
  assert.equal(others.length, 0);
  assert.equal(row?.type, 'message');
  return row;
}

describe('The top of the tree', () => {
  it('shows every host in the order of the setting, then what the setting has wrong', () => {
    const other: Host = { ...host, url: hostUrl('https://other.example.com/gitlab'), name: 'Other' };
    const problems = [{ entry: 'ftp://x', problem: 'The address must begin with https://.' }];
    assert.deepEqual(rows(undefined, knowing({ hosts: [other, host], problems })), [
      'host Other',
      'host Example',
      'message ftp://x',
    ]);
  });

  it('offers the settings for an entry that cannot be used, and says what is wrong', () => {
    const [row] = children(undefined, knowing({ hosts: [], problems: [{ entry: 'a\nb', problem: 'No spaces.' }] }));
    assert.equal(row?.type, 'message');
    assert.equal(row.text, 'a b');
    assert.match(row.detail ?? '', /gitlabClusters\.hosts.*No spaces\./);
    assert.equal(row.action?.command, commands.openSettings);
  });

  it('is empty without hosts, so that the welcome text shows', () => {
    assert.deepEqual(children(undefined, knowing({ hosts: [] })), []);
  });
});

describe('Below a host', () => {
  it('stand the instance for an administrator, groups, then projects, each by path', () => {
    const many: Host = {
      ...host,
      groups: [
        { id: 2, path: 'zeta' },
        { id: 1, path: 'alpha' },
      ],
      projects: [
        { id: 10, path: 'a/app10' },
        { id: 9, path: 'a/app9' },
      ],
    };
    assert.deepEqual(rows({ type: 'host', host: many }, knowing({ hosts: [many], identity: admin })), [
      'instance',
      'group alpha',
      'group zeta',
      'project a/app9',
      'project a/app10',
      'all clusters',
    ]);
  });

  it('stands no instance for anyone else', () => {
    assert.deepEqual(rows(hostNode, knowing({ identity: maintainer })), [
      'group group',
      'project group/app',
      'all clusters',
    ]);
  });

  it('stands “Loading…” until the host is known', () => {
    for (const state of ['unasked', { state: 'loading', value: undefined }] as const) {
      assert.deepEqual(rows(hostNode, knowing({ state })), ['message Loading…']);
    }
  });

  it('stay the rows while the host is asked again', () => {
    const state = { state: 'loading', value: admin } as const;
    assert.deepEqual(rows(hostNode, knowing({ state })), [
      'instance',
      'group group',
      'project group/app',
      'all clusters',
    ]);
  });

  it('stands “No token” with one action for a host typed into the settings', () => {
    const message = onlyMessage(hostNode, knowing({ state: { state: 'noToken' } }));
    assert.equal(message.text, 'No token');
    assert.deepEqual(message.action, {
      command: commands.replaceToken,
      title: 'Enter access token',
      argument: hostNode,
    });
  });

  it('stands an invitation to watch something where nothing is watched', () => {
    const bare: Host = { ...host, projects: [], groups: [] };
    const [message, ...others] = children({ type: 'host', host: bare }, knowing({ hosts: [bare] }));
    assert.equal(message?.type, 'message');
    assert.deepEqual(
      others.map(({ type }) => type),
      ['fleet'],
    );
    assert.equal(message.text, 'Nothing watched yet');
    assert.equal(message.action?.command, commands.watchProject);
  });

  it('stands “Loading…” instead of that while open folders are looked up', () => {
    const bare: Host = { ...host, projects: [], groups: [] };
    const knowledge = knowing({ hosts: [bare], workspace: { loading: true } });
    assert.deepEqual(rows({ type: 'host', host: bare }, knowledge), ['message Loading…', 'all clusters']);
  });

  const remedies: Partial<Record<GitLabErrorKind, string>> = {
    noToken: commands.replaceToken,
    keyring: commands.replaceToken,
    unauthorized: commands.replaceToken,
    tokenExpired: commands.replaceToken,
    tokenRevoked: commands.replaceToken,
    insufficientScope: commands.replaceToken,
    notFound: commands.openHost,
    unsupported: commands.openHost,
    protocol: commands.openHost,
    redirected: commands.openHost,
    tls: commands.testHost,
    proxy: commands.testHost,
    internal: commands.showLog,
    // Off by default since GitLab 15.0, so it is no error, and there is a way to turn it on.
    clustersUnavailable: commands.showIntegrationHelp,
  };
  const titles = new Set<string>();
  for (const kind of everyKind) {
    const command = remedies[kind] ?? commands.refreshHost;
    it(`stands one row with one action for ${kind}`, () => {
      const state = { state: 'failed', error: new GitLabError(kind) } as const;
      const message = onlyMessage(hostNode, knowing({ state }));
      assert.equal(message.action?.command, command);
      assert.ok(message.detail && message.detail.length > 5);
      assert.ok(!titles.has(message.text), 'every failure has a title of its own');
      titles.add(message.text);
    });
  }

  for (const [what, sameOrigin, command] of [
    ['another address offers to add that as a host', false, commands.addHost],
    ['an address of its own, a sign-in page, offers the browser', true, commands.openHost],
  ] as const) {
    it(`stands one row that, sent on to ${what}`, () => {
      const error = new GitLabError('redirected', { location: 'https://gitlab.example.com/sign-in', sameOrigin });
      const message = onlyMessage(hostNode, knowing({ state: { state: 'failed', error } }));
      assert.equal(message.action?.command, command);
    });
  }

  it('stay the rows of a host that does not answer, with their age, and the trouble is said once', () => {
    const error = new GitLabError('server', { status: 503 });
    const at = new Date('2026-05-01T10:00:00Z');
    const knowledge = knowing({
      state: { state: 'failed', error, value: admin, at },
      owners: [[project, { state: 'failed', error, value: [cluster], at }]],
      now: new Date('2026-05-01T10:05:00Z'),
    });
    const { title } = explain(error);
    assert.deepEqual(rows(hostNode, knowledge), [
      `message ${title}`,
      'instance',
      'group group',
      'project group/app',
      'all clusters',
    ]);
    assert.deepEqual(
      children(projectNode, knowledge).map(({ type }) => type),
      ['cluster'],
    );
    assert.equal(present(projectNode, knowledge).description, '1 cluster · 5 minutes ago · group/app');
  });

  it('are the rows of an owner that alone cannot be read below what is the matter with it', () => {
    const error = new GitLabError('timeout');
    const at = new Date('2026-05-01T10:00:00Z');
    const knowledge = knowing({ owners: [[project, { state: 'failed', error, value: [cluster], at }]] });
    assert.deepEqual(
      children(projectNode, knowledge).map(({ type }) => type),
      ['message', 'cluster'],
    );
  });

  it('are the other hosts unharmed by one that fails', () => {
    const broken: Host = { ...host, url: hostUrl('https://broken.example.com'), name: 'Broken' };
    const knowledge = knowing({ hosts: [broken, host], states: new Map([[broken.url, failed('network')]]) });
    assert.deepEqual(rows({ type: 'host', host: broken }, knowledge), ['message Not reachable']);
    assert.deepEqual(rows(hostNode, knowledge), ['group group', 'project group/app', 'all clusters']);
  });
});

describe('Projects of open folders', () => {
  const found = (id: number, path: string) => ({ id, path, name: path });

  it('stand among the watched ones, by path, marked', () => {
    const knowledge = knowing({ workspace: { projects: [found(8, 'group/zoo'), found(5, 'group/aaa')] } });
    assert.deepEqual(rows(hostNode, knowledge), [
      'group group',
      'project group/aaa',
      'project group/app',
      'project group/zoo',
      'all clusters',
    ]);
    const marks = children(hostNode, knowledge).flatMap((row) =>
      row.type === 'owner' && row.owner.level === 'project' ? [[row.watched, row.fromWorkspace]] : [],
    );
    assert.deepEqual(marks, [
      [false, true],
      [true, false],
      [false, true],
    ]);
  });

  it('are not shown twice when watched too, even if the project has moved since', () => {
    const knowledge = knowing({ workspace: { projects: [found(7, 'new-home/app')] } });
    const projects = children(hostNode, knowledge).filter(
      (row) => row.type === 'owner' && row.owner.level === 'project',
    );
    assert.deepEqual(projects, [
      ownerNode({ level: 'project', id: 7, path: 'new-home/app' }, { watched: true, fromWorkspace: true }),
    ]);
  });

  it('that could not be looked up are rows with the path, the reason and one action', () => {
    const failures = [{ path: 'group/lost', error: new GitLabError('network') }];
    const row = children(hostNode, knowing({ workspace: { failures } })).at(-2);
    assert.equal(row?.type, 'message');
    assert.equal(row.text, 'group/lost: Not reachable');
    assert.equal(row.action?.command, commands.refreshHost);
  });
});

describe('Below an owner', () => {
  it('stand clusters by name, then by id, since names are not unique', () => {
    const named = (id: number, name: string): Cluster => ({ ...cluster, id, name });
    const listed = [named(3, 'b'), named(20, 'a10'), named(1, 'a9'), named(2, 'b')];
    assert.deepEqual(rows(projectNode, knowing({ owners: [[project, listed]] })), [
      'cluster a9 1',
      'cluster a10 20',
      'cluster b 2',
      'cluster b 3',
    ]);
  });

  it('stands a cluster that cannot be read as a row after the others', () => {
    const unreadable: ListedCluster = {
      detail: 'unreadable',
      host: host.url,
      owner: project,
      index: 0,
      problem: 'id: invalid_type',
    };
    assert.deepEqual(rows(projectNode, knowing({ owners: [[project, [unreadable, cluster]]] })), [
      'cluster production 12',
      'unreadable 0',
    ]);
  });

  it('stands “Loading…” before the first answer, and the old clusters while they are read again', () => {
    assert.deepEqual(rows(projectNode, knowing()), ['message Loading…']);
    const again = { state: 'loading', value: [cluster] } as const;
    assert.deepEqual(rows(projectNode, knowing({ owners: [[project, again]] })), ['cluster production 12']);
  });

  it('stands “No clusters” with “Add cluster” for someone who may write', () => {
    const message = onlyMessage(projectNode, knowing({ owners: [[project, []]] }));
    assert.equal(message.text, 'No clusters');
    assert.deepEqual(message.action, { command: commands.addCluster, title: 'Add cluster', argument: projectNode });
  });

  it('offers neither Add nor Edit where the role is too low', () => {
    const known = knowing({ mayChange: false, owners: [[project, []]] });
    const [message] = children(projectNode, known);
    assert(message?.type === 'message');
    assert.notEqual(message.action?.command, commands.addCluster);
    assert.doesNotMatch(present(projectNode, known).contextValue, /writable/);
    const look = present({ type: 'cluster', cluster }, known);
    assert.doesNotMatch(look.contextValue, /writable/);
    assert.match(present({ type: 'cluster', cluster }, knowing()).contextValue, /writable/);
  });

  it('stands “No clusters” with a refresh for someone who may only read', () => {
    const message = onlyMessage(projectNode, knowing({ identity: reader, owners: [[project, []]] }));
    assert.equal(message.action?.command, commands.refreshOwner);
  });

  const remedies: Partial<Record<GitLabErrorKind, string>> = {
    noToken: commands.replaceToken,
    keyring: commands.replaceToken,
    unauthorized: commands.replaceToken,
    tokenExpired: commands.replaceToken,
    tokenRevoked: commands.replaceToken,
    insufficientScope: commands.replaceToken,
    notFound: commands.unwatch,
    tls: commands.testHost,
    proxy: commands.testHost,
    internal: commands.showLog,
    // Off by default since GitLab 15.0, so it is no error, and there is a way to turn it on.
    clustersUnavailable: commands.showIntegrationHelp,
  };
  for (const kind of everyKind) {
    const command = remedies[kind] ?? commands.refreshOwner;
    it(`stands one row with one action for ${kind}, never “No clusters”`, () => {
      const message = onlyMessage(projectNode, knowing({ owners: [[project, failed(kind)]] }));
      assert.equal(message.action?.command, command);
      assert.equal(message.severity, kind === 'clustersUnavailable' ? 'info' : 'error');
      const ofHost: readonly string[] = [commands.replaceToken, commands.testHost];
      const ofNone: readonly string[] = [commands.showLog, commands.showIntegrationHelp];
      const argument = ofHost.includes(command) ? hostNode : ofNone.includes(command) ? undefined : projectNode;
      assert.deepEqual(message.action.argument, argument);
    });
  }

  it('that is not watched, “not found” offers a refresh: there is nothing to stop watching', () => {
    const unwatched = ownerNode(project, { watched: false, fromWorkspace: true });
    const message = onlyMessage(unwatched, knowing({ owners: [[project, failed('notFound')]] }));
    assert.equal(message.action?.command, commands.refreshOwner);
  });

  it('tells GitLab’s own words in the detail', () => {
    const message = onlyMessage(projectNode, knowing({ owners: [[project, failed('server', '500 Oops')]] }));
    assert.match(message.detail ?? '', /500 Oops/);
  });
});

describe('The instance refused with 403', () => {
  const refused = [[instance, failed('forbidden', '403 Forbidden')]] as const;

  it('is Admin Mode missing, with the token to replace, where the token lacks that scope', () => {
    const identity = { ...admin, token: { scopes: ['api'], expiresAt: undefined } };
    const message = onlyMessage(ownerNode(instance), knowing({ identity, owners: refused }));
    assert.equal(message.text, 'Admin Mode missing');
    assert.match(message.detail ?? '', /admin_mode/);
    assert.deepEqual(message.action, {
      command: commands.replaceToken,
      title: 'Replace token',
      argument: hostNode,
    });
  });

  for (const [what, token] of [
    ['the token has that scope', admin.token],
    ['GitLab does not tell the scopes', undefined],
    ['the token is fine-grained', { scopes: ['granular'], expiresAt: undefined }],
  ] as const) {
    it(`is “Not permitted” where ${what}`, () => {
      const message = onlyMessage(ownerNode(instance), knowing({ identity: { ...admin, token }, owners: refused }));
      assert.equal(message.text, 'Not permitted');
    });
  }

  it('of a group is never Admin Mode', () => {
    const identity = { ...admin, token: { scopes: ['api'], expiresAt: undefined } };
    const message = onlyMessage(ownerNode(group), knowing({ identity, owners: [[group, failed('forbidden')]] }));
    assert.equal(message.text, 'Not permitted');
  });
});

describe('A row’s id and parent', () => {
  const knowledge = knowing({
    identity: admin,
    owners: [
      [project, [cluster]],
      [group, [{ ...cluster, owner: group }]],
      [instance, failed('forbidden')],
    ],
  });
  const all = (node?: ClusterTreeNode): ClusterTreeNode[] =>
    children(node, knowledge).flatMap((child) => [child, ...all(child)]);

  it('is unique over the whole tree, also for the same cluster id on two levels', () => {
    const ids = all().map(nodeId);
    assert.equal(ids.length, 8);
    assert.equal(new Set(ids).size, ids.length);
  });

  it('leads back to where the row was found', () => {
    const check = (node: ClusterTreeNode | undefined): void => {
      for (const child of children(node, knowledge)) {
        assert.deepEqual(parentOf(child, knowledge), node);
        check(child);
      }
    };
    check(undefined);
  });

  it('is the same after a reload with other content', () => {
    const before = children(projectNode, knowledge).map(nodeId);
    const renamed = knowing({ owners: [[project, loaded([{ ...cluster, name: 'renamed' }])]] });
    assert.deepEqual(children(projectNode, renamed).map(nodeId), before);
  });

  it('lets commands tell rows from anything else', () => {
    for (const node of all()) assert.ok(isClusterTreeNode(node));
    for (const other of [
      undefined,
      null,
      'host',
      {},
      { type: 'host' },
      { type: 'cluster', cluster: 1 },
      { type: 'x' },
    ]) {
      assert.ok(!isClusterTreeNode(other));
    }
  });
});
