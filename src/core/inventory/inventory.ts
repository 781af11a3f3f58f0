import { getCluster } from '../gitlab/clusters';
import type { GitLabClient } from '../gitlab/client';
import { GitLabError } from '../gitlab/errors';
import type { HostIdentity } from '../gitlab/identity';
import type { Cluster, ClusterOwner } from '../model/cluster';
import type { ClusterFields } from '../model/clusterFields';
import { noJournal } from '../journal/writeJournal';
import type { WriteJournal } from '../journal/writeJournal';
import type { ClusterWrites, WriteOptions, WritePorts } from './clusterWrites';
import type { Looks } from './lostAnswer';
import type { Disposable } from '../time/event';
import { Emitter } from '../time/event';
import type { HostUrl } from '../model/host';
import type { HostAccounts } from '../accounts/hostAccounts';
import { FailureConsequences } from './failureConsequences';
import type { Fleet } from './fleet';
import type { ClustersChange } from './fleetChanges';
import { stateOf } from './ownerState';
import type { OwnerState } from './ownerState';
import type { HostState } from './hostIdentityLoad';
import { HostStore } from './hostStore';

/** What changed: a host's own state (no owner), or what is known of an owner that somebody opened. Told at once. */
export interface InventoryChange {
  readonly host: HostUrl;
  readonly owner?: ClusterOwner;
}

/**
 * What we know of every host: who we are there, and a record for each owner of clusters. Loads when asked, never by
 * itself; the latest load wins; a failure is a state. All writes go through here, and are told once GitLab confirmed them.
 */
export class Inventory implements Disposable {
  private readonly accounts: HostAccounts;
  private readonly stores = new Map<HostUrl, HostStore>();
  private readonly changed = new Emitter<InventoryChange>();
  private readonly clustersChanged = new Emitter<ClustersChange>();
  private readonly deleted = new Emitter<Cluster>();
  private readonly read = new Emitter<Cluster>();
  private readonly subscriptions: Disposable[];
  private readonly ports: WritePorts;
  private writes: Promise<ClusterWrites> | undefined;
  private readonly consequences = new FailureConsequences({
    client: (host) => this.client(host),
    reload: (host, owner) => {
      // A host that was removed while a write was under way is not asked again.
      if (this.accounts.find(host)) void this.load(host, owner);
    },
  });

  readonly onDidChange = this.changed.event;
  readonly onDidChangeClusters = this.clustersChanged.event;
  /** A cluster was deleted from here, or turned out gone when it was to be; told before the change it makes. */
  readonly onDidDelete = this.deleted.event;
  /** One cluster as GitLab has it after a confirmed write or a fresh look, whether its owner is loaded or not. */
  readonly onDidRead = this.read.event;

  /** `looks`: when one looks what became of a write whose answer got lost. `journal`: where writes are noted. */
  constructor(
    accounts: HostAccounts,
    { looks, journal = noJournal }: { readonly looks?: Looks; readonly journal?: WriteJournal } = {},
  ) {
    this.accounts = accounts;
    this.ports = {
      journal,
      looks,
      client: (host) => this.client(host),
      user: (host) => this.identity(host)?.user.username,
      loaded: (host, owner) => {
        const state = this.ownerState(host, owner);
        return state?.state === 'loaded' ? state.value : undefined;
      },
      written: (cluster) => this.written(cluster),
      failed: async (thrown, host, owner) => {
        const error = await this.consequences.of(thrown, host, owner);
        this.stores.get(host)?.identity.learnScope(error);
        return error;
      },
    };
    this.subscriptions = [
      // A new token may see something else: nothing of the old one is kept.
      accounts.onDidChangeToken((host) => {
        this.forget(host);
        this.changed.fire({ host });
      }),
      accounts.onDidChangeHosts(() => {
        for (const host of [...this.stores.keys()]) if (!accounts.find(host)) this.forget(host);
      }),
    ];
  }

  /** What is known of a host; `undefined` before the first load. */
  hostState(host: HostUrl): HostState | undefined {
    return this.stores.get(host)?.identity.state;
  }

  /** Who we are at a host, as far as known: also while that is asked again, or while the host does not answer. */
  identity(host: HostUrl): HostIdentity | undefined {
    return this.stores.get(host)?.identity.value;
  }

  /** What is known of an owner's clusters; `undefined` where nobody has read them in this window. */
  ownerState(host: HostUrl, owner: ClusterOwner): OwnerState | undefined {
    const record = this.stores.get(host)?.fleet.known(owner);
    return record && stateOf(record);
  }

  /** All records of a host's owners, filled as they become known. */
  fleet(host: HostUrl): Fleet {
    return this.store(host).fleet;
  }

  /** Owners of a host that somebody opened: they are read again with it. */
  loadedOwners(host: HostUrl): readonly ClusterOwner[] {
    return this.stores.get(host)?.fleet.opened ?? [];
  }

  /**
   * For whoever shows a host, or an owner of it: asks GitLab where nobody did yet. A failure stays until it is loaded
   * again. Never throws: the outcome is the state.
   */
  async ensure(host: HostUrl, owner?: ClusterOwner): Promise<void> {
    const { identity, loads } = this.store(host);
    if (owner) await loads.ensure(owner);
    else if (this.hostState(host)) await identity.ended;
    else await this.loadHost(host);
  }

  /** Who we are at a host; asked where that is not known, or was not answered last. Throws GitLabError. */
  identify(host: HostUrl): Promise<HostIdentity> {
    return this.store(host).identity.identify();
  }

  /** Asks the host who we are there. Never throws: the outcome is the state. */
  async loadHost(host: HostUrl): Promise<void> {
    await this.store(host).identity.load();
  }

  /** Loads an owner's clusters. Never throws: the outcome is the state. */
  async load(host: HostUrl, owner: ClusterOwner): Promise<void> {
    await this.store(host).loads.load(owner);
  }

  /** Reads the host and every owner of it that has been loaded again. */
  async reloadHost(host: HostUrl): Promise<void> {
    await Promise.all([this.loadHost(host), ...this.loadedOwners(host).map((owner) => this.load(host, owner))]);
  }

  /** One cluster as GitLab has it now; the row follows. Throws GitLabError. */
  async get(cluster: Pick<Cluster, 'host' | 'owner' | 'id'>, signal?: AbortSignal): Promise<Cluster> {
    const { host, owner, id } = cluster;
    try {
      const fresh = await getCluster(await this.client(host), owner, id, signal);
      this.update(fresh);
      return fresh;
    } catch (thrown) {
      throw await this.consequences.of(thrown, host, owner);
    }
  }

  /** Adds a cluster and returns what GitLab stored. Throws GitLabError. */
  async add(host: HostUrl, owner: ClusterOwner, fields: ClusterFields, options?: WriteOptions): Promise<Cluster> {
    return (await this.writer()).add(host, owner, fields, options);
  }

  /** Changes the given fields and returns what GitLab stored. Throws GitLabError. */
  async edit(cluster: Cluster, fields: ClusterFields, options?: WriteOptions): Promise<Cluster> {
    return (await this.writer()).edit(cluster, fields, options);
  }

  /** Deletes GitLab's record; `gone` where somebody had done so before. Throws GitLabError where it is kept. */
  async delete(cluster: Cluster, options?: WriteOptions): Promise<'deleted' | 'gone'> {
    const { host, owner } = cluster;
    const outcome = await (await this.writer()).delete(cluster, options);
    this.deleted.fire(cluster);
    if (this.accounts.find(host)) {
      this.fleet(host).lists.countWrite(owner);
      this.fleet(host).remove(cluster);
    }
    return outcome;
  }

  /** Most who look never write: what writes is loaded with the first write. */
  private writer(): Promise<ClusterWrites> {
    this.writes ??= import('./clusterWrites').then((loaded) => new loaded.ClusterWrites(this.ports));
    return this.writes;
  }

  /** Does many writes in a row; what turns out not to be up to date meanwhile is read again at the end. */
  gather<T>(work: () => Promise<T>): Promise<T> {
    return this.consequences.gather(work);
  }

  /** The client of a host. Throws GitLabError `noToken` while it has no token. */
  async client(host: HostUrl): Promise<GitLabClient> {
    const client = await this.accounts.client(host);
    if (!client) throw new GitLabError('noToken');
    return client;
  }

  /** GitLab confirmed a write, and told the cluster as it is now. */
  private written(cluster: Cluster): void {
    if (this.accounts.find(cluster.host)) this.fleet(cluster.host).lists.countWrite(cluster.owner);
    this.update(cluster);
  }

  /** A host that was removed meanwhile gets no new records. */
  private update(cluster: Cluster): void {
    if (this.accounts.find(cluster.host)) this.fleet(cluster.host).update(cluster);
    this.read.fire(cluster);
  }

  /** An owner is no longer shown by itself. What is known of it stays among all clusters. */
  forgetOwner(host: HostUrl, owner: ClusterOwner): void {
    const store = this.stores.get(host);
    store?.loads.cancel(owner);
    store?.fleet.close(owner);
  }

  private store(host: HostUrl): HostStore {
    const known = this.stores.get(host);
    if (known) return known;
    const store = new HostStore(host, {
      storedClient: () => this.accounts.client(host),
      client: () => this.client(host),
      changed: (owner) => this.changed.fire({ host, ...(owner && { owner }) }),
    });
    store.fleet.onDidChange((change) => this.clustersChanged.fire({ host, ...change }));
    this.stores.set(host, store);
    return store;
  }

  private forget(host: HostUrl): void {
    const store = this.stores.get(host);
    if (!store) return;
    this.stores.delete(host);
    store.dispose();
    this.clustersChanged.fire({ host, owners: new Set(), structure: true, groups: true });
  }

  dispose(): void {
    for (const subscription of this.subscriptions) subscription.dispose();
    for (const store of this.stores.values()) store.dispose();
    this.stores.clear();
    this.changed.dispose();
    this.clustersChanged.dispose();
    this.deleted.dispose();
    this.read.dispose();
  }
}
