import * as z from 'zod/mini';
import type { Cluster, ClusterOwner } from '../model/cluster';
import { isReadable } from '../model/cluster';
import type { HostUrl } from '../model/host';
import type { Fleet, NamedCluster, OwnerRecord } from './fleet';
import { inSlices } from './slices';

/** Where the last known fleets are kept, a text per host. */
export interface FleetStorage {
  read(host: HostUrl): Promise<string | undefined>;
  write(host: HostUrl, text: string): Promise<void>;
  delete(host: HostUrl): Promise<void>;
}

/** Texts of another version are not read: the next crawl writes a new one. */
const VERSION = 1;

/**
 * Writes down what is known of a host, so that the next start can show it at once. In it: the host's address; ids,
 * paths and names of groups and projects; of each cluster what GitLab's API tells of it, CA certificate and creator's
 * name included; dates. Not in it: GitLab tokens, Kubernetes tokens (GitLab tells none), failures and their messages.
 */
export async function rememberFleet(fleet: Fleet, storage: FleetStorage): Promise<void> {
  const texts = new Map<string, number>();
  const put = (text: string | undefined): number => {
    if (text === undefined) return 0;
    const index = texts.get(text) ?? texts.size + 1;
    texts.set(text, index);
    return index;
  };
  const groups: string[] = [];
  await inSlices([...fleet.groups], ({ id, path, name, parentId }) => {
    groups.push(JSON.stringify([id, path, name, parentId ?? 0]));
  });
  const owners: string[] = [];
  await inSlices([...fleet.owners], (record) => {
    const written = ownerRow(record, put);
    if (written) owners.push(JSON.stringify(written));
  });
  const head = {
    version: VERSION,
    host: fleet.host,
    completedAt: fleet.completedAt?.toISOString(),
    texts: [...texts.keys()],
  };
  const body = `"groups":[${groups.join(',')}],"owners":[${owners.join(',')}]`;
  await storage.write(fleet.host, `${JSON.stringify(head).slice(0, -1)},${body}}`);
}

/**
 * Fills a fleet with what was remembered of its host, but for owners that are known by now. False where nothing of use
 * was remembered; what cannot be read is not worth a word, since the next crawl writes it anew.
 */
export async function recallFleet(fleet: Fleet, storage: FleetStorage): Promise<boolean> {
  const text = await storage.read(fleet.host);
  const file = text === undefined ? undefined : parsed(text);
  if (file?.host !== fleet.host) return false;
  const take = (index: number): string | undefined => (index === 0 ? undefined : file.texts[index - 1]);
  const owners: OwnerRecord[] = [];
  await inSlices(file.owners, (row) => {
    const read = z.safeParse(ownerSchema, row);
    if (read.success) owners.push(toRecord(fleet.host, read.data, take));
  });
  // A half of the fleet would look like the whole.
  if (owners.length < file.owners.length) return false;
  const groups = file.groups.map(([id, path, name, parent]) => ({
    id,
    path,
    name,
    parentId: parent === 0 ? undefined : parent,
  }));
  const at = file.completedAt === undefined ? Number.NaN : Date.parse(file.completedAt);
  fleet.restore({ groups, owners, at: Number.isNaN(at) ? undefined : new Date(at) });
  return true;
}

const count = z.int();
const index = z.int().check(z.nonnegative());

const fileSchema = z.object({
  version: z.literal(VERSION),
  host: z.string(),
  completedAt: z.optional(z.string()),
  texts: z.array(z.string()),
  groups: z.array(z.tuple([count, z.string(), z.string(), count])),
  owners: z.array(z.unknown()),
});

/** Id, name, switches, scope, base domain, provider, API URL, namespace, authorization type, CA, creation, creator, … */
const clusterSchema = z.tuple([
  count,
  z.string(),
  index,
  index,
  index,
  index,
  z.nullable(z.tuple([index, index, index, index])),
  z.nullable(z.number()),
  z.nullable(z.tuple([index, index])),
  z.nullable(z.tuple([count, index, index])),
  z.nullable(z.tuple([index, index, index, index, z.nullable(z.number()), index])),
]);
/** Level, id, path, name, archived, when read, clusters, names. */
const ownerSchema = z.tuple([
  z.enum(['instance', 'group', 'project']),
  count,
  z.string(),
  z.string(),
  z.boolean(),
  z.nullable(z.number()),
  z.array(clusterSchema),
  z.array(z.tuple([count, z.string()])),
]);

type OwnerRow = z.infer<typeof ownerSchema>;
type ClusterRow = z.infer<typeof clusterSchema>;
type Put = (text: string | undefined) => number;
type Take = (index: number) => string | undefined;

function parsed(text: string): z.infer<typeof fileSchema> | undefined {
  try {
    return z.safeParse(fileSchema, JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

/** Undefined for an owner of which only a failure is known. */
function ownerRow({ owner, name, archived, clusters, named, readAt }: OwnerRecord, put: Put): OwnerRow | undefined {
  const kept = clusters.filter(isReadable);
  // Names for any other reason than this are of no use once the reason is gone.
  const names = named.filter(({ reason }) => reason === 'clustersUnavailable');
  if (kept.length === 0 && names.length === 0) return undefined;
  const [id, path] = owner.level === 'instance' ? [0, ''] : [owner.id, owner.path];
  return [
    owner.level,
    id,
    path,
    name,
    archived,
    readAt ?? null,
    kept.map((cluster) => clusterRow(cluster, put)),
    names.map((one): [number, string] => [one.id, one.name]),
  ];
}

function clusterRow(cluster: Cluster, put: Put): ClusterRow {
  const { platform, createdBy, managementProject, gcp } = cluster;
  return [
    cluster.id,
    cluster.name,
    ternary([cluster.enabled, cluster.managed, cluster.namespacePerEnvironment]),
    put(cluster.environmentScope),
    put(cluster.baseDomain),
    put(cluster.provider),
    platform
      ? [put(platform.apiUrl), put(platform.namespace), put(platform.authorizationType), put(platform.caCert)]
      : null,
    cluster.createdAt?.getTime() ?? null,
    createdBy ? [put(createdBy.name), put(createdBy.username)] : null,
    managementProject ? [managementProject.id, put(managementProject.path), put(managementProject.name)] : null,
    gcp
      ? [put(gcp.status), put(gcp.projectId), put(gcp.zone), put(gcp.machineType), gcp.nodes ?? null, put(gcp.endpoint)]
      : null,
  ];
}

function toRecord(host: HostUrl, row: OwnerRow, take: Take): OwnerRecord {
  const [level, id, path, name, archived, readAt, clusters, names] = row;
  const owner: ClusterOwner = level === 'instance' ? { level } : { level, id, path };
  const named = names.flatMap(([clusterId, clusterName]): NamedCluster[] =>
    level === 'instance'
      ? []
      : [{ host, level, path, ownerId: id, id: clusterId, name: clusterName, reason: 'clustersUnavailable' }],
  );
  return {
    owner,
    name,
    archived,
    clusters: clusters.map((cluster) => toCluster(host, owner, cluster, take)),
    named,
    failure: undefined,
    readAt: readAt ?? undefined,
  };
}

function toCluster(host: HostUrl, owner: ClusterOwner, row: ClusterRow, take: Take): Cluster {
  const [id, name, switches, scope, domain, provider, platform, createdAt, creator, project, gcp] = row;
  const [enabled, managed, namespacePerEnvironment] = fromTernary(switches);
  return {
    host,
    owner,
    id,
    name,
    enabled,
    managed,
    namespacePerEnvironment,
    environmentScope: take(scope) ?? '*',
    baseDomain: take(domain),
    provider: take(provider) ?? 'user',
    platform: platform
      ? {
          apiUrl: take(platform[0]) ?? '',
          namespace: take(platform[1]),
          authorizationType: take(platform[2]),
          caCert: take(platform[3]),
        }
      : undefined,
    gcp: gcp
      ? {
          status: take(gcp[0]),
          projectId: take(gcp[1]),
          zone: take(gcp[2]),
          machineType: take(gcp[3]),
          nodes: gcp[4] ?? undefined,
          endpoint: take(gcp[5]),
        }
      : undefined,
    managementProject: project
      ? { id: project[0], path: take(project[1]) ?? '', name: take(project[2]) ?? '' }
      : undefined,
    createdAt: createdAt === null ? undefined : new Date(createdAt),
    createdBy: creator ? { name: take(creator[0]) ?? '', username: take(creator[1]) ?? '' } : undefined,
  };
}

type Switches = readonly [boolean | undefined, boolean | undefined, boolean | undefined];

/** Three switches that may be unknown as one number of base 3. */
function ternary(switches: Switches): number {
  return switches.reduce((sum: number, one) => sum * 3 + (one === undefined ? 0 : one ? 2 : 1), 0);
}

function fromTernary(value: number): Switches {
  const digit = (place: number): boolean | undefined => {
    const at = Math.floor(value / place) % 3;
    return at === 0 ? undefined : at === 2;
  };
  return [digit(9), digit(3), digit(1)];
}
