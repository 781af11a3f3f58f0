import { addCluster, deleteCluster, editCluster, getCluster, listClusters } from '../gitlab/clusters';
import type { GitLabClient } from '../gitlab/client';
import { GitLabError } from '../gitlab/errors';
import { readIdentity } from '../gitlab/identity';
import type { HostIdentity } from '../gitlab/identity';
import { isReadable, ownerKey } from './cluster';
import type { Cluster, ClusterOwner, ListedCluster } from './cluster';
import type { ClusterFields } from './clusterFields';
import type { Disposable } from './event';
import { Emitter } from './event';
import type { HostUrl } from './host';
import type { HostAccounts } from './hostAccounts';
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

/**
 * What we know of every host: who we are there, and each owner's clusters. Loads when asked, never by itself; the
 * latest load wins; a failure is a state. All writes go through here, and reload the owner they touched.
 */
export class Inventory implements Disposable {
  private readonly accounts: HostAccounts;
  private readonly hosts = new Map<HostUrl, LatestLoad<HostIdentity>>();
  private readonly withoutToken = new Set<HostUrl>();
  private readonly owners = new Map<
    HostUrl,
    Map<string, { readonly owner: ClusterOwner; readonly load: LatestLoad<readonly ListedCluster[]> }>
  >();
  private readonly changed = new Emitter<InventoryChange>();
  private readonly subscriptions: Disposable[];

  readonly onDidChange = this.changed.event;

  constructor(accounts: HostAccounts) {
    this.accounts = accounts;
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
      this.withoutToken[client ? 'delete' : 'add'](host);
      if (!client) throw new GitLabError('unauthorized');
      return readIdentity(client, signal);
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
    const fresh = await getCluster(await this.client(host), owner, id, signal);
    this.update(fresh, (known) => known.map((other) => (isReadable(other) && other.id === id ? fresh : other)));
    return fresh;
  }

  /** Adds a cluster and returns what GitLab stored. Throws GitLabError. */
  async add(host: HostUrl, owner: ClusterOwner, fields: ClusterFields): Promise<Cluster> {
    const added = await addCluster(await this.client(host), owner, fields);
    this.update(added, (known) => [...known, added]);
    void this.load(host, owner);
    return added;
  }

  /** Changes the given fields and returns what GitLab stored. Throws GitLabError. */
  async edit(cluster: Cluster, fields: ClusterFields): Promise<Cluster> {
    const { host, owner, id } = cluster;
    const edited = await editCluster(await this.client(host), owner, id, fields);
    this.update(edited, (known) => known.map((other) => (isReadable(other) && other.id === id ? edited : other)));
    void this.load(host, owner);
    return edited;
  }

  /** Deletes GitLab's record; `gone` where somebody had done so before. Throws GitLabError where it is kept. */
  async delete(cluster: Cluster): Promise<'deleted' | 'gone'> {
    const { host, owner, id } = cluster;
    const client = await this.client(host);
    let outcome: 'deleted' | 'gone' = 'deleted';
    try {
      await deleteCluster(client, owner, id);
    } catch (error) {
      if (!(error instanceof GitLabError && error.kind === 'notFound') || (await this.stillListed(client, cluster)))
        throw error;
      outcome = 'gone';
    }
    this.update(cluster, (known) => known.filter((other) => !isReadable(other) || other.id !== id));
    void this.load(host, owner);
    return outcome;
  }

  /** A 404 may also mean a hidden project or a switched-off integration: then listing fails too, and that is thrown. */
  private async stillListed(client: GitLabClient, { owner, id }: Cluster): Promise<boolean> {
    const listed = await listClusters(client, owner);
    return listed.some((other) => isReadable(other) && other.id === id);
  }

  /** The client of a host. Throws GitLabError `unauthorized` while it has no token. */
  async client(host: HostUrl): Promise<GitLabClient> {
    const client = await this.accounts.client(host);
    if (!client) throw new GitLabError('unauthorized');
    return client;
  }

  private update(
    { host, owner }: Pick<Cluster, 'host' | 'owner'>,
    change: (known: readonly ListedCluster[]) => readonly ListedCluster[],
  ): void {
    this.owners.get(host)?.get(ownerKey(owner))?.load.update(change);
  }

  private forget(host: HostUrl): void {
    this.hosts.get(host)?.dispose();
    this.hosts.delete(host);
    this.withoutToken.delete(host);
    for (const { load } of this.owners.get(host)?.values() ?? []) load.dispose();
    this.owners.delete(host);
  }

  dispose(): void {
    for (const subscription of this.subscriptions) subscription.dispose();
    for (const host of [...this.hosts.keys(), ...this.owners.keys()]) this.forget(host);
    this.changed.dispose();
  }
}

function getOrMake<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  map.set(key, made);
  return made;
}
