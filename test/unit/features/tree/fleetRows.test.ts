import assert from 'node:assert/strict';
import { commands } from '../../../../src/contributions';
import type { CrawlProgress } from '../../../../src/core/inventory/crawl';
import { Fleet } from '../../../../src/core/inventory/fleet';
import type { FleetStatus } from '../../../../src/core/inventory/fleetStatus';
import { GitLabError } from '../../../../src/core/gitlab/errors';
import type { Cluster, ClusterOwner } from '../../../../src/core/model/cluster';
import { agoInWords } from '../../../../src/core/model/agoInWords';
import { nodeId } from '../../../../src/editor/clusterNodes';
import { isClusterTreeNode } from '../../../../src/editor/isClusterTreeNode';
import type { ClusterTreeNode, FleetNode } from '../../../../src/editor/clusterNodes';
import { listsTo } from '../../../../src/features/tree/rows/rowOf';
import { placeOf, placeOfNamed } from '../../../../src/features/tree/rows/placeOf';
import { children, parentOf } from '../../../../src/features/tree/rows/rowOf';
import { present } from '../../../../src/features/tree/rows/rowOf';
import type { TreeKnowledge } from '../../../../src/features/tree/treeKnowledge';
import { FleetFinder } from '../../../../src/core/arrange/fleetFinder';
import {
  cluster,
  failed,
  finder,
  group,
  host,
  hostNode,
  hostUrl,
  instance,
  knowing,
  ownerNode,
  project,
  url,
} from './knowledge';

const fleetNode: FleetNode = { type: 'fleet', host: url };
const deep: ClusterOwner = { level: 'project', id: 8, path: 'group/sub/deep' };
const lost: ClusterOwner = { level: 'project', id: 10, path: 'group/lost' };
const off: ClusterOwner = { level: 'project', id: 11, path: 'old/app' };

const on = (owner: ClusterOwner, id: number, changes: Partial<Cluster> = {}): Cluster => ({
  ...cluster,
  owner,
  id,
  name: `cluster ${id}`,
  ...changes,
});

function someFleet(): Fleet {
  const fleet = new Fleet(url);
  const at = (owner: ClusterOwner) => ({ owner, name: 'x', archived: owner === deep });
  fleet.putGroup({ id: 3, path: 'group', name: 'Group', parentId: undefined });
  fleet.putClusters(at(instance), [on(instance, 1)]);
  fleet.putClusters(at(group), [on(group, 2)]);
  fleet.putClusters(at(project), [on(project, 3), on(project, 4, { enabled: false })]);
  fleet.putClusters(at(deep), [on(deep, 5)]);
  fleet.putFailure(at(lost), new GitLabError('forbidden'));
  fleet.putFailure(at(off), new GitLabError('clustersUnavailable'), [{ id: 6, name: 'sleeping' }]);
  fleet.putUnresolved(
    { level: 'project', path: 'hidden/one' },
    [{ id: 7, name: 'ghost' }],
    new GitLabError('notFound'),
  );
  return fleet;
}

/** Rows below a row and so on, as a person reads them. */
function outline(node: ClusterTreeNode | undefined, knowledge: TreeKnowledge, depth = 0): string[] {
  return children(node, knowledge).flatMap((row) => {
    const { label, description } = present(row, knowledge);
    return [`${'  '.repeat(depth)}${label} — ${description}`, ...outline(row, knowledge, depth + 1)];
  });
}

const progress: CrawlProgress = {
  ownersSeen: 1204,
  ownersDone: 300,
  ownersTotal: undefined,
  clustersFound: 87,
  failures: 0,
  timeLeft: 19_500,
  waitingUntil: undefined,
};

describe('Below all clusters of a host', () => {
  it('nest owners as in GitLab, with clusters, failures and mere names', () => {
    const knowledge = knowing({ finding: finder({ fleet: someFleet() }) });
    assert.deepEqual(outline(fleetNode, knowledge), [
      'Instance — 1 cluster',
      '  cluster 1 — *',
      'group — 4 clusters · watched',
      '  app — 2 clusters · watched',
      '    cluster 3 — *',
      '    cluster 4 — disabled · *',
      '  lost — Not permitted',
      '    Not permitted — Refresh',
      '  sub/deep — 1 cluster · archived',
      '    cluster 5 — *',
      '  cluster 2 — *',
      'old/app — Cluster integration switched off · 1 cluster',
      '  sleeping — Cluster integration switched off',
      'ghost — Not found · hidden/one',
    ]);
  });

  it('say of a watched owner that it is, to screen readers too', () => {
    const look = (owner: ClusterOwner) =>
      present(
        { type: 'branch', host: url, owner, place: 'fleet' },
        knowing({ finding: finder({ fleet: someFleet() }) }),
      );
    assert.match(look(project).accessibilityLabel, /^app, 2 clusters, watched\. /);
    assert.match(look(project).tooltip, /also listed directly below its host/);
    assert.doesNotMatch(look(deep).accessibilityLabel + look(deep).tooltip, /atched/);
  });

  it('have ids of their own beside those of the same watched owners, lead back, and are rows to commands', () => {
    for (const filter of ['', 'cluster']) {
      const finding = finder({ fleet: someFleet() });
      finding.setFilter(filter);
      const knowledge = knowing({ finding, owners: [[project, [on(project, 3)]]] });
      const ids: string[] = [];
      const check = (node: ClusterTreeNode | undefined): void => {
        for (const child of children(node, knowledge)) {
          assert.deepEqual(parentOf(child, knowledge), node);
          assert.ok(isClusterTreeNode(child));
          ids.push(nodeId(child));
          check(child);
        }
      };
      check(undefined);
      assert.ok(ids.length > 10);
      assert.equal(new Set(ids).size, ids.length);
    }
  });

  const states: readonly (readonly [string, FleetStatus, string, readonly string[]])[] = [
    ['nobody asked', { status: 'unasked' }, 'expand to search', []],
    ['it begins', { status: 'crawling', progress: undefined }, 'starting…', ['Finding clusters… — ']],
    [
      'it goes on',
      { status: 'crawling', progress },
      '87 clusters · about 20 s left · 1,204 projects and groups seen',
      ['Finding clusters: 87 clusters · about 20 s left · 1,204 projects and groups seen — '],
    ],
    [
      'it was stopped',
      { status: 'ended', outcome: { outcome: 'stopped', error: new GitLabError('cancelled') }, progress },
      'stopped',
      ['Stopped — Continue'],
    ],
    [
      'the host went away',
      { status: 'ended', outcome: { outcome: 'stopped', error: new GitLabError('network') }, progress },
      'stopped',
      ['Not reachable — Continue'],
    ],
    [
      'the token stopped working',
      { status: 'ended', outcome: { outcome: 'stopped', error: new GitLabError('tokenExpired') }, progress },
      'stopped',
      ['Access token expired — Replace token'],
    ],
    [
      'a list is missing',
      {
        status: 'ended',
        outcome: { outcome: 'complete', gaps: [{ list: 'projects', error: new GitLabError('server') }] },
        progress,
      },
      'expand to search',
      ['Continue — Some lists of projects and groups could not be read'],
    ],
    [
      'there is none',
      { status: 'ended', outcome: { outcome: 'complete', gaps: [] }, progress },
      'expand to search',
      ['No clusters — Find again'],
    ],
    [
      'the role is nowhere enough to read clusters',
      {
        status: 'ended',
        outcome: { outcome: 'complete', gaps: [] },
        progress: { ...progress, ownersSeen: 0, ownersDone: 0, clustersFound: 0 },
      },
      'expand to search',
      ['Find again — No project or group whose clusters you may read'],
    ],
  ];
  for (const [when, status, description, rows] of states) {
    it(`say how far one is when ${when}`, () => {
      const knowledge = knowing({ finding: finder({ status }) });
      assert.equal(present(fleetNode, knowledge).description, description);
      assert.deepEqual(outline(fleetNode, knowledge), rows);
    });
  }

  it('keep count and date of what is remembered while one looks again', () => {
    const fleet = new Fleet(url);
    const record = { owner: group, name: 'x', archived: false, named: [], failure: undefined, readAt: 1 };
    const at = new Date(Date.now() - 2 * 3_600_000 - 1000);
    fleet.restore({ groups: [], owners: [{ ...record, clusters: [on(group, 2)] }], at });
    const described = (status: FleetStatus): string =>
      present(fleetNode, knowing({ finding: finder({ fleet, status }) })).description;
    assert.equal(described({ status: 'recalled' }), '1 cluster · 2 hours ago');
    assert.equal(
      described({ status: 'crawling', progress }),
      '1 cluster · 2 hours ago · refreshing · about 20 s left · 1,204 projects and groups seen',
    );
  });

  it('never show a switched-off integration as emptiness', () => {
    const fleet = new Fleet(url);
    fleet.putSwitchedOff('group');
    const status = { status: 'ended', outcome: { outcome: 'complete', gaps: [] }, progress } as const;
    const [row] = children(fleetNode, knowing({ finding: finder({ fleet, status }) }));
    assert.equal(row?.type, 'message');
    assert.equal(row.text, 'Cluster integration switched off');
    assert.match(row.detail ?? '', /group/);
  });

  it('are paged where they are many, and as many shown as lead to a row', () => {
    const fleet = new Fleet(url);
    const many = Array.from({ length: 450 }, (_, index) => on(instance, index + 1));
    fleet.putClusters({ owner: instance, name: '', archived: false }, many);
    const finding = finder({ fleet });
    const knowledge = knowing({ finding });
    const branch = children(fleetNode, knowledge)[0];
    assert.ok(branch);
    const last = (): ClusterTreeNode | undefined => children(branch, knowledge).at(-1);
    const more = last();
    assert.equal(more?.type, 'more');
    assert.equal(present(more, knowledge).label, 'Show 200 more');
    assert.equal(present(more, knowledge).command?.id, commands.showMore);
    finding.showMore(nodeId(branch), url);
    assert.equal(children(branch, knowledge).length, 401);
    const far = many[449];
    assert.ok(far);
    const node = placeOf(far, false, knowledge);
    assert.ok(node);
    for (const { list, position } of listsTo(node, knowledge)) finding.showMore(list, url, position);
    assert.equal(children(branch, knowledge).length, 450);
  });
});

describe('A watched owner with many clusters', () => {
  it('shows them by pages too, and as many as lead to a row', () => {
    const many = Array.from({ length: 250 }, (_, index) => on(project, index + 1));
    const finding = finder();
    const knowledge = knowing({ finding, owners: [[project, many]] });
    const node = ownerNode(project);
    const more = children(node, knowledge).at(-1);
    assert.equal(more && present(more, knowledge).label, 'Show 50 more');
    assert.equal(children(node, knowledge).length, 201);
    assert.ok(more && parentOf(more, knowledge) === node);
    const last = many.at(-1);
    assert.ok(last);
    for (const { list, position } of listsTo({ type: 'cluster', cluster: last }, knowledge))
      finding.showMore(list, undefined, position);
    assert.equal(children(node, knowledge).length, 250);
  });
});

describe('The tree with a filter', () => {
  it('shows below each host what fits, open', () => {
    const finding = finder({ fleet: someFleet() });
    finding.setFilter('disabled');
    const knowledge = knowing({ finding });
    assert.deepEqual(outline(undefined, knowledge), [
      'Example — @mia · GitLab 17.11',
      '  Find all clusters — Only some clusters are known',
      '  group — 1 cluster · watched',
      '    app — 1 cluster · watched',
      '      cluster 4 — disabled · *',
    ]);
    const [top] = children(undefined, knowledge);
    const branch = top && children(top, knowledge)[1];
    assert.equal(branch && present(branch, knowledge).collapsible, 'expanded');
  });

  it('says where nothing fits', () => {
    const finding = finder({ fleet: someFleet() });
    finding.setFilter('nothing-like-this');
    // A host that has something to say keeps its row.
    assert.deepEqual(outline(undefined, knowing({ finding })), [
      'Example — @mia · GitLab 17.11',
      '  Find all clusters — Only some clusters are known',
    ]);
    const fleet = someFleet();
    fleet.endRound(new Date());
    const ended = { status: 'ended', outcome: { outcome: 'complete', gaps: [] }, progress: undefined } as const;
    const searched = finder({ fleet, status: ended });
    searched.setFilter('nothing-like-this');
    assert.deepEqual(outline(undefined, knowing({ finding: searched })), [
      'No cluster matches the filter — Clear filter',
    ]);
  });

  it('has one row for all hosts without a match', () => {
    const other = { ...host, url: hostUrl('https://other.example.com'), name: 'Other' };
    const fleet = someFleet();
    fleet.endRound(new Date());
    const hosts = [host, other];
    const status = { status: 'ended', outcome: { outcome: 'complete', gaps: [] }, progress: undefined } as const;
    const finding = new FleetFinder({
      hosts: () => hosts,
      onDidChangeHosts: () => ({ dispose: () => undefined }),
      fleets: {
        fleet: (asked) => (asked === url ? fleet : new Fleet(asked)),
        status: () => status,
        onDidChange: () => ({ dispose: () => undefined }),
      },
      choices: { get: () => undefined, update: () => undefined },
    });
    finding.setFilter('host:example cluster');
    const rows = outline(undefined, knowing({ finding, hosts }));
    assert.equal(rows[0], 'Example — @mia · GitLab 17.11');
    assert.equal(rows.at(-1), '1 host without a match — Clear filter');
    assert.equal(rows.filter((row) => !row.startsWith(' ')).length, 2);
  });
});

describe('The tree in groups', () => {
  it('shows clusters of all hosts below what they have in common, and why it may not be all', () => {
    const knowledge = knowing({ finding: finder({ fleet: someFleet(), choices: { groupBy: 'level' } }) });
    assert.deepEqual(outline(undefined, knowledge), [
      'Find all clusters — Example: Only some clusters are known',
      'Instance clusters — at least 1 cluster',
      '  cluster 1 — Instance · *',
      'Group clusters — at least 1 cluster',
      '  cluster 2 — group · *',
      'Project clusters — at least 5 clusters',
      '  cluster 3 — group/app · *',
      '  cluster 4 — disabled · group/app · *',
      '  cluster 5 — group/sub/deep · *',
      '  ghost — hidden/one · Not found',
      '  sleeping — old/app · Cluster integration switched off',
    ]);
    const node = placeOf(on(deep, 5), true, knowledge);
    const parent = node && parentOf(node, knowledge);
    assert.equal(parent && present(parent, knowledge).label, 'Project clusters');
  });

  it('shows clusters known by name only where that says why nothing more is known of them', () => {
    const finding = finder({ fleet: someFleet(), choices: { groupBy: 'apiUrl' } });
    const knowledge = knowing({ finding });
    const rows = outline(undefined, knowledge);
    assert.equal(rows[1], 'k8s.example.com:6443 — at least 5 clusters', 'what begins every address is left out');
    assert.deepEqual(rows.slice(7), [
      'Unknown — at least 1 cluster · Not found',
      '  ghost — hidden/one · Not found',
      'Unknown — at least 1 cluster · Cluster integration switched off',
      '  sleeping — old/app · Cluster integration switched off',
    ]);
    const [, api, , unknown] = children(undefined, knowledge);
    assert.ok(api && unknown);
    assert.match(present(api, knowledge).tooltip.replaceAll('\\', ''), /API URL: https:\/\/k8s\.example\.com:6443/);
    assert.match(present(unknown, knowledge).tooltip, /reveals only the names of these clusters.*feature flag/s);
    assert.match(
      present(unknown, knowledge).accessibilityLabel,
      /^Unknown, at least 1 cluster, Cluster integration switched off\. GitLab reveals only the names/,
    );

    finding.setFilter('sleep');
    assert.deepEqual(outline(undefined, knowledge).slice(1), [
      'Unknown — at least 1 cluster · Cluster integration switched off',
      '  sleeping — old/app · Cluster integration switched off',
    ]);
  });

  it('leads to a cluster known by name only, wherever its row is', () => {
    const shapes: readonly (readonly [string, string, readonly string[]])[] = [
      ['owner', '', ['old/app', 'All clusters', 'Example']],
      ['owner', 'sleep', ['old/app', 'Example']],
      ['apiUrl', '', ['Unknown']],
      ['host', '', ['Example']],
    ];
    for (const [groupBy, filter, expected] of shapes) {
      const finding = finder({ fleet: someFleet(), choices: { groupBy } });
      finding.setFilter(filter);
      const knowledge = knowing({ finding });
      const sleeping = finding.matching().named.find(({ name }) => name === 'sleeping');
      const node = sleeping && placeOfNamed(sleeping, knowledge);
      assert.ok(node);
      const above: string[] = [];
      for (let at = parentOf(node, knowledge); at; at = parentOf(at, knowledge))
        above.push(present(at, knowledge).label);
      assert.deepEqual(above, expected);
      const parent = parentOf(node, knowledge);
      const rows = children(parent, knowledge).filter(({ type }) => type !== 'message');
      const [nearest] = listsTo(node, knowledge);
      assert.equal(nearest && nodeId(rows[nearest.position] ?? node), nodeId(node));
      finding.setFilter('nothing-like-this');
      assert.equal(placeOfNamed(sleeping, knowledge), undefined);
    }
  });

  it('never shows a switched-off integration as emptiness either', () => {
    const fleet = new Fleet(url);
    fleet.putSwitchedOff('group');
    const status = { status: 'ended', outcome: { outcome: 'complete', gaps: [] }, progress } as const;
    const knowledge = knowing({ finding: finder({ fleet, status, choices: { groupBy: 'apiUrl' } }) });
    assert.deepEqual(outline(undefined, knowledge), ['How to turn it on — Example: Cluster integration switched off']);
  });

  it('shows a host that fails as a row that says so', () => {
    const finding = finder({ fleet: someFleet(), choices: { groupBy: 'apiUrl' } });
    const knowledge = knowing({ finding, state: failed('network') });
    assert.equal(outline(undefined, knowledge)[0], 'Example: Not reachable — Refresh');
  });
});

describe('What is remembered, shown in groups or with a filter', () => {
  function remembered(): Fleet {
    const fleet = new Fleet(url);
    const record = { owner: group, name: 'x', archived: false, named: [], failure: undefined, readAt: 1 };
    const at = new Date(new Date(knowing().now()).getTime() - 50 * 3_600_000);
    fleet.restore({ groups: [], owners: [{ ...record, clusters: [on(group, 2)] }], at });
    return fleet;
  }
  const found = 'Found 2 days ago — Find again';
  const going = 'Finding clusters: 87 clusters · about 20 s left · 1,204 projects and groups seen — ';

  it('is dated until it is looked for again', () => {
    const fleet = remembered();
    const inGroups = (status: FleetStatus, state?: Parameters<typeof knowing>[0]): readonly string[] =>
      outline(undefined, knowing({ ...state, finding: finder({ fleet, status, choices: { groupBy: 'level' } }) }));
    assert.equal(inGroups({ status: 'recalled' })[0], `Example: ${found}`);
    assert.equal(inGroups({ status: 'crawling', progress })[0], `Example: ${going}`);
    assert.deepEqual(inGroups({ status: 'recalled' }, { state: failed('network') }).slice(0, 2), [
      'Example: Not reachable — Refresh',
      `Example: ${found}`,
    ]);
    const ended: FleetStatus = { status: 'ended', outcome: { outcome: 'complete', gaps: [] }, progress };
    assert.equal(inGroups(ended)[0], 'Group clusters — 1 cluster');
    const finding = finder({ fleet, status: { status: 'recalled' } });
    finding.setFilter('cluster');
    assert.equal(outline(undefined, knowing({ finding }))[1], `  ${found}`);
  });

  it('has another row once it is looked for, which knows the host to stop at', () => {
    const fleet = remembered();
    const first = (status: FleetStatus): ClusterTreeNode | undefined =>
      children(undefined, knowing({ finding: finder({ fleet, status, choices: { groupBy: 'level' } }) }))[0];
    const [dated, going] = [first({ status: 'recalled' }), first({ status: 'crawling', progress })];
    assert.ok(dated && going?.type === 'message');
    assert.notEqual(nodeId(dated), nodeId(going));
    assert.equal(going.finding, url);
  });
});

describe('All clusters of a host that is away', () => {
  it('can still be looked at where they are remembered', () => {
    const knowledge = knowing({ finding: finder({ fleet: someFleet() }), state: failed('network') });
    assert.deepEqual(
      children(hostNode, knowledge).map(({ type }) => type),
      ['message', 'fleet'],
    );
  });

  it('say since when, in words', () => {
    const now = new Date('2026-05-05T12:00:00Z');
    const before = (minutes: number) => agoInWords(new Date(now.getTime() - minutes * 60_000), now);
    assert.deepEqual([0, 1, 59, 60, 119, 120, 47 * 60, 72 * 60].map(before), [
      'just now',
      '1 minute ago',
      '59 minutes ago',
      '1 hour ago',
      '1 hour ago',
      '2 hours ago',
      '47 hours ago',
      '3 days ago',
    ]);
  });
});
