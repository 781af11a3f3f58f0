import assert from 'node:assert/strict';
import { GitLabError } from '../../../../src/core/gitlab/errors';
import { explain } from '../../../../src/core/gitlab/explain';
import { isReadable, type Cluster, type ClusterOwner } from '../../../../src/core/model/cluster';
import { Inventory } from '../../../../src/core/inventory/inventory';
import { onListenerError } from '../../../../src/core/time/event';
import { usualLooks, waitsForSave } from '../../../../src/core/inventory/lostAnswer';
import { json, text } from '../../../gitlab/answer';
import { demoFleet } from '../../../gitlab/demoFleet';
import { dropConnection, type Exchange, type Hook } from '../../../gitlab/faults';
import { profileOf } from '../../../gitlab/profiles';
import { startGitLab, type GitLab } from '../../../gitlab/server';
import { connect, failure, openConnection } from '../gitlab/connection';
import { Accounts, host } from '../accounts/accounts';

const payments: ClusterOwner = { level: 'project', id: 1, path: 'platform/payments-api' };
const instance: ClusterOwner = { level: 'instance' };
const newCluster = {
  name: 'new',
  environmentScope: 'new/*',
  apiUrl: 'https://new.k8s.example.com',
  serviceToken: 'sesame',
};

describe('the inventory', () => {
  const connection = openConnection();
  let editor: Accounts;
  let inventory: Inventory;
  let arrived: () => void = () => undefined;

  beforeEach(async () => {
    connection.gitlab.onRequest(() => {
      arrived();
      return undefined;
    });
    editor = new Accounts((url, token) => connect({ url }, token, { readDeadline: 1000, writeDeadline: 1000 }));
    inventory = new Inventory(editor.accounts, { looks: { first: [0, 1, 1], pause: 1, until: 0 } });
    await editor.accounts.add(here(), 'demo-admin-token');
  });
  afterEach(() => inventory.dispose());

  const here = () => host(connection.gitlab.url);
  const url = () => here().url;
  const names = (owner = payments): string[] => {
    const state = inventory.ownerState(url(), owner);
    return state?.state === 'loaded' ? state.value.map((one) => (isReadable(one) ? one.name : 'unreadable')) : [];
  };
  const cluster = (name: string, at = url()): Cluster => {
    const found = inventory.fleet(at).clusters.find((one) => one.name === name);
    return found ?? assert.fail(`${name} is not known`);
  };
  const sent = (method: string): number => connection.gitlab.requests.filter((one) => one.method === method).length;
  /** Waits until the reload after a write has ended. */
  const settled = async (owner = payments): Promise<void> => {
    while (inventory.ownerState(url(), owner)?.state === 'loading') {
      await new Promise<void>((resolve) => {
        const subscription = inventory.onDidChange(() => {
          subscription.dispose();
          resolve();
        });
      });
    }
  };

  it('knows nothing and asks nothing by itself', () => {
    assert.equal(inventory.hostState(url()), undefined);
    assert.equal(inventory.ownerState(url(), payments), undefined);
    assert.deepEqual(inventory.fleet(url()).clusters, []);
    assert.equal(connection.gitlab.requests.length, 0);
  });

  it('loads who we are and the clusters of an owner, telling both steps', async () => {
    const told: string[] = [];
    inventory.onDidChange(({ owner }) => told.push(owner ? owner.level : 'host'));
    await inventory.loadHost(url());
    await inventory.load(url(), payments);
    assert.deepEqual(told, ['host', 'host', 'project', 'project']);
    const state = inventory.hostState(url());
    assert(state?.state === 'loaded');
    assert.equal(state.value.user.username, 'root');
    assert.deepEqual(names(), ['production-eu', 'staging', 'review', 'payments-gke', 'payments-eks']);
  });

  it('knows who we are also while that is asked again, and asks only where it does not', async () => {
    await editor.accounts.replaceToken(url(), 'demo-reader');
    assert.equal((await inventory.identify(url())).canWrite, false);
    const again = inventory.loadHost(url());
    assert.equal(inventory.hostState(url())?.state, 'loading');
    assert.equal(inventory.identity(url())?.canWrite, false);
    await again;
    connection.gitlab.clearRequests();
    await inventory.identify(url());
    assert.equal(connection.gitlab.requests.length, 0);
  });

  it('knows an administrator while that is asked again, so that no search is narrowed meanwhile', async () => {
    assert.equal((await inventory.identify(url())).user.isAdmin, true);
    const again = inventory.loadHost(url());
    assert.equal(inventory.hostState(url())?.state, 'loading');
    assert.equal(inventory.identity(url())?.user.isAdmin, true);
    await again;
  });

  it('asks once who we are for all that want to know', async () => {
    await Promise.all([inventory.ensure(url()), inventory.ensure(url()), inventory.identify(url())]);
    assert.equal(connection.gitlab.requests.filter(({ path }) => path === '/api/v4/user').length, 1);
  });

  it('saves a cluster although somebody who hears of it makes a mistake', async () => {
    await inventory.load(url(), payments);
    onListenerError(() => undefined);
    inventory.onDidRead(() => {
      throw new Error('a mistake of the listener');
    });
    const edited = await inventory.edit(cluster('review'), { name: 'newer', namespacePerEnvironment: true });
    assert.equal(edited.name, 'newer');
  });

  it('keeps a failure as a state, beside what works', async () => {
    await inventory.load(url(), { level: 'project', id: 999, path: 'nowhere' });
    await inventory.load(url(), payments);
    const state = inventory.ownerState(url(), { level: 'project', id: 999, path: 'nowhere' });
    assert(state?.state === 'failed');
    assert.equal(state.error.kind, 'notFound');
    assert.equal(names().length, 5);
  });

  it('says that there is no token, for the host and for its owners', async () => {
    await editor.secrets.delete(`gitlabClusters.token:${url()}`);
    await inventory.loadHost(url());
    await inventory.load(url(), payments);
    assert.deepEqual(inventory.hostState(url()), { state: 'noToken' });
    const state = inventory.ownerState(url(), payments);
    assert.equal(state?.state === 'failed' && state.error.kind, 'noToken');
    assert.equal(connection.gitlab.requests.length, 0);
  });

  it('tells that the integration was switched off while a cluster is opened or changed, with one probe', async () => {
    await inventory.loadHost(url());
    await inventory.load(url(), payments);
    const one = cluster('staging');
    connection.gitlab.flagOff = true;
    connection.gitlab.clearRequests();
    await Promise.all([1, 2, 3].map(() => failure(inventory.get(one), 'clustersUnavailable')));
    const probes = connection.gitlab.requests.filter(({ path }) => path.endsWith('/clusters?per_page=1'));
    assert.equal(probes.length, 1);
    await settled();
    const state = inventory.ownerState(url(), payments);
    assert.equal(state?.state === 'failed' && state.error.kind, 'clustersUnavailable', 'its rows say so too');
    connection.gitlab.flagOff = false;
    await inventory.load(url(), payments);
    connection.gitlab.flagOff = true;
    await failure(inventory.edit(one, { enabled: false }), 'clustersUnavailable');
    await settled();
    connection.gitlab.flagOff = false;
    await inventory.load(url(), payments);
    connection.gitlab.flagOff = true;
    await failure(inventory.delete(one), 'clustersUnavailable');
    await settled();
    const kept = inventory.ownerState(url(), payments);
    assert.equal(kept?.state === 'failed' && kept.error.kind, 'clustersUnavailable', 'rows that stay say why');
  });

  it('still says that a cluster is gone where its list works', async () => {
    await inventory.load(url(), payments);
    const one = cluster('staging');
    const { clusters } = connection.gitlab.world;
    clusters.splice(
      clusters.findIndex(({ id }) => id === one.id),
      1,
    );
    await failure(inventory.get(one), 'notFound');
    await settled();
  });

  it('tells a locked keyring from everything else, and looks again', async () => {
    editor.secrets.locked = true;
    await inventory.load(url(), payments);
    const state = inventory.ownerState(url(), payments);
    assert.equal(state?.state === 'failed' && state.error.kind, 'keyring');
    editor.secrets.locked = false;
    await inventory.load(url(), payments);
    assert.equal(names().length, 5);
  });

  it('forgets everything of a host whose token is replaced', async () => {
    await inventory.loadHost(url());
    await inventory.load(url(), payments);
    const told: unknown[] = [];
    inventory.onDidChange((change) => told.push(change));
    await editor.accounts.replaceToken(url(), 'demo-developer');
    assert.deepEqual(told, [{ host: url() }]);
    assert.equal(inventory.hostState(url()), undefined);
    assert.deepEqual(inventory.loadedOwners(url()), []);
    await inventory.loadHost(url());
    const state = inventory.hostState(url());
    assert.equal(state?.state === 'loaded' && state.value.user.username, 'devon');
  });

  it('forgets a host that is removed', async () => {
    await inventory.load(url(), payments);
    await editor.accounts.remove(url());
    assert.equal(inventory.ownerState(url(), payments), undefined);
    assert.deepEqual(inventory.fleet(url()).clusters, []);
  });

  it('forgets an owner that is watched no longer, and does not read it again with its host', async () => {
    await inventory.load(url(), payments);
    await inventory.load(url(), instance);
    inventory.forgetOwner(url(), payments);
    assert.deepEqual(inventory.loadedOwners(url()), [instance]);
    const before = connection.gitlab.requests.length;
    await inventory.reloadHost(url());
    const asked = connection.gitlab.requests.slice(before).map(({ path }) => path);
    assert.deepEqual(
      asked.filter((path) => path.includes('/clusters')).map((path) => path.split('?')[0]),
      ['/api/v4/admin/clusters'],
    );
  });

  it('takes the answer of the latest load', async () => {
    const answers: (() => void)[] = [];
    connection.gitlab.onRequest(async (exchange) => {
      const answer = exchange.gitlab();
      await new Promise<void>((resolve) => answers.push(resolve));
      return answer;
    });
    const first = inventory.load(url(), payments);
    await received(1);
    const world = connection.gitlab.world;
    world.clusters.splice(
      world.clusters.findIndex(({ name }) => name === 'staging'),
      1,
    );
    const second = inventory.load(url(), payments);
    await received(2);
    answers[1]?.();
    answers[0]?.();
    await Promise.all([first, second]);
    assert.deepEqual(names(), ['production-eu', 'review', 'payments-gke', 'payments-eks']);
  });

  for (const [what, happen] of [
    ['its host is removed', () => editor.accounts.remove(url())],
    ['its token is replaced', () => editor.accounts.replaceToken(url(), 'demo-outsider')],
  ] as const) {
    it(`drops a load and closes its connection when ${what} meanwhile`, async () => {
      const closed = closedSocket();
      const load = inventory.load(url(), payments);
      await received(1);
      await happen();
      await Promise.all([load, closed]);
      assert.equal(inventory.ownerState(url(), payments), undefined);
    });
  }

  it('does not take a host for one without token when a token came meanwhile', async () => {
    await editor.secrets.delete(`gitlabClusters.token:${url()}`);
    const early = inventory.loadHost(url());
    const stored = editor.accounts.replaceToken(url(), 'demo-developer');
    await Promise.all([early, stored]);
    assert.equal(inventory.hostState(url()), undefined);
    await inventory.loadHost(url());
    assert.equal(inventory.hostState(url())?.state, 'loaded');
  });

  it('reads a cluster again, and its row follows', async () => {
    await inventory.load(url(), payments);
    const record = connection.gitlab.world.clusters.find(({ name }) => name === 'review');
    assert(record);
    const review = cluster('review');
    record.name = 'renamed';
    assert.equal((await inventory.get(review)).name, 'renamed');
    assert(names().includes('renamed'));
  });

  it('reloads the owner of a cluster that turns out to be gone', async () => {
    await inventory.load(url(), payments);
    const review = cluster('review');
    connection.gitlab.world.clusters.splice(
      connection.gitlab.world.clusters.findIndex(({ id }) => id === review.id),
      1,
    );
    await failure(inventory.get(review), 'notFound');
    await settled();
    assert(!names().includes('review'));
  });

  it('adds, edits and deletes, and the rows follow', async () => {
    await inventory.load(url(), payments);
    const added = await inventory.add(url(), payments, newCluster);
    await settled();
    assert.equal(added.name, 'new');
    assert.equal(names().filter((name) => name === 'new').length, 1);
    const edited = await inventory.edit(added, { name: 'newer', namespacePerEnvironment: true });
    await settled();
    assert.equal(edited.name, 'newer');
    assert(names().includes('newer') && !names().includes('new'));
    assert.equal(await inventory.delete(edited), 'deleted');
    await settled();
    assert(!names().includes('newer'));
    assert.deepEqual([sent('POST'), sent('PUT'), sent('DELETE')], [1, 1, 1]);
  });

  it('reads no list after writes: their answers are the clusters', async () => {
    await inventory.load(url(), payments);
    connection.gitlab.clearRequests();
    for (const one of inventory.fleet(url()).clusters) {
      await inventory.edit(one, { baseDomain: 'new.example.com', namespacePerEnvironment: true });
    }
    await inventory.delete(await inventory.add(url(), payments, newCluster));
    await settled();
    assert.equal(sent('PUT'), 5);
    assert.equal(sent('GET'), 0);
    assert.deepEqual(
      inventory.fleet(url()).clusters.map(({ name, baseDomain }) => [name, baseDomain]),
      ['production-eu', 'staging', 'review', 'payments-gke', 'payments-eks'].map((name) => [name, 'new.example.com']),
    );
  });

  it('reads a list once after many clusters of it turned out gone in a row', async () => {
    await inventory.load(url(), payments);
    const all = inventory.fleet(url()).clusters;
    connection.gitlab.world.clusters.splice(0);
    connection.gitlab.clearRequests();
    await inventory.gather(() => Promise.all(all.map((one) => failure(inventory.get(one), 'notFound'))));
    await settled();
    const lists = connection.gitlab.requests.filter(({ path }) => /\/clusters\?/.test(path));
    const probes = lists.filter(({ path }) => path.includes('per_page=1') && !path.includes('per_page=100'));
    assert.deepEqual([all.length, lists.length - probes.length, probes.length, names()], [5, 1, 1, []]);
  });

  it('keeps what it knew of a host that answers 503, with its date, and nothing after a revoked token', async () => {
    await inventory.loadHost(url());
    await inventory.load(url(), payments);
    const loaded = inventory.ownerState(url(), payments);
    assert.ok(loaded?.state === 'loaded');
    const stop = connection.gitlab.onRequest(() => text(503, 'Service Unavailable'));
    await inventory.reloadHost(url());
    const state = inventory.ownerState(url(), payments);
    assert.ok(state?.state === 'failed' && inventory.hostState(url())?.state === 'failed');
    assert.deepEqual([state.value, state.at], [loaded.value, loaded.at]);
    assert.equal(inventory.identity(url())?.user.username, 'root');
    await failure(inventory.identify(url()), 'server');
    stop();
    connection.gitlab.onRequest(() => json(401, { message: '401 Unauthorized' }));
    await inventory.reloadHost(url());
    assert.equal(inventory.identity(url()), undefined);
    const refused = inventory.ownerState(url(), payments);
    assert.equal(refused?.state === 'failed' && refused.value, undefined);
  });

  it('throws GitLab’s complaint of a write and keeps the rows', async () => {
    await inventory.load(url(), payments);
    const error = await failure(
      inventory.add(url(), payments, { ...newCluster, environmentScope: 'staging' }),
      'invalid',
    );
    assert.deepEqual(error.problems, [
      { field: 'environment_scope', message: 'cannot add duplicated environment scope' },
    ]);
    assert.equal(names().length, 5);
  });

  it('counts a cluster that somebody else deleted as gone', async () => {
    await inventory.load(url(), payments);
    const review = cluster('review');
    connection.gitlab.world.clusters.splice(
      connection.gitlab.world.clusters.findIndex(({ id }) => id === review.id),
      1,
    );
    assert.equal(await inventory.delete(review), 'gone');
    await settled();
    assert(!names().includes('review'));
  });

  it('tells of what was deleted from here before the rows follow, and of nothing that was kept', async () => {
    await inventory.load(url(), payments);
    const review = cluster('review');
    const told: string[] = [];
    inventory.onDidDelete(({ name }) => told.push(`${name}, ${names().includes(name) ? 'still' : 'no longer'} listed`));
    connection.gitlab.flagOff = true;
    await failure(inventory.delete(review), 'clustersUnavailable');
    assert.deepEqual(told, []);
    connection.gitlab.flagOff = false;
    await inventory.load(url(), payments);
    await inventory.delete(review);
    assert.deepEqual(told, ['review, still listed']);
  });

  it('does not take a hidden project or a switched-off integration for a deleted cluster', async () => {
    await inventory.load(url(), payments);
    const review = cluster('review');
    connection.gitlab.flagOff = true;
    await failure(inventory.delete(review), 'clustersUnavailable');
    connection.gitlab.flagOff = false;
    await editor.accounts.replaceToken(url(), 'demo-outsider');
    await failure(inventory.delete(review), 'notFound');
    assert(connection.gitlab.world.clusters.some(({ id }) => id === review.id));
  });

  describe('when GitLab’s answer to a write gets lost', () => {
    /** GitLab does it, and its answer never arrives. */
    const doneButCut: Hook = (exchange) => {
      if (exchange.request.method === 'GET') return undefined;
      exchange.gitlab();
      return dropConnection(exchange);
    };
    /** The write never reaches GitLab. */
    const cutBefore: Hook = (exchange) => (exchange.request.method === 'GET' ? undefined : dropConnection(exchange));

    it('finds the added cluster, and does not send it again', async () => {
      await inventory.load(url(), payments);
      connection.gitlab.onRequest(doneButCut);
      const added = await inventory.add(url(), payments, newCluster);
      assert.equal(added.name, 'new');
      assert.equal(sent('POST'), 1);
      await settled();
      assert.equal(names().filter((name) => name === 'new').length, 1);
    });

    it('finds it also where the owner was never listed, by listing before', async () => {
      connection.gitlab.onRequest(doneButCut);
      assert.equal((await inventory.add(url(), payments, newCluster)).name, 'new');
      assert.deepEqual(
        connection.gitlab.requests.slice(0, 2).map(({ method }) => method),
        ['GET', 'POST'],
      );
    });

    it('says that a cluster was not added, after looking more than once', async () => {
      await inventory.load(url(), payments);
      connection.gitlab.onRequest(cutBefore);
      connection.gitlab.clearRequests();
      const error = await failure(inventory.add(url(), payments, newCluster), 'notHappened');
      assert(error.cause);
      assert.equal(sent('POST'), 1);
      assert(sent('GET') >= 3);
      await settled();
    });

    it('waits for a GitLab that is slower than the proxy before it', async () => {
      await inventory.load(url(), payments);
      let late: Exchange | undefined;
      connection.gitlab.onRequest((exchange) => {
        if (exchange.request.method === 'POST') {
          late = exchange;
          return text(504, 'Gateway Timeout');
        }
        // Done between the first and the second look.
        const answer = exchange.gitlab();
        late?.gitlab();
        late = undefined;
        return answer;
      });
      assert.equal((await inventory.add(url(), payments, newCluster)).name, 'new');
      assert.equal(sent('POST'), 1);
    });

    describe('which GitLab may still be working on', () => {
      let patient: Inventory;
      let late: Exchange | undefined;
      /** Loses the answer to a write, and carries it out only before it answers the read of this number. */
      const doneBeforeRead = (number: number): Hook => {
        let reads = 0;
        return (exchange) => {
          if (exchange.request.method !== 'GET') {
            late = exchange;
            return dropConnection(exchange);
          }
          if (++reads === number) late?.gitlab();
          return undefined;
        };
      };

      beforeEach(async () => {
        patient = new Inventory(editor.accounts, { looks: { first: [0, 1, 1], pause: 1, until: 60_000 } });
        await Promise.all([inventory.load(url(), payments), patient.load(url(), payments)]);
      });
      afterEach(() => patient.dispose());

      it('goes on looking for an edit, and says so', async () => {
        connection.gitlab.onRequest(doneBeforeRead(6));
        let told = 0;
        const change = { baseDomain: 'late.example.com', namespacePerEnvironment: true };
        const edited = await patient.edit(cluster('review'), change, { onLost: () => told++ });
        assert.equal(edited.baseDomain, 'late.example.com');
        assert.deepEqual([told, sent('PUT')], [1, 1]);
      });

      it('goes on looking for an added cluster', async () => {
        connection.gitlab.onRequest(doneBeforeRead(6));
        assert.equal((await patient.add(url(), payments, newCluster)).name, 'new');
        assert.equal(sent('POST'), 1);
      });

      it('says that the outcome is unknown where the looking is cancelled', async () => {
        connection.gitlab.onRequest(cutBefore);
        const stop = new AbortController();
        const change = { baseDomain: 'late.example.com', namespacePerEnvironment: true };
        const edit = patient.edit(cluster('review'), change, { onLost: () => stop.abort(), signal: stop.signal });
        const error = await failure(edit, 'unknownOutcome');
        assert.match(explain(error).sentence, /It is unknown whether the change was made/);
      });

      it('does not wait for a delete, which resolves no name', async () => {
        connection.gitlab.onRequest(cutBefore);
        await failure(patient.delete(cluster('review')), 'notHappened');
      });
    });

    it('is looked for until 20 s after it was sent, and three times at least', () => {
      const waits = (ago: number, status?: number) =>
        waitsForSave(usualLooks, new GitLabError('unknownOutcome', { status, sentAt: performance.now() - ago }));
      const [, , , fourth] = waits(0);
      assert.equal(fourth, 3000);
      const [, , , behindProxy] = waits(0, 502);
      assert.equal(behindProxy, 3000);
      const [, , , shortened = 0] = waits(19_000);
      assert(shortened > 0 && shortened <= 1000, String(shortened));
      assert.deepEqual([...waits(20_000)], [0, 1500, 3500]);
      assert.deepEqual([...waits(0, 500)], [0, 1500, 3500], 'GitLab said that it is done with it');
    });

    it('takes no cluster for ours that was there before', async () => {
      await inventory.add(url(), payments, newCluster);
      await settled();
      connection.gitlab.onRequest(cutBefore);
      await failure(inventory.add(url(), payments, newCluster), 'notHappened');
    });

    it('takes no cluster for ours that somebody else adds at the same time', async () => {
      await inventory.loadHost(url());
      await inventory.load(url(), payments);
      connection.gitlab.onRequest((exchange) => {
        if (exchange.request.method !== 'POST') return undefined;
        exchange.gitlab();
        const added = connection.gitlab.world.clusters.at(-1);
        assert(added);
        added.creatorId = 2;
        return dropConnection(exchange);
      });
      await failure(inventory.add(url(), payments, newCluster), 'notHappened');
    });

    it('sees that an edit was made', async () => {
      await inventory.load(url(), payments);
      connection.gitlab.onRequest(doneButCut);
      const edited = await inventory.edit(cluster('review'), { baseDomain: 'new.example.com', serviceToken: 'sesame' });
      assert.equal(edited.baseDomain, 'new.example.com');
      assert.equal(sent('PUT'), 1);
    });

    it('sees that an edit was not made', async () => {
      await inventory.load(url(), payments);
      connection.gitlab.onRequest(cutBefore);
      const change = { baseDomain: 'new.example.com', namespacePerEnvironment: true };
      await failure(inventory.edit(cluster('review'), change), 'notHappened');
    });

    it('says that a replaced service token cannot be seen, on its field', async () => {
      await inventory.load(url(), payments);
      connection.gitlab.onRequest(doneButCut);
      const change = { serviceToken: 'sesame', namespacePerEnvironment: true };
      const error = await failure(inventory.edit(cluster('review'), change), 'unknownOutcome');
      assert.deepEqual(
        error.problems.map(({ field }) => field),
        ['platform_kubernetes.token'],
      );
      assert.equal(sent('PUT'), 1);
    });

    it('is content with an edit that changes nothing', async () => {
      await inventory.load(url(), payments);
      connection.gitlab.onRequest(cutBefore);
      assert.equal((await inventory.edit(cluster('review'), { name: 'review' })).name, 'review');
    });

    it('calls no edit made that GitLab does not have, though the cluster we knew had it', async () => {
      await inventory.load(url(), payments);
      const known = cluster('review');
      const record = connection.gitlab.world.clusters.find(({ id }) => id === known.id);
      assert(record && known.enabled);
      record.enabled = false;
      connection.gitlab.onRequest(cutBefore);
      const change = { enabled: true, namespacePerEnvironment: true };
      await failure(inventory.edit(known, change), 'notHappened');
      assert.equal(record.enabled, false);
    });

    for (const version of ['12.10.14', '13.6.7'])
      describe(`from GitLab ${version}, which tells no flags`, () => {
        let old: GitLab;
        let review: Cluster;
        const flags = { namespacePerEnvironment: false, enabled: true };
        const flagsAndToken = { ...flags, serviceToken: 'sesame' };

        beforeEach(async () => {
          old = await startGitLab({ world: demoFleet(), profile: profileOf(version) });
          const there = host(old.url);
          await editor.accounts.add(there, 'demo-admin-token');
          await inventory.load(there.url, payments);
          review =
            inventory.fleet(there.url).clusters.find(({ name }) => name === 'review') ?? assert.fail('no review');
        });
        afterEach(() => old.close());

        it('says that nobody can see whether the service token was replaced', async () => {
          old.onRequest(doneButCut);
          const { problems } = await failure(inventory.edit(review, flagsAndToken), 'unknownOutcome');
          assert.match(problems[0]?.message ?? '', /never shows the service token/);
        });

        it('says that nobody can see whether a flag was changed', async () => {
          old.onRequest(doneButCut);
          const { problems } = await failure(inventory.edit(review, flags), 'unknownOutcome');
          assert.match(problems[0]?.message ?? '', /report these fields/);
        });

        it('sees by what it does tell whether the edit was made', async () => {
          const change = { ...flagsAndToken, environmentScope: 'moved' };
          const stop = old.onRequest(cutBefore);
          await failure(inventory.edit(review, change), 'notHappened');
          stop();
          old.onRequest(doneButCut);
          assert.equal((await inventory.edit(review, change)).environmentScope, 'moved');
        });
      });

    it('sees that a cluster was deleted, or was not', async () => {
      await inventory.load(url(), payments);
      const stop = connection.gitlab.onRequest(doneButCut);
      assert.equal(await inventory.delete(cluster('review')), 'deleted');
      stop();
      await settled();
      connection.gitlab.onRequest(cutBefore);
      await failure(inventory.delete(cluster('staging')), 'notHappened');
      assert(connection.gitlab.world.clusters.some(({ name }) => name === 'staging'));
      assert.equal(sent('DELETE'), 2);
    });

    it('does not take a cluster for deleted that only cannot be read', async () => {
      await inventory.load(url(), payments);
      const review = cluster('review');
      connection.gitlab.onRequest((exchange) => {
        if (exchange.request.method === 'DELETE') return dropConnection(exchange);
        const answer = exchange.gitlab();
        return { ...answer, body: String(answer.body).replaceAll(`"id":${review.id},"name":`, `"id":"x","name":`) };
      });
      await failure(inventory.delete(review), 'notHappened');
    });

    it('says that nobody knows where looking fails too, and why', async () => {
      await inventory.load(url(), payments);
      connection.gitlab.onRequest(dropConnection);
      const error = await failure(inventory.delete(cluster('review')), 'unknownOutcome');
      assert.equal(error.lookFailure?.kind, 'network');
      assert.equal(sent('DELETE'), 1);
    });
  });

  describe('where GitLab does not tell what the access token may do', () => {
    let old: GitLab;
    const review = (): Cluster => cluster('review', host(old.url).url);
    const canWrite = (): boolean | undefined => {
      const state = inventory.hostState(host(old.url).url);
      return state?.state === 'loaded' ? state.value.canWrite : undefined;
    };

    beforeEach(async () => {
      old = await startGitLab({ world: demoFleet(), profile: profileOf('15.4.6') });
      await editor.accounts.add(host(old.url), 'demo-reader');
      await inventory.loadHost(host(old.url).url);
      await inventory.load(host(old.url).url, payments);
    });
    afterEach(() => old.close());

    it('learns from the first refused write that it may only read, until the token is replaced', async () => {
      const { url } = host(old.url);
      assert.equal(canWrite(), true);
      const told: boolean[] = [];
      inventory.onDidChange(({ owner }) => told.push(owner === undefined));
      await failure(inventory.edit(review(), { enabled: false }), 'insufficientScope');
      assert.equal(canWrite(), false);
      assert.deepEqual(told, [true]);
      await inventory.reloadHost(url);
      assert.equal(canWrite(), false);
      await editor.accounts.replaceToken(url, 'demo-maintainer');
      await inventory.loadHost(url);
      assert.equal(canWrite(), true);
    });

    it('learns nothing from a write refused for one cluster alone', async () => {
      old.onRequest(({ request }) =>
        request.method === 'PUT'
          ? json(403, { error: 'insufficient_granular_scope', error_description: 'Access denied.' })
          : undefined,
      );
      await failure(inventory.edit(review(), { enabled: false }), 'insufficientScope');
      assert.equal(canWrite(), true);
    });
  });

  it('asks nothing more of a host that was removed during a write', async () => {
    await inventory.load(url(), instance);
    const target = cluster('gpu-pool');
    connection.gitlab.onRequest(async (exchange) => {
      await editor.accounts.remove(url());
      return exchange.gitlab();
    });
    connection.gitlab.clearRequests();
    assert.equal(await inventory.delete(target), 'deleted');
    assert.equal(connection.gitlab.requests.length, 1);
    assert.equal(inventory.ownerState(url(), instance), undefined);
  });

  /** Waits until so many requests have arrived. */
  async function received(count: number): Promise<void> {
    while (connection.gitlab.requests.length < count) {
      await new Promise<void>((resolve) => void (arrived = resolve));
    }
  }

  /** Answers nothing, and waits until the client has closed its connection. */
  function closedSocket(): Promise<void> {
    return new Promise((resolve) => {
      connection.gitlab.onRequest(({ socket }) => {
        socket.once('close', () => resolve());
        return 'taken';
      });
    });
  }
});

describe('the demo fleet', () => {
  it('is what these tests take it for', () => {
    assert.deepEqual(
      demoFleet()
        .clusters.filter(({ owner }) => owner.level === 'project' && owner.id === 1)
        .map(({ name }) => name),
      ['production-eu', 'staging', 'review', 'payments-gke', 'payments-eks'],
    );
  });
});
