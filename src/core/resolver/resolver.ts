import type { HostAccounts } from '../accounts/hostAccounts';
import type { GitLabClient } from '../gitlab/client';
import { listEnvironments } from '../gitlab/environments';
import type { Environment } from '../gitlab/environments';
import { GitLabError } from '../gitlab/errors';
import type { Fleets } from '../inventory/fleets';
import type { Inventory } from '../inventory/inventory';
import type { Cluster } from '../model/cluster';
import type { HostUrl } from '../model/host';
import { Emitter } from '../time/event';
import type { Disposable } from '../time/event';
import { readPlace } from './readPlace';
import type { ProjectPlace } from './resolve';

/** A project whose surroundings and environments were read in this window. */
export interface ReadProject {
  readonly host: HostUrl;
  readonly place: ProjectPlace;
  readonly environments: readonly Environment[];
}

export interface ResolverSources {
  readonly accounts: HostAccounts;
  readonly inventory: Inventory;
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

  /** Every cluster known of a host, and whether that is all there is. */
  known(host: HostUrl): { readonly clusters: readonly Cluster[]; readonly isAll: boolean } {
    const fleet = this.sources.fleets.fleet(host);
    const { failures, named } = fleet.counts;
    return { clusters: fleet.clusters, isAll: fleet.completedAt !== undefined && failures + named === 0 };
  }

  /** Where a project lies and what is around it, as GitLab has it now. Throws GitLabError. */
  async place(host: HostUrl, projectId: number, signal?: AbortSignal): Promise<ProjectPlace> {
    const [client, isAdmin] = await Promise.all([this.client(host), this.isAdmin(host)]);
    const { clusters, isAll } = this.known(host);
    return readPlace(projectId, { client, isAdmin, known: clusters, isAllKnown: isAll, signal });
  }

  /** The same with all environments of the project, which are remembered. Throws GitLabError. */
  async project(host: HostUrl, projectId: number, signal?: AbortSignal): Promise<ReadProject> {
    const client = await this.client(host);
    const [place, environments] = await Promise.all([
      this.place(host, projectId, signal),
      listEnvironments(client, projectId, signal),
    ]);
    const read: ReadProject = { host, place, environments };
    this.remember(read);
    return read;
  }

  /** The projects of a host whose environments were read. */
  projects(host: HostUrl): readonly ReadProject[] {
    return [...(this.read.get(host)?.values() ?? [])];
  }

  remember(project: ReadProject): void {
    const ofHost = this.read.get(project.host) ?? new Map<number, ReadProject>();
    this.read.set(project.host, ofHost.set(project.place.project.id, project));
    this.changed.fire(project.host);
  }

  private forget(host: HostUrl): void {
    if (this.read.delete(host)) this.changed.fire(host);
  }

  dispose(): void {
    for (const subscription of this.subscriptions) subscription.dispose();
    this.changed.dispose();
  }
}
