import * as l10n from '@vscode/l10n';
import { ownerName } from './siblings';
import { clusterKey } from './cluster';
import type { Cluster, ManagementProject } from './cluster';
import { scopeHeldElsewhere } from './clusterRules';

/**
 * Hands out the environment scopes of a management project, which takes one cluster of each (GitLab API contract 3.3):
 * the first that is asked about gets its scope unless a known one has it. Gives the reason why another cannot have it.
 */
export function managementScopes(
  project: ManagementProject,
  known: readonly Cluster[],
): (cluster: Cluster) => string | undefined {
  const holders = new Map<string, { readonly holder: Cluster; readonly isPlanned: boolean }>();
  for (const holder of known) {
    if (holder.managementProject?.id === project.id) holders.set(scopeKey(holder), { holder, isPlanned: false });
  }
  return (cluster) => {
    const taken = holders.get(scopeKey(cluster));
    if (!taken) {
      holders.set(scopeKey(cluster), { holder: cluster, isPlanned: true });
      return undefined;
    }
    const { holder, isPlanned } = taken;
    if (clusterKey(holder) === clusterKey(cluster)) return undefined;
    const owner = ownerName(holder.owner);
    return isPlanned
      ? l10n.t(
          'GitLab takes one cluster per environment scope for a management project, and “{0}” of {1} comes first.',
          holder.name,
          owner,
        )
      : scopeHeldElsewhere(holder.name, owner);
  };
}

/** A project's id means something at its host only; GitLab compares scopes trimmed, with regard to case. */
function scopeKey({ host, environmentScope }: Cluster): string {
  return `${host}|${environmentScope.trim()}`;
}
