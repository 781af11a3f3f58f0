import * as l10n from '@vscode/l10n';
import { ownerKey, ownerPath } from './cluster';
import type { Cluster, ClusterOwner } from './cluster';
import type { Sibling } from './clusterRules';
import type { HostUrl } from './host';

/**
 * The known clusters whose environment scope may be in the way of one at `owner`: those of the same owner, and
 * elsewhere at the host those with a management project, since scopes must differ among its clusters too.
 */
export function siblingsOf(known: readonly Cluster[], host: HostUrl, owner: ClusterOwner, itself?: number): Sibling[] {
  const key = ownerKey(owner);
  return known
    .filter((cluster) => cluster.host === host)
    .filter((cluster) => ownerKey(cluster.owner) !== key || cluster.id !== itself)
    .filter((cluster) => ownerKey(cluster.owner) === key || cluster.managementProject !== undefined)
    .map((cluster) => ({
      id: cluster.id,
      name: cluster.name,
      environmentScope: cluster.environmentScope,
      enabled: cluster.enabled,
      managementProjectId: cluster.managementProject?.id,
      elsewhere: ownerKey(cluster.owner) === key ? undefined : ownerName(cluster.owner),
    }));
}

/** An owner in a sentence. */
export function ownerName(owner: ClusterOwner): string {
  return ownerPath(owner) ?? l10n.t('the instance');
}
