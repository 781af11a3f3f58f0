import assert from 'node:assert/strict';
import { planChange } from '../../../../src/core/changes/bulkPlan';
import type { BulkChange, BulkKnowledge, BulkRow } from '../../../../src/core/changes/bulkPlan';
import { BulkRun } from '../../../../src/core/changes/bulkRun';
import { leftToDo } from '../../../../src/core/changes/bulkResult';
import type { BulkResult, BulkWrites } from '../../../../src/core/changes/bulkResult';
import { stopSentence } from '../../../../src/core/changes/bulkWords';
import { IntegrationProbe } from '../../../../src/core/inventory/integrationProbe';
import type { KnownCluster, NameOnlyCluster } from '../../../../src/core/inventory/ownerRecord';
import type { GitLabClient } from '../../../../src/core/gitlab/client';
import { getCluster, listClusters } from '../../../../src/core/gitlab/clusters';
import { deleteCluster, editCluster } from '../../../../src/core/gitlab/clusterWrites';
import { GitLabError } from '../../../../src/core/gitlab/errors';
import { isReadable } from '../../../../src/core/model/cluster';
import type { Cluster } from '../../../../src/core/model/cluster';
import { json, text } from '../../../gitlab/answer';
import { certificate } from '../../../gitlab/certificates';
import { addCluster, addGroup, addProject, addToken, addUser, setRole } from '../../../gitlab/populate';
import type { ClusterValues } from '../../../gitlab/populate';
import { oldVersion, profileOf } from '../../../gitlab/profiles';
import type { Profile } from '../../../gitlab/profiles';
import type { GitLab } from '../../../gitlab/server';
import { emptyWorld } from '../../../gitlab/world';
import type { ClusterRecord } from '../../../gitlab/world';
import { cluster, group, hostUrl, instance, project } from '../inventory/clusters';
import { clientOf, serving } from '../inventory/fleetLab';

const everywhere: BulkKnowledge = { canWrite: () => true, isArchived: () => false, known: () => [] };
const rotate: BulkChange = {
  type: 'connection',
  apiUrl: 'https://new.example.com',
  caCert: certificate('edge'),
  replacesServiceToken: true,
};

describe('planning a change of many clusters', () => {
  const verdicts = (clusters: readonly KnownCluster[], change: BulkChange, knowledge = everywhere): string[] =>
    planChange(clusters, change, knowledge).map(({ verdict }) => verdict);

  it('shows before and after of exactly what would change', () => {
    const [row] = planChange(
      [cluster(1, { baseDomain: 'old.example.com' })],
      { type: 'baseDomain', baseDomain: ' new.example.com ' },
      everywhere,
    );
    assert.ok(row?.verdict === 'change');
    assert.deepEqual(row.differences, [{ field: 'baseDomain', before: 'old.example.com', after: 'new.example.com' }]);
  });

  it('shows the service token as replaced only, and the rest of the connection in full', () => {
    const [row] = planChange([cluster(1)], rotate, everywhere);
    assert.ok(row?.verdict === 'change');
    assert.deepEqual(row.differences, [
      { field: 'apiUrl', before: 'https://k8s.example.com:6443', after: 'https://new.example.com' },
      { field: 'caCert', before: undefined, after: certificate('edge').trim() },
      { field: 'serviceToken', after: 'replaced' },
    ]);
  });

  it('leaves alone what is that way already', () => {
    assert.deepEqual(verdicts([cluster(1), cluster(2, { enabled: false })], { type: 'disable' }), [
      'change',
      'unchanged',
    ]);
    const management = { id: 4, path: 'shop/ops', name: 'Ops' };
    assert.deepEqual(
      verdicts([cluster(1, { environmentScope: 'review/*' }), cluster(2, { managementProject: management })], {
        type: 'managementProject',
        project: management,
      }),
      ['change', 'unchanged'],
    );
    assert.deepEqual(
      verdicts([cluster(1), cluster(2, { managementProject: management })], {
        type: 'managementProject',
        project: undefined,
      }),
      ['unchanged', 'change'],
    );
    assert.deepEqual(verdicts([cluster(1)], { type: 'baseDomain', baseDomain: '' }), ['unchanged']);
  });

  it('says what cannot be changed and why', () => {
    const named: NameOnlyCluster = {
      detail: 'nameOnly',
      host: hostUrl(),
      level: 'group',
      path: 'g',
      ownerId: 1,
      id: 5,
      name: 'n',
      reason: 'clustersUnavailable',
    };
    const rows: [BulkRow | undefined, RegExp][] = [
      [planChange([named], { type: 'delete' }, everywhere)[0], /Only its name/],
      [planChange([cluster(1)], { type: 'delete' }, { ...everywhere, canWrite: () => false })[0], /read-only/],
      [planChange([cluster(1)], { type: 'enable' }, { ...everywhere, isArchived: () => true })[0], /archived/],
      [planChange([cluster(1, { provider: 'gcp' })], rotate, everywhere)[0], /at Google GKE:/],
      [planChange([cluster(1, { provider: 'aws' })], rotate, everywhere)[0], /at Amazon EKS:/],
      [planChange([cluster(1, { platform: undefined })], rotate, everywhere)[0], /no connection/],
      [
        planChange([cluster(1, { enabled: undefined })], { type: 'disable' }, everywhere)[0],
        /can neither report nor change/,
      ],
    ];
    for (const [row, reason] of rows) {
      assert.ok(row?.verdict === 'cannot');
      assert.match(row.reason, reason);
    }
    assert.deepEqual(verdicts([cluster(1, { provider: 'gcp' })], { type: 'disable' }), ['change']);
  });

  it('says where GitLab would refuse a management project, and that any may be taken away', () => {
    const clusters = [
      cluster(1, { owner: project(7, 'shop/web') }),
      cluster(2, { owner: project(8, 'shop/eu/web') }),
      cluster(3, { owner: group(3, 'shop'), environmentScope: 'review/*' }),
      cluster(4, { owner: group(4, 'shop/eu') }),
      cluster(5, { owner: instance, environmentScope: 'production' }),
    ];
    const change: BulkChange = { type: 'managementProject', project: { id: 4, path: 'shop/ops', name: 'Ops' } };
    assert.deepEqual(verdicts(clusters, change), ['change', 'cannot', 'change', 'cannot', 'change']);
    const [, second, , fourth] = planChange(clusters, change, everywhere);
    assert.ok(second?.verdict === 'cannot' && fourth?.verdict === 'cannot');
    assert.match(second.reason, /directly beside this project/);
    assert.match(fourth.reason, /of this group/);
    const elsewhere = { id: 9, path: 'other/ops', name: 'Ops' };
    const managed = clusters.map((one) => ({ ...one, managementProject: elsewhere }));
    assert.deepEqual(
      verdicts(managed, { type: 'managementProject', project: undefined }),
      clusters.map(() => 'change'),
    );
  });

  it('gives a management project one cluster of each scope: the first, unless another has it already', () => {
    const ops = { id: 4, path: 'shop/ops', name: 'Ops' };
    const change: BulkChange = { type: 'managementProject', project: ops };
    const at = (id: number, environmentScope: string, values: Partial<Cluster> = {}): Cluster =>
      cluster(id, { owner: project(id, `shop/app-${id}`), environmentScope, ...values });
    const known = [
      at(20, 'staging', { managementProject: ops, enabled: false }),
      at(21, 'review/*', { managementProject: { ...ops, id: 5 } }),
      at(22, 'qa', { managementProject: ops, host: hostUrl('https://other.example.com') }),
    ];
    const rows = planChange(
      [
        at(1, '*', { owner: project(1, 'elsewhere/app') }),
        at(2, '*'),
        at(3, ' * '),
        at(4, '*', { managementProject: { ...ops, id: 5 } }),
        at(5, 'staging'),
        at(6, 'Staging'),
        at(7, 'review/*'),
        at(8, 'qa'),
        at(9, 'prod'),
        at(10, 'prod', { managementProject: ops }),
      ],
      change,
      { ...everywhere, known: () => known },
    );
    assert.deepEqual(
      rows.map(({ verdict }) => verdict),
      ['cannot', 'change', 'cannot', 'cannot', 'cannot', 'change', 'change', 'change', 'cannot', 'unchanged'],
    );
    const reasons = rows.map((row) => (row.verdict === 'cannot' ? row.reason : ''));
    for (const index of [2, 3]) assert.match(reasons[index] ?? '', /one cluster per .*“cluster-2” of shop\/app-2/);
    assert.match(reasons[4] ?? '', /“cluster-20” of shop\/app-20, .*already has this scope/);
    assert.match(reasons[8] ?? '', /“cluster-10” of shop\/app-10, .*already has this scope/);
    // Taking it away asks for no scope.
    assert.deepEqual(
      verdicts([at(1, '*', { managementProject: ops }), at(2, '*', { managementProject: ops })], {
        type: 'managementProject',
        project: undefined,
      }),
      ['change', 'change'],
    );
  });

  it('warns where GitLab does not tell what every save sets', () => {
    const [row] = planChange(
      [cluster(1, { namespacePerEnvironment: undefined })],
      { type: 'baseDomain', baseDomain: 'x.example' },
      everywhere,
    );
    assert.ok(row?.verdict === 'change' && row.warning !== undefined);
  });
});

describe('changing many clusters', function () {
  this.timeout(30_000);
  const serve = serving();

  interface Scene {
    readonly gitlab: GitLab;
    readonly client: GitLabClient;
    readonly writes: BulkWrites;
    readonly records: readonly ClusterRecord[];
    readonly listed: () => Promise<readonly Cluster[]>;
  }

  /** A project with so many clusters of one physical cluster, and what changes them. */
  async function scene(count: number, values: ClusterValues = {}, profile: Profile = profileOf()): Promise<Scene> {
    const world = emptyWorld();
    const user = addUser(world, { username: 'mia' });
    addToken(world, user, 'maintainer');
    const team = addGroup(world, 'team');
    const other = addProject(world, 'ops', team);
    setRole(world, user, team, 40);
    const app = addProject(world, 'app', team);
    const platform = { apiUrl: 'https://k8s.example.com' };
    const records = Array.from({ length: count }, (_, index) =>
      addCluster(world, app, { environmentScope: `env-${index}`, platform, ...values }),
    );
    const gitlab = await serve(world, profile);
    const client = clientOf(gitlab, 'maintainer');
    const owner = project(app.id, 'team/app');
    assert.ok(other);
    return {
      gitlab,
      client,
      records,
      writes: {
        get: (one) => getCluster(client, one.owner, one.id),
        edit: (one, fields) => editCluster(client, one.owner, one.id, fields),
        delete: async (one) => {
          await deleteCluster(client, one.owner, one.id);
          return 'deleted';
        },
      },
      listed: async () => (await listClusters(client, owner)).filter(isReadable),
    };
  }

  const outcomes = (results: readonly BulkResult[]): string[] => results.map(({ result }) => result.outcome);
  const sentBodies = (gitlab: GitLab): unknown[] =>
    gitlab.requests.filter(({ method }) => method === 'PUT').map(({ body }): unknown => JSON.parse(body));

  it('rotates API URL, CA and token of all, and sends exactly that and what a PUT resets', async () => {
    const { gitlab, records, writes, listed } = await scene(9, { namespacePerEnvironment: false });
    const rows = planChange(await listed(), rotate, everywhere);
    const run = new BulkRun({ rows, change: rotate, writes, serviceToken: 'new-secret-token' });
    const results = await run.run();
    assert.deepEqual(new Set(outcomes(results)), new Set(['changed']));
    for (const { platform, namespacePerEnvironment } of records) {
      assert.deepEqual(
        [platform?.apiUrl, platform?.caCert, platform?.token, namespacePerEnvironment],
        ['https://new.example.com', certificate('edge').trim(), 'new-secret-token', false],
      );
    }
    for (const body of sentBodies(gitlab)) {
      assert.deepEqual(body, {
        namespace_per_environment: false,
        platform_kubernetes_attributes: {
          api_url: 'https://new.example.com',
          ca_cert: certificate('edge').trim(),
          token: 'new-secret-token',
        },
      });
    }
    assert.ok(!JSON.stringify([rows, results, run]).includes('new-secret-token'));
  });

  it('reads each cluster right before, sends nothing where somebody did it already or changed it otherwise', async () => {
    const { gitlab, records, writes, listed } = await scene(3, { domain: 'old.example.com' });
    const change: BulkChange = { type: 'baseDomain', baseDomain: 'new.example.com' };
    const rows = planChange(await listed(), change, everywhere);
    const [first, second] = records;
    assert.ok(first && second);
    first.domain = 'new.example.com';
    second.domain = 'elsewhere.example.com';
    const results = await new BulkRun({ rows, change, writes }).run();
    assert.deepEqual(outcomes(results), ['unchanged', 'outdated', 'changed']);
    assert.equal(second.domain, 'elsewhere.example.com');
    assert.equal(sentBodies(gitlab).length, 1);
  });

  it('gives a service token or a CA to no registration that was pointed elsewhere meanwhile', async () => {
    const { gitlab, records, writes, listed } = await scene(4);
    const change: BulkChange = { type: 'connection', caCert: certificate('edge'), replacesServiceToken: true };
    const rows = planChange(await listed(), change, everywhere);
    const [first, second, third] = records.map(({ platform }) => platform ?? assert.fail());
    assert.ok(first && second && third);
    first.apiUrl = 'https://other.example.com';
    second.apiUrl = 'https://K8S.example.com:443/';
    third.caCert = certificate('edge');
    const run = new BulkRun({ rows, change, writes, serviceToken: 'token-of-k8s' });
    const results = await run.run();
    assert.deepEqual(outcomes(results), ['outdated', 'changed', 'changed', 'changed']);
    const [result] = results.map((one) => one.result);
    assert.ok(result?.outcome === 'outdated');
    assert.deepEqual(result.moved, [
      { field: 'apiUrl', before: 'https://k8s.example.com', after: 'https://other.example.com' },
    ]);
    assert.equal(sentBodies(gitlab).length, 3);
    assert.deepEqual(
      records.map(({ platform }) => platform?.token === 'token-of-k8s'),
      [false, true, true, true],
    );
  });

  for (const change of [
    { type: 'disable' },
    { type: 'baseDomain', baseDomain: 'new.example.com' },
    { type: 'managementProject', project: { id: 1, path: 'team/ops', name: 'ops' } },
  ] as const) {
    it(`leaves alone what points at another Kubernetes API meanwhile: ${change.type}`, async () => {
      const { gitlab, records, writes, listed } = await scene(2);
      const rows = planChange(await listed(), change, everywhere);
      const [first] = records.map(({ platform }) => platform ?? assert.fail());
      assert.ok(first);
      first.apiUrl = 'https://other.example.com';
      const results = await new BulkRun({ rows, change, writes }).run();
      assert.deepEqual(outcomes(results), ['outdated', 'changed']);
      assert.equal(sentBodies(gitlab).length, 1);
    });
  }

  it('pauses with its reason where the integration is switched off meanwhile, and goes on from there', async () => {
    const { gitlab, client, writes, listed } = await scene(12);
    const change: BulkChange = { type: 'disable' };
    const rows = planChange(await listed(), change, everywhere);
    const probe = new IntegrationProbe();
    const probed = async <T>(work: Promise<T>): Promise<T> => {
      try {
        return await work;
      } catch (error) {
        throw await probe.explained(
          error,
          client,
          rows[0]?.cluster && 'owner' in rows[0].cluster ? rows[0].cluster.owner : assert.fail(),
        );
      }
    };
    let puts = 0;
    gitlab.onRequest(({ request }) => {
      if (request.method === 'PUT' && ++puts > 4) gitlab.flagOff = true;
      return undefined;
    });
    const run = new BulkRun({
      rows,
      change,
      writes: {
        ...writes,
        get: (one) => probed(writes.get(one)),
        edit: (one, fields) => probed(writes.edit(one, fields)),
      },
    });
    gitlab.clearRequests();
    const results = await run.run();
    assert.equal(outcomes(results).filter((outcome) => outcome === 'changed').length, 4);
    assert.deepEqual(new Set(outcomes(results)), new Set(['changed', 'notBegun']));
    assert.match(stopSentence(results) ?? '', /switched off/);
    const after = gitlab.requests.filter(({ status }) => status === 404).length;
    assert.ok(after <= 8, `${after} requests were sent in vain`);
    const probes = gitlab.requests.filter(({ path }) => path.endsWith('/clusters?per_page=1')).length;
    assert.ok(probes >= 1 && probes <= 2, `${probes} probes`);
    puts = Number.NEGATIVE_INFINITY;
    gitlab.flagOff = false;
    assert.deepEqual(leftToDo(results), { failed: 0, notBegun: 8 });
    assert.deepEqual(new Set(outcomes(await run.run())), new Set(['changed']));
  });

  it('stops after a few where every write hangs, and offers to continue', async () => {
    const { gitlab, writes, listed } = await scene(44);
    const change: BulkChange = { type: 'disable' };
    const rows = planChange(await listed(), change, everywhere);
    const lost = (): Promise<never> =>
      Promise.reject(new GitLabError('unknownOutcome', { cause: new GitLabError('timeout') }));
    const run = new BulkRun({ rows, change, writes: { ...writes, edit: lost } });
    const results = await run.run();
    const failed = outcomes(results).filter((outcome) => outcome === 'failed').length;
    assert.ok(failed <= 8, `${failed} were tried`);
    assert.equal(leftToDo(results).notBegun, 44 - failed);
    assert.equal(sentBodies(gitlab).length, 0);
  });

  it('goes on where only the new API URL has been set already, and stops where it is neither the old nor the new', async () => {
    const { records, writes, listed } = await scene(2);
    const rows = planChange(await listed(), rotate, everywhere);
    const [first, second] = records.map(({ platform }) => platform ?? assert.fail());
    assert.ok(first && second);
    first.apiUrl = 'https://new.example.com';
    second.apiUrl = 'https://other.example.com';
    const results = await new BulkRun({ rows, change: rotate, writes, serviceToken: 'new-secret-token' }).run();
    assert.deepEqual(outcomes(results), ['changed', 'outdated']);
    assert.deepEqual(
      records.map(({ platform }) => [platform?.apiUrl, platform?.token === 'new-secret-token']),
      [
        ['https://new.example.com', true],
        ['https://other.example.com', false],
      ],
    );
  });

  it('deletes nothing that has become another cluster meanwhile', async () => {
    const { gitlab, records, writes, listed } = await scene(5);
    const rows = planChange(await listed(), { type: 'delete' }, everywhere);
    const [first, second, third] = records;
    assert.ok(first && second && third?.platform);
    first.name = 'production';
    second.environmentScope = 'production';
    third.platform.apiUrl = 'https://production.example.com';
    const results = await new BulkRun({ rows, change: { type: 'delete' }, writes }).run();
    assert.deepEqual(outcomes(results), ['outdated', 'outdated', 'outdated', 'deleted', 'deleted']);
    assert.deepEqual(
      results.map(({ result }) => (result.outcome === 'outdated' ? result.moved.map(({ field }) => field) : [])),
      [['name'], ['environmentScope'], ['apiUrl'], [], []],
    );
    assert.equal(gitlab.world.clusters.length, 3);
  });

  it('leaves exactly the reported state when some fail in the middle, and retries those alone', async () => {
    const { gitlab, records, writes, listed } = await scene(20);
    const change: BulkChange = { type: 'disable' };
    const rows = planChange(await listed(), change, everywhere);
    const bad = new Set(records.filter((_, index) => index % 3 === 1).map(({ id }) => id));
    const heal = gitlab.onRequest(({ request }) => {
      const id = Number(/\/clusters\/(\d+)/.exec(request.path)?.[1]);
      return request.method === 'PUT' && bad.has(id) ? json(400, { message: { base: ['no'] } }) : undefined;
    });
    const run = new BulkRun({ rows, change, writes });
    const results = await run.run();
    assert.deepEqual(
      outcomes(results),
      records.map(({ id }) => (bad.has(id) ? 'failed' : 'changed')),
    );
    assert.deepEqual(
      records.map(({ enabled }) => enabled),
      records.map(({ id }) => bad.has(id)),
    );
    heal();
    gitlab.clearRequests();
    assert.deepEqual(new Set(outcomes(await run.retryFailed())), new Set(['changed']));
    assert.equal(sentBodies(gitlab).length, bad.size);
    assert.ok(records.every(({ enabled }) => !enabled));
  });

  it('makes a project manage what the table said, whatever the order of the writes', async () => {
    const world = emptyWorld();
    const user = addUser(world, { username: 'mia' });
    addToken(world, user, 'maintainer');
    const team = addGroup(world, 'team');
    setRole(world, user, team, 40);
    const ops = addProject(world, 'ops', team);
    const apps = Array.from({ length: 6 }, (_, index) => addProject(world, `app-${index}`, team));
    for (const [index, app] of apps.entries()) addCluster(world, app, { environmentScope: index < 4 ? '*' : `env` });
    const gitlab = await serve(world);
    const client = clientOf(gitlab, 'maintainer');
    const lists = await Promise.all(apps.map(({ id, path }) => listClusters(client, project(id, `team/${path}`))));
    const change: BulkChange = { type: 'managementProject', project: { id: ops.id, path: 'team/ops', name: 'Ops' } };
    const rows = planChange(lists.flat().filter(isReadable), change, everywhere);
    const results = await new BulkRun({
      rows,
      change,
      writes: {
        get: (one) => getCluster(client, one.owner, one.id),
        edit: (one, fields) => editCluster(client, one.owner, one.id, fields),
        delete: () => Promise.reject(new GitLabError('server')),
      },
    }).run();
    assert.deepEqual(outcomes(results), ['changed', 'cannot', 'cannot', 'cannot', 'changed', 'cannot']);
  });

  it('never has more than four changes of a host under way', async () => {
    const { gitlab, writes, listed } = await scene(12);
    const rows = planChange(await listed(), { type: 'disable' }, everywhere);
    let under = 0;
    let most = 0;
    let release: (() => void) | undefined;
    const four = new Promise<void>((resolve) => (release = resolve));
    gitlab.onRequest(async (exchange) => {
      most = Math.max(most, ++under);
      if (under === 4) release?.();
      await four;
      under--;
      return exchange.gitlab();
    });
    await new BulkRun({ rows, change: { type: 'disable' }, writes }).run();
    assert.equal(most, 4);
  });

  it('never has more than four writes at a host under way, of two runs together', async () => {
    const { gitlab, writes, listed } = await scene(12);
    const held: (() => void)[] = [];
    let most = 0;
    gitlab.onRequest(async ({ request }) => {
      if (request.method !== 'PUT') return undefined;
      const answered = new Promise<void>((resolve) => held.push(resolve));
      most = Math.max(most, held.length);
      // Answered once four are there; a fifth would come meanwhile.
      if (held.length === 4) setTimeout(() => held.splice(0).forEach((answer) => answer()), 30);
      await answered;
      return undefined;
    });
    const change: BulkChange = { type: 'disable' };
    const rows = planChange(await listed(), change, everywhere);
    const runs = [rows.slice(0, 6), rows.slice(6)].map((part) => new BulkRun({ rows: part, change, writes }));
    const results = await Promise.all(runs.map((run) => run.run()));
    assert.deepEqual(new Set(results.flatMap(outcomes)), new Set(['changed']));
    assert.equal(most, 4);
  });

  it('cancels between clusters: what is under way is finished, the rest is not begun and can be gone on with', async () => {
    const { records, writes, listed } = await scene(15);
    const rows = planChange(await listed(), { type: 'disable' }, everywhere);
    const cancel = new AbortController();
    const run = new BulkRun({ rows, change: { type: 'disable' }, writes });
    run.onDidProgress(({ done }) => done === 3 && cancel.abort());
    const results = await run.run(cancel.signal);
    const disabled = new Set(records.filter(({ enabled }) => !enabled).map(({ id }) => id));
    assert.ok(disabled.size >= 3 && disabled.size <= 7, `${disabled.size}`);
    for (const { row, result } of results) {
      assert.equal(result.outcome, disabled.has(row.cluster.id) ? 'changed' : 'notBegun');
    }
    await run.run();
    assert.ok(records.every(({ enabled }) => !enabled));
  });

  it('tries the failed again without doing what was cancelled, which is gone on with by itself', async () => {
    const rows = planChange(
      Array.from({ length: 20 }, (_, index) => cluster(index + 1)),
      { type: 'delete' },
      everywhere,
    );
    const deleted = new Set<number>();
    const bad = new Set([2]);
    const run = new BulkRun({
      rows,
      change: { type: 'delete' },
      writes: {
        get: (one) => Promise.resolve(one),
        edit: (one) => Promise.resolve(one),
        delete: (one) => {
          if (bad.has(one.id)) return Promise.reject(new GitLabError('forbidden', { status: 403 }));
          deleted.add(one.id);
          return Promise.resolve('deleted');
        },
      },
    });
    const cancel = new AbortController();
    run.onDidProgress(({ done }) => done === 4 && cancel.abort());
    const cancelled = await run.run(cancel.signal);
    const left = leftToDo(cancelled);
    const before = deleted.size;
    assert.ok(left.failed === 1 && left.notBegun > 0 && before + 1 + left.notBegun === 20);

    const again = await run.retryFailed(AbortSignal.abort());
    assert.deepEqual(leftToDo(again), left, 'a retry that was cancelled before it began leaves all as it was');
    assert.equal(deleted.size, before);

    bad.clear();
    assert.deepEqual(leftToDo(await run.retryFailed()), { failed: 0, notBegun: left.notBegun });
    assert.equal(deleted.size, before + 1);

    assert.deepEqual(new Set(outcomes(await run.run())), new Set(['deleted']));
    assert.equal(deleted.size, 20);
  });

  it('goes on with what was cancelled without trying the failed again', async () => {
    const { gitlab, writes, listed } = await scene(12);
    const rows = planChange(await listed(), { type: 'disable' }, everywhere);
    const cancel = new AbortController();
    const run = new BulkRun({ rows, change: { type: 'disable' }, writes });
    run.onDidProgress(({ done }) => done === 3 && cancel.abort());
    const bad = rows[0]?.cluster.id;
    gitlab.onRequest(({ request }) =>
      request.method === 'PUT' && request.path.endsWith(`/${bad}`) ? json(400, { message: 'no' }) : undefined,
    );
    assert.equal(leftToDo(await run.run(cancel.signal)).failed, 1);
    gitlab.clearRequests();
    assert.deepEqual(leftToDo(await run.run()), { failed: 1, notBegun: 0 });
    assert.ok(!gitlab.requests.some(({ path }) => path.endsWith(`/${bad}`)));
  });

  it('deletes, and tells what was gone before apart', async () => {
    const { gitlab, records, writes, listed } = await scene(5);
    const rows = planChange(await listed(), { type: 'delete' }, everywhere);
    const gone = records[2]?.id;
    gitlab.world.clusters.splice(2, 1);
    const results = await new BulkRun({
      rows,
      change: { type: 'delete' },
      writes: { ...writes, delete: async (one) => (one.id === gone ? 'gone' : writes.delete(one)) },
    }).run();
    assert.deepEqual(outcomes(results), ['deleted', 'deleted', 'gone', 'deleted', 'deleted']);
    assert.deepEqual(gitlab.world.clusters, []);
  });

  it('says which values GitLab silently ignored', async () => {
    const { writes, listed } = await scene(2, {}, profileOf(oldVersion, { returns: { ...profileOf().returns } }));
    const rows = planChange(await listed(), { type: 'disable' }, everywhere);
    const results = await new BulkRun({ rows, change: { type: 'disable' }, writes }).run();
    for (const { result } of results) assert.ok(result.outcome === 'changed' && result.ignored.join() === 'enabled');
  });

  it('stops where the token no longer works, and begins no further cluster', async () => {
    const { gitlab, writes, listed } = await scene(12);
    const rows = planChange(await listed(), { type: 'disable' }, everywhere);
    gitlab.world.tokens[0] && (gitlab.world.tokens[0].revoked = true);
    gitlab.clearRequests();
    const results = await new BulkRun({ rows, change: { type: 'disable' }, writes }).run();
    assert.ok(gitlab.requests.length <= 8);
    assert.ok(outcomes(results).every((outcome) => outcome === 'failed' || outcome === 'notBegun'));
    assert.ok(outcomes(results).includes('notBegun'));
  });

  describe('at a limit', () => {
    /** Deletes these clusters; each time one is sent, `limit` says how long GitLab asks to wait, if it turns it away. */
    function limited(ids: readonly number[], limit: (sent: number, id: number) => number | undefined) {
      const sent: number[] = [];
      const run = new BulkRun({
        rows: planChange(
          ids.map((id) => cluster(id)),
          { type: 'delete' },
          everywhere,
        ),
        change: { type: 'delete' },
        writes: {
          get: (one) => Promise.resolve(one),
          edit: (one) => Promise.resolve(one),
          delete: (one) => {
            sent.push(one.id);
            const retryAfter = limit(sent.length, one.id);
            return retryAfter === undefined
              ? Promise.resolve('deleted')
              : Promise.reject(new GitLabError('rateLimited', { status: 429, retryAfter }));
          },
        },
      });
      return { sent, run };
    }
    const twenty = Array.from({ length: 20 }, (_, at) => at + 1);
    const assertLimited = (results: readonly BulkResult[]): void => {
      for (const { result } of results)
        assert.ok(result.outcome === 'deleted' || ('error' in result && result.error.kind === 'rateLimited'));
    };

    it('sends no write again, waits, goes on with the others, and leaves what was turned away to the user', async () => {
      const { sent, run } = limited(twenty, (_, id) =>
        id === 2 && sent.filter((one) => one === 2).length < 2 ? 300 : undefined,
      );
      const pauses: number[] = [];
      run.onDidProgress(({ pause }) => pauses.push(pause));
      const before = performance.now();
      const results = await run.run();
      assert.ok(performance.now() - before >= 290, 'it has waited');
      assert.ok(pauses.some((pause) => pause > 0 && pause <= 300) && pauses.at(-1) === 0, pauses.join());
      assertLimited(results);
      assert.deepEqual(
        outcomes(results),
        twenty.map((id) => (id === 2 ? 'notBegun' : 'deleted')),
      );
      assert.deepEqual(new Set(sent).size, sent.length, 'none was sent twice');
      assert.deepEqual(leftToDo(await run.run()), { failed: 0, notBegun: 0 });
    });

    it('ends at once where GitLab asks to wait for long, and begins nothing more', async () => {
      const { sent, run } = limited(twenty, () => 3_600_000);
      const results = await run.run();
      assertLimited(results);
      assert.deepEqual(leftToDo(results), { failed: 0, notBegun: 20 });
      assert.ok(sent.length <= 4, sent.join());
    });

    it('gives up after five pauses in which nothing could be done', async () => {
      const many = Array.from({ length: 60 }, (_, at) => at + 1);
      const { sent, run } = limited(many, () => 2);
      const results = await run.run();
      assertLimited(results);
      assert.deepEqual(leftToDo(results), { failed: 0, notBegun: 60 });
      assert.equal(new Set(sent).size, sent.length);
      assert.ok(sent.length >= 6 && sent.length <= 24, sent.join());
    });

    it('lets what failed before stay failed, with the limit as its reason', async () => {
      const failing = new BulkRun({
        rows: planChange([cluster(1)], { type: 'delete' }, everywhere),
        change: { type: 'delete' },
        writes: {
          get: (one) => Promise.resolve(one),
          edit: (one) => Promise.resolve(one),
          delete: () => Promise.reject(errors.shift() ?? new GitLabError('internal')),
        },
      });
      const errors = [new GitLabError('forbidden'), new GitLabError('rateLimited', { retryAfter: 3_600_000 })];
      assert.deepEqual(leftToDo(await failing.run()), { failed: 1, notBegun: 0 });
      const again = await failing.retryFailed();
      assertLimited(again);
      assert.deepEqual(leftToDo(again), { failed: 1, notBegun: 0 });
    });

    it('sends each PUT once to a GitLab that turns some away', async () => {
      const { gitlab, writes, listed } = await scene(12);
      const rows = planChange(await listed(), { type: 'disable' }, everywhere);
      let turnedAway = 0;
      gitlab.onRequest(({ request }) =>
        request.method === 'PUT' && turnedAway++ < 1 ? text(429, 'Retry later\n', { 'Retry-After': '1' }) : undefined,
      );
      const results = await new BulkRun({ rows, change: { type: 'disable' }, writes }).run();
      const puts = gitlab.requests.filter(({ method }) => method === 'PUT').map(({ path }) => path);
      assert.equal(new Set(puts).size, puts.length);
      assert.ok(outcomes(results).includes('changed') && outcomes(results).includes('notBegun'));
      assert.ok(!outcomes(results).includes('failed'));
    });
  });

  it('does not let one host wait for another', async () => {
    const order: string[] = [];
    let release: (() => void) | undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    const slow = hostUrl('https://slow.example.com');
    const rows = planChange(
      [...[1, 2, 3, 4, 5].map((id) => cluster(id, { host: slow })), cluster(9, { owner: instance })],
      { type: 'delete' },
      everywhere,
    );
    const run = new BulkRun({
      rows,
      change: { type: 'delete' },
      writes: {
        get: (one) => Promise.resolve(one),
        edit: () => Promise.reject(new GitLabError('server')),
        delete: async (one) => {
          if (one.host === slow) await held;
          order.push(`${one.id}`);
          if (one.id === 9) release?.();
          return 'deleted';
        },
      },
    });
    assert.deepEqual(new Set(outcomes(await run.run())), new Set(['deleted']));
    assert.equal(order[0], '9');
  });
});
