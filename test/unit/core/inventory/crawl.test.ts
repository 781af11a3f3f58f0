import assert from 'node:assert/strict';
import { listClusters } from '../../../../src/core/gitlab/clusters';
import { Fleet } from '../../../../src/core/inventory/fleet';
import { ownerKey } from '../../../../src/core/model/cluster';
import { json } from '../../../gitlab/answer';
import { dropConnection } from '../../../gitlab/faults';
import { generatedFleet } from '../../../gitlab/generatedFleet';
import { groupPath, projectPath } from '../../../gitlab/lookup';
import { addCluster, addGroup, addProject, addToken, addUser, setRole } from '../../../gitlab/populate';
import { oldVersion, profileOf, withoutInstanceVersion } from '../../../gitlab/profiles';
import { emptyWorld } from '../../../gitlab/world';
import { asked, clientOf, crawled, held, hostOf, keys, mayRead, readable, serving } from './fleetLab';

const lists = (paths: readonly string[]): string[] => paths.filter((path) => /\/clusters/.test(path));

/** Two groups with 300 projects that Mia maintains one by one, six of them with clusters, and ten she only develops. */
function singleProjects() {
  const world = emptyWorld();
  const mia = addUser(world, { username: 'mia' });
  addToken(world, mia, 'mia-token');
  const [one, two] = [addGroup(world, 'one'), addGroup(world, 'two')];
  const [below, deeper] = [addGroup(world, 'below', one), addGroup(world, 'deeper', two)];
  for (let index = 0; index < 310; index++) {
    const isDeveloped = index >= 300;
    const group = index % 2 === 0 ? (index % 3 === 0 ? below : one) : index % 3 === 0 ? deeper : two;
    const project = addProject(world, `project-${index}`, group);
    setRole(world, mia, project, isDeveloped ? 30 : 40);
    if (index % 50 === 0 || isDeveloped) addCluster(world, project, { name: `cluster-${index}` });
  }
  return { world, mia, projects: { developed: 10 } };
}

describe('crawling a host', function () {
  this.timeout(30_000);
  const serve = serving();

  for (const [version, what] of [
    ['18.2.1-ee', 'with discovery'],
    ['17.8.0', 'without discovery'],
    ['15.1.0', 'before /metadata'],
    [oldVersion, 'old'],
    [withoutInstanceVersion, 'before instance clusters'],
  ] as const) {
    describe(`${what} (${version})`, () => {
      for (const [user, token] of [
        ['fiona', 'fleet-maintainer'],
        ['root', 'fleet-admin'],
      ] as const) {
        it(`finds exactly the clusters ${user} may read`, async () => {
          const gitlab = await serve(generatedFleet({ projects: 230, clusters: 300, seed: 7 }), profileOf(version));
          const { fleet, outcome } = await crawled(gitlab, token);
          assert.deepEqual(outcome, { outcome: 'complete', gaps: [] });
          const expected = readable(gitlab, user);
          assert.ok(expected.length > 100);
          assert.deepEqual(held(fleet), expected);
          assert.deepEqual(fleet.named, []);
        });
      }
    });
  }

  it('tells each owner by its full path and name, and marks archived projects', async () => {
    const gitlab = await serve(generatedFleet({ projects: 120, clusters: 200, seed: 3 }));
    const { world } = gitlab;
    const { fleet } = await crawled(gitlab, 'fleet-admin');
    const expected = new Map<string, string>([['instance', ' | false']]);
    for (const { owner } of world.clusters) {
      if (owner.level === 'instance') continue;
      const project = owner.level === 'project' ? world.projects.find(({ id }) => id === owner.id) : undefined;
      const group = owner.level === 'group' ? world.groups.find(({ id }) => id === owner.id) : undefined;
      const path = project ? projectPath(world, project) : group ? groupPath(world, group) : '';
      expected.set(
        ownerKey({ ...owner, path }),
        `${path} ${project?.name ?? group?.name ?? ''}| ${project?.archived ?? false}`,
      );
    }
    const got = [...fleet.owners].map(({ owner, name, archived }): [string, string] => [
      ownerKey(owner),
      `${owner.level === 'instance' ? '' : owner.path} ${name}| ${archived}`.replace(/^ \|/, ' |'),
    ]);
    assert.deepEqual(new Map(got.sort()), new Map([...expected].sort()));
    assert.ok([...fleet.owners].some(({ archived }) => archived));
  });

  it('asks only owners that discovery names or does not speak for', async () => {
    const gitlab = await serve(generatedFleet({ projects: 300, clusters: 40, seed: 5 }));
    const { fleet } = await crawled(gitlab, 'fleet-maintainer');
    const unspoken = gitlab.world.projects.filter(({ namespace }) => namespace.kind === 'user').length;
    const owners = [...fleet.owners].length;
    const read = lists(asked(gitlab).filter((path) => !path.startsWith('/discover')));
    // Her personal projects, and those of hidden groups that are shared with one of hers.
    assert.ok(
      read.length <= owners + unspoken + gitlab.world.projects.filter(({ sharedWith }) => sharedWith.length).length,
    );
    assert.equal(new Set(read).size, read.length);
  });

  it('asks discovery once per group where projects are maintained one by one', async () => {
    const { world, mia, projects } = singleProjects();
    const gitlab = await serve(world);
    const { fleet, outcome } = await crawled(gitlab, 'mia-token');
    assert.deepEqual(outcome, { outcome: 'complete', gaps: [] });
    assert.deepEqual(held(fleet), readable(gitlab, mia.username));
    const paths = asked(gitlab);
    const count = (part: RegExp): number => paths.filter((path) => part.test(path)).length;
    // Before, each of the 300 projects was asked. Now: a page for each hundred, a discovery for each of the two top groups
    // that hold them, and the lists of the six projects with clusters; where she is only Developer, each project's own.
    assert.deepEqual(
      {
        discoveries: count(/^\/discover/),
        lists: count(/\/projects\/\d+\/clusters/),
        groups: count(/\/groups\/\d+\/clusters/),
      },
      { discoveries: 2, lists: 6 + projects.developed, groups: 0 },
    );
    assert.ok(paths.length < 60, `${paths.length}`);
  });

  it('reads owners one by one where the list of maintained projects fails', async () => {
    const { world, mia } = singleProjects();
    const gitlab = await serve(world);
    gitlab.onRequest(({ request }) =>
      /\/projects\?.*min_access_level=40/.test(request.path) ? json(500, { message: 'no' }) : undefined,
    );
    const { fleet, outcome } = await crawled(gitlab, 'mia-token');
    assert.deepEqual(outcome, { outcome: 'complete', gaps: [] });
    assert.deepEqual(held(fleet), readable(gitlab, mia.username));
  });

  it('lists groups and projects while the instance’s many clusters are still being read', async () => {
    const world = generatedFleet({ projects: 20, clusters: 10, seed: 8 });
    for (let more = 0; more < 350; more++) addCluster(world, 'instance', { name: `more-${more}` });
    const gitlab = await serve(world);
    const { fleet } = await crawled(gitlab, 'fleet-admin');
    assert.deepEqual(held(fleet), readable(gitlab, 'root'));
    const paths = asked(gitlab);
    const firstOwners = paths.findIndex((path) => path.startsWith('/groups?'));
    const lastPage = paths.findIndex((path) => /^\/admin\/clusters\?.*page=4/.test(path));
    assert.ok(firstOwners >= 0 && firstOwners < lastPage, paths.slice(0, 12).join('\n'));
    const everyGroup = paths.filter((path) => path.startsWith('/groups?') && !path.includes('min_access_level'));
    assert.equal(everyGroup.filter((path) => /[?&]page=1(&|$)/.test(path)).length, 1);
  });

  it('waits for no answer of the instance where its row has just read it', async () => {
    const gitlab = await serve(generatedFleet({ projects: 20, clusters: 10, seed: 8 }));
    const client = clientOf(gitlab, 'fleet-admin');
    const fleet = new Fleet(hostOf(gitlab));
    const owner = { level: 'instance' } as const;
    fleet.putClusters({ owner, name: '', archived: false }, await listClusters(client, owner));
    const listed = new Promise<void>((resolve) => {
      gitlab.onRequest(async ({ request: { path } }) => {
        if (path.startsWith('/api/v4/groups')) resolve();
        if (path.startsWith('/api/v4/admin/clusters')) await listed;
        return undefined;
      });
    });
    await crawled(gitlab, 'fleet-admin', fleet);
    assert.deepEqual(held(fleet), readable(gitlab, 'root'));
  });

  it('reads no more pages than the lists have, and no list of clusters twice', async () => {
    const gitlab = await serve(
      generatedFleet({ projects: 620, clusters: 100, groups: 130, seed: 2 }),
      profileOf('17.8.0'),
    );
    await crawled(gitlab, 'fleet-admin');
    const paths = asked(gitlab);
    const archived = gitlab.world.projects.filter((project) => project.archived).length;
    const pages = paths.filter((path) => path.startsWith('/projects?'));
    // Cut into ranges, up to three pages more may be partly filled.
    assert.ok(pages.length <= Math.ceil((620 - archived) / 100) + Math.ceil(archived / 100) + 4, `${pages.length}`);
    assert.equal(paths.filter((path) => path.startsWith('/groups?')).length, 2);
    assert.equal(new Set(paths).size, paths.length);
    assert.equal(lists(paths).length, 620 + 130 + 1);
  });

  it('pages by number where GitLab ignores keys', async () => {
    const world = generatedFleet({ projects: 450, clusters: 450, seed: 9 });
    const gitlab = await serve(world, profileOf('17.8.0', { keyset: false }));
    const { fleet } = await crawled(gitlab, 'fleet-maintainer');
    assert.deepEqual(held(fleet), readable(gitlab, 'fiona'));
    assert.ok(asked(gitlab).some((path) => path.startsWith('/projects?') && /[?&]page=4/.test(path)));
  });

  it('finds what a subgroup’s Maintainer has, and reads Developers’ owners one by one', async () => {
    const world = emptyWorld();
    const user = addUser(world, { username: 'sam' });
    addToken(world, user, 'sam');
    const company = addGroup(world, 'company');
    const team = addGroup(world, 'team', company);
    const inner = addGroup(world, 'inner', team);
    const other = addGroup(world, 'other', company);
    const secret = addGroup(world, 'secret', company);
    setRole(world, user, company, 10);
    setRole(world, user, team, 40);
    setRole(world, user, other, 30);
    const owners = [
      company,
      team,
      inner,
      other,
      secret,
      ...[team, inner, other, secret, user].map((at) => addProject(world, 'app', at)),
    ];
    for (const owner of owners) addCluster(world, owner);
    addProject(world, 'empty', inner);
    const lent = addProject(world, 'lent', secret, { sharedWith: [{ groupId: team.id, role: 30 }] });
    addCluster(world, lent);
    const gitlab = await serve(world);
    const { fleet } = await crawled(gitlab, 'sam');
    assert.deepEqual(held(fleet), readable(gitlab, 'sam'));
    assert.equal(held(fleet).length, 8);
    const discoveries = asked(gitlab).filter((path) => path.startsWith('/discover'));
    assert.deepEqual(discoveries, [`/discover-cert-based-clusters?group_id=${team.id}`]);
    assert.ok(
      !lists(asked(gitlab)).some((path) => path.startsWith(`/projects/${lent.id - 1}/`)),
      'the empty one is not asked',
    );
  });

  it('asks discovery of an administrator’s own groups alone, and reads everything else one by one', async () => {
    const gitlab = await serve(generatedFleet({ projects: 120, clusters: 60, seed: 12 }));
    const { world } = gitlab;
    const root = world.users.find(({ admin }) => admin) ?? assert.fail();
    const [own, other] = world.groups.filter(({ parentId }) => parentId === null);
    assert.ok(own && other);
    setRole(world, root, own, 40);
    setRole(world, root, other, 30);
    const spared = addProject(world, 'spared', own);
    const read = addProject(world, 'read', other);
    const { fleet } = await crawled(gitlab, 'fleet-admin');
    assert.deepEqual(held(fleet), readable(gitlab, 'root'));
    const paths = asked(gitlab);
    const discoveries = paths.filter((path) => path.startsWith('/discover'));
    assert.deepEqual(discoveries, [`/discover-cert-based-clusters?group_id=${own.id}`]);
    assert.ok(!paths.some((path) => path.startsWith(`/projects/${spared.id}/clusters`)));
    assert.ok(paths.some((path) => path.startsWith(`/projects/${read.id}/clusters`)));
  });

  for (const order of ['before', 'after'] as const) {
    for (const [flagOff, what] of [
      [false, 'reads projects shared into a group once'],
      [true, 'names projects shared into a group where the integration is switched off'],
    ] as const) {
      it(`${what}, if they are listed ${order} discovery answers`, async () => {
        const world = emptyWorld();
        const user = addUser(world, { username: 'sam' });
        addToken(world, user, 'sam');
        const mine = addGroup(world, 'mine');
        const groups = [mine, addGroup(world, 'second')];
        for (const group of groups) setRole(world, user, group, 40);
        const sharedWith = groups.map(({ id }) => ({ groupId: id, role: 40 as const }));
        const elsewhere = [addGroup(world, 'other'), user].map((at) => addProject(world, 'lent', at, { sharedWith }));
        const owners = [...groups, ...elsewhere, addProject(world, 'inside', mine, { sharedWith })];
        for (const owner of owners) addCluster(world, owner);
        const gitlab = await serve(world);
        gitlab.flagOff = flagOff;

        // Whichever is to come second is held back until what follows from the other is asked.
        const arrived = (path: string): Promise<void> =>
          new Promise((resolve) => gitlab.onRequest(({ request }) => void (request.path.includes(path) && resolve())));
        const first =
          order === 'before'
            ? // One in somebody's own namespace waits for nothing.
              elsewhere.slice(1).map(({ id }) => arrived(`/projects/${id}/clusters`))
            : groups.map(({ id }) => arrived(`/groups/${id}/clusters`));
        const second = order === 'before' ? '/discover' : 'archived=';
        gitlab.onRequest(async ({ request }) => {
          if (request.path.includes(second)) await Promise.all(first);
          return undefined;
        });

        const { fleet, crawl } = await crawled(gitlab, 'sam');
        const read = asked(gitlab).filter((path) => /\/clusters\?/.test(path));
        assert.equal(new Set(read).size, read.length, read.join('\n'));
        const { ownersSeen, ownersDone, ownersTotal, clustersFound } = crawl.progress;
        assert.deepEqual([ownersSeen, ownersDone, ownersTotal], [5, 5, 5]);
        assert.equal(clustersFound, flagOff ? 0 : 5);
        assert.deepEqual(held(fleet), flagOff ? [] : readable(gitlab, 'sam'));
        const named = fleet.named.map(({ id, reason }) => `${id} ${reason}`).sort();
        const expected = world.clusters.map(({ id }) => `${id} clustersUnavailable`);
        assert.deepEqual(named, flagOff ? expected : []);
      });
    }
  }

  it('looks where clusters were known before, though discovery no longer names them', async () => {
    const gitlab = await serve(generatedFleet({ projects: 60, clusters: 80, seed: 13 }));
    const { fleet } = await crawled(gitlab, 'fleet-maintainer');
    gitlab.onRequest(({ request }) =>
      request.path.includes('/discover') ? json(200, { groups: {}, projects: {} }) : undefined,
    );
    const { clusters } = gitlab.world;
    clusters.splice(
      clusters.findIndex(({ owner }) => owner.level === 'project'),
      1,
    );
    const again = await crawled(gitlab, 'fleet-maintainer', fleet);
    assert.deepEqual(again.outcome, { outcome: 'complete', gaps: [] });
    assert.deepEqual(held(fleet), readable(gitlab, 'fiona'));
  });

  it('treats an administrator without Admin Mode like anybody else, and says so at the instance', async () => {
    const gitlab = await serve(generatedFleet({ projects: 60, clusters: 60, seed: 4 }));
    const { world } = gitlab;
    world.settings.adminMode = true;
    const root = world.users.find(({ admin }) => admin);
    assert.ok(root);
    addToken(world, root, 'no-admin-mode', { scopes: ['api'] });
    setRole(world, root, world.groups[0] ?? assert.fail(), 40);
    const { fleet } = await crawled(gitlab, 'no-admin-mode');
    root.admin = false;
    const expected = keys(gitlab, world.clusters.filter(mayRead(world, 'root')));
    assert.ok(expected.length > 0);
    assert.deepEqual(held(fleet), expected);
    assert.equal(fleet.record({ level: 'instance' })?.failure?.kind, 'forbidden');
  });

  it('gives names with the reason where the integration is switched off, without asking every owner', async () => {
    const gitlab = await serve(generatedFleet({ projects: 400, clusters: 200, seed: 6 }));
    gitlab.flagOff = true;
    const { fleet, outcome } = await crawled(gitlab, 'fleet-maintainer');
    assert.equal(outcome.outcome, 'complete');
    assert.deepEqual(fleet.clusters, []);
    assert.ok(fleet.named.every(({ reason }) => reason === 'clustersUnavailable'));
    const { world } = gitlab;
    const known = new Set(readable(gitlab, 'fiona'));
    const discovered = world.clusters.filter((cluster) => {
      if (!known.has(keys(gitlab, [cluster])[0] ?? '')) return false;
      const project = cluster.owner.level === 'project' ? world.projects[cluster.owner.id - 1] : undefined;
      const groupId =
        project?.namespace.kind === 'group'
          ? project.namespace.id
          : cluster.owner.level === 'group'
            ? cluster.owner.id
            : 0;
      const top = groupPath(world, world.groups[groupId - 1] ?? world.groups[0] ?? assert.fail()).split('/')[0];
      const hidden = !world.members.some(({ of }) => world.groups.find(({ id }) => id === of.id)?.path === top);
      return groupId > 0 && !hidden;
    });
    assert.deepEqual(
      fleet.named.map(({ id, name }) => `${id} ${name}`).sort(),
      discovered.map(({ id, name }) => `${id} ${name}`).sort(),
    );
    const tops = new Set(asked(gitlab).filter((path) => path.startsWith('/discover'))).size;
    assert.ok(lists(asked(gitlab)).length < tops * 4 + 30, `${lists(asked(gitlab)).length} for ${tops} groups`);
    assert.ok(fleet.switchedOff.size > 0);
  });

  it('records a fault at its owner, keeps the names, and reads all others', async () => {
    const world = generatedFleet({ projects: 200, clusters: 300, seed: 8 });
    const gitlab = await serve(world);
    const faulty = new Set<string>();
    let state = 12345;
    const faults = [
      () => json(500, { message: '500 Internal Server Error' }),
      () => json(403, { message: '403 Forbidden' }),
      () => ({ status: 200, headers: { 'Content-Type': 'text/html' }, body: '<html>Sign in</html>' }),
      dropConnection,
    ];
    gitlab.onRequest((exchange) => {
      const [, level, id] = /\/(project|group)s\/(\d+)\/clusters/.exec(exchange.request.path) ?? [];
      if (level === undefined) return undefined;
      const key = `${level}/${id}`;
      state = (Math.imul(state, 1103515245) + 12345) >>> 0;
      if (!faulty.has(key) && state % 5 !== 0) return undefined;
      faulty.add(key);
      return faults[Number(id) % faults.length]?.(exchange);
    });
    const { fleet, outcome, crawl } = await crawled(gitlab, 'fleet-maintainer');
    assert.equal(outcome.outcome, 'complete');
    assert.ok(faulty.size > 10);
    const failed = [...fleet.owners].filter(({ failure }) => failure).map(({ owner }) => ownerKey(owner));
    assert.deepEqual(failed.sort(), [...faulty].sort());
    assert.equal(crawl.progress.failures, faulty.size);
    assert.deepEqual(
      held(fleet),
      readable(gitlab, 'fiona').filter((key) => !faulty.has(key.split('|')[1] ?? '')),
    );
    const namedAt = new Set(fleet.named.map(({ level, ownerId }) => `${level}/${ownerId ?? 0}`));
    assert.ok(namedAt.size > 0 && [...namedAt].every((key) => faulty.has(key)));
  });

  for (const [version, role, what] of [
    ['13.12.15', 30, 'Developers are refused'],
    ['12.0.9', 40, 'groups have no clusters yet'],
    ['11.8.0', 40, 'groups have no clusters yet'],
  ] as const) {
    it(`shows no failures of owners without clusters where ${what} (${version})`, async () => {
      const world = emptyWorld();
      const user = addUser(world, { username: 'sam' });
      addToken(world, user, 'sam');
      const group = addGroup(world, 'group');
      setRole(world, user, group, role);
      const empty = addProject(world, 'empty', group);
      const known = addProject(world, 'known', group);
      const own = addProject(world, 'own', user);
      addCluster(world, known);
      addCluster(world, own);
      const gitlab = await serve(world, profileOf(version));
      const { fleet, crawl, outcome } = await crawled(gitlab, 'sam');
      assert.deepEqual(outcome, { outcome: 'complete', gaps: [] });
      assert.deepEqual(held(fleet), readable(gitlab, 'sam'));
      assert.deepEqual([fleet.counts.failures, crawl.progress.failures], [0, 0]);
      assert.equal(crawl.progress.ownersDone, 4);
      assert.ok(asked(gitlab).some((path) => path.startsWith(`/projects/${empty.id}/clusters`)));

      // Where clusters were known, being refused is told.
      gitlab.onRequest(({ request }) =>
        request.path.includes(`/projects/${own.id}/clusters`) ? json(403, { message: '403 Forbidden' }) : undefined,
      );
      const again = await crawled(gitlab, 'sam', fleet);
      const owner = { level: 'project', id: own.id, path: 'sam/own' } as const;
      assert.equal(fleet.record(owner)?.failure?.kind, 'forbidden');
      assert.equal(fleet.record(owner)?.clusters.length, 1);
      assert.equal(again.crawl.progress.failures, 1);
    });
  }

  it('goes on with the rest where a list of owners fails, says so, and closes the gap when run again', async () => {
    const world = generatedFleet({ projects: 500, clusters: 300, groups: 210, seed: 11 });
    const gitlab = await serve(world, profileOf('17.8.0'));
    const heal = gitlab.onRequest(({ request }) =>
      /\/groups\?.*page=2/.test(request.path) || /\/projects\?.*archived=true/.test(request.path)
        ? json(500, { message: '500 Internal Server Error' })
        : undefined,
    );
    const { fleet, crawl, outcome } = await crawled(gitlab, 'fleet-admin');
    assert.ok(outcome.outcome === 'complete');
    assert.deepEqual(outcome.gaps.map(({ list }) => list).sort(), ['archivedProjects', 'groups']);
    assert.equal(fleet.completedAt, undefined);
    assert.ok(held(fleet).length > 100);
    heal();
    assert.deepEqual(await crawl.run(clientOf(gitlab, 'fleet-admin')), { outcome: 'complete', gaps: [] });
    assert.deepEqual(held(fleet), readable(gitlab, 'root'));
    assert.ok(fleet.completedAt);
  });
});
