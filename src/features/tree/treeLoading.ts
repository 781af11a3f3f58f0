import type { FleetFinder } from '../../core/arrange/fleetFinder';
import type { Fleets } from '../../core/inventory/fleets';
import type { Inventory } from '../../core/inventory/inventory';
import type { WorkspaceProjects } from '../../core/accounts/workspaceProjects';
import type { ClusterOwner } from '../../core/model/cluster';
import type { HostUrl } from '../../core/model/host';
import { Emitter } from '../../core/time/event';
import type { Disposable } from '../../core/time/event';
import { nodeId } from '../../editor/clusterNodes';
import type { AgentNode, AgentsNode, ClusterTreeNode, WarningsNode } from '../../editor/clusterNodes';
import { ownersOf } from './rows/owner';
import type { RowLoading } from './rows/row';
import { rowOf } from './rows/rowOf';
import { knowledgeOf } from './treeKnowledge';
import type { AgentKnowledge, TreeKnowledge, TreeSources } from './treeKnowledge';

/**
 * What is read for rows that somebody sees: nothing before they are opened, and each once, however many views show them.
 * Failures and their rows stay until the user refreshes.
 */
export class TreeLoading implements RowLoading, Disposable {
  readonly knowledge: TreeKnowledge;
  private readonly inventory: Inventory;
  private readonly workspace: WorkspaceProjects;
  private readonly fleets: Fleets;
  private readonly finder: FleetFinder;
  private readonly lazyWarnings: TreeSources['warnings'];
  private readonly lazyAgents: TreeSources['agents'];
  private readonly changed = new Emitter<string>();
  private readonly subscriptions: Disposable[];
  /** Whether the top rows were asked for. */
  private seen = false;
  private followsWarnings = false;

  /** Ids of rows that may look different, of those whose part was loaded after the start. */
  readonly onDidChange = this.changed.event;

  constructor(sources: TreeSources) {
    const { inventory, workspace, fleets, finder, warnings, agents } = sources;
    this.knowledge = knowledgeOf(sources);
    this.inventory = inventory;
    this.workspace = workspace;
    this.fleets = fleets;
    this.finder = finder;
    this.lazyWarnings = warnings;
    this.lazyAgents = agents;
    this.subscriptions = [
      this.changed,
      inventory.onDidChange(({ host, owner }) => {
        if (!owner) this.followHost(host);
      }),
    ];
  }

  /** Shows what becomes known of agents. */
  followAgents({ onDidChange }: AgentKnowledge): void {
    this.subscriptions.push(onDidChange((id) => this.changed.fire(id)));
  }

  /** Reads what a row needs that is opened; undefined stands for the top. */
  open(node: ClusterTreeNode | undefined): void {
    if (node) return rowOf(node).load?.(this);
    this.seen = true;
    // Over all hosts: as much of each as is known or watched.
    if (this.finder.shape !== 'owners') for (const { url } of this.knowledge.hosts) this.watchedOf(url);
  }

  host(host: HostUrl): void {
    void this.inventory.ensure(host);
    if (!this.workspace.of(host)) void this.workspace.load(host);
  }

  owner(host: HostUrl, owner: ClusterOwner): void {
    void this.inventory.ensure(host, owner);
  }

  fleet(host: HostUrl): void {
    this.fleets.open(host);
  }

  warnings(node: WarningsNode): void {
    void this.lazyWarnings?.get().then((made) => {
      if (!this.followsWarnings) this.subscriptions.push(made.onDidChange((at) => this.fireWarnings(at)));
      this.followsWarnings = true;
      made.open(node);
    });
  }

  agents(node: AgentsNode | AgentNode): void {
    void this.lazyAgents?.get().then((agents) => agents.open(node));
  }

  /** Whether anything shown is loading. */
  get isLoading(): boolean {
    const { inventory, workspace, fleets, knowledge } = this;
    return knowledge.hosts.some(
      ({ url }) =>
        inventory.hostState(url)?.state === 'loading' ||
        fleets.status(url).status === 'crawling' ||
        (workspace.of(url)?.loading ?? false) ||
        this.ownersAt(url).some((owner) => inventory.ownerState(url, owner)?.state === 'loading'),
    );
  }

  private fireWarnings(host: HostUrl): void {
    for (const list of [undefined, 'moves'] as const) this.changed.fire(nodeId({ type: 'warnings', list, host }));
  }

  private followHost(host: HostUrl): void {
    const state = this.inventory.hostState(host)?.state;
    // What is remembered shows at once, also while the host is away; that sends nothing.
    if (state === 'loaded' || state === 'failed') void this.fleets.recall(host);
    // Not before a view was seen: the host may have been asked for something else.
    if (this.seen && this.finder.shape !== 'owners') void this.fleets.show(host);
    // Refreshing a host also asks again for the open folders' projects there.
    if (state === 'loading' && this.workspace.of(host)) void this.workspace.load(host, true);
  }

  private watchedOf(host: HostUrl): void {
    void this.fleets.show(host);
    const state = this.inventory.hostState(host);
    // What is remembered is shown first: the first connection keeps the extension host computing for a while.
    if (!state) void this.fleets.recall(host).then(() => setTimeout(() => this.host(host), 0));
    else if (state.state === 'loaded') for (const owner of this.ownersAt(host)) this.owner(host, owner);
  }

  private ownersAt(url: HostUrl): readonly ClusterOwner[] {
    const host = this.knowledge.hosts.find((one) => one.url === url);
    return host ? ownersOf({ type: 'host', host }, this.knowledge).map(({ owner }) => owner) : [];
  }

  dispose(): void {
    for (const subscription of this.subscriptions) subscription.dispose();
  }
}
