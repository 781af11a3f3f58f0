import * as z from 'zod/mini';
import type { PagedGroup } from '../gitlab/ownerPages';
import { attributeNames } from '../model/attributes';
import { attributeUses } from '../model/attributeUses';
import type { Cluster, ClusterOwner } from '../model/cluster';
import { isReadable, ownerPath } from '../model/cluster';
import type { HostUrl } from '../model/host';
import type { Fleet } from './fleet';
import type { NameOnlyCluster, OwnerRecord, RememberedOwner } from './ownerRecord';
import { NumberReader, NumberWriter } from './numberStream';
import { readCluster, writeCluster } from './rememberedCluster';
import { inSlices } from '../time/slices';

/** Where the last known fleets are kept, a text per host. */
export interface FleetStorage {
  read(host: HostUrl): Promise<string | undefined>;
  write(host: HostUrl, text: string): Promise<void>;
  delete(host: HostUrl): Promise<void>;
}

/** Texts of another version are not read: the next crawl writes a new one. */
const VERSION = 1;

/** What is kept of each cluster: a file with other attributes is out of step with what reads it. */
const remembered = attributeNames
  .filter((attribute) => attributeUses[attribute].remembered)
  .toSorted()
  .join(' ');
/** The attributes of files that do not name them. */
const FIRST_REMEMBERED =
  'apiUrl authorizationType baseDomain caCert enabled environmentScope managed managementProjectId name namespace namespacePerEnvironment';

/**
 * Every text once, and everything else as one row of numbers: ten thousand clusters are read and checked in the time a
 * schema of each of them would take to warm up.
 */
const fileSchema = z.object({
  version: z.literal(VERSION),
  host: z.string(),
  attributes: z._default(z.string(), FIRST_REMEMBERED),
  completedAt: z.optional(z.string()),
  texts: listOf((item): item is string => typeof item === 'string'),
  numbers: listOf((item): item is number => Number.isFinite(item)),
});

/** A list checked as it is: a schema for the items would make a copy, and an object for each of them on the way. */
function listOf<T>(fits: (item: unknown) => item is T) {
  return z.custom<readonly T[]>((value) => Array.isArray(value) && value.every(fits));
}

/**
 * Writes down what is known of a host, so that the next start can show it at once. In it: the host's address; ids,
 * paths and names of groups and projects; of each cluster what GitLab's API tells of it, CA certificate and creator's
 * name included; dates. Not in it: GitLab tokens, Kubernetes tokens (GitLab tells none), user names and passwords of API
 * URLs, failures and their messages.
 */
export async function rememberFleet(fleet: Fleet, storage: FleetStorage): Promise<void> {
  const out = new NumberWriter();
  const groups = [...fleet.groups];
  out.put(groups.length);
  await inSlices(groups, (group) => writeGroup(group, out));
  const records = fleet.owners.map(lasting).filter((record) => record.clusters.length + record.named.length > 0);
  out.put(records.length);
  await inSlices(records, (record) => writeRecord(record, out));
  const { host, completedAt } = fleet;
  const { texts, numbers } = out;
  await storage.write(
    host,
    JSON.stringify({
      version: VERSION,
      host,
      attributes: remembered,
      completedAt: completedAt?.toISOString(),
      texts,
      numbers,
    }),
  );
}

/**
 * Fills a fleet with what was remembered of its host, but for owners that are known by now. False where nothing of use
 * was remembered; what cannot be read is not worth a word, since the next crawl writes it anew.
 */
export async function recallFleet(fleet: Fleet, storage: FleetStorage): Promise<boolean> {
  const text = await storage.read(fleet.host);
  const file = text === undefined ? undefined : parsed(text);
  if (file?.host !== fleet.host || file.attributes !== remembered) return false;
  const from = new NumberReader(file.texts, file.numbers);
  const groups: PagedGroup[] = [];
  const owners: RememberedOwner[] = [];
  try {
    await inSlices(upTo(from.count()), () => groups.push(readGroup(from)));
    await inSlices(upTo(from.count()), () => owners.push(readRecord(fleet.host, from)));
    if (!from.atEnd) return false;
  } catch (error) {
    // Half of a fleet would look like the whole.
    if (error instanceof RangeError) return false;
    throw error;
  }
  const at = new Date(file.completedAt ?? '');
  fleet.restore({ groups, owners, at: Number.isNaN(at.getTime()) ? undefined : at });
  return true;
}

function parsed(text: string): z.infer<typeof fileSchema> | undefined {
  try {
    return z.safeParse(fileSchema, JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

function* upTo(count: number): Generator<number> {
  for (let index = 0; index < count; index++) yield index;
}

/** Of an owner what is still of use at the next start: names for any reason but this are not, once the reason is gone. */
function lasting(record: OwnerRecord): OwnerRecord & { readonly clusters: readonly Cluster[] } {
  return {
    ...record,
    clusters: record.clusters.filter(isReadable),
    named: record.named.filter(({ reason }) => reason === 'clustersUnavailable'),
  };
}

function writeGroup({ id, path, name, parentId }: PagedGroup, out: NumberWriter): void {
  out.put(id);
  out.text(path);
  out.text(name);
  out.optional(parentId);
}

function readGroup(from: NumberReader): PagedGroup {
  return { id: from.integer(), path: from.words(), name: from.words(), parentId: from.optional() };
}

const levels = ['instance', 'group', 'project'] as const;

function writeRecord(record: ReturnType<typeof lasting>, out: NumberWriter): void {
  const { owner } = record;
  out.put(levels.indexOf(owner.level));
  out.put(owner.level === 'instance' ? 0 : owner.id);
  out.text(ownerPath(owner) ?? '');
  out.text(record.name);
  out.flag(record.archived);
  out.optional(record.readAt);
  out.put(record.clusters.length);
  for (const cluster of record.clusters) writeCluster(cluster, out);
  out.put(record.named.length);
  for (const { id, name } of record.named) {
    out.put(id);
    out.text(name);
  }
}

function readRecord(host: HostUrl, from: NumberReader): RememberedOwner {
  const level = from.oneOf(levels);
  const id = from.integer();
  const path = from.words();
  const owner: ClusterOwner = level === 'instance' ? { level } : { level, id, path };
  const name = from.words();
  const archived = from.flag() ?? false;
  const readAt = from.optional();
  const clusters: Cluster[] = [];
  for (let left = from.count(); left > 0; left--) clusters.push(readCluster(host, owner, from));
  const named: NameOnlyCluster[] = [];
  for (let left = from.count(); left > 0; left--) {
    const one = { id: from.integer(), name: from.words() };
    if (level !== 'instance')
      named.push({ detail: 'nameOnly', host, level, path, ownerId: id, ...one, reason: 'clustersUnavailable' });
  }
  return { owner, name, archived, clusters, named, readAt };
}
