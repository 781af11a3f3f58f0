import type { HostNode } from '../../../editor/clusterNodes';
import type { TreeKnowledge } from '../treeKnowledge';

/** A listed host's row; undefined for one that was removed. */
export function findHost(url: string, { hosts }: TreeKnowledge): HostNode | undefined {
  const host = hosts.find((one) => one.url === url);
  return host && { type: 'host', host };
}
