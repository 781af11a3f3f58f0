import * as l10n from '@vscode/l10n';
import type { Known } from '../core/arrange/fleetFinding';
import { sortedByName } from '../core/arrange/grouping';
import { ownerKey } from '../core/model/cluster';
import type { Cluster, ClusterOwner } from '../core/model/cluster';
import type { Host, HostUrl } from '../core/model/host';
import type { HostAccounts } from '../core/accounts/hostAccounts';
import type { Inventory } from '../core/inventory/inventory';
import type { CommandId } from '../contributions';
import { isClusterTreeNode } from './isClusterTreeNode';
import type { ClusterTreeNode, HostNode } from './clusterNodes';
import { clusterChoice, ownerChoice } from './choices';
import type { Dialogs } from './dialogs';
import { obstacles } from './obstacles';
import type { Obstacles } from './obstacles';

/** An owner of clusters together with its host. */
export interface HostOwner {
  readonly host: HostUrl;
  readonly owner: ClusterOwner;
}

/** All clusters known of all hosts, watched or not. */
interface KnownClusters {
  known(): Known;
}

/** What the tree shows: the owners below a host. */
interface ShownTree {
  ownersOf(host: Host): readonly ClusterOwner[];
}

/** Finds what a command is about: the row it was called on, or else what the user picks. */
export class Pickers {
  private readonly accounts: HostAccounts;
  private readonly inventory: Inventory;
  private readonly fleets: KnownClusters;
  private readonly tree: ShownTree;
  private readonly dialogs: Dialogs;
  private readonly obstacles: Obstacles;

  /** `run` does what a message offers. */
  constructor(
    accounts: HostAccounts,
    inventory: Inventory,
    fleets: KnownClusters,
    tree: ShownTree,
    dialogs: Dialogs,
    run: (command: CommandId, row?: HostNode) => unknown = () => undefined,
  ) {
    this.accounts = accounts;
    this.inventory = inventory;
    this.fleets = fleets;
    this.tree = tree;
    this.dialogs = dialogs;
    this.obstacles = obstacles(dialogs, run);
  }

  /** The row a command was called on, if it was. */
  node(value: unknown): ClusterTreeNode | undefined {
    return isClusterTreeNode(value) ? value : undefined;
  }

  /** The rows a command was called on: those selected, if the one it was called on is among them. */
  rows(value: unknown, selected: unknown): readonly ClusterTreeNode[] {
    const given: readonly unknown[] = Array.isArray(selected) && selected.length > 0 ? selected : [value];
    return given.flatMap((one) => this.node(one) ?? []);
  }

  /** `only`: which hosts are offered, and what is said where there are none of these. */
  async host(
    value: unknown,
    title: string,
    only?: { readonly fits: (host: Host) => boolean; readonly none: string },
  ): Promise<Host | undefined> {
    const node = this.node(value);
    const url = node && hostOf(node);
    if (url !== undefined) return this.accounts.find(url);
    const all = this.accounts.hosts;
    const hosts = only ? all.filter(only.fits) : all;
    if (hosts.length === 0) {
      this.obstacles.noHost(all.length > 0 ? only?.none : undefined);
      return undefined;
    }
    return hosts.length === 1
      ? hosts[0]
      : this.dialogs.choose(title, hosts, (host) => ({ label: host.name, description: host.url }));
  }

  /** The hosts of the selected rows, or the one the user picks. */
  async hosts(value: unknown, selected: unknown, title: string): Promise<readonly Host[]> {
    const urls = this.rows(value, selected).flatMap((row) => hostOf(row) ?? []);
    if (urls.length > 0) return [...new Set(urls)].flatMap((url) => this.accounts.find(url) ?? []);
    const host = await this.host(value, title);
    return host ? [host] : [];
  }

  async owner(value: unknown, title: string, writable: boolean): Promise<HostOwner | undefined> {
    const node = this.node(value);
    if (node?.type === 'owner' || node?.type === 'branch') return { host: node.host, owner: node.owner };
    const host = await this.host(value, title);
    if (!host) return undefined;
    await this.withProgress(l10n.t('Asking {0}…', host.name), () => this.ensureHost(host.url));
    if (writable && !this.canWrite(host.url)) {
      this.obstacles.readOnly(host);
      return undefined;
    }
    const owners = this.tree.ownersOf(host);
    if (owners.length === 0) {
      this.obstacles.nothingWatched(host);
      return undefined;
    }
    const owner = await this.dialogs.choose(title, owners, (one) => ownerChoice(one, host));
    return owner && { host: host.url, owner };
  }

  /** The owners of the selected rows, each once; none where the command was called on nothing. */
  selectedOwners(value: unknown, selected: unknown): readonly HostOwner[] {
    const owners = this.rows(value, selected).flatMap((row) =>
      row.type === 'owner' || row.type === 'branch' ? [{ host: row.host, owner: row.owner }] : [],
    );
    // One owner may have a row below its host and one among all clusters.
    return [...new Map(owners.map((one) => [`${one.host}|${ownerKey(one.owner)}`, one])).values()];
  }

  /** Some of what is watched at a host, ticked by the user. Asks GitLab nothing. */
  async watched(value: unknown, title: string): Promise<readonly HostOwner[]> {
    const host = await this.host(value, title);
    if (!host) return [];
    const owners: readonly ClusterOwner[] = [
      ...host.groups.map((group) => ({ level: 'group', ...group }) as const),
      ...host.projects.map((project) => ({ level: 'project', ...project }) as const),
    ];
    if (owners.length === 0) {
      this.obstacles.nothingWatched(host);
      return [];
    }
    const chosen = await this.dialogs.chooseMany(title, owners, (owner) => ownerChoice(owner, host));
    return chosen.map((owner) => ({ host: host.url, owner }));
  }

  async cluster(
    value: unknown,
    title: string,
    where: (cluster: Cluster) => boolean = () => true,
  ): Promise<Cluster | undefined> {
    const node = this.node(value);
    if (node?.type === 'cluster' || node?.type === 'warning') return node.cluster;
    const clusters = (await this.knownClusters()).filter(where);
    if (clusters.length === 0) {
      this.obstacles.noCluster();
      return undefined;
    }
    return this.dialogs.choose(title, clusters, (cluster) => clusterChoice(cluster, this.accounts.hosts));
  }

  /** The selected rows if the command was called on rows, or what the user ticks. */
  async clusters(value: unknown, selected: unknown, title: string): Promise<readonly Cluster[]> {
    const clusters = this.rows(value, selected).flatMap((row) =>
      row.type === 'cluster' || row.type === 'warning' ? [row.cluster] : [],
    );
    if (clusters.length > 0) return clusters;
    const known = (await this.knownClusters()).filter(({ host }) => this.canWrite(host));
    if (known.length === 0) {
      this.obstacles.noCluster();
      return [];
    }
    return this.dialogs.chooseMany(title, known, (cluster) => clusterChoice(cluster, this.accounts.hosts));
  }

  /** All clusters known of all hosts, those of watched owners read before; undefined, and told, where there is none. */
  async everything(): Promise<Known | undefined> {
    await this.readWatched();
    const known = this.fleets.known();
    if (known.clusters.length + known.named.length > 0) return known;
    this.obstacles.noCluster();
    return undefined;
  }

  /** False for a read-only token; true also while we do not know, since GitLab decides. */
  canWrite(host: HostUrl): boolean {
    return this.inventory.identity(host)?.canWrite !== false;
  }

  /** The same of one cluster; where it is not, the user is told why. */
  isWritable({ host: url }: Pick<Cluster, 'host'>): boolean {
    if (this.canWrite(url)) return true;
    const host = this.accounts.find(url);
    if (host) this.obstacles.readOnly(host);
    return false;
  }

  private async knownClusters(): Promise<readonly Cluster[]> {
    await this.readWatched();
    return sortedByName(this.fleets.known().clusters);
  }

  private async readWatched(): Promise<void> {
    await this.withProgress(l10n.t('Reading clusters…'), () =>
      Promise.all(
        this.accounts.hosts.map(async (host) => {
          await this.ensureHost(host.url);
          await Promise.all(this.tree.ownersOf(host).map((owner) => this.inventory.ensure(host.url, owner)));
        }),
      ),
    );
  }

  private async ensureHost(host: HostUrl): Promise<void> {
    await this.inventory.identify(host).catch(() => undefined);
  }

  private async withProgress(title: string, run: () => Promise<unknown>): Promise<void> {
    await this.dialogs.progress({ title, where: 'statusBar' }, run);
  }
}

/** The host that a row stands for, alone or with all its clusters. */
function hostOf(row: ClusterTreeNode): HostUrl | undefined {
  if (row.type === 'host') return row.host.url;
  if (row.type === 'fleet' || row.type === 'warnings') return row.host;
  return row.type === 'message' ? row.finding : undefined;
}
