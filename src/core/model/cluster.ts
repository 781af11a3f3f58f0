import type { HostUrl } from './host';

/** Where in GitLab a cluster is registered. Each level's API sees its own clusters only. */
export type ClusterLevel = 'instance' | 'group' | 'project';

/** The instance, group or project a cluster hangs on. `id` is GitLab's numeric id; paths can move, ids do not. */
export type ClusterOwner =
  { readonly level: 'instance' } | { readonly level: 'group' | 'project'; readonly id: number; readonly path: string };

/** One string per owner of a host, for maps and tree ids. */
export function ownerKey(owner: ClusterOwner): string {
  return owner.level === 'instance' ? 'instance' : `${owner.level}/${owner.id}`;
}

/** Full path of a group or project; undefined for the instance, which has none. */
export function ownerPath(owner: ClusterOwner): string | undefined {
  return owner.level === 'instance' ? undefined : owner.path;
}

/** How GitLab reaches the Kubernetes API. The service token is never returned by GitLab, so it is not here. */
export interface KubernetesPlatform {
  readonly apiUrl: string;
  readonly namespace: string | undefined;
  /** `rbac`, `abac` or `unknown_authorization`; create-only. */
  readonly authorizationType: string | undefined;
  /** PEM text as GitLab stores it. */
  readonly caCert: string | undefined;
}

/** The project whose pipelines may administer the cluster. */
export interface ManagementProject {
  readonly id: number;
  readonly path: string;
  readonly name: string;
}

/** GCP's part of a cluster GitLab created on Google Kubernetes Engine (GitLab API contract 2.3). */
export interface GcpProvider {
  readonly status: string | undefined;
  readonly projectId: string | undefined;
  readonly zone: string | undefined;
  readonly machineType: string | undefined;
  readonly nodes: number | undefined;
  readonly endpoint: string | undefined;
}

/**
 * A certificate-based cluster as GitLab records it. `undefined` means GitLab did not say: old versions return no
 * `enabled`, `managed`, `namespacePerEnvironment` (GitLab API contract 2.1). Names are not unique; key by owner and id.
 */
export interface Cluster {
  /** How much is known of it. Of others it is the name alone, or nothing that could be read. */
  readonly detail: 'full';
  readonly host: HostUrl;
  readonly owner: ClusterOwner;
  readonly id: number;
  readonly name: string;
  readonly enabled: boolean | undefined;
  readonly managed: boolean | undefined;
  readonly namespacePerEnvironment: boolean | undefined;
  readonly environmentScope: string;
  readonly baseDomain: string | undefined;
  /** `user` for a cluster added manually; `gcp` and `aws` ones keep name, API URL, token and CA read-only. */
  readonly provider: string;
  readonly platform: KubernetesPlatform | undefined;
  readonly gcp: GcpProvider | undefined;
  readonly managementProject: ManagementProject | undefined;
  readonly createdAt: Date | undefined;
  readonly createdBy: { readonly name: string; readonly username: string } | undefined;
}

/** An entry of a cluster list that could not be read; shown as a row of its own, so that it is not silently missing. */
export interface UnreadableCluster {
  readonly detail: 'unreadable';
  readonly host: HostUrl;
  readonly owner: ClusterOwner;
  /** Position in the list, for a stable row id. */
  readonly index: number;
  /** What is wrong, for the tooltip: field names and expectations, never values. */
  readonly problem: string;
}

export type ListedCluster = Cluster | UnreadableCluster;

export function isReadable(cluster: ListedCluster): cluster is Cluster {
  return cluster.detail === 'full';
}

/** One string per cluster over all hosts, for maps, tree ids and one form per target. */
export function clusterKey(cluster: Pick<Cluster, 'host' | 'owner' | 'id'>): string {
  return `${cluster.host}|${ownerKey(cluster.owner)}|${cluster.id}`;
}

/** GCP and AWS clusters refuse changes of name, API URL, service token and CA (GitLab API contract 3.3). */
export function isProvidedByUser(cluster: Pick<Cluster, 'provider'>): boolean {
  return cluster.provider === 'user';
}
