import type { Cluster } from '../model/cluster';

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
    // Each property is named, so that the compiler asks about a new one.
    return {
      detail: cluster.detail,
      host: cluster.host,
      owner: cluster.owner,
      id: cluster.id,
      name: cluster.name,
      enabled: cluster.enabled,
      managed: cluster.managed,
      namespacePerEnvironment: cluster.namespacePerEnvironment,
      environmentScope: text(cluster.environmentScope),
      baseDomain: optional(cluster.baseDomain),
      provider: text(cluster.provider),
      platform: platform && {
        apiUrl: text(platform.apiUrl),
        namespace: optional(platform.namespace),
        authorizationType: optional(platform.authorizationType),
        caCert: optional(platform.caCert),
      },
      gcp: cluster.gcp,
      createdAt: cluster.createdAt,
      createdBy: createdBy && same(people, `${createdBy.username}\n${createdBy.name}`, createdBy),
      managementProject:
        managementProject &&
        same(
          projects,
          `${managementProject.id}\n${managementProject.path}\n${managementProject.name}`,
          managementProject,
        ),
    };
  };
}

function same<T>(known: Map<string, T>, key: string, value: T): T {
  const before = known.get(key);
  if (before !== undefined) return before;
  known.set(key, value);
  return value;
}
