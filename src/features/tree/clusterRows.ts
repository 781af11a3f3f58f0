import * as vscode from 'vscode';
import { searchedWords } from '../../core/arrange/clusterFilter';
import type { FleetFinder } from '../../core/arrange/fleetFinder';
import type { FinderChange } from '../../core/arrange/fleetFinding';
import type { FleetChange } from '../../core/inventory/fleetChanges';
import type { ClusterOwner } from '../../core/model/cluster';
import type { HostUrl } from '../../core/model/host';
import { atMostEvery } from '../../core/time/atMostEvery';
import type { Disposable } from '../../core/time/event';
import { nodeId } from '../../editor/clusterNodes';
import type { ClusterTreeNode } from '../../editor/clusterNodes';
import { affectedRows, bothChanges } from './affectedRows';
import { highlightsIn } from './highlights';
import type { NodeLook } from './rows/row';
import { children, listsTo, parentOf, present } from './rows/rowOf';
import { ShownRows } from './shownRows';
import { incompleteInWords } from './treeKnowledge';
import type { TreeKnowledge, TreeSources } from './treeKnowledge';
import type { TreeLoading } from './treeLoading';

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
 * The rows of one view: what is known as TreeItems. Has what a row needs loaded when VS Code first asks for its children,
 * so nothing is sent before it is shown.
 */
export class ClusterRows implements vscode.TreeDataProvider<ClusterTreeNode>, Disposable {
  readonly knowledge: TreeKnowledge;
  private readonly loading: TreeLoading;
  private readonly changed = new vscode.EventEmitter<ClusterTreeNode[] | undefined>();
  private readonly subscriptions: Disposable[];
  private readonly shown = new ShownRows();
  /** What the user opened and closed, kept for rows that go while a host fails and come back. */
  private readonly opened = new Map<string, boolean>();
  /** Ids of rows to show anew; undefined stands for the root. */
  private readonly stale = new Set<string | undefined>();
  private readonly finder: FleetFinder;
  private pending: NodeJS.Timeout | undefined;
  /** Ids of the top rows, as the view has them; undefined before it asked for them. */
  private top: string | undefined;
  private readonly pace = atMostEvery(FLEET_INTERVAL, () => this.flushFleets(), FLEET_GATHER);
  /** What groups say of hosts that were not searched, as they were last shown. */
  private incomplete: string | undefined;
  private readonly staleFleets = new Map<HostUrl, FleetChange | undefined>();

  /** Many changes at once, such as a refresh of all owners, are one event; what looks as before is none. */
  readonly onDidChangeTreeData = this.changed.event;

  constructor({ accounts, inventory, workspace, finder, diagnoses, roles }: TreeSources, loading: TreeLoading) {
    this.knowledge = loading.knowledge;
    this.loading = loading;
    this.finder = finder;
    this.incomplete = incompleteInWords(this.knowledge);
    const updateOwner = ({ host, owner }: { readonly host: HostUrl; readonly owner: ClusterOwner }): void =>
      this.update(nodeId({ type: 'owner', host, owner, watched: false, fromWorkspace: false }));
    this.subscriptions = [
      this.pace,
      accounts.onDidChangeHosts(() => this.update(undefined)),
      finder.onDidChange((change) => this.followFinder(change)),
      diagnoses.onDidChange(() => this.refresh()),
      inventory.onDidChange(({ host, owner }) => {
        if (owner) return updateOwner({ host, owner });
        if (finder.shape !== 'owners') this.followFinder({ host });
        this.update(host);
      }),
      workspace.onDidChange((host) => this.update(host)),
      loading.onDidChange((id) => this.update(id)),
      ...(roles ? [roles.onDidLearn(updateOwner)] : []),
    ];
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
    this.loading.open(node);
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
