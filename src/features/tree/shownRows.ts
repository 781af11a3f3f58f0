import { nodeId } from '../../editor/clusterNodes';
import type { ClusterTreeNode } from '../../editor/clusterNodes';
import type { NodeLook } from './rows/row';

/**
 * What the view was given, so that it is told of real changes only. A row given anew loses the click that is just being
 * made on it (VS Code: "Actual command not found"), and most loads find nothing new.
 */
export class ShownRows {
  /** VS Code knows rows by identity when told that one changed, so the very objects are kept. */
  private readonly nodes = new Map<string, ClusterTreeNode>();
  private readonly looks = new Map<string, string>();
  private readonly lists = new Map<string, readonly ClusterTreeNode[]>();
  /** When the view was last given what is below a row, in milliseconds; undefined stands for the top. */
  private readonly givenAt = new Map<string | undefined, number>();

  /** The row as the view has it. */
  get(id: string): ClusterTreeNode | undefined {
    return this.nodes.get(id);
  }

  /** All rows the view has. */
  get rows(): Iterable<ClusterTreeNode> {
    return this.nodes.values();
  }

  /** The view was given a row's look. */
  gaveLook(node: ClusterTreeNode, look: NodeLook): void {
    this.looks.set(nodeId(node), fingerprint(look));
  }

  /** The view was given the rows below one. */
  gaveChildren(node: ClusterTreeNode | undefined, children: readonly ClusterTreeNode[]): void {
    for (const child of children) this.nodes.set(nodeId(child), child);
    if (node) this.lists.set(nodeId(node), children);
    this.givenAt.set(node && nodeId(node), performance.now());
  }

  /** Milliseconds since the view was last given the rows below one, or the top rows. */
  ageOfChildren(node: ClusterTreeNode | undefined): number {
    return performance.now() - (this.givenAt.get(node && nodeId(node)) ?? -Infinity);
  }

  /**
   * Whether a row, or what is below it, is not what the view has. Rows below that it never asked for do not count, and of
   * the others only the looks of those that may look different.
   */
  isOutdated(
    node: ClusterTreeNode,
    children: readonly ClusterTreeNode[],
    lookOf: (node: ClusterTreeNode) => NodeLook,
    mayDiffer: (node: ClusterTreeNode) => boolean = () => true,
  ): boolean {
    const outdatedLook = (one: ClusterTreeNode): boolean => this.looks.get(nodeId(one)) !== fingerprint(lookOf(one));
    const given = this.lists.get(nodeId(node));
    return (
      outdatedLook(node) ||
      (given !== undefined &&
        (given.length !== children.length ||
          children.some((child, index) => !isSame(given[index], child) || (mayDiffer(child) && outdatedLook(child)))))
    );
  }

  clear(): void {
    this.nodes.clear();
    this.looks.clear();
    this.lists.clear();
  }
}

/** All that is seen; what its command is called with is in the row itself. */
function fingerprint({ command, ...seen }: NodeLook): string {
  return JSON.stringify([seen, command?.id, command?.title]);
}

/** Commands are given the row, so all it holds counts, not only what is seen of it. */
function isSame(one: ClusterTreeNode | undefined, other: ClusterTreeNode): boolean {
  if (one?.type === 'cluster' && other.type === 'cluster' && one.cluster === other.cluster) return true;
  return JSON.stringify(one) === JSON.stringify(other);
}
