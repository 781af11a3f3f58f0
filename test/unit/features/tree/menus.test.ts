import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import * as z from 'zod/mini';
import { Fleet } from '../../../../src/core/inventory/fleet';
import type { FleetStatus, FleetsChange } from '../../../../src/core/inventory/fleetStatus';
import { GitLabError } from '../../../../src/core/gitlab/errors';
import { Emitter } from '../../../../src/core/time/event';
import type { HostUrl } from '../../../../src/core/model/host';
import type { Cluster } from '../../../../src/core/model/cluster';
import type { ClusterTreeNode } from '../../../../src/editor/clusterNodes';
import { WarningRows } from '../../../../src/features/tree/warningRows';
import { children } from '../../../../src/features/tree/rows/rowOf';
import { present } from '../../../../src/features/tree/rows/rowOf';
import {
  admin,
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
  reader,
  url,
} from './knowledge';

const submenu = z.array(z.object({ command: z.string(), when: z.string(), group: z.string() }));
const manifest = z.parse(
  z.object({
    contributes: z.object({
      menus: z.object({
        'view/item/context': z.array(
          z.object({
            command: z.optional(z.string()),
            submenu: z.optional(z.string()),
            when: z.string(),
            group: z.string(),
          }),
        ),
        'gitlabClusters.copy': submenu,
        'gitlabClusters.change': submenu,
      }),
    }),
  }),
  JSON.parse(readFileSync('package.json', 'utf8')),
);
const { 'view/item/context': rows, ...submenus } = manifest.contributes.menus;
/** The entries of the menu; those of a submenu stand where the submenu does. */
const items = rows.flatMap(({ command, submenu, when, group }) =>
  submenu === 'gitlabClusters.copy' || submenu === 'gitlabClusters.change'
    ? submenus[submenu].map((entry) => ({ ...entry, group: group.replace(/@.*$/, entry.group.replace(/^.*@/, '@')) }))
    : [{ command: command ?? assert.fail(`an entry without a command: ${submenu}`), when, group }],
);

/** The commands package.json offers on a row, without prefix and doubles; VS Code matches `viewItem` the same way. */
function offered(node: ClusterTreeNode, knowledge = knowing({ identity: admin }), selected: 1 | 2 = 1): string[] {
  const { contextValue } = present(node, knowledge);
  const matching = items.filter(({ when }) => {
    const pattern = /viewItem =~ \/(.+)\/$/.exec(when)?.[1];
    assert.ok(pattern, `“${when}” asks for nothing a row says`);
    const isForOther = when.startsWith(selected === 1 ? 'listMultiSelection' : '!listMultiSelection');
    return !isForOther && new RegExp(pattern).test(contextValue);
  });
  return [...new Set(matching.map(({ command }) => command.replace('gitlabClusters.', '')))].sort();
}

const onHost = [
  'checkScopes',
  'chooseCaCertificate',
  'diagnoseClusters',
  'findAgents',
  'findAllClusters',
  'openHost',
  'refreshHost',
  'removeHost',
  'renameHost',
  'replaceToken',
  'showCertificate',
  'showChanges',
  'testHost',
  'watchGroup',
  'watchProject',
];
/** The menu of a row as it is shown, a list for each group: `navigation` would come first, then groups by name. */
function shown(node: ClusterTreeNode): string[][] {
  const { contextValue } = present(node, knowing({ identity: admin }));
  const groups = new Map<string, { readonly command: string; readonly order: number }[]>();
  for (const { command, when, group } of items) {
    const [name = '', order] = group.split('@');
    if (
      name === 'inline' ||
      when.startsWith('listMultiSelection') ||
      !new RegExp(/viewItem =~ \/(.+)\/$/.exec(when)?.[1] ?? '').test(contextValue)
    )
      continue;
    groups.set(name, [
      ...(groups.get(name) ?? []),
      { command: command.replace('gitlabClusters.', ''), order: Number(order) },
    ]);
  }
  return [...groups]
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([, commands]) => commands.sort((one, other) => one.order - other.order).map(({ command }) => command));
}

const onCluster = [
  'copyCaCertificate',
  'copyApiUrl',
  'copyId',
  'copyName',
  'diagnoseCluster',
  'diagnoseWithToken',
  'openCluster',
  'openClusterPage',
  'openOwnerPage',
  'planMigration',
  'resolveEnvironment',
  'showChanges',
  'showServed',
];
const onProject = ['diagnoseClusters', 'openOwnerPage', 'refreshOwner', 'showChanges', 'resolveEnvironment'];
const onFleet = ['diagnoseClusters', 'exportClusters', 'filterClusters', 'findAgents', 'groupBy', 'sortBy'];
const onWritable = ['changeCluster', 'deleteCluster', 'disableCluster', 'editCluster'];

function clusterNode(changes: Partial<Cluster> = {}): ClusterTreeNode {
  return { type: 'cluster', cluster: { ...cluster, ...changes } };
}

const warning = { type: 'warning', cluster, name: 'x', title: 'x', detail: 'x', remedy: 'x' } as const;
const opened = new WarningRows({
  fleets: { onDidChange: new Emitter<FleetsChange>().event },
  resolver: { known: () => [], projects: () => [], onDidChange: new Emitter<HostUrl>().event },
});

describe('The context menu', () => {
  const menus: readonly (readonly [string, ClusterTreeNode, typeof admin, readonly string[]])[] = [
    ['a host', hostNode, admin, onHost],
    ['a read-only host', hostNode, reader, onHost],
    [
      'the instance',
      ownerNode(instance),
      admin,
      [
        'addCluster',
        'addClusterFromClipboard',
        'addClusterFromFile',
        'diagnoseClusters',
        'openInstancePage',
        'refreshOwner',
        'showChanges',
      ],
    ],
    [
      'a watched group',
      ownerNode(group),
      admin,
      [
        'addCluster',
        'addClusterFromClipboard',
        'addClusterFromFile',
        'diagnoseClusters',
        'openOwnerPage',
        'refreshOwner',
        'showChanges',
        'unwatch',
      ],
    ],
    [
      'a watched project',
      ownerNode(project),
      admin,
      [...onProject, 'addAgent', 'addCluster', 'addClusterFromClipboard', 'addClusterFromFile', 'unwatch'],
    ],
    ['a watched project, read-only', ownerNode(project), reader, [...onProject, 'unwatch']],
    [
      'an open folder’s project',
      ownerNode(project, { watched: false, fromWorkspace: true }),
      admin,
      [...onProject, 'addAgent', 'addCluster', 'addClusterFromClipboard', 'addClusterFromFile', 'watch'],
    ],
    [
      'an open folder’s project that is watched too',
      ownerNode(project, { fromWorkspace: true }),
      admin,
      [...onProject, 'addAgent', 'addCluster', 'addClusterFromClipboard', 'addClusterFromFile', 'unwatch'],
    ],
    ['a cluster', clusterNode(), admin, [...onCluster, ...onWritable, 'openManagementProject']],
    ['a cluster, read-only', clusterNode(), reader, [...onCluster, 'openManagementProject']],
    [
      'a cluster of the instance with the least there can be',
      clusterNode({ owner: instance, platform: undefined, managementProject: undefined }),
      admin,
      [
        'copyId',
        'copyName',
        ...onWritable,
        'openCluster',
        'openClusterPage',
        'openInstancePage',
        'planMigration',
        'resolveEnvironment',
        'showChanges',
        'showServed',
      ],
    ],
    [
      'a cluster that cannot be read',
      {
        type: 'unreadable',
        cluster: { detail: 'unreadable', host: cluster.host, owner: project, index: 0, problem: '' },
      },
      admin,
      [],
    ],
    ['all clusters', { type: 'fleet', host: url }, admin, ['findAllClusters', ...onFleet]],
    [
      'a project among all',
      { type: 'branch', host: url, owner: { level: 'project', id: 70, path: 'a/b' }, place: 'fleet' },
      admin,
      [...onProject, 'addAgent', 'addCluster', 'addClusterFromClipboard', 'addClusterFromFile', 'watch'],
    ],
    [
      'a watched project among all',
      { type: 'branch', host: url, owner: project, place: 'fleet' },
      admin,
      [...onProject, 'addAgent', 'addCluster', 'addClusterFromClipboard', 'addClusterFromFile', 'unwatch'],
    ],
    [
      'a group among all, read-only',
      { type: 'branch', host: url, owner: { level: 'group', id: 7, path: 'a' }, place: 'found' },
      reader,
      ['diagnoseClusters', 'openOwnerPage', 'refreshOwner', 'showChanges', 'watch'],
    ],
    [
      'the instance among all',
      { type: 'branch', host: url, owner: instance, place: 'fleet' },
      admin,
      [
        'addCluster',
        'addClusterFromClipboard',
        'addClusterFromFile',
        'diagnoseClusters',
        'openInstancePage',
        'refreshOwner',
        'showChanges',
      ],
    ],
    [
      'a group of clusters',
      { type: 'group', by: 'apiUrl', key: 'x' },
      admin,
      ['changeClusters', 'diagnoseClusters', 'exportClusters'],
    ],
    [
      'a group of clusters by owner',
      { type: 'group', by: 'host', key: 'x' },
      admin,
      ['changeClusters', 'diagnoseClusters', 'exportClusters'],
    ],
    [
      'a cluster known by name only',
      {
        type: 'named',
        cluster: {
          detail: 'nameOnly',
          host: url,
          level: 'project',
          path: 'a',
          ownerId: 1,
          id: 1,
          name: 'x',
          reason: 'clustersUnavailable',
        },
        place: 'fleet',
      },
      admin,
      [],
    ],
    ['the warnings of a host', { type: 'warnings', host: url }, admin, ['checkScopes']],
    ['the moves of a host', { type: 'warnings', list: 'moves', host: url }, admin, ['showMigrations']],
    ['a move', { ...warning, list: 'moves', act: 'planMigration' }, admin, ['editMoveNote', 'planMigration']],
    ['a warning', { ...warning, act: 'edit' }, admin, ['diagnoseCluster', 'editCluster', 'openCluster', 'showServed']],
    ['a warning, read-only', { ...warning, act: 'edit' }, reader, ['diagnoseCluster', 'openCluster', 'showServed']],
    [
      'a warning about a disabled cluster',
      { ...warning, act: 'edit', cluster: { ...cluster, enabled: false } },
      admin,
      ['deleteCluster', 'diagnoseCluster', 'editCluster', 'openCluster', 'showServed'],
    ],
    ['the row that shows more', { type: 'more', parent: undefined, left: 7 }, admin, []],
    [
      'a cluster among all',
      { type: 'cluster', cluster, place: 'fleet' },
      admin,
      [...onCluster, ...onWritable, 'openManagementProject'],
    ],
  ];
  for (const [what, node, identity, expected] of menus) {
    it(`of ${what} offers just what can be done there`, () => {
      assert.deepEqual(offered(node, knowing({ identity, warnings: opened })), [...expected].sort());
    });
  }

  it('of several clusters speaks of them in the plural, and of one in the singular', () => {
    assert.deepEqual(
      offered(clusterNode(), knowing({ identity: admin }), 2),
      [
        'changeClusters',
        'copyApiUrls',
        'copyCaCertificates',
        'copyIds',
        'copyNames',
        'deleteClusters',
        'diagnoseClusters',
        'disableClusters',
        'enableClusters',
        'exportClusters',
        // Beside each row.
        ...['editCluster', 'openClusterPage'],
      ].sort(),
    );
  });

  it('of a cluster that is switched off offers to enable it', () => {
    const menu = offered(clusterNode({ enabled: false }));
    assert.ok(menu.includes('enableCluster') && !menu.includes('disableCluster'));
  });

  it('of a host goes from opening over changing and checking to removing', () => {
    assert.deepEqual(shown(hostNode), [
      ['openHost'],
      ['watchProject', 'watchGroup', 'renameHost', 'replaceToken', 'chooseCaCertificate'],
      [
        'refreshHost',
        'findAllClusters',
        'testHost',
        'showCertificate',
        'checkScopes',
        'diagnoseClusters',
        'findAgents',
      ],
      ['showChanges'],
      ['removeHost'],
    ]);
  });

  it('of a host without encryption offers nothing about certificates', () => {
    const plain: ClusterTreeNode = { type: 'host', host: { ...host, url: hostUrl('http://gitlab.example.com') } };
    assert.deepEqual(
      offered(plain),
      onHost.filter((command) => !command.endsWith('Certificate')),
    );
  });

  it('of all clusters offers to stop, to go on or to find again, as far as they are found', () => {
    const found = new Fleet(url);
    found.restore({ groups: [], owners: [], at: new Date() });
    const stopped: FleetStatus = {
      status: 'ended',
      outcome: { outcome: 'stopped', error: new GitLabError('cancelled') },
      progress: undefined,
    };
    const gap = { list: 'projects', error: new GitLabError('server') } as const;
    const withGap: FleetStatus = {
      status: 'ended',
      outcome: { outcome: 'complete', gaps: [gap] },
      progress: undefined,
    };
    const stages: readonly (readonly [FleetStatus, Fleet, readonly string[]])[] = [
      [{ status: 'crawling', progress: undefined }, found, ['stopFinding']],
      [stopped, found, ['continueFinding', 'findAgain']],
      [withGap, new Fleet(url), ['continueFinding', 'findAgain']],
      [{ status: 'recalled' }, found, ['findAgain']],
      [{ status: 'ended', outcome: { outcome: 'complete', gaps: [] }, progress: undefined }, found, ['findAgain']],
    ];
    for (const [status, fleet, expected] of stages) {
      const knowledge = knowing({ finding: finder({ fleet, status }) });
      assert.deepEqual(offered({ type: 'fleet', host: url }, knowledge), [...expected, ...onFleet].sort());
    }
  });

  it('of the row that says so where clusters are grouped or filtered offers to stop', () => {
    const status: FleetStatus = { status: 'crawling', progress: undefined };
    const finding = finder({ status, choices: { groupBy: 'apiUrl' } });
    const knowledge = knowing({ finding });
    const inline = items.filter(({ group }) => group.startsWith('inline')).map(({ command }) => command);
    for (const shape of ['grouped', 'filtered'] as const) {
      if (shape === 'filtered') {
        finding.setGroupBy('owner');
        finding.setFilter('x');
      }
      assert.equal(finding.shape, shape);
      const [top] = children(undefined, knowledge);
      const row = shape === 'grouped' ? top : children(top, knowledge)[0];
      assert.ok(row);
      assert.deepEqual(offered(row, knowledge), ['stopFinding']);
    }
    assert.ok(inline.includes('gitlabClusters.stopFinding'));
  });

  it('of a group of clusters known by name only offers nothing', () => {
    const fleet = new Fleet(url);
    const owner = { owner: project, name: 'x', archived: false };
    fleet.putFailure(owner, new GitLabError('clustersUnavailable'), [{ id: 1, name: 'sleeping' }]);
    const knowledge = knowing({ finding: finder({ fleet, choices: { groupBy: 'apiUrl' } }) });
    const row = children(undefined, knowledge).find(({ type }) => type === 'group');
    assert.ok(row);
    assert.deepEqual(offered(row, knowledge), []);
  });

  it('of a message offers nothing beside its one action', () => {
    const states = [
      children(hostNode, knowing({ state: { state: 'noToken' } })),
      children(ownerNode(project), knowing()),
      children(ownerNode(project), knowing({ owners: [[project, []]] })),
      children(ownerNode(project), knowing({ owners: [[project, failed('forbidden')]] })),
      children(undefined, knowing({ hosts: [], problems: [{ entry: 'x', problem: 'y' }] })),
    ];
    for (const row of states.flat()) assert.deepEqual(offered(row), []);
    assert.equal(states.flat().length, states.length);
  });
});
