import * as vscode from 'vscode';
import { CLUSTERS_VIEW } from '../contributions';
import type { Cluster } from '../model/cluster';
import type { Disposable } from '../model/event';
import type { HostAccounts } from '../model/hostAccounts';
import type { Inventory } from '../model/inventory';
import type { WorkspaceProjects } from '../workspace/workspaceProjects';
import type { ClusterTreeNode } from './clusterNodes';
import { ClusterRows } from './clusterRows';
import { parentOf } from './nodeChildren';

/** The Clusters view: the rows, what is selected in it, and its progress bar. */
export class ClusterTree implements Disposable {
  private readonly rows: ClusterRows;
  private readonly view: vscode.TreeView<ClusterTreeNode>;
  private readonly subscriptions: Disposable[];
  private endProgress: (() => void) | undefined;

  constructor(accounts: HostAccounts, inventory: Inventory, workspace: WorkspaceProjects) {
    const rows = new ClusterRows(accounts, inventory, workspace);
    this.rows = rows;
    this.view = vscode.window.createTreeView(CLUSTERS_VIEW, {
      treeDataProvider: rows,
      canSelectMany: true,
      showCollapseAll: true,
    });
    this.subscriptions = [
      rows,
      this.view,
      this.view.onDidExpandElement(({ element }) => rows.remember(element, true)),
      this.view.onDidCollapseElement(({ element }) => rows.remember(element, false)),
      accounts.onDidChangeHosts(() => this.showProgress()),
      inventory.onDidChange(() => this.showProgress()),
      workspace.onDidChange(() => this.showProgress()),
    ];
  }

  /** The selected rows. */
  get selection(): readonly ClusterTreeNode[] {
    return this.view.selection;
  }

  /** Shows everything as it is known now. Reloading is the inventory's, and the rows follow it by themselves. */
  refresh(): void {
    this.rows.refresh();
  }

  /** Selects a cluster's row, opening the rows above it. Does nothing for a cluster that has no row. */
  async reveal(cluster: Cluster): Promise<void> {
    const node: ClusterTreeNode = { type: 'cluster', cluster };
    if (!parentOf(node, this.rows.knowledge)) return;
    await this.view.reveal(this.rows.known(node), { select: true, focus: false });
  }

  /** The view's own progress bar, as long as anything shown in it is loading. */
  private showProgress(): void {
    const loading = this.rows.isLoading;
    if (loading && !this.endProgress) {
      const ended = new Promise<void>((resolve) => (this.endProgress = resolve));
      void vscode.window.withProgress({ location: { viewId: CLUSTERS_VIEW } }, () => ended);
    } else if (!loading && this.endProgress) {
      this.endProgress();
      this.endProgress = undefined;
    }
  }

  dispose(): void {
    this.endProgress?.();
    for (const subscription of this.subscriptions) subscription.dispose();
  }
}
