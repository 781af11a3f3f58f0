import type { Cluster, ClusterOwner, KubernetesPlatform } from '../model/cluster';
import type { HostUrl } from '../model/host';
import { withoutCredentials } from '../model/withoutCredentials';
import type { NumberReader, NumberWriter } from './numberStream';

type Writer = (cluster: Cluster, out: NumberWriter) => void;

/** How each part of a cluster is written, in this order. */
const writers: Readonly<Record<Exclude<keyof Cluster, 'detail' | 'host' | 'owner'>, Writer>> = {
  id: ({ id }, out) => out.put(id),
  name: ({ name }, out) => out.text(name),
  enabled: ({ enabled }, out) => out.flag(enabled),
  managed: ({ managed }, out) => out.flag(managed),
  namespacePerEnvironment: ({ namespacePerEnvironment }, out) => out.flag(namespacePerEnvironment),
  environmentScope: ({ environmentScope }, out) => out.text(environmentScope),
  baseDomain: ({ baseDomain }, out) => out.text(baseDomain),
  provider: ({ provider }, out) => out.text(provider),
  // A date before 1970 is nobody's, and would need a sign.
  createdAt: ({ createdAt }, out) => out.optional(createdAt && Math.max(0, createdAt.getTime())),
  platform: ({ platform }, out) => {
    out.flag(platform !== undefined);
    if (platform) for (const write of platformParts) write(platform, out);
  },
  gcp: ({ gcp }, out) => {
    out.flag(gcp !== undefined);
    if (!gcp) return;
    for (const text of [gcp.status, gcp.projectId, gcp.zone, gcp.machineType, gcp.endpoint]) out.text(text);
    out.optional(gcp.nodes);
  },
  managementProject: ({ managementProject }, out) => {
    out.flag(managementProject !== undefined);
    if (!managementProject) return;
    out.put(managementProject.id);
    out.text(managementProject.path);
    out.text(managementProject.name);
  },
  createdBy: ({ createdBy }, out) => {
    out.flag(createdBy !== undefined);
    if (!createdBy) return;
    out.text(createdBy.name);
    out.text(createdBy.username);
  },
};
const clusterParts = Object.values(writers);

const platformWriters: Readonly<
  Record<keyof KubernetesPlatform, (platform: KubernetesPlatform, out: NumberWriter) => void>
> = {
  apiUrl: ({ apiUrl }, out) => out.text(withoutCredentials(apiUrl)),
  namespace: ({ namespace }, out) => out.text(namespace),
  authorizationType: ({ authorizationType }, out) => out.text(authorizationType),
  caCert: ({ caCert }, out) => out.text(caCert),
};
const platformParts = Object.values(platformWriters);

/** Writes what is remembered of a cluster. */
export function writeCluster(cluster: Cluster, out: NumberWriter): void {
  for (const write of clusterParts) write(cluster, out);
}

/** Reads it. The order of the fields is the order they were written in. Throws RangeError where there are too few. */
export function readCluster(host: HostUrl, owner: ClusterOwner, from: NumberReader): Cluster {
  const id = from.integer();
  const name = from.words();
  const enabled = from.flag();
  const managed = from.flag();
  const namespacePerEnvironment = from.flag();
  const environmentScope = from.words();
  const baseDomain = from.text();
  const provider = from.words();
  const createdAt = from.optional();
  const platform = from.flag()
    ? { apiUrl: from.words(), namespace: from.text(), authorizationType: from.text(), caCert: from.text() }
    : undefined;
  const gcp = from.flag()
    ? {
        status: from.text(),
        projectId: from.text(),
        zone: from.text(),
        machineType: from.text(),
        endpoint: from.text(),
        nodes: from.optional(),
      }
    : undefined;
  const managementProject = from.flag() ? { id: from.integer(), path: from.words(), name: from.words() } : undefined;
  const createdBy = from.flag() ? { name: from.words(), username: from.words() } : undefined;
  return {
    detail: 'full',
    host,
    owner,
    id,
    name,
    enabled,
    managed,
    namespacePerEnvironment,
    environmentScope,
    baseDomain,
    provider,
    platform,
    gcp,
    managementProject,
    createdAt: createdAt === undefined ? undefined : new Date(createdAt),
    createdBy,
  };
}
