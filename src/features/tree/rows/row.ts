import type { CommandId } from '../../../contributions';
import type { FleetChange } from '../../../core/inventory/fleetChanges';
import type { ClusterOwner } from '../../../core/model/cluster';
import type { HostUrl } from '../../../core/model/host';
import type { AgentNode, AgentsNode, ClusterTreeNode, WarningsNode } from '../../../editor/clusterNodes';
import type { TreeKnowledge } from '../treeKnowledge';

/** How a row looks and what it offers; the view only copies it into a TreeItem. */
export interface NodeLook {
  readonly label: string;
  /** Shown after the label, in words: the state is never told by colour or icon alone. */
  readonly description: string;
  /** Markdown; everything that is not ours is escaped. */
  readonly tooltip: string;
  /** Ids of a codicon and of a theme colour. */
  readonly icon: { readonly id: string; readonly color?: string };
  /**
   * Facets for `when` clauses, space-joined. The kind of row comes first and `writable` last, for
   * `viewItem =~ /\bcluster.*\bwritable\b/`.
   */
  readonly contextValue: string;
  readonly collapsible: 'none' | 'collapsed' | 'expanded';
  /**
   * For screen readers: first what is seen, in the same order (WCAG 2.5.3, for those who speak to their computer), then
   * a sentence with what the row is and where.
   */
  readonly accessibilityLabel: string;
  /** What Enter or a click does. */
  readonly command:
    { readonly id: CommandId; readonly title: string; readonly arguments: readonly unknown[] } | undefined;
}

/** What changed since rows were last compared. */
export interface RowChanges {
  /** Of each host its owners' clusters, or (undefined) the status of finding them alone. */
  readonly hosts: ReadonlyMap<HostUrl, FleetChange | undefined>;
  /** Whether clusters changed anywhere, as opposed to a status. */
  readonly hasNewClusters: boolean;
  /** Whether an owner, or one below it, changed among all owners of a host. */
  isBranchAffected(host: HostUrl, owner: ClusterOwner): boolean;
  readonly knowledge: Pick<TreeKnowledge, 'hostState' | 'ownerState'>;
}

/** Asks for what is shown below rows. */
export interface RowLoading {
  host(host: HostUrl): void;
  owner(host: HostUrl, owner: ClusterOwner): void;
  fleet(host: HostUrl): void;
  warnings(node: WarningsNode): void;
  agents(node: AgentsNode | AgentNode): void;
}

/** Where a row stands in a list so long that it may not be shown yet. */
interface ListPlace {
  /** The id of the row above; empty for the top rows. */
  readonly list: string;
  readonly position: number;
}

/** A row of one kind: how it looks, what is below and above it. Each kind has a file of its own, and `rowOf` knows all. */
export interface Row {
  look(knowledge: TreeKnowledge): NodeLook;
  /** The rows below; without it there are none. What is not known yet is a row that says so; a failure is never emptiness. */
  below?(knowledge: TreeKnowledge): readonly ClusterTreeNode[];
  /** Asks for what is below, when it is first opened. */
  load?(loading: RowLoading): void;
  /** The row it hangs under, or undefined for the top ones and for what is no longer shown. */
  above(knowledge: TreeKnowledge): ClusterTreeNode | undefined;
  /** Its place in a long list; without it, or undefined, in none. */
  listed?(knowledge: TreeKnowledge): ListPlace | undefined;
  /** Whether it can look different after these changes. */
  isAffected(changes: RowChanges): boolean;
}

/** For rows that follow events of their own. */
export function neverAffected(): boolean {
  return false;
}

/** For rows that show clusters, wherever they are. */
export function affectedByClusters({ hasNewClusters }: RowChanges): boolean {
  return hasNewClusters;
}

/** For rows that say how far things are. */
export function alwaysAffected(): boolean {
  return true;
}
