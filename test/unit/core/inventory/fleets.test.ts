import assert from 'node:assert/strict';
import { Fleets } from '../../../../src/core/inventory/fleets';
import type { OwnerRecord } from '../../../../src/core/inventory/ownerRecord';
import type { FleetStatus } from '../../../../src/core/inventory/fleetStatus';
import type { FleetStorage } from '../../../../src/core/inventory/fleetMemory';
import { Emitter } from '../../../../src/core/time/event';
import type { Host, HostUrl } from '../../../../src/core/model/host';
import { HostAccounts } from '../../../../src/core/accounts/hostAccounts';
import { Inventory } from '../../../../src/core/inventory/inventory';
import { clusterKey, isReadable, ownerKey } from '../../../../src/core/model/cluster';
import type { Cluster, ClusterOwner } from '../../../../src/core/model/cluster';
import { json } from '../../../gitlab/answer';
import { siblingsOf } from '../../../../src/core/model/siblings';
import { generatedFleet } from '../../../gitlab/generatedFleet';
import { addCluster } from '../../../gitlab/populate';
import type { GitLab } from '../../../gitlab/server';
import { asked, clientOf, held, hostOf, readable, serving } from './fleetLab';

describe('The fleets of all hosts', () => {
  const serve = serving();
  const opened: { dispose(): unknown }[] = [];
  afterEach(() => {
    for (const one of opened.splice(0)) one.dispose();
  });

  function storageOf(texts: Map<HostUrl, string>): FleetStorage {
    return {
      read: (host) => Promise.resolve(texts.get(host)),
      write: (host, text) => Promise.resolve(void texts.set(host, text)),
      delete: (host) => Promise.resolve(void texts.delete(host)),
    };
  }

  function open(gitlab: GitLab, texts = new Map<HostUrl, string>(), storage = storageOf(texts)) {
    const url = hostOf(gitlab);
    const hosts: Host[] = [{ url, name: 'Fleet', projects: [], groups: [] }];
    const hostsChanged = new Emitter<void>();
    const tokenChanged = new Emitter<HostUrl>();
    const accounts = new HostAccounts(
      {
        read: () => ({ hosts, problems: [] }),
        put: () => Promise.resolve(),
        remove: () => Promise.resolve(),
        onDidChange: hostsChanged.event,
      },
      {
        get: () => Promise.resolve('fleet-admin'),
        set: () => Promise.resolve(),
        delete: () => Promise.resolve(),
        onDidChange: tokenChanged.event,
      },
      () => clientOf(gitlab, 'fleet-admin'),
    );
    const inventory = new Inventory(accounts);
    const fleets = new Fleets({ accounts, inventory, storage, slots: () => 8 });
    opened.push(fleets, inventory, accounts);
    const removeHost = (): void => {
      hosts.pop();
      hostsChanged.fire();
    };
    return { url, fleets, inventory, texts, removeHost, replaceToken: () => tokenChanged.fire(url) };
  }

  function until(fleets: Fleets, host: HostUrl, wanted: FleetStatus['status']): Promise<void> {
    return new Promise((resolve) => {
      const subscription = fleets.onDidChange(() => {
        if (fleets.status(host).status !== wanted) return;
        subscription.dispose();
        resolve();
      });
    });
  }

  it('send nothing until one is opened, then find everything, once', async () => {
    const gitlab = await serve(generatedFleet({ projects: 40, clusters: 30 }));
    const { fleets, url } = open(gitlab);
    await fleets.recall(url);
    assert.deepEqual(asked(gitlab), []);
    const ended = until(fleets, url, 'ended');
    fleets.open(url);
    await ended;
    assert.deepEqual(held(fleets.fleet(url)), readable(gitlab, 'root'));
    gitlab.clearRequests();
    fleets.open(url);
    assert.equal(fleets.status(url).status, 'ended');
    assert.deepEqual(asked(gitlab), []);
  });

  it('show what was remembered before anything is answered', async () => {
    const gitlab = await serve(generatedFleet({ projects: 40, clusters: 30 }));
    const first = open(gitlab);
    await first.fleets.crawl(first.url);
    const { fleets, url } = open(gitlab, first.texts);
    gitlab.clearRequests();
    await fleets.recall(url);
    assert.deepEqual(held(fleets.fleet(url)), readable(gitlab, 'root'));
    assert.ok(fleets.fleet(url).completedAt);
    assert.equal(fleets.status(url).status, 'recalled');
    assert.deepEqual(asked(gitlab), []);
    assert.doesNotMatch([...first.texts.values()].join(''), /fleet-admin/);
  });

  /** Finds until the first project's clusters are asked for. */
  async function crawlUntilStopped(gitlab: GitLab, fleets: Fleets, url: HostUrl): Promise<void> {
    const letGo = gitlab.onRequest(({ request }) => {
      if (/projects\/\d+\/clusters/.test(request.path)) fleets.stop(url);
      return undefined;
    });
    await fleets.crawl(url);
    letGo();
  }

  it('stop when told so, and go on with what is left', async () => {
    const gitlab = await serve(generatedFleet({ projects: 40, clusters: 30 }));
    const { fleets, url } = open(gitlab);
    await crawlUntilStopped(gitlab, fleets, url);
    const status = fleets.status(url);
    assert.equal(status.status, 'ended');
    assert.equal(status.outcome.outcome, 'stopped');
    assert.equal(status.outcome.error.kind, 'cancelled');
    await fleets.crawl(url);
    const after = fleets.status(url);
    assert.ok(after.status === 'ended' && after.outcome.outcome === 'complete');
    assert.deepEqual(held(fleets.fleet(url)), readable(gitlab, 'root'));
  });

  it('are found from the beginning where that is asked for, also after a stop', async () => {
    const gitlab = await serve(generatedFleet({ projects: 40, clusters: 30 }));
    const { fleets, url } = open(gitlab);
    await crawlUntilStopped(gitlab, fleets, url);
    gitlab.clearRequests();
    await fleets.crawlAnew(url);
    assert.ok(
      asked(gitlab).some((path) => path.includes('/groups')),
      'the lists of owners are read again',
    );
    assert.deepEqual(held(fleets.fleet(url)), readable(gitlab, 'root'));
  });

  it('are looked for again by a refresh where they are shown, and never for the first time or against a stop', async () => {
    const gitlab = await serve(generatedFleet({ projects: 40, clusters: 30 }));
    const first = open(gitlab);
    await first.fleets.revalidate(first.url, true);
    assert.deepEqual(asked(gitlab), []);
    await first.fleets.crawl(first.url);
    const [gone] = gitlab.world.clusters;
    gitlab.world.clusters.splice(0, 1);
    await first.fleets.revalidate(first.url, false);
    assert.ok(gone && !first.fleets.fleet(first.url).clusters.some(({ id }) => id === gone.id));

    const next = open(gitlab, first.texts);
    await next.fleets.recall(next.url);
    gitlab.clearRequests();
    await next.fleets.revalidate(next.url, false);
    assert.deepEqual(asked(gitlab), [], 'what is remembered only is not on screen');
    const letGo = gitlab.onRequest(({ request }) => {
      if (/projects\/\d+\/clusters/.test(request.path)) next.fleets.stop(next.url);
      return undefined;
    });
    await next.fleets.revalidate(next.url, true);
    letGo();
    gitlab.clearRequests();
    await next.fleets.revalidate(next.url, true);
    assert.deepEqual(asked(gitlab), [], 'what was stopped stays so');
  });

  it('and what is watched agree after a crawl: whichever was read later is right', async () => {
    const gitlab = await serve(generatedFleet({ projects: 20, clusters: 20 }));
    const { fleets, inventory, url } = open(gitlab);
    await fleets.crawl(url);
    const instance: ClusterOwner = { level: 'instance' };
    const [group, ...groups] = new Map(
      fleets.fleet(url).clusters.flatMap(({ owner }) => (owner.level === 'group' ? [[owner.id, owner]] : [])),
    ).values();
    assert.ok(group && groups.length > 0);
    await Promise.all([instance, group].map((owner) => inventory.load(url, owner)));
    addCluster(gitlab.world, 'instance', { name: 'new', environmentScope: 'new' });
    const { clusters } = gitlab.world;
    const left = clusters.filter(({ owner }) => !(owner.level === 'group' && owner.id === group.id));
    clusters.splice(0, clusters.length, ...left);
    const emptied = new Promise<void>((resolve) => {
      inventory.onDidChange(({ owner }) => {
        const state = owner?.level === 'group' ? inventory.ownerState(url, owner) : undefined;
        if (state?.state === 'loaded' && state.value.length === 0) resolve();
      });
    });
    await fleets.crawlAnew(url);
    await emptied;
    assert.deepEqual(held(fleets.fleet(url)), readable(gitlab, 'root'));
    const state = inventory.ownerState(url, instance);
    assert.ok(state?.state === 'loaded' && state.value.some((one) => isReadable(one) && one.name === 'new'));
    assert.equal(inventory.fleet(url).clusters.length, gitlab.world.clusters.length);
  });

  it('are one with what is watched: nothing that was just found is read again when its owner is opened', async () => {
    const gitlab = await serve(generatedFleet({ projects: 20, clusters: 20 }));
    const { fleets, inventory, url } = open(gitlab);
    await fleets.crawl(url);
    const [found] = fleets.fleet(url).clusters;
    assert.ok(found);
    gitlab.clearRequests();
    await inventory.ensure(url, found.owner);
    const state = inventory.ownerState(url, found.owner);
    assert.ok(state?.state === 'loaded' && state.value.includes(found));
    assert.deepEqual(asked(gitlab), []);
    assert.deepEqual(inventory.loadedOwners(url), [found.owner], 'a refresh of the host reads it again');
  });

  it('tell of taken environment scopes also where nobody opened the owner', async () => {
    const gitlab = await serve(generatedFleet({ projects: 20, clusters: 20 }));
    const { fleets, inventory, url } = open(gitlab);
    await fleets.crawl(url);
    const [found] = fleets.fleet(url).clusters;
    assert.ok(found);
    const taken = siblingsOf(inventory.fleet(url).clusters, url, found.owner).map(
      ({ environmentScope }) => environmentScope,
    );
    assert.ok(taken.includes(found.environmentScope));
  });

  it('show what is remembered of an owner while it is read, and never take that for read', async () => {
    const gitlab = await serve(generatedFleet({ projects: 20, clusters: 20 }));
    const first = open(gitlab);
    await first.fleets.crawl(first.url);
    const { fleets, inventory, url } = open(gitlab, first.texts);
    await fleets.recall(url);
    const [remembered] = fleets.fleet(url).clusters;
    assert.ok(remembered);
    const { owner } = remembered;
    assert.equal(inventory.ownerState(url, owner), undefined);
    const read = inventory.ensure(url, owner);
    const state = inventory.ownerState(url, owner);
    assert.ok(state?.state === 'loading' && state.value?.includes(remembered));
    await read;
    assert.equal(inventory.ownerState(url, owner)?.state, 'loaded');
  });

  it('take one cluster that was read alone for no list of its owner', async () => {
    const gitlab = await serve(generatedFleet({ projects: 20, clusters: 40 }));
    const first = open(gitlab);
    await first.fleets.crawl(first.url);
    const [one] = first.fleets.fleet(first.url).clusters;
    assert.ok(one);
    const { fleets, inventory, url } = open(gitlab);
    await inventory.get(one);
    assert.equal(inventory.ownerState(url, one.owner), undefined);
    assert.deepEqual(
      fleets.fleet(url).clusters.map(({ id }) => id),
      [one.id],
    );
  });

  it('keep what a write made of a cluster while a search is reading its owner', async () => {
    const gitlab = await serve(generatedFleet({ projects: 20, clusters: 20 }));
    const { fleets, inventory, url } = open(gitlab);
    await fleets.crawl(url);
    const target = fleets.fleet(url).clusters.find(({ owner }) => owner.level === 'project');
    assert.ok(target?.owner.level === 'project');
    const path = `/projects/${target.owner.id}/clusters?`;
    let deleted: Promise<unknown> | undefined;
    gitlab.onRequest(async (exchange) => {
      if (deleted || exchange.request.method !== 'GET' || !exchange.request.path.includes(path)) return undefined;
      const before = exchange.gitlab();
      deleted = inventory.delete(target);
      await deleted;
      return before;
    });
    await fleets.crawlAnew(url);
    assert.ok(deleted);
    assert.deepEqual(held(fleets.fleet(url)), readable(gitlab, 'root'));
  });

  it('say of a found owner that it can no longer be read, and keep what was known there', async () => {
    const gitlab = await serve(generatedFleet({ projects: 20, clusters: 20 }));
    const { fleets, inventory, url } = open(gitlab);
    await fleets.crawl(url);
    const [found] = fleets.fleet(url).clusters.filter(({ owner }) => owner.level === 'project');
    assert.ok(found);
    const letGo = gitlab.onRequest(() => json(403, { message: '403 Forbidden' }));
    await inventory.load(url, found.owner);
    letGo();
    const record = (): OwnerRecord | undefined => fleets.fleet(url).record(found.owner);
    assert.equal(record()?.failure?.kind, 'forbidden');
    assert.deepEqual(
      record()
        ?.clusters.filter(isReadable)
        .map(({ id }) => id)
        .includes(found.id),
      true,
    );
    await inventory.load(url, found.owner);
    assert.equal(record()?.failure, undefined);
  });

  it('tell why they cannot begin', async () => {
    const gitlab = await serve(generatedFleet({ projects: 4, clusters: 3 }));
    const { fleets, url } = open(gitlab);
    await gitlab.close();
    await fleets.crawl(url);
    const status = fleets.status(url);
    assert.ok(status.status === 'ended' && status.outcome.outcome === 'stopped');
    assert.equal(status.outcome.error.kind, 'network');
    assert.equal(status.progress, undefined);
  });

  it('follow what is written through the inventory', async () => {
    const gitlab = await serve(generatedFleet({ projects: 20, clusters: 20 }));
    const { fleets, inventory, url } = open(gitlab);
    await fleets.crawl(url);
    const [first, second] = fleets.fleet(url).clusters.filter(({ owner }) => owner.level === 'project');
    assert.ok(first && second);
    await inventory.edit(first, { enabled: !first.enabled, namespacePerEnvironment: true });
    await inventory.load(url, first.owner);
    const now = fleets.fleet(url).clusters.find(({ id }) => id === first.id);
    assert.equal(now?.enabled, !first.enabled);
    await inventory.delete(second);
    await inventory.load(url, second.owner);
    assert.deepEqual(held(fleets.fleet(url)), readable(gitlab, 'root'));
    assert.equal(
      fleets.fleet(url).clusters.find(({ id }) => id === second.id),
      undefined,
    );
  });

  it('are looked for again where what was remembered is shown elsewhere, once, when the host has answered', async () => {
    const gitlab = await serve(generatedFleet({ projects: 40, clusters: 30 }));
    const first = open(gitlab);
    await first.inventory.loadHost(first.url);
    gitlab.clearRequests();
    await first.fleets.show(first.url);
    assert.deepEqual(asked(gitlab), [], 'nothing was remembered');
    await first.fleets.crawl(first.url);
    const { fleets, inventory, url } = open(gitlab, first.texts);
    gitlab.clearRequests();
    await fleets.show(url);
    assert.equal(fleets.status(url).status, 'recalled');
    assert.deepEqual(asked(gitlab), [], 'the host has not answered yet');
    await inventory.loadHost(url);
    await fleets.show(url);
    assert.equal(fleets.status(url).status, 'ended');
    gitlab.clearRequests();
    await fleets.show(url);
    assert.deepEqual(asked(gitlab), [], 'it was looked for');
  });

  it('follow a confirmed write also where lists cannot be read again, and open no owner for it', async () => {
    const gitlab = await serve(generatedFleet({ projects: 20, clusters: 40 }));
    const { fleets, inventory, url } = open(gitlab);
    await fleets.crawl(url);
    const owners = new Map(
      fleets.fleet(url).clusters.flatMap((one) => (one.owner.level === 'project' ? [[one.owner.id, one]] : [])),
    );
    const [edited, deleted, opened, last] = [...owners.values()];
    assert.ok(edited && deleted && opened && last);
    await inventory.load(url, opened.owner);
    const before = inventory.loadedOwners(url).length;
    gitlab.clearRequests();
    gitlab.onRequest(({ request }) =>
      request.method === 'GET' && /\/clusters\?/.test(request.path) ? json(500, { message: '500' }) : undefined,
    );
    const now = (wanted: Cluster): Cluster | undefined =>
      fleets
        .fleet(url)
        .clusters.find(({ id, owner }) => id === wanted.id && ownerKey(owner) === ownerKey(wanted.owner));
    await inventory.edit(edited, { enabled: !edited.enabled, namespacePerEnvironment: true });
    assert.equal(now(edited)?.enabled, !edited.enabled);
    await inventory.delete(deleted);
    assert.equal(now(deleted), undefined);
    await inventory.edit(opened, { enabled: !opened.enabled, namespacePerEnvironment: true });
    assert.equal(now(opened)?.enabled, !opened.enabled);
    const record = gitlab.world.clusters.find(({ id }) => id === last.id);
    assert.ok(record);
    record.name = 'renamed by somebody';
    await inventory.get(last);
    assert.equal(now(last)?.name, 'renamed by somebody');
    assert.equal(inventory.loadedOwners(url).length, before);
    const lists = asked(gitlab).filter((path) => path.includes('/clusters?'));
    assert.deepEqual(
      lists.filter((path) => !path.includes(`/${opened.owner.level === 'instance' ? '' : opened.owner.id}/`)),
      [],
    );
    assert.deepEqual(held(fleets.fleet(url)), readable(gitlab, 'root'));
  });

  it('know of a write that is made while what was remembered is still read', async () => {
    const gitlab = await serve(generatedFleet({ projects: 20, clusters: 40 }));
    const first = open(gitlab);
    await first.fleets.crawl(first.url);
    const all = first.fleets.fleet(first.url).clusters.filter(({ owner }) => owner.level === 'project');
    const [edited, deleted] = all;
    assert.ok(edited && deleted);
    let read: () => void = () => undefined;
    const reading = new Promise<void>((resolve) => (read = resolve));
    const quick = storageOf(first.texts);
    const slow = { ...quick, read: async (host: HostUrl) => (await reading, quick.read(host)) };
    const { fleets, inventory, url } = open(gitlab, first.texts, slow);
    const recalled = fleets.recall(url);
    await inventory.edit(edited, { enabled: !edited.enabled, namespacePerEnvironment: true });
    await inventory.delete(deleted);
    read();
    await recalled;
    assert.deepEqual(held(fleets.fleet(url)), readable(gitlab, 'root'));
    assert.equal(
      fleets.fleet(url).clusters.find((one) => clusterKey(one) === clusterKey(edited))?.enabled,
      !edited.enabled,
    );
  });

  it('are not remembered where their token goes while they are written, and the next token’s are', async () => {
    const gitlab = await serve(generatedFleet({ projects: 20, clusters: 20 }));
    const texts = new Map<HostUrl, string>();
    const quick = storageOf(texts);
    const done: string[] = [];
    let atWork: (goOn: () => void) => void = () => undefined;
    const writing = new Promise<() => void>((resolve) => (atWork = resolve));
    const slow: FleetStorage = {
      read: (host) => (done.push('read'), quick.read(host)),
      async write(host, text) {
        await new Promise<void>((resolve) => atWork(resolve));
        await quick.write(host, text);
        done.push('written');
      },
      delete: (host) => (done.push('deleted'), quick.delete(host)),
    };
    const { fleets, url, replaceToken } = open(gitlab, texts, slow);
    const crawling = fleets.crawl(url);
    const goOn = await writing;
    replaceToken();
    const recalled = fleets.recall(url);
    goOn();
    await Promise.all([crawling, recalled]);
    assert.deepEqual(done, ['read', 'written', 'deleted', 'read']);
    assert.deepEqual([texts.size, fleets.fleet(url).counts.clusters], [0, 0]);
    atWork = (now) => now();
    await fleets.crawl(url);
    assert.equal(texts.size, 1);
  });

  it('go with their token and their host, from the memory too', async () => {
    const gitlab = await serve(generatedFleet({ projects: 20, clusters: 20 }));
    const { fleets, url, texts, replaceToken, removeHost } = open(gitlab);
    await fleets.crawl(url);
    assert.equal(texts.size, 1);
    replaceToken();
    assert.deepEqual([fleets.fleet(url).counts.clusters, fleets.status(url).status, texts.size], [0, 'unasked', 0]);
    await fleets.crawl(url);
    assert.equal(texts.size, 1);
    removeHost();
    assert.deepEqual([fleets.status(url).status, texts.size], ['unasked', 0]);
  });
});
