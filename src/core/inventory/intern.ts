import type { Cluster } from '../model/cluster';

/** What differs from cluster to cluster, or is small. The compiler asks about anything else of a cluster. */
type NotShared =
  'detail' | 'host' | 'owner' | 'id' | 'name' | 'enabled' | 'managed' | 'namespacePerEnvironment' | 'gcp' | 'createdAt';

/**
 * Makes equal texts of many clusters one string: thousands of registrations share a CA certificate, an API URL and a
 * creator, and each answer brings its own copy. Lives as long as a crawl, so that it holds nothing by itself.
 */
export function interner(): (cluster: Cluster) => Cluster {
  const texts = new Map<string, string>();
  const people = new Map<string, NonNullable<Cluster['createdBy']>>();
  const projects = new Map<string, NonNullable<Cluster['managementProject']>>();
  const text = (value: string): string => same(texts, value, value);
  const optional = (value: string | undefined): string | undefined => (value === undefined ? undefined : text(value));
  return (cluster) => {
    const { platform, createdBy, managementProject } = cluster;
    const shared: Omit<Cluster, NotShared> = {
      environmentScope: text(cluster.environmentScope),
      baseDomain: optional(cluster.baseDomain),
      provider: text(cluster.provider),
      platform: platform && {
        apiUrl: text(platform.apiUrl),
        namespace: optional(platform.namespace),
        authorizationType: optional(platform.authorizationType),
        caCert: optional(platform.caCert),
      },
      createdBy: createdBy && same(people, `${createdBy.username}\n${createdBy.name}`, createdBy),
      managementProject:
        managementProject &&
        same(
          projects,
          `${managementProject.id}\n${managementProject.path}\n${managementProject.name}`,
          managementProject,
        ),
    };
    return { ...cluster, ...shared };
  };
}

function same<T>(known: Map<string, T>, key: string, value: T): T {
  const before = known.get(key);
  if (before !== undefined) return before;
  known.set(key, value);
  return value;
}
