import * as vscode from 'vscode';
import { DOCUMENT_SCHEME } from '../../contributions';
import { GitLabError } from '../../core/gitlab/errors';
import { clusterKey, isReadable, ownerKey } from '../../core/model/cluster';
import type { Cluster } from '../../core/model/cluster';
import type { Disposable } from '../../core/time/event';
import type { HostAccounts } from '../../core/accounts/hostAccounts';
import type { ClustersChange } from '../../core/inventory/fleetChanges';
import type { Inventory, InventoryChange } from '../../core/inventory/inventory';
import { defaultHostName } from '../../core/model/host';
import { fromAddress, toAddress } from './clusterAddress';
import type { ClusterAddress } from './clusterAddress';

/** The address of a cluster's read-only document. It can be opened again after a reload of the window. */
export function clusterUri(cluster: Pick<Cluster, 'host' | 'owner' | 'id' | 'name'>, hostName: string): vscode.Uri {
  return vscode.Uri.from({ scheme: DOCUMENT_SCHEME, ...toAddress(cluster, hostName) });
}

/** Where the focus goes, and whether the tab stays when another cluster is shown. */
export interface Showing {
  readonly focus?: boolean;
  readonly pinned?: boolean;
}

/** What an open document shows. */
interface Shown {
  readonly address: ClusterAddress;
  readonly text: string;
  /** How `text` would be for another state of the cluster. */
  readonly write: (cluster: Cluster) => string;
  /** Why the cluster cannot be shown. */
  readonly failed: boolean;
  /** The cluster was there at some time: then it was deleted where it is not any more. */
  readonly seen: boolean;
  /** Says that it was deleted. */
  readonly deleted: boolean;
  /** The owner's list is being read because this failed: its answer must not start the next read of the cluster. */
  readonly listIsRead: boolean;
  /** When the owner's list was read that is known to this: no list of before is a reason to read the cluster again. */
  readonly listAt: number;
}

/** Read-only documents of clusters. Each one is fetched when it is opened, and again when the cluster turns out changed. */
export class ClusterDocuments implements Disposable {
  private readonly inventory: Inventory;
  private readonly accounts: HostAccounts;
  private readonly changed: vscode.EventEmitter<vscode.Uri>;
  private readonly shown = new Map<string, Shown>();
  /** Being fetched: what the inventory learns from that is no news. */
  private readonly fetching = new Set<string>();
  /** Keys of clusters that were deleted from this window. */
  private readonly deleted = new Set<string>();
  private readonly subscriptions: Disposable[];

  /** `changed` says which documents are to be read again. */
  constructor(inventory: Inventory, accounts: HostAccounts, changed: vscode.EventEmitter<vscode.Uri>) {
    this.inventory = inventory;
    this.accounts = accounts;
    this.changed = changed;
    this.subscriptions = [
      vscode.workspace.onDidCloseTextDocument(({ uri }) => this.shown.delete(uri.toString())),
      inventory.onDidChange((change) => this.follow(change)),
      inventory.onDidChangeClusters((change) => this.followSearch(change)),
      inventory.onDidRead((cluster) => this.followOne(cluster)),
    ];
  }

  /**
   * Fetches a cluster and shows it, also where its document is open already. A click previews and leaves the focus in the
   * tree.
   */
  async show(cluster: Cluster, { focus = true, pinned = false }: Showing = {}): Promise<void> {
    const uri = clusterUri(cluster, this.accounts.find(cluster.host)?.name ?? defaultHostName(cluster.host));
    if (this.shown.has(uri.toString())) this.changed.fire(uri);
    const document = await vscode.workspace.openTextDocument(uri);
    await vscode.window.showTextDocument(document, { preview: !pinned, preserveFocus: !focus });
    // VS Code drops what is told of a document while it is being opened.
    const shown = this.shown.get(uri.toString());
    if (!shown || !this.isOutdated(shown)) return;
    // What has just failed is not tried again at once: only that it is gone is news.
    if (!shown.failed || this.isListed(shown.address) === false) this.changed.fire(uri);
  }

  /** Fetches the cluster of an open document again. */
  refresh(cluster: Cluster): void {
    for (const [key, { address }] of this.shown) {
      if (clusterKey(address) === clusterKey(cluster)) this.changed.fire(vscode.Uri.parse(key));
    }
  }

  async provideTextDocumentContent(uri: vscode.Uri, token: vscode.CancellationToken): Promise<string | undefined> {
    const { clusterYaml, deletedYaml, failureYaml, unknownYaml, unlistedYaml } = await import('./clusterYaml');
    const write = (cluster: Cluster): string => {
      const name = this.accounts.find(cluster.host)?.name ?? defaultHostName(cluster.host);
      return clusterYaml(cluster, name, new Date());
    };
    const address = fromAddress(uri.query);
    if (!address) return unknownYaml();
    if (!this.accounts.find(address.host)) return unlistedYaml(address);
    const key = uri.toString();
    const controller = new AbortController();
    const cancellation = token.onCancellationRequested(() => controller.abort());
    const seen = (this.shown.get(key)?.seen ?? false) || this.find(address) !== undefined;
    this.fetching.add(key);
    try {
      const text = write(await this.inventory.get(address, controller.signal));
      const shown = { address, text, write, failed: false, seen: true, deleted: false, listIsRead: false };
      this.shown.set(key, { ...shown, listAt: this.listAt(address) });
      return text;
    } catch (error) {
      if (error instanceof GitLabError && error.kind === 'cancelled') return undefined;
      // Not found alone may also mean that the token may not see the owner any more.
      const isGone = this.deleted.has(clusterKey(address)) || (seen && this.isListed(address) === false);
      const deleted = isGone && error instanceof GitLabError && error.kind === 'notFound';
      const text = deleted ? deletedYaml(address) : failureYaml(address, error);
      const listIsRead = this.inventory.ownerState(address.host, address.owner)?.state === 'loading';
      const listAt = listIsRead ? this.listAt(address) : Date.now();
      this.shown.set(key, { address, text, write, failed: true, seen, deleted, listIsRead, listAt });
      return text;
    } finally {
      cancellation.dispose();
      this.fetching.delete(key);
    }
  }

  /** Fetches open documents anew whose cluster is not what they show: edited, deleted, or readable again. */
  private follow({ host, owner }: InventoryChange): void {
    for (const [key, shown] of this.shown) {
      if (this.fetching.has(key) || shown.address.host !== host) continue;
      const outdated = owner ? this.isNews(key, shown) : shown.failed && this.inventory.hostState(host) === undefined;
      if (outdated) this.changed.fire(vscode.Uri.parse(key));
    }
  }

  /**
   * A list that is read because the document failed says at most that the cluster is gone. That it still has the cluster
   * is no reason to read that again: a GitLab that lists what it does not give out would be asked without end.
   */
  private isNews(key: string, shown: Shown): boolean {
    const { address, listIsRead } = shown;
    if (!listIsRead) return this.isOutdated(shown);
    if (this.inventory.ownerState(address.host, address.owner)?.state === 'loading') return false;
    const now = { ...shown, listIsRead: false };
    const isGone = this.isListed(address) === false && this.isOutdated(now);
    // VS Code may be opening the document still and hear nothing: what is news stays so until it was read.
    this.shown.set(key, isGone ? now : { ...now, listAt: this.listAt(address) });
    return isGone;
  }

  /** The same after a search has read the owner, which nobody may have opened by itself. */
  private followSearch({ host, owners }: ClustersChange): void {
    for (const [key, shown] of this.shown) {
      const { address, listIsRead } = shown;
      if (address.host !== host || !owners.has(ownerKey(address.owner)) || listIsRead || this.fetching.has(key))
        continue;
      if (this.isOutdated(shown)) this.changed.fire(vscode.Uri.parse(key));
    }
  }

  /** The same for one whose owner nobody read: there is no list to follow. */
  private followOne(cluster: Cluster): void {
    if (this.inventory.ownerState(cluster.host, cluster.owner)) return;
    for (const [key, { address, text, write, failed }] of this.shown) {
      if (this.fetching.has(key) || clusterKey(address) !== clusterKey(cluster)) continue;
      if (failed || write(cluster) !== text) this.changed.fire(vscode.Uri.parse(key));
    }
  }

  private isOutdated({ address, text, write, failed, seen, deleted, listAt }: Shown): boolean {
    if (this.inventory.ownerState(address.host, address.owner)?.state !== 'loaded') return false;
    // Whatever else changed at the owner: a failure is as old as the list that is known to it.
    if (failed && this.listAt(address) <= listAt) return false;
    const known = this.find(address);
    if (known) return failed || write(known) !== text;
    return !failed || (seen && !deleted);
  }

  private find({ host, owner, id }: ClusterAddress): Cluster | undefined {
    const record = this.inventory.fleet(host).known(owner);
    return record?.clusters.filter(isReadable).find((cluster) => cluster.id === id);
  }

  /** Whether the owner's list has the cluster; undefined where there is no list. */
  private isListed(address: ClusterAddress): boolean | undefined {
    const state = this.inventory.ownerState(address.host, address.owner);
    return state?.state === 'loaded' || state?.state === 'loading' ? this.find(address) !== undefined : undefined;
  }

  /** When the owner's list was last read, in milliseconds since 1970. */
  private listAt({ host, owner }: ClusterAddress): number {
    return this.inventory.fleet(host).known(owner)?.readAt ?? 0;
  }

  /** Whoever deletes a cluster does not want to read that it is gone. The tab's path may hold a name of before. */
  close(cluster: Cluster): void {
    const key = clusterKey(cluster);
    this.deleted.add(key);
    const isOfCluster = (uri: vscode.Uri): boolean => {
      const address = uri.scheme === DOCUMENT_SCHEME ? fromAddress(uri.query) : undefined;
      return address !== undefined && clusterKey(address) === key;
    };
    for (const shown of [...this.shown.keys()]) if (isOfCluster(vscode.Uri.parse(shown))) this.shown.delete(shown);
    const tabs = vscode.window.tabGroups.all
      .flatMap((group) => group.tabs)
      .filter(({ input }) => input instanceof vscode.TabInputText && isOfCluster(input.uri));
    if (tabs.length > 0) void vscode.window.tabGroups.close(tabs, true);
  }

  dispose(): void {
    for (const subscription of this.subscriptions) subscription.dispose();
  }
}
