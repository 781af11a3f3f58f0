import * as vscode from 'vscode';
import { atMostEvery } from '../../core/time/atMostEvery';
import type { DiagnosisResults } from '../../core/diagnosis/results';
import type { FleetFinder } from '../../core/arrange/fleetFinder';
import type { FinderChange } from '../../core/arrange/fleetFinding';
import type { FleetChange } from '../../core/inventory/fleetChanges';
import type { Fleets } from '../../core/inventory/fleets';
import type { Disposable } from '../../core/time/event';
import type { Host, HostUrl } from '../../core/model/host';
import type { LazyPart } from '../../core/time/lazyPart';
import type { HostAccounts } from '../../core/accounts/hostAccounts';
import type { Inventory } from '../../core/inventory/inventory';
import type { OwnerRoles } from '../../core/inventory/ownerRoles';
import type { WorkspaceProjects } from '../../core/accounts/workspaceProjects';
import { nodeId } from '../../editor/clusterNodes';
import type { ClusterTreeNode, HostNode } from '../../editor/clusterNodes';
import { affectedRows, bothChanges } from './affectedRows';
import { listsTo } from './fleetChildren';
import { children, ownersOf, parentOf } from './nodeChildren';
import { present } from './nodeLook';
import type { NodeLook } from './nodeLook';
import { ShownRows } from './shownRows';
import { USUALLY_SOON } from '../../core/model/caFacts';
import { searchedWords } from '../../core/arrange/clusterFilter';
import { incompleteInWords } from './treeKnowledge';
import type { AgentKnowledge, TreeKnowledge } from './treeKnowledge';
import type { WarningRows } from './warningRows';
import { highlightsIn } from './highlights';

/** What the tree is made from. */
export interface TreeSources {
  readonly accounts: HostAccounts;
  readonly inventory: Inventory;
  readonly workspace: WorkspaceProjects;
  readonly fleets: Fleets;
  readonly finder: FleetFinder;
  readonly diagnoses: DiagnosisResults;
  readonly roles?: OwnerRoles;
  readonly warnings?: LazyPart<WarningRows>;
  /** Called whenever the view comes into sight. */
  readonly onDidShow?: () => void;
  /** Days before its end from which on a CA certificate is worth a word; as usual unless given. */
  readonly soon?: () => number;
  /** Loaded with the first row of agents that is opened; without it there are none. */
  readonly agents?: { readonly current: AgentKnowledge | undefined; get(): Promise<AgentKnowledge> };
}

/** Milliseconds between two looks at which rows of a fleet are others than the view has. */
const FLEET_INTERVAL = 250;
/**
 * Milliseconds until the first such look. VS Code shows a change at once but the next not before 200 ms of silence: when
 * "All clusters" is opened, that first change shall bring rows, not just the news that they are looked for.
 */
const FLEET_GATHER = 150;

function idsOf(rows: readonly ClusterTreeNode[]): string {
  return rows.map(nodeId).join('\n');
}

/**
 * The tree's rows: what the inventory knows as TreeItems. Loads what a row needs when VS Code first asks for its
 * children, so nothing is sent before it is shown.
 */
export class ClusterRows implements vscode.TreeDataProvider<ClusterTreeNode>, Disposable {
  readonly knowledge: TreeKnowledge;
  private readonly inventory: Inventory;
  private readonly workspace: WorkspaceProjects;
  private readonly changed = new vscode.EventEmitter<ClusterTreeNode[] | undefined>();
  private readonly subscriptions: Disposable[];
  private readonly shown = new ShownRows();
  /** What the user opened and closed, kept for rows that go while a host fails and come back. */
  private readonly opened = new Map<string, boolean>();
  /** Ids of rows to show anew; undefined stands for the root. */
  private readonly stale = new Set<string | undefined>();
  private readonly finder: FleetFinder;
  private readonly fleets: Fleets;
  private readonly lazyWarnings: LazyPart<WarningRows> | undefined;
  private warnings: WarningRows | undefined;
  private readonly agents: TreeSources['agents'];
  private pending: NodeJS.Timeout | undefined;
  /** Ids of the top rows, as the view has them; undefined before it asked for them. */
  private top: string | undefined;
  private readonly pace = atMostEvery(FLEET_INTERVAL, () => this.flushFleets(), FLEET_GATHER);
  /** What groups say of hosts that were not searched, as they were last shown. */
  private incomplete: string | undefined;
  private readonly staleFleets = new Map<HostUrl, FleetChange | undefined>();

  /** Many changes at once, such as a refresh of all owners, are one event; what looks as before is none. */
  readonly onDidChangeTreeData = this.changed.event;

  constructor(sources: TreeSources) {
    const { accounts, inventory, workspace, fleets, finder, diagnoses, roles, warnings, soon, agents } = sources;
    this.agents = agents;
    this.inventory = inventory;
    this.workspace = workspace;
    this.fleets = fleets;
    this.finder = finder;
    this.lazyWarnings = warnings;
    const openedWarnings = (): WarningRows | undefined => this.warnings;
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
      mayChange: (host, owner) => roles?.mayChange(host, owner),
      finding: finder,
      diagnosisOf: (cluster) => diagnoses.of(cluster),
      get warnings() {
        return openedWarnings() ?? (warnings && 'unopened');
      },
      agents,
      now: () => new Date(),
      soon: soon ?? (() => USUALLY_SOON),
    };
    this.incomplete = incompleteInWords(this.knowledge);
    this.subscriptions = [
      this.pace,
      accounts.onDidChangeHosts(() => this.update(undefined)),
      finder.onDidChange((change) => this.followFinder(change)),
      diagnoses.onDidChange(() => this.refresh()),
      inventory.onDidChange(({ host, owner }) => {
        if (!owner) this.followHost(host);
        this.update(owner ? nodeId({ type: 'owner', host, owner, watched: false, fromWorkspace: false }) : host);
        // Refreshing a host also asks again for the open folders' projects there.
        const reloads = !owner && inventory.hostState(host)?.state === 'loading' && workspace.of(host);
        if (reloads) void workspace.load(host, true);
      }),
      workspace.onDidChange((host) => this.update(host)),
      ...(roles
        ? [
            roles.onDidLearn(({ host, owner }) =>
              this.update(nodeId({ type: 'owner', host, owner, watched: false, fromWorkspace: false })),
            ),
          ]
        : []),
    ];
  }

  private followHost(host: HostUrl): void {
    const state = this.inventory.hostState(host)?.state;
    // What is remembered shows at once, also while the host is away; that sends nothing.
    if (state === 'loaded' || state === 'failed') void this.fleets.recall(host);
    if (this.finder.shape === 'owners') return;
    // Not before the view was seen: the host may have been asked for something else.
    if (this.top !== undefined) void this.fleets.show(host);
    this.followFinder({ host });
  }

  /** A crawl finds something ten times a second; rows follow at a pace that lets one read and click. */
  private followFinder({ host, content, list }: FinderChange): void {
    if (host === undefined || list === '') return this.update(undefined);
    if (list !== undefined) return this.update(list);
    this.staleFleets.set(host, bothChanges(this.staleFleets.get(host), content));
    this.pace.request();
  }

  private flushFleets(): void {
    const changes = new Map(this.staleFleets);
    this.staleFleets.clear();
    const { incomplete } = this;
    this.incomplete = incompleteInWords(this.knowledge);
    if (this.finder.shape === 'grouped' && incomplete !== this.incomplete) return this.update(undefined);
    if (this.finder.shape !== 'owners' && this.top !== idsOf(children(undefined, this.knowledge)))
      return this.update(undefined);
    const isAffected = affectedRows(changes, this.knowledge);
    const lookOf = (node: ClusterTreeNode): NodeLook => this.lookOf(node);
    for (const row of this.shown.rows) {
      const isList = row.type !== 'cluster' && row.type !== 'named' && row.type !== 'unreadable' && row.type !== 'more';
      if (!isList || !isAffected(row)) continue;
      if (this.shown.isOutdated(row, children(row, this.knowledge), lookOf, isAffected)) this.update(nodeId(row));
    }
  }

  /** A message at the top has its words in itself, and the view keeps the one it was given: how it is now counts. */
  private lookOf(node: ClusterTreeNode): ReturnType<typeof present> {
    const id = nodeId(node);
    const isTop = node.type === 'message' && node.parent === undefined;
    const now = isTop ? children(undefined, this.knowledge).find((row) => nodeId(row) === id) : undefined;
    return present(now ?? node, this.knowledge);
  }

  getTreeItem(node: ClusterTreeNode): vscode.TreeItem {
    const look = this.lookOf(node);
    this.shown.gaveLook(node, look);
    const opened = this.opened.get(look.id) ?? look.collapsible === 'expanded';
    const highlights = node.type === 'cluster' ? highlightsIn(look.label, searchedWords(this.finder.filterText)) : [];
    const item = new vscode.TreeItem(
      highlights.length > 0 ? { label: look.label, highlights } : look.label,
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
    item.tooltip = new vscode.MarkdownString(this.lookOf(node).tooltip);
    return item;
  }

  getChildren(node?: ClusterTreeNode): ClusterTreeNode[] {
    this.loadBelow(node);
    const below = children(node, this.knowledge);
    if (!node) this.top = idsOf(below);
    this.shown.gaveChildren(node, below);
    return [...below];
  }

  getParent(node: ClusterTreeNode): ClusterTreeNode | undefined {
    const parent = parentOf(node, this.knowledge);
    return parent && this.known(parent);
  }

  /** The row as VS Code has it, if it has it. */
  known(node: ClusterTreeNode): ClusterTreeNode {
    return this.shown.get(nodeId(node)) ?? node;
  }

  /** Keeps what the user opened or closed. */
  remember(node: ClusterTreeNode, opened: boolean): void {
    this.opened.set(nodeId(node), opened);
  }

  /** Whether a row the user opened stands in a list that the view was given anew in the last milliseconds. */
  isOpenedInNewList(node: ClusterTreeNode, milliseconds: number): boolean {
    const isNew = this.shown.ageOfChildren(parentOf(node, this.knowledge)) < milliseconds;
    return isNew && this.opened.get(nodeId(node)) === true;
  }

  /** Makes sure that long lists show this row and those above it. */
  makeRoomFor(node: ClusterTreeNode): void {
    for (const { list, position } of listsTo(node, this.knowledge))
      if (position >= this.finder.limit(list)) this.finder.showMore(list, undefined, position);
  }

  /** Shows everything as it is known now. */
  refresh(): void {
    this.update(undefined);
  }

  /** Whether anything shown is loading. */
  get isLoading(): boolean {
    return this.knowledge.hosts.some(
      (host) =>
        this.inventory.hostState(host.url)?.state === 'loading' ||
        this.fleets.status(host.url).status === 'crawling' ||
        (this.workspace.of(host.url)?.loading ?? false) ||
        ownersOf({ type: 'host', host }, this.knowledge).some(
          ({ owner }) => this.inventory.ownerState(host.url, owner)?.state === 'loading',
        ),
    );
  }

  /** What a row needs when it is first opened. Failures and their rows stay until the user refreshes. */
  private loadBelow(node: ClusterTreeNode | undefined): void {
    if (!node && this.finder.shape !== 'owners') {
      // Over all hosts: as much of each as is known or watched.
      for (const host of this.knowledge.hosts) this.loadWatched(host);
    } else if (node?.type === 'host') {
      const { url } = node.host;
      void this.inventory.ensure(url);
      if (!this.workspace.of(url)) void this.workspace.load(url);
    } else if (node?.type === 'fleet') {
      this.fleets.open(node.host);
    } else if (node?.type === 'warnings') {
      void this.openWarnings(node.host);
    } else if (node?.type === 'owner') {
      void this.inventory.ensure(node.host, node.owner);
    } else if (node?.type === 'agents' || node?.type === 'agent') {
      void this.agents?.get().then((agents) => agents.open(node));
    }
  }

  private async openWarnings(asked: HostUrl): Promise<void> {
    const made = await this.lazyWarnings?.get();
    if (made && !this.warnings) {
      this.warnings = made;
      made.onDidChange((host) => this.update(nodeId({ type: 'warnings', host })));
    }
    made?.open(asked);
  }

  /** Shows what becomes known of agents. */
  followAgents({ onDidChange }: AgentKnowledge): void {
    this.subscriptions.push(onDidChange((id) => this.update(id)));
  }

  private loadWatched(host: Host): void {
    void this.fleets.show(host.url);
    const node: HostNode = { type: 'host', host };
    const state = this.inventory.hostState(host.url);
    if (!state) this.loadBelow(node);
    else if (state.state === 'loaded') for (const owner of ownersOf(node, this.knowledge)) this.loadBelow(owner);
  }

  /** Tells the view at once of what changed, before it is asked to find a row that is new. */
  showNow(): void {
    this.flushFleets();
    if (this.pending === undefined) return;
    clearTimeout(this.pending);
    this.flush();
  }

  private update(id: HostUrl | string | undefined): void {
    this.stale.add(id);
    this.pending ??= setTimeout(() => this.flush(), 0);
  }

  private flush(): void {
    this.pending = undefined;
    const root = this.stale.has(undefined);
    const rows = [...this.stale].flatMap((id) => (id === undefined ? [] : (this.shown.get(id) ?? [])));
    this.stale.clear();
    if (root) {
      this.shown.clear();
      this.staleFleets.clear();
      this.changed.fire(undefined);
      return;
    }
    const lookOf = (node: ClusterTreeNode): NodeLook => this.lookOf(node);
    const outdated = rows.filter((row) => this.shown.isOutdated(row, children(row, this.knowledge), lookOf));
    if (outdated.length > 0) this.changed.fire(outdated);
  }

  dispose(): void {
    clearTimeout(this.pending);
    for (const subscription of this.subscriptions) subscription.dispose();
    this.changed.dispose();
  }
}
