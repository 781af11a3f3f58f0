import * as vscode from 'vscode';
import { CLUSTERS_VIEW } from '../../contributions';
import { atMostEvery } from '../../core/time/atMostEvery';
import type { KnownCluster } from '../../core/inventory/ownerRecord';
import type { FleetFinder } from '../../core/arrange/fleetFinder';
import type { Cluster, ClusterOwner } from '../../core/model/cluster';
import type { Disposable } from '../../core/time/event';
import type { Host } from '../../core/model/host';
import type { Inventory } from '../../core/inventory/inventory';
import { plain } from '../../core/model/plainText';
import { clusterTitle, placedTitle } from '../../core/model/titles';
import { notify } from '../../editor/notify';
import { nodeId } from '../../editor/clusterNodes';
import type { HostOwner } from '../../editor/pickers';
import type { ClusterTreeNode } from '../../editor/clusterNodes';
import { ClusterRows } from './clusterRows';
import { ownersOf } from './rows/owner';
import { placeOf, placeOfNamed } from './rows/placeOf';
import { parentOf } from './rows/rowOf';
import type { AgentKnowledge, TreeSources } from './treeKnowledge';
import { TreeLoading } from './treeLoading';
import { ViewState } from './viewState';

/** Milliseconds within which VS Code has opened a row, and within which it has read rows that it was given anew. */
const OPENING = 300;
const READING = 1000;
/** How often a row is to be selected that VS Code does not find while others change. */
const ATTEMPTS = 3;

/** The Clusters view: the rows, what is selected in it, and its progress bar. */
export class ClusterTree implements Disposable {
  private readonly loading: TreeLoading;
  private readonly rows: ClusterRows;
  private readonly finder: FleetFinder;
  private readonly accounts: TreeSources['accounts'];
  private readonly inventory: Inventory;
  private readonly view: vscode.TreeView<ClusterTreeNode>;
  private readonly subscriptions: Disposable[];
  private readonly state: ViewState;
  private readonly messagePace = atMostEvery(500, () => this.state.show());
  private endProgress: (() => void) | undefined;

  constructor(sources: TreeSources) {
    const { accounts, inventory, workspace, finder } = sources;
    const loading = new TreeLoading(sources);
    const rows = new ClusterRows(sources, loading);
    this.loading = loading;
    this.rows = rows;
    this.finder = finder;
    this.accounts = accounts;
    this.inventory = inventory;
    this.view = vscode.window.createTreeView(CLUSTERS_VIEW, {
      treeDataProvider: rows,
      canSelectMany: true,
      showCollapseAll: true,
    });
    this.state = new ViewState(this.view, finder, loading.knowledge);
    const { onDidShow } = sources;
    if (this.view.visible) onDidShow?.();
    this.subscriptions = [
      loading,
      rows,
      this.view,
      this.view.onDidChangeVisibility(({ visible }) => {
        if (visible) onDidShow?.();
      }),
      this.view.onDidExpandElement(({ element }) => {
        rows.remember(element, true);
        setTimeout(() => this.keepOpen(element), OPENING);
      }),
      this.view.onDidCollapseElement(({ element }) => rows.remember(element, false)),
      accounts.onDidChangeHosts(() => this.showProgress()),
      inventory.onDidChange(() => this.showProgress()),
      workspace.onDidChange(() => this.showProgress()),
      this.messagePace,
      finder.onDidChange(({ host }) => {
        this.showProgress();
        // At leisure for what a crawl finds; for what the user chose with the rows.
        if (host !== undefined) this.messagePace.request();
      }),
      // VS Code shows the first change at once and gathers 200 ms of others after it, so the rows go before the message.
      rows.onDidChangeTreeData((changed) => {
        if (changed === undefined) this.state.show();
      }),
    ];
    this.state.show();
  }

  /** What the icon of the view carries. */
  showBadge(badge: vscode.ViewBadge | undefined): void {
    this.view.badge = badge;
  }

  /** The selected rows. */
  get selection(): readonly ClusterTreeNode[] {
    return this.view.selection;
  }

  /** The instance for administrators, and what is watched or was found in the open folders. */
  ownersOf(host: Host): readonly ClusterOwner[] {
    return ownersOf({ type: 'host', host }, this.rows.knowledge).map(({ owner }) => owner);
  }

  /** Shows what becomes known of agents. */
  followAgents(agents: AgentKnowledge): void {
    this.loading.followAgents(agents);
  }

  /** Shows everything as it is known now. Reloading is the inventory's, and the rows follow it by themselves. */
  refresh(): void {
    this.rows.refresh();
  }

  /** Selects a cluster's row, opening and reading the rows above it. False for a cluster that has no row. */
  private async reveal(cluster: KnownCluster): Promise<boolean> {
    const { knowledge } = this.rows;
    const isWatched = cluster.detail === 'full' && parentOf({ type: 'cluster', cluster }, knowledge) !== undefined;
    if (cluster.detail === 'full') await this.listOf(cluster, isWatched && this.finder.shape === 'owners');
    this.finder.fleet(cluster.host).tellNow();
    const node = cluster.detail === 'full' ? placeOf(cluster, isWatched, knowledge) : placeOfNamed(cluster, knowledge);
    if (!node) return false;
    this.rows.makeRoomFor(node);
    this.rows.showNow();
    try {
      await this.select(node);
      return true;
    } catch {
      // It went in the meantime: VS Code finds no such row.
      return false;
    }
  }

  /** VS Code gives up without a word where rows change while it looks for one. */
  private async select(node: ClusterTreeNode): Promise<void> {
    for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
      await this.view.reveal(this.rows.known(node), { select: true, focus: false });
      if (this.view.selection.some((row) => nodeId(row) === nodeId(node))) return;
    }
  }

  /** Selects what was just saved or gone to. A filter that hides it stays, since it is the user's, but that is told. */
  async show(cluster: KnownCluster): Promise<void> {
    if ((await this.reveal(cluster)) || this.finder.filterText === '') return;
    const clear = vscode.l10n.t('Clear Filter');
    const host = plain(this.accounts.find(cluster.host)?.name ?? cluster.host);
    const message = vscode.l10n.t(
      'The cluster {0} does not match the filter “{1}”, so it is not shown.',
      cluster.detail === 'full' ? placedTitle(cluster, host) : `${clusterTitle(cluster)} · ${host}`,
      plain(this.finder.filterText),
    );
    // Not awaited: what was asked for is over, while the message may stay for long.
    void notify('information', message, clear).then(async (answer) => {
      if (answer !== clear) return;
      this.finder.setFilter('');
      await this.reveal(cluster);
    });
  }

  /** Selects the row of all clusters of a host, where hosts have one. */
  async showFleet({ url }: Host): Promise<void> {
    if (this.finder.shape !== 'owners') return;
    this.rows.showNow();
    try {
      await this.view.reveal(this.rows.known({ type: 'fleet', host: url }), {
        select: true,
        focus: false,
        expand: true,
      });
    } catch {
      // The host says nothing just now, so that it has no such row.
    }
  }

  /** Selects the row of what was just watched. */
  async showOwner({ host, owner }: HostOwner): Promise<void> {
    this.rows.showNow();
    const node: ClusterTreeNode = { type: 'owner', host, owner, watched: true, fromWorkspace: false };
    if (!parentOf(node, this.rows.knowledge)) return;
    try {
      await this.view.reveal(this.rows.known(node), { select: true, focus: false });
    } catch {
      // A filter or groups show other rows.
    }
  }

  /** Waits until the clusters of an owner are known that is being read. `read`: reads one that nobody opened yet. */
  private async listOf({ host, owner }: Cluster, read: boolean): Promise<void> {
    const { inventory } = this;
    if (read) void inventory.ensure(host, owner);
    const isAwaited = (): boolean => {
      const state = inventory.ownerState(host, owner);
      return state?.state === 'loading' && state.value === undefined;
    };
    if (!isAwaited()) return;
    await new Promise<void>((resolve) => {
      const subscription = inventory.onDidChange(() => {
        if (isAwaited()) return;
        subscription.dispose();
        resolve();
      });
    });
  }

  /**
   * VS Code closes a row again, and tells nobody, that is opened while it reads the rows around it anew: a click in the
   * moment of a refresh would be lost. To open a row that is open does nothing.
   */
  private keepOpen(row: ClusterTreeNode): void {
    if (!this.view.visible || !this.rows.isOpenedInNewList(row, OPENING + READING)) return;
    const opened = this.view.reveal(this.rows.known(row), { select: false, focus: false, expand: true });
    // It went in the meantime.
    opened.then(undefined, () => undefined);
  }

  /** The view's own progress bar, as long as anything shown in it is loading. */
  private showProgress(): void {
    const loading = this.loading.isLoading;
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
