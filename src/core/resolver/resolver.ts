import type { HostAccounts } from '../accounts/hostAccounts';
import type { GitLabClient } from '../gitlab/client';
import { availableEnvironments } from '../gitlab/environments';
import type { Environment } from '../gitlab/environments';
import { GitLabError } from '../gitlab/errors';
import type { Fleet } from '../inventory/fleet';
import type { Fleets } from '../inventory/fleets';
import type { Inventory } from '../inventory/inventory';
import type { Cluster, ListedCluster } from '../model/cluster';
import type { HostUrl } from '../model/host';
import { Emitter } from '../time/event';
import type { Disposable } from '../time/event';
import { PlaceReader, withPresentClusters } from './readPlace';
import type { ListedProject } from './readPlace';
import type { ProjectPlace } from './resolve';

/** A project whose surroundings and environments were read in this window. */
export interface ReadProject {
  readonly place: ProjectPlace;
  /** Those that are neither stopped nor stopping, a hundred at most. */
  readonly environments: readonly Environment[];
  /** There are more than a hundred. */
  readonly more: boolean;
}

interface ResolverSources {
  readonly accounts: Pick<HostAccounts, 'find' | 'onDidChangeToken' | 'onDidChangeHosts'>;
  readonly inventory: Pick<Inventory, 'client' | 'hostState' | 'loadHost'>;
  readonly fleets: Pick<Fleets, 'fleet'>;
}

/**
 * Reads what resolving needs, and remembers in this window which projects' environments were read. Nothing is sent before
 * somebody asks. What was read with a token goes with it.
 */
export class Resolver implements Disposable {
  private readonly sources: ResolverSources;
  private readonly read = new Map<HostUrl, Map<number, ReadProject>>();
  private readonly changed = new Emitter<HostUrl>();
  private readonly subscriptions: Disposable[];

  /** Environments of a project of this host were read, or what was read is forgotten. */
  readonly onDidChange = this.changed.event;

  constructor(sources: ResolverSources) {
    this.sources = sources;
    this.subscriptions = [
      sources.accounts.onDidChangeToken((host) => this.forget(host)),
      sources.accounts.onDidChangeHosts(() => {
        for (const host of [...this.read.keys()]) if (!sources.accounts.find(host)) this.forget(host);
      }),
    ];
  }

  /** Throws GitLabError. */
  client(host: HostUrl): Promise<GitLabClient> {
    return this.sources.inventory.client(host);
  }

  /** Whether the token is an administrator's at this host. Throws GitLabError where the host cannot be asked. */
  async isAdmin(host: HostUrl): Promise<boolean> {
    const { inventory } = this.sources;
    if (inventory.hostState(host)?.state !== 'loaded') await inventory.loadHost(host);
    const state = inventory.hostState(host);
    if (state?.state === 'loaded') return state.value.user.isAdmin;
    throw state?.state === 'failed'
      ? state.error
      : new GitLabError(state?.state === 'noToken' ? 'noToken' : 'cancelled');
  }

  /** Every cluster known of a host. */
  known(host: HostUrl): readonly Cluster[] {
    return this.sources.fleets.fleet(host).clusters;
  }

  /** When every cluster of a host was found, if nothing was left out; undefined otherwise. */
  allKnownAt(host: HostUrl): Date | undefined {
    return allKnownAt(this.sources.fleets.fleet(host));
  }

  /** The known clusters of a project; undefined unless all clusters of the host are known. */
  knownOf(host: HostUrl, projectId: number): readonly ListedCluster[] | undefined {
    const fleet = this.sources.fleets.fleet(host);
    if (!allKnownAt(fleet)) return undefined;
    return fleet.recordOf(`project/${projectId}`)?.clusters ?? [];
  }

  /** What reads places at a host; several projects may be asked about. Throws GitLabError. */
  async places(host: HostUrl, signal?: AbortSignal): Promise<PlaceReader> {
    const [client, isAdmin] = await Promise.all([this.client(host), this.isAdmin(host)]);
    const isAllKnown = this.allKnownAt(host) !== undefined;
    return new PlaceReader({ client, isAdmin, known: this.known(host), isAllKnown, signal });
  }

  /** Where a project lies and what is around it, as GitLab has it now. Throws GitLabError. */
  async place(host: HostUrl, projectId: number, signal?: AbortSignal): Promise<ProjectPlace> {
    return (await this.places(host, signal)).read(projectId);
  }

  /** The same with its environments, which are remembered. `clusters`: its own, where they need not be read. */
  async project(
    host: HostUrl,
    project: number | ListedProject,
    places: PlaceReader,
    {
      signal,
      clusters,
    }: { readonly signal?: AbortSignal | undefined; readonly clusters?: readonly ListedCluster[] | undefined } = {},
  ): Promise<ReadProject> {
    const client = await this.client(host);
    const id = typeof project === 'number' ? project : project.id;
    const [place, environments] = await Promise.all([
      places.read(project, clusters),
      availableEnvironments(client, id, signal),
    ]);
    const read: ReadProject = { place, environments: environments.items, more: environments.more };
    const ofHost = this.read.get(host) ?? new Map<number, ReadProject>();
    this.read.set(host, ofHost.set(id, read));
    this.changed.fire(host);
    return read;
  }

  /** The projects of a host whose environments were read, with the clusters around them as they are known now. */
  projects(host: HostUrl): readonly ReadProject[] {
    const fleet = this.sources.fleets.fleet(host);
    return [...(this.read.get(host)?.values() ?? [])].map((project) => ({
      ...project,
      place: withPresentClusters(project.place, (owner) => {
        const record = fleet.known(owner);
        // What was remembered of another window, or could not be read again, is older than what was read here.
        return record?.current && !record.failure ? record.clusters : undefined;
      }),
    }));
  }

  private forget(host: HostUrl): void {
    if (this.read.delete(host)) this.changed.fire(host);
  }

  dispose(): void {
    for (const subscription of this.subscriptions) subscription.dispose();
    this.changed.dispose();
  }
}

function allKnownAt(fleet: Fleet): Date | undefined {
  const { failures, named } = fleet.counts;
  return failures + named === 0 ? fleet.completedAt : undefined;
}
