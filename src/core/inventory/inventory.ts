import { addCluster, deleteCluster, editCluster, getCluster, listClusters } from '../gitlab/clusters';
import type { GitLabClient } from '../gitlab/client';
import { GitLabError } from '../gitlab/errors';
import { failureKinds } from '../gitlab/failureKinds';
import { readIdentity } from '../gitlab/identity';
import type { HostIdentity } from '../gitlab/identity';
import { isReadable, ownerKey } from '../model/cluster';
import type { Cluster, ClusterOwner, ListedCluster } from '../model/cluster';
import type { ClusterFields } from '../model/clusterFields';
import { noJournal, noted } from '../journal/writeJournal';
import type { WriteJournal } from '../journal/writeJournal';
import { IntegrationProbe } from './integrationProbe';
import { findAdded, findEdited, isGone, lookForOutcome, usualLooks, waitsForSave } from './lostAnswer';
import type { Looks, Waiting } from './lostAnswer';
import type { Disposable } from '../time/event';
import { Emitter } from '../time/event';
import type { HostUrl } from '../model/host';
import type { HostAccounts } from '../accounts/hostAccounts';
import { Fleet } from './fleet';
import type { FleetChange, OwnerRecord } from './fleet';
import { isAway } from './isAway';
import { LatestLoad } from './latestLoad';
import type { LoadState } from './latestLoad';
import { OwnerLoads } from './ownerLoads';

/** Who we are at a host; `noToken` where none is stored. */
export type HostState = LoadState<HostIdentity> | { readonly state: 'noToken' };
export type OwnerState = LoadState<readonly ListedCluster[]>;

/** What changed: a host's own state (no owner), or what is known of an owner that somebody opened. Told at once. */
export interface InventoryChange {
  readonly host: HostUrl;
  readonly owner?: ClusterOwner;
}

/** For whoever writes. `change` is one ID for everything the user does at once; without one, each write has its own. */
export interface WriteOptions extends Waiting {
  readonly change?: string | undefined;
}

/** Which owners' clusters of a host are other than before, whoever read them. Told at most ten times a second. */
export interface ClustersChange extends FleetChange {
  readonly host: HostUrl;
}

/** Everything kept of one host. */
interface HostStore {
  readonly identity: LatestLoad<HostIdentity>;
  readonly fleet: Fleet;
  readonly loads: OwnerLoads;
  withoutToken: boolean;
  /** It refused a write for the scope of its token. */
  readOnly: boolean;
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
  private readonly looks: Looks;
  private readonly journal: WriteJournal;
  /** Owners to be read again when all of `gather` has ended, while any of it is under way. */
  private gathered: Map<string, { readonly host: HostUrl; readonly owner: ClusterOwner }> | undefined;
  private readonly probe = new IntegrationProbe();

  readonly onDidChange = this.changed.event;
  readonly onDidChangeClusters = this.clustersChanged.event;
  /** A cluster was deleted from here, or turned out gone when it was to be; told before the change it makes. */
  readonly onDidDelete = this.deleted.event;
  /** One cluster as GitLab has it after a confirmed write or a fresh look, whether its owner is loaded or not. */
  readonly onDidRead = this.read.event;

  /** `looks`: when one looks what became of a write whose answer got lost. `journal`: where writes are noted. */
  constructor(
    accounts: HostAccounts,
    { looks = usualLooks, journal = noJournal }: { readonly looks?: Looks; readonly journal?: WriteJournal } = {},
  ) {
    this.accounts = accounts;
    this.looks = looks;
    this.journal = journal;
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
    const store = this.stores.get(host);
    return store?.withoutToken ? { state: 'noToken' } : store?.identity.current;
  }

  /** Who we are at a host, as far as known: also while that is asked again, or while the host does not answer. */
  identity(host: HostUrl): HostIdentity | undefined {
    const store = this.stores.get(host);
    return store?.withoutToken ? undefined : store?.identity.value;
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

  /** Every cluster known now, over all hosts. */
  clusters(): readonly Cluster[] {
    return [...this.stores.values()].flatMap(({ fleet }) => fleet.clusters);
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
  async identify(host: HostUrl): Promise<HostIdentity> {
    const known = this.hostState(host)?.state === 'failed' ? undefined : this.identity(host);
    if (known) return known;
    await (this.store(host).identity.ended ?? this.loadHost(host));
    const state = this.hostState(host);
    if (state?.state === 'failed') throw state.error;
    return this.identity(host) ?? raise(new GitLabError(state?.state === 'noToken' ? 'noToken' : 'cancelled'));
  }

  /** Asks the host who we are there. Never throws: the outcome is the state. */
  async loadHost(host: HostUrl): Promise<void> {
    const store = this.store(host);
    await store.identity.run(async (signal) => {
      const client = await this.accounts.client(host);
      // The host may have been removed, or got another token, in the meantime.
      if (signal.aborted) throw new GitLabError('cancelled');
      store.withoutToken = !client;
      if (!client) throw new GitLabError('noToken');
      const identity = await readIdentity(client, signal);
      return store.readOnly ? { ...identity, canWrite: false } : identity;
    });
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
      const error = await this.explained(thrown, host, owner);
      this.reloadAfter(error, host, owner);
      throw error;
    }
  }

  /** Adds a cluster and returns what GitLab stored. Throws GitLabError. */
  async add(host: HostUrl, owner: ClusterOwner, fields: ClusterFields, options?: WriteOptions): Promise<Cluster> {
    const client = await this.client(host);
    const identity = this.identity(host);
    // Should the answer get lost, only an id that is new tells our cluster from one that was there before.
    const state = this.ownerState(host, owner);
    const known = state?.state === 'loaded' ? state.value : await listClusters(client, owner);
    const before = new Set(known.filter(isReadable).map(({ id }) => id));
    const added = await noted(
      this.journal,
      { kind: 'add', ...this.noteOf(host, options), owner, fields },
      () =>
        this.save(
          host,
          owner,
          () => addCluster(client, owner, fields),
          () => findAdded(client, owner, fields, before, identity?.user.username, options?.signal),
          options,
        ),
      (cluster) => ({ outcome: 'done', cluster }),
    );
    this.written(added);
    return added;
  }

  /** Changes the given fields and returns what GitLab stored. Throws GitLabError. */
  async edit(cluster: Cluster, fields: ClusterFields, options?: WriteOptions): Promise<Cluster> {
    const { host, owner, id } = cluster;
    const client = await this.client(host);
    const edited = await noted(
      this.journal,
      { kind: 'edit', ...this.noteOf(host, options), cluster, fields },
      () =>
        this.save(
          host,
          owner,
          () => editCluster(client, owner, id, fields),
          (lost) => findEdited(client, cluster, fields, lost, options?.signal),
          options,
        ),
      (fresh) => ({ outcome: 'done', cluster: fresh }),
    );
    this.written(edited);
    return edited;
  }

  /** Deletes GitLab's record; `gone` where somebody had done so before. Throws GitLabError where it is kept. */
  async delete(cluster: Cluster, options?: WriteOptions): Promise<'deleted' | 'gone'> {
    const { host, owner } = cluster;
    const client = await this.client(host);
    const outcome = await noted(
      this.journal,
      { kind: 'delete', ...this.noteOf(host, options), cluster },
      () =>
        this.write(
          host,
          owner,
          () => this.deleteOrGone(client, cluster),
          (lost) =>
            lookForOutcome(lost, this.looks.first, async () =>
              (await isGone(client, cluster)) ? 'deleted' : undefined,
            ),
        ),
      (result) => ({ outcome: result === 'gone' ? 'gone' : 'done' }),
    );
    this.deleted.fire(cluster);
    if (this.accounts.find(host)) {
      this.fleet(host).countWrite(owner);
      this.fleet(host).remove(cluster);
    }
    return outcome;
  }

  private noteOf(host: HostUrl, options: WriteOptions | undefined) {
    return { host, user: this.identity(host)?.user.username, change: options?.change };
  }

  private async deleteOrGone(client: GitLabClient, cluster: Cluster): Promise<'deleted' | 'gone'> {
    try {
      await deleteCluster(client, cluster.owner, cluster.id);
      return 'deleted';
    } catch (error) {
      if (error instanceof GitLabError && error.kind === 'notFound' && (await isGone(client, cluster))) return 'gone';
      throw error;
    }
  }

  private save(
    host: HostUrl,
    owner: ClusterOwner,
    send: () => Promise<Cluster>,
    look: (lost: GitLabError) => Promise<Cluster | undefined>,
    { onLost, signal }: Waiting = {},
  ): Promise<Cluster> {
    return this.write(host, owner, send, (lost) => {
      onLost?.();
      return lookForOutcome(lost, waitsForSave(this.looks, lost), () => look(lost), signal);
    });
  }

  /** Sends a write once. Where its answer got lost, finds out what became of it; only then anybody may send it again. */
  private async write<T>(
    host: HostUrl,
    owner: ClusterOwner,
    send: () => Promise<T>,
    findOut: (lost: GitLabError) => Promise<T>,
  ): Promise<T> {
    try {
      return await send().catch((error: unknown) => {
        if (!(error instanceof GitLabError) || error.kind !== 'unknownOutcome') throw error;
        return findOut(error);
      });
    } catch (thrown) {
      const error = await this.explained(thrown, host, owner);
      this.learnScope(error, host);
      this.reloadAfter(error, host, owner);
      throw error;
    }
  }

  /**
   * GitLab before 15.5 tells what a token may do by refusing the first write alone. A fine-grained token, whose refusal
   * names no scopes, may still write elsewhere (GitLab API contract 4.3).
   */
  private learnScope(error: unknown, host: HostUrl): void {
    if (!(error instanceof GitLabError) || error.kind !== 'insufficientScope' || error.scopes.length === 0) return;
    const store = this.stores.get(host);
    if (!store) return;
    store.readOnly = true;
    store.identity.update((identity) => ({ ...identity, canWrite: false }));
  }

  /** A cluster that is not found may be there, with the integration switched off meanwhile. */
  private async explained(error: unknown, host: HostUrl, owner: ClusterOwner): Promise<unknown> {
    const client = await this.accounts.client(host).catch(() => undefined);
    return client ? this.probe.explained(error, client, owner) : error;
  }

  /** What failed because the rows are not up to date brings them up to date. */
  private reloadAfter(error: unknown, host: HostUrl, owner: ClusterOwner): void {
    if (error instanceof GitLabError && failureKinds[error.kind].outdated) this.loadIfListed(host, owner);
  }

  /** A host that was removed while a write was under way is not asked again. */
  private loadIfListed(host: HostUrl, owner: ClusterOwner): void {
    if (this.gathered) this.gathered.set(`${host}|${ownerKey(owner)}`, { host, owner });
    else if (this.accounts.find(host)) void this.load(host, owner);
  }

  /**
   * Does many writes in a row. What turns out not to be up to date meanwhile is read again at the end: each owner's list
   * once, however many of its clusters failed.
   */
  async gather<T>(work: () => Promise<T>): Promise<T> {
    if (this.gathered) return work();
    const gathered = new Map<string, { readonly host: HostUrl; readonly owner: ClusterOwner }>();
    this.gathered = gathered;
    try {
      return await work();
    } finally {
      this.gathered = undefined;
      for (const { host, owner } of gathered.values()) this.loadIfListed(host, owner);
    }
  }

  /** The client of a host. Throws GitLabError `noToken` while it has no token. */
  async client(host: HostUrl): Promise<GitLabClient> {
    const client = await this.accounts.client(host);
    if (!client) throw new GitLabError('noToken');
    return client;
  }

  /** GitLab confirmed a write, and told the cluster as it is now. */
  private written(cluster: Cluster): void {
    if (this.accounts.find(cluster.host)) this.fleet(cluster.host).countWrite(cluster.owner);
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
    const fleet = new Fleet(host, (owner) => this.changed.fire({ host, owner }));
    fleet.onDidChange((change) => this.clustersChanged.fire({ host, ...change }));
    const store: HostStore = {
      identity: new LatestLoad(() => this.changed.fire({ host }), isAway),
      fleet,
      loads: new OwnerLoads(fleet, () => this.client(host)),
      withoutToken: false,
      readOnly: false,
    };
    this.stores.set(host, store);
    return store;
  }

  private forget(host: HostUrl): void {
    const store = this.stores.get(host);
    if (!store) return;
    this.stores.delete(host);
    release(store);
    this.clustersChanged.fire({ host, owners: new Set(), structure: true, groups: true });
  }

  dispose(): void {
    for (const subscription of this.subscriptions) subscription.dispose();
    for (const store of this.stores.values()) release(store);
    this.stores.clear();
    this.changed.dispose();
    this.clustersChanged.dispose();
    this.deleted.dispose();
    this.read.dispose();
  }
}

function release({ identity, fleet, loads }: HostStore): void {
  identity.dispose();
  loads.dispose();
  fleet.dispose();
}

/** A record as a load: what was remembered of another window counts as known while it is read again, not as loaded. */
function stateOf({ clusters, failure, readAt, current, loading }: OwnerRecord): OwnerState | undefined {
  const value = readAt === undefined ? undefined : clusters;
  if (loading) return { state: 'loading', value };
  const at = readAt === undefined ? undefined : new Date(readAt);
  if (failure) return { state: 'failed', error: failure, ...(isAway(failure) && { value, at }) };
  return current && at ? { state: 'loaded', value: clusters, at } : undefined;
}

function raise(error: GitLabError): never {
  throw error;
}
