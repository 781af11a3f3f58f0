import assert from 'node:assert/strict';
import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { demoFleet, oldDemoFleet } from '../gitlab/demoFleet';
import { generatedFleet } from '../gitlab/generatedFleet';
import { projectPath, withAncestors } from '../gitlab/lookup';
import { oldVersion, profileOf } from '../gitlab/profiles';
import { startGitLab, type GitLab } from '../gitlab/server';
import type { World } from '../gitlab/world';
import { ask, at, each, newCluster } from './lab';

async function serving<T>(world: World, act: (gitlab: GitLab) => Promise<T>, version?: string): Promise<T> {
  const gitlab = await startGitLab({ world, profile: profileOf(version) });
  try {
    return await act(gitlab);
  } finally {
    await gitlab.close();
  }
}

describe('the demo fleet', () => {
  it('answers each of its tokens as its head says', async () => {
    const expected: [string, string, number][] = [
      ['demo-admin-token', '/admin/clusters', 200],
      ['demo-plain-admin', '/admin/clusters', 403],
      ['demo-maintainer', '/projects/1/clusters', 200],
      ['demo-maintainer', '/projects/7/clusters', 200],
      ['demo-developer', '/projects/1/clusters', 200],
      ['demo-reader', '/groups/1/clusters', 200],
      ['demo-narrow', '/projects/1/clusters', 403],
      ['demo-narrow', '/user', 200],
      ['demo-expired', '/user', 401],
      ['demo-revoked', '/user', 401],
      ['demo-blocked', '/user', 403],
      ['demo-oauth', '/user', 401],
      ['demo-outsider', '/projects/1/clusters', 404],
      ['demo-maintainer', '/projects/8', 404],
      ['demo-maintainer', '/projects/platform%2Fpayments', 301],
    ];
    await serving(demoFleet(), async ({ url }) => {
      for (const [token, path, status] of expected) {
        assert.equal((await ask(url, token, 'GET', path)).status, status, `${token} ${path}`);
      }
    });
  });

  it('has the ids its head names', () => {
    const world = demoFleet();
    const paths = world.projects.map((project) => projectPath(world, project));
    assert.deepEqual(
      [paths[0], paths[4], paths[6]],
      ['platform/payments-api', 'platform/shared/edge/gateway', 'maria/playground'],
    );
    const names = world.clusters.map(({ id, name }) => `${id} ${name}`);
    assert.deepEqual([names[4], names[7], names[15]], ['5 production-eu', '8 payments-gke', '16 kind <dev>']);
  });

  it('would pass GitLab’s own validations: every cluster can be saved as it is', async () => {
    const world = demoFleet();
    await serving(world, async ({ url }) => {
      for (const cluster of world.clusters.filter(({ provider }) => provider === 'user')) {
        const { owner, name, platform } = cluster;
        const base = owner.level === 'instance' ? '/admin/clusters' : `/${owner.level}s/${owner.id}/clusters`;
        const token = owner.level === 'project' && owner.id === 7 ? 'demo-maintainer' : 'demo-admin-token';
        const attributes = { api_url: platform?.apiUrl, ca_cert: `${platform?.caCert ?? ''}\n` };
        const body = { name, domain: cluster.domain, platform_kubernetes_attributes: attributes };
        const { status, text } = await ask(url, token, 'PUT', `${base}/${cluster.id}`, { body });
        assert.equal(status, 200, text);
      }
    });
  });

  it('has one certificate that is valid for long and one that expired', () => {
    const caOf = (name: string) => {
      const found = demoFleet().clusters.find((cluster) => cluster.name === name);
      return new X509Certificate(found?.platform?.caCert ?? '');
    };
    assert.ok(Date.parse(caOf('production-eu').validTo) > Date.parse('2100-01-01'));
    assert.ok(Date.parse(caOf('staging').validTo) < Date.parse('2024-01-01'));
  });

  it('is old on the second host', async () => {
    await serving(
      oldDemoFleet(),
      async ({ url }) => {
        assert.deepEqual(each((await ask(url, 'old-admin-token', 'GET', '/admin/clusters')).json), [1]);
        const { json } = await ask(url, 'old-maintainer', 'GET', '/projects/infrastructure%2Ferp/clusters');
        assert.deepEqual(
          [each(json), each(json, 'enabled')],
          [
            [3, 4],
            [undefined, undefined],
          ],
        );
      },
      oldVersion,
    );
  });
});

describe('a generated fleet', () => {
  const size = { projects: 400, clusters: 300 };

  it('is the same for the same seed and another for another', () => {
    assert.deepEqual(generatedFleet(size), generatedFleet(size));
    assert.notDeepEqual(generatedFleet(size), generatedFleet({ ...size, seed: 2 }));
  });

  it('has as many projects and clusters as asked for, in groups three deep', () => {
    const world = generatedFleet(size);
    assert.deepEqual([world.projects.length, world.clusters.length, world.groups.length], [400, 300, 200]);
    const depths = world.groups.map((group) => withAncestors(world, group).length);
    assert.deepEqual([Math.min(...depths), Math.max(...depths)], [1, 3]);
  });

  it('has personal, archived, shared and hidden projects, and clusters of every level', async () => {
    const world = generatedFleet(size);
    const count = (test: (project: World['projects'][number]) => boolean) => world.projects.filter(test).length;
    assert.equal(
      count(({ namespace }) => namespace.kind === 'user'),
      20,
    );
    assert.equal(
      count(({ archived }) => archived),
      20,
    );
    assert.equal(
      count(({ sharedWith }) => sharedWith.length > 0),
      20,
    );
    const levels = world.clusters.map(({ owner }) => owner.level);
    const per = (level: string) => levels.filter((each) => each === level).length;
    assert.deepEqual([per('instance'), per('group'), per('project')], [30, 60, 210]);
    await serving(world, async ({ url }) => {
      const seen = await ask(url, 'fleet-maintainer', 'GET', '/projects?membership=true&min_access_level=40');
      const visible = Number(seen.headers.get('X-Total'));
      assert.ok(visible > 200 && visible < 400, `${visible} visible`);
      assert.equal((await ask(url, 'fleet-admin', 'GET', '/projects')).headers.get('X-Total'), '400');
    });
  });

  it('never uses a scope twice on one owner', () => {
    const world = generatedFleet({ projects: 5, clusters: 200 });
    const keys = world.clusters.map(({ owner, environmentScope }) => JSON.stringify([owner, environmentScope]));
    assert.equal(new Set(keys).size, keys.length);
  });
});

describe('the program', () => {
  let program: ChildProcessByStdio<Writable, Readable, null> | undefined;

  async function start(
    ...options: string[]
  ): Promise<{ hosts: unknown; line: () => Promise<unknown>; send: (line: string) => void }> {
    const main = join(__dirname, '../gitlab/main.js');
    assert.ok(existsSync(main), `${main} is built by esbuild.js --tests`);
    const started = spawn(process.execPath, [main, ...options], { stdio: ['pipe', 'pipe', 'inherit'] });
    program = started;
    const lines = createInterface(started.stdout)[Symbol.asyncIterator]();
    const line = async (): Promise<unknown> => {
      const next = await lines.next();
      return JSON.parse(String(next.value));
    };
    return { hosts: at(await line(), 'hosts'), line, send: (text) => started.stdin.write(`${text}\n`) };
  }

  afterEach(async () => {
    if (program && program.exitCode === null && program.signalCode === null) {
      const gone = once(program, 'exit');
      program.kill('SIGKILL');
      await gone;
    }
    program = undefined;
  });

  it('serves both demo hosts, one under /gitlab, and ends when its input closes', async () => {
    const { hosts } = await start();
    assert.match(String(at(hosts, 1, 'url')), /\/gitlab$/);
    for (const index of [0, 1]) {
      const url = String(at(hosts, index, 'url'));
      assert.equal((await ask(url, String(at(hosts, index, 'token')), 'GET', '/admin/clusters')).status, 200);
    }
    assert.ok(program);
    const gone = once(program, 'exit');
    program.stdin.end();
    assert.deepEqual(await gone, [0, null]);
  });

  it('serves a fleet of any size and version, counts its requests, and ends on SIGTERM', async () => {
    const { hosts, line, send } = await start(
      '--fleet',
      '30',
      '--clusters',
      '12',
      '--version',
      '17.8.0',
      '--latency',
      '1',
    );
    const url = String(at(hosts, 0, 'url'));
    const { json, headers } = await ask(url, 'fleet-admin', 'GET', '/projects?per_page=100');
    assert.deepEqual([each(json).length, headers.get('X-Total')], [30, '30']);
    assert.equal((await ask(url, 'fleet-admin', 'GET', '/discover-cert-based-clusters?group_id=1')).status, 404);
    const added = await ask(url, 'fleet-admin', 'POST', '/admin/clusters/add', {
      body: newCluster({ environment_scope: 'new' }),
    });
    assert.equal(at(added.json, 'id'), 13);
    send('requests');
    assert.equal(at(await line(), 'requests'), 3);
    assert.ok(program);
    const gone = once(program, 'exit');
    program.kill('SIGTERM');
    assert.deepEqual(await gone, [0, null]);
  });
});
