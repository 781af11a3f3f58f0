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
import { findAdded, findEdited, isGone, lookForOutcome, usualLooks, waitsForSave } from './lostAnswer';
import type { Looks, Waiting } from './lostAnswer';
import type { Disposable } from '../time/event';
import { Emitter } from '../time/event';
import type { HostUrl } from '../model/host';
import type { HostAccounts } from '../accounts/hostAccounts';
import { LatestLoad } from './latestLoad';
import type { LoadState } from './latestLoad';

/** Who we are at a host; `noToken` where none is stored. */
export type HostState = LoadState<HostIdentity> | { readonly state: 'noToken' };
export type OwnerState = LoadState<readonly ListedCluster[]>;

/** What changed: a host's own state (no owner), or one owner's clusters. */
export interface InventoryChange {
  readonly host: HostUrl;
  readonly owner?: ClusterOwner;
}

/** For whoever writes. `change` is one ID for everything the user does at once; without one, each write has its own. */
export interface WriteOptions extends Waiting {
  readonly change?: string | undefined;
}

/**
 * What we know of every host: who we are there, and each owner's clusters. Loads when asked, never by itself; the
 * latest load wins; a failure is a state. All writes go through here, are told once GitLab confirmed them, and reload the
 * owner they touched where somebody opened it.
 */
export class Inventory implements Disposable {
  private readonly accounts: HostAccounts;
  private readonly hosts = new Map<HostUrl, LatestLoad<HostIdentity>>();
  private readonly withoutToken = new Set<HostUrl>();
  /** Hosts that refused a write for the scope of their token. */
  private readonly readOnly = new Set<HostUrl>();
  private readonly owners = new Map<
    HostUrl,
    Map<string, { readonly owner: ClusterOwner; readonly load: LatestLoad<readonly ListedCluster[]> }>
  >();
  private readonly changed = new Emitter<InventoryChange>();
  private readonly deleted = new Emitter<Cluster>();
  private readonly read = new Emitter<Cluster>();
  private readonly subscriptions: Disposable[];
  private readonly looks: Looks;
  private readonly journal: WriteJournal;

  readonly onDidChange = this.changed.event;
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
        const listed = new Set(accounts.hosts.map(({ url }) => url));
        for (const host of [...this.hosts.keys(), ...this.owners.keys()]) if (!listed.has(host)) this.forget(host);
      }),
    ];
  }

  /** What is known of a host; `undefined` before the first load. */
  hostState(host: HostUrl): HostState | undefined {
    return this.withoutToken.has(host) ? { state: 'noToken' } : this.hosts.get(host)?.current;
  }

  /** What is known of an owner's clusters; `undefined` before the first load. */
  ownerState(host: HostUrl, owner: ClusterOwner): OwnerState | undefined {
    return this.owners.get(host)?.get(ownerKey(owner))?.load.current;
  }

  /** Owners of a host that have been loaded or are being loaded. */
  loadedOwners(host: HostUrl): readonly ClusterOwner[] {
    return [...(this.owners.get(host)?.values() ?? [])].map(({ owner }) => owner);
  }

  /** Every cluster known now, over all hosts. */
  clusters(): readonly Cluster[] {
    return [...this.owners.values()].flatMap((owners) =>
      [...owners.values()].flatMap(({ load }) => (load.value ?? []).filter(isReadable)),
    );
  }

  /** Asks the host who we are there. Never throws: the outcome is the state. */
  async loadHost(host: HostUrl): Promise<void> {
    const load = getOrMake(this.hosts, host, () => new LatestLoad<HostIdentity>(() => this.changed.fire({ host })));
    await load.run(async (signal) => {
      const client = await this.accounts.client(host);
      // The host may have been removed, or got another token, in the meantime.
      if (signal.aborted) throw new GitLabError('cancelled');
      this.withoutToken[client ? 'delete' : 'add'](host);
      if (!client) throw new GitLabError('noToken');
      const identity = await readIdentity(client, signal);
      return this.readOnly.has(host) ? { ...identity, canWrite: false } : identity;
    });
  }

  /** Loads an owner's clusters. Never throws: the outcome is the state. */
  async load(host: HostUrl, owner: ClusterOwner): Promise<void> {
    const owners = getOrMake(this.owners, host, () => new Map<string, never>());
    const { load } = getOrMake(owners, ownerKey(owner), () => ({
      owner,
      load: new LatestLoad<readonly ListedCluster[]>(() => this.changed.fire({ host, owner })),
    }));
    await load.run(async (signal) => listClusters(await this.client(host), owner, signal));
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
      this.update(fresh, replaced(fresh));
      this.read.fire(fresh);
      return fresh;
    } catch (error) {
      this.reloadAfter(error, host, owner);
      throw error;
    }
  }

  /** Adds a cluster and returns what GitLab stored. Throws GitLabError. */
  async add(host: HostUrl, owner: ClusterOwner, fields: ClusterFields, options?: WriteOptions): Promise<Cluster> {
    const client = await this.client(host);
    const identity = this.hosts.get(host)?.value;
    // Should the answer get lost, only an id that is new tells our cluster from one that was there before.
    const known = this.owners.get(host)?.get(ownerKey(owner))?.load.value ?? (await listClusters(client, owner));
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
    this.update(added, (now) => [...now.filter((other) => !isReadable(other) || other.id !== added.id), added]);
    this.read.fire(added);
    this.reload(host, owner);
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
    this.update(edited, replaced(edited));
    this.read.fire(edited);
    this.reload(host, owner);
    return edited;
  }

  /** Deletes GitLab's record; `gone` where somebody had done so before. Throws GitLabError where it is kept. */
  async delete(cluster: Cluster, options?: WriteOptions): Promise<'deleted' | 'gone'> {
    const { host, owner, id } = cluster;
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
    this.update(cluster, (known) => known.filter((other) => !isReadable(other) || other.id !== id));
    this.reload(host, owner);
    return outcome;
  }

  private noteOf(host: HostUrl, options: WriteOptions | undefined) {
    return { host, user: this.hosts.get(host)?.value?.user.username, change: options?.change };
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
    } catch (error) {
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
    this.readOnly.add(host);
    this.hosts.get(host)?.update((identity) => ({ ...identity, canWrite: false }));
  }

  /** What failed because the rows are not up to date brings them up to date. */
  private reloadAfter(error: unknown, host: HostUrl, owner: ClusterOwner): void {
    if (error instanceof GitLabError && failureKinds[error.kind].outdated) this.loadIfListed(host, owner);
  }

  /** After a write: what is told of it is all there is to know where nobody opened the owner. */
  private reload(host: HostUrl, owner: ClusterOwner): void {
    if (this.ownerState(host, owner)) this.loadIfListed(host, owner);
  }

  /** A host that was removed while a write was under way is not asked again. */
  private loadIfListed(host: HostUrl, owner: ClusterOwner): void {
    if (this.accounts.find(host)) void this.load(host, owner);
  }

  /** The client of a host. Throws GitLabError `noToken` while it has no token. */
  async client(host: HostUrl): Promise<GitLabClient> {
    const client = await this.accounts.client(host);
    if (!client) throw new GitLabError('noToken');
    return client;
  }

  private update(
    { host, owner }: Pick<Cluster, 'host' | 'owner'>,
    change: (known: readonly ListedCluster[]) => readonly ListedCluster[],
  ): void {
    this.owners.get(host)?.get(ownerKey(owner))?.load.update(change);
  }

  /** Takes over an owner's clusters as they were read elsewhere since. Only where they are loaded; a load under way wins. */
  learn(host: HostUrl, owner: ClusterOwner, clusters: readonly ListedCluster[]): void {
    const load = this.owners.get(host)?.get(ownerKey(owner))?.load;
    if (load?.current?.state === 'loaded') load.update(() => clusters);
  }

  /** Drops what is known of an owner that is no longer shown. */
  forgetOwner(host: HostUrl, owner: ClusterOwner): void {
    const owners = this.owners.get(host);
    owners?.get(ownerKey(owner))?.load.dispose();
    owners?.delete(ownerKey(owner));
  }

  private forget(host: HostUrl): void {
    this.hosts.get(host)?.dispose();
    this.hosts.delete(host);
    this.withoutToken.delete(host);
    this.readOnly.delete(host);
    for (const { load } of this.owners.get(host)?.values() ?? []) load.dispose();
    this.owners.delete(host);
  }

  dispose(): void {
    for (const subscription of this.subscriptions) subscription.dispose();
    for (const host of [...this.hosts.keys(), ...this.owners.keys()]) this.forget(host);
    this.changed.dispose();
    this.deleted.dispose();
    this.read.dispose();
  }
}

function replaced(fresh: Cluster): (known: readonly ListedCluster[]) => readonly ListedCluster[] {
  return (known) => known.map((other) => (isReadable(other) && other.id === fresh.id ? fresh : other));
}

function getOrMake<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  map.set(key, made);
  return made;
}
