import { listClusters } from '../gitlab/clusters';
import { addCluster, deleteCluster, editCluster } from '../gitlab/clusterWrites';
import type { GitLabClient } from '../gitlab/client';
import { GitLabError } from '../gitlab/errors';
import { noted } from '../journal/writeJournal';
import type { WriteJournal } from '../journal/writeJournal';
import { isReadable } from '../model/cluster';
import type { Cluster, ClusterOwner, ListedCluster } from '../model/cluster';
import type { ClusterFields } from '../model/clusterFields';
import type { HostUrl } from '../model/host';
import { findAdded, findEdited, isGone, lookForOutcome, usualLooks, waitsForSave } from './lostAnswer';
import type { Looks, Waiting } from './lostAnswer';

/** For whoever writes. `change` is one ID for everything the user does at once; without one, each write has its own. */
export interface WriteOptions extends Waiting {
  readonly change?: string | undefined;
}

/** What writing needs of the inventory. */
export interface WritePorts {
  readonly journal: WriteJournal;
  /** Undefined: the usual ones. */
  readonly looks: Looks | undefined;
  readonly client: (host: HostUrl) => Promise<GitLabClient>;
  readonly user: (host: HostUrl) => string | undefined;
  /** The list of an owner, where it was read in this window. */
  readonly loaded: (host: HostUrl, owner: ClusterOwner) => readonly ListedCluster[] | undefined;
  /** GitLab confirmed a write, and told the cluster as it is now. */
  readonly written: (cluster: Cluster) => void;
  /** A write failed: takes what that tells, and gives the error with its reason. */
  readonly failed: (error: unknown, host: HostUrl, owner: ClusterOwner) => Promise<unknown>;
}

/** Sends each write once, notes it before and after, and finds out what became of it where the answer got lost. */
export class ClusterWrites {
  private readonly ports: WritePorts;
  private readonly looks: Looks;

  constructor(ports: WritePorts) {
    this.ports = ports;
    this.looks = ports.looks ?? usualLooks;
  }

  /** Adds a cluster and returns what GitLab stored. Throws GitLabError. */
  async add(host: HostUrl, owner: ClusterOwner, fields: ClusterFields, options?: WriteOptions): Promise<Cluster> {
    const client = await this.ports.client(host);
    // Should the answer get lost, only an id that is new tells our cluster from one that was there before.
    const known = this.ports.loaded(host, owner) ?? (await listClusters(client, owner));
    const before = new Set(known.filter(isReadable).map(({ id }) => id));
    const added = await noted(
      this.ports.journal,
      { kind: 'add', ...this.noteOf(host, options), owner, fields },
      () =>
        this.save(
          host,
          owner,
          () => addCluster(client, owner, fields),
          () => findAdded(client, owner, fields, before, this.ports.user(host), options?.signal),
          options,
        ),
      (cluster) => ({ outcome: 'done', cluster }),
    );
    this.ports.written(added);
    return added;
  }

  /** Changes the given fields and returns what GitLab stored. Throws GitLabError. */
  async edit(cluster: Cluster, fields: ClusterFields, options?: WriteOptions): Promise<Cluster> {
    const { host, owner, id } = cluster;
    const client = await this.ports.client(host);
    const edited = await noted(
      this.ports.journal,
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
    this.ports.written(edited);
    return edited;
  }

  /** Deletes GitLab's record; `gone` where somebody had done so before. Throws GitLabError where it is kept. */
  async delete(cluster: Cluster, options?: WriteOptions): Promise<'deleted' | 'gone'> {
    const { host, owner } = cluster;
    const client = await this.ports.client(host);
    return noted(
      this.ports.journal,
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
  }

  private noteOf(host: HostUrl, options: WriteOptions | undefined) {
    return { host, user: this.ports.user(host), change: options?.change };
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
      throw await this.ports.failed(thrown, host, owner);
    }
  }
}
