import * as vscode from 'vscode';
import { CLUSTERS_VIEW } from '../contributions';
import type { Cluster } from '../model/cluster';
import type { Disposable } from '../model/event';
import type { HostUrl } from '../model/host';
import type { HostAccounts } from '../model/hostAccounts';
import type { Inventory } from '../model/inventory';
import type { WorkspaceProjects } from '../workspace/workspaceProjects';
import { nodeId } from './clusterNodes';
import type { ClusterTreeNode } from './clusterNodes';
import { children, ownersOf, parentOf } from './nodeChildren';
import { present } from './nodeLook';
import type { TreeKnowledge } from './treeKnowledge';

/** Shows hosts, owners and clusters. Loads a row's children when VS Code first asks for them, so nothing before it is shown. */
export class ClusterTree implements vscode.TreeDataProvider<ClusterTreeNode>, Disposable {
  private readonly inventory: Inventory;
  private readonly workspace: WorkspaceProjects;
  private readonly knowledge: TreeKnowledge;
  private readonly view: vscode.TreeView<ClusterTreeNode>;
  private readonly changed = new vscode.EventEmitter<ClusterTreeNode[] | undefined>();
  private readonly subscriptions: Disposable[];
  /** The objects VS Code holds, by id: it knows rows by identity when told that one changed. */
  private readonly shown = new Map<string, ClusterTreeNode>();
  /** What the user opened and closed, kept for rows that go while a host fails and come back. */
  private readonly opened = new Map<string, boolean>();
  /** Ids of rows to show anew; undefined stands for the root. */
  private readonly stale = new Set<string | undefined>();
  private pending: NodeJS.Timeout | undefined;
  private endProgress: (() => void) | undefined;

  readonly onDidChangeTreeData = this.changed.event;

  constructor(accounts: HostAccounts, inventory: Inventory, workspace: WorkspaceProjects) {
    this.inventory = inventory;
    this.workspace = workspace;
    this.knowledge = {
      get hosts() {
        return accounts.hosts;
      },
      get problems() {
        return accounts.problems;
      },
      hostState: (host) => inventory.hostState(host),
      ownerState: (host, owner) => inventory.ownerState(host, owner),
      workspaceProjects: (host) => workspace.of(host),
    };
    this.view = vscode.window.createTreeView(CLUSTERS_VIEW, {
      treeDataProvider: this,
      canSelectMany: true,
      showCollapseAll: true,
    });
    this.subscriptions = [
      this.view,
      this.view.onDidExpandElement(({ element }) => this.opened.set(nodeId(element), true)),
      this.view.onDidCollapseElement(({ element }) => this.opened.set(nodeId(element), false)),
      accounts.onDidChangeHosts(() => this.update(undefined)),
      inventory.onDidChange(({ host, owner }) => {
        this.update(owner ? nodeId({ type: 'owner', host, owner, watched: false, fromWorkspace: false }) : host);
        // Refreshing a host also asks again for the open folders' projects there.
        const reloads = !owner && inventory.hostState(host)?.state === 'loading' && workspace.of(host);
        if (reloads) void workspace.load(host, true);
      }),
      workspace.onDidChange((host) => this.update(host)),
    ];
  }

  /** The selected rows. */
  get selection(): readonly ClusterTreeNode[] {
    return this.view.selection;
  }

  /** Shows everything as it is known now. Reloading is the inventory's, and the rows follow it by themselves. */
  refresh(): void {
    this.update(undefined);
  }

  /** Selects a cluster's row, opening the rows above it. Does nothing for a cluster that has no row. */
  async reveal(cluster: Cluster): Promise<void> {
    const node: ClusterTreeNode = { type: 'cluster', cluster };
    if (!parentOf(node, this.knowledge)) return;
    await this.view.reveal(this.shown.get(nodeId(node)) ?? node, { select: true, focus: false });
  }

  getTreeItem(node: ClusterTreeNode): vscode.TreeItem {
    const look = present(node, this.knowledge);
    const opened = this.opened.get(look.id) ?? look.collapsible === 'expanded';
    const item = new vscode.TreeItem(
      look.label,
      look.collapsible === 'none'
        ? vscode.TreeItemCollapsibleState.None
        : vscode.TreeItemCollapsibleState[opened ? 'Expanded' : 'Collapsed'],
    );
    item.id = look.id;
    item.description = look.description;
    item.iconPath = new vscode.ThemeIcon(
      look.icon.id,
      look.icon.color ? new vscode.ThemeColor(look.icon.color) : undefined,
    );
    item.contextValue = look.contextValue;
    item.accessibilityInformation = { label: look.accessibilityLabel };
    if (look.command) {
      item.command = { command: look.command.id, title: look.command.title, arguments: [...look.command.arguments] };
    }
    return item;
  }

  resolveTreeItem(item: vscode.TreeItem, node: ClusterTreeNode): vscode.TreeItem {
    // Neither trusted nor with HTML: nothing in it can run a command.
    item.tooltip = new vscode.MarkdownString(present(node, this.knowledge).tooltip);
    return item;
  }

  getChildren(node?: ClusterTreeNode): ClusterTreeNode[] {
    this.loadBelow(node);
    return children(node, this.knowledge).map((child) => {
      this.shown.set(nodeId(child), child);
      return child;
    });
  }

  getParent(node: ClusterTreeNode): ClusterTreeNode | undefined {
    const parent = parentOf(node, this.knowledge);
    return parent && (this.shown.get(nodeId(parent)) ?? parent);
  }

  /** What a row needs when it is first opened. Failures and their rows stay until the user refreshes. */
  private loadBelow(node: ClusterTreeNode | undefined): void {
    if (node?.type === 'host') {
      const { url } = node.host;
      if (!this.inventory.hostState(url)) void this.inventory.loadHost(url);
      if (!this.workspace.of(url)) void this.workspace.load(url);
    } else if (node?.type === 'owner' && !this.inventory.ownerState(node.host, node.owner)) {
      void this.inventory.load(node.host, node.owner);
    }
  }

  /** Collects what changed until the current turn ends: a refresh of many owners is one event. */
  private update(id: HostUrl | string | undefined): void {
    this.stale.add(id);
    this.pending ??= setTimeout(() => this.flush(), 0);
  }

  private flush(): void {
    this.pending = undefined;
    const rows = [...this.stale].map((id) => (id === undefined ? undefined : this.shown.get(id)));
    const known = rows.filter((row) => row !== undefined);
    const root = this.stale.has(undefined);
    this.stale.clear();
    if (root) {
      this.shown.clear();
      this.changed.fire(undefined);
    } else if (known.length > 0) this.changed.fire(known);
    this.showProgress();
  }

  /** The view's own progress bar, as long as anything shown in it is loading. */
  private showProgress(): void {
    const loading = this.knowledge.hosts.some((host) => this.isLoading(host.url));
    if (loading && !this.endProgress) {
      const done = new Promise<void>((resolve) => (this.endProgress = resolve));
      void vscode.window.withProgress({ location: { viewId: CLUSTERS_VIEW } }, () => done);
    } else if (!loading && this.endProgress) {
      this.endProgress();
      this.endProgress = undefined;
    }
  }

  private isLoading(url: HostUrl): boolean {
    const host = this.knowledge.hosts.find((one) => one.url === url);
    return (
      this.inventory.hostState(url)?.state === 'loading' ||
      (this.workspace.of(url)?.loading ?? false) ||
      (host !== undefined &&
        ownersOf({ type: 'host', host }, this.knowledge).some(
          ({ owner }) => this.inventory.ownerState(url, owner)?.state === 'loading',
        ))
    );
  }

  dispose(): void {
    clearTimeout(this.pending);
    this.endProgress?.();
    for (const subscription of this.subscriptions) subscription.dispose();
    this.changed.dispose();
  }
}
