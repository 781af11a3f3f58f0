import type { Cluster } from '../model/cluster';
import type { ClusterFields } from '../model/clusterFields';

/**
 * A cluster as it would be with some fields changed, as far as that decides which environments it serves and in which
 * namespace; undefined where it decides nothing.
 */
export function withFields(cluster: Cluster, fields: ClusterFields): Cluster | undefined {
  const { enabled, managed, namespacePerEnvironment, environmentScope, managementProjectId, namespace } = fields;
  const scope = environmentScope?.trim();
  const changed: Cluster = {
    ...cluster,
    enabled: enabled ?? cluster.enabled,
    managed: managed ?? cluster.managed,
    namespacePerEnvironment: namespacePerEnvironment ?? cluster.namespacePerEnvironment,
    environmentScope: scope ? scope : cluster.environmentScope,
    platform:
      namespace === undefined || !cluster.platform
        ? cluster.platform
        : { ...cluster.platform, namespace: namespace.trim().toLowerCase() || undefined },
    managementProject:
      managementProjectId === undefined
        ? cluster.managementProject
        : managementProjectId === null
          ? undefined
          : { id: managementProjectId, path: '', name: '' },
  };
  return serving(changed) === serving(cluster) ? undefined : changed;
}

function serving(cluster: Cluster): string {
  const { enabled, managed, namespacePerEnvironment, environmentScope, managementProject, platform } = cluster;
  return JSON.stringify([
    enabled,
    managed,
    namespacePerEnvironment,
    environmentScope,
    managementProject?.id,
    platform?.namespace,
  ]);
}
