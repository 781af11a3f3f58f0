import * as z from 'zod/mini';
import { ownerPath } from '../../core/model/cluster';
import type { Cluster, ClusterOwner } from '../../core/model/cluster';
import { defaultHostName, parseHostUrl } from '../../core/model/host';
import type { HostUrl } from '../../core/model/host';
import { plainName } from '../../core/model/plainText';
import { ownerPlace } from '../../core/model/titles';

/** Which cluster a document shows; enough to fetch it after a reload of the window, when nothing is loaded. */
export interface ClusterAddress {
  readonly host: HostUrl;
  readonly owner: ClusterOwner;
  readonly id: number;
}

const id = z.int().check(z.positive());

const addressSchema = z.union([
  z.object({ host: z.string(), level: z.literal('instance'), id }),
  z.object({ host: z.string(), level: z.enum(['group', 'project']), ownerId: id, ownerPath: z.string(), id }),
]);

/**
 * Path and query of a cluster's document. The path is what the editor shows: host and owner as folders, and a title for
 * the tab that tells it from clusters of the same name; ".yaml" makes the language. The query says which cluster it is.
 */
export function toAddress(
  cluster: Pick<Cluster, 'host' | 'owner' | 'id' | 'name'>,
  hostName: string,
): { path: string; query: string } {
  const { host, owner, id, name } = cluster;
  const folders = ownerPath(owner)?.split('/') ?? [];
  const title = `${segment(name) || `cluster ${id}`} · ${segment(ownerPlace(owner, hostName))}`;
  const path = ['', segment(defaultHostName(host)), ...folders.map(segment), `${title}.yaml`].join('/');
  const written: z.infer<typeof addressSchema> =
    owner.level === 'instance'
      ? { host, level: owner.level, id }
      : { host, level: owner.level, ownerId: owner.id, ownerPath: owner.path, id };
  return { path, query: JSON.stringify(written) };
}

/** Reads the query back. Undefined for one that is not ours: anybody may open an address. */
export function fromAddress(query: string): ClusterAddress | undefined {
  const read = z.safeParse(addressSchema, parseJson(query)).data;
  const host = parseHostUrl(read?.host ?? '');
  if (!read || !host.ok) return undefined;
  const owner: ClusterOwner =
    read.level === 'instance' ? { level: 'instance' } : { level: read.level, id: read.ownerId, path: read.ownerPath };
  return { host: host.url, owner, id: read.id };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** A name as one part of a path: names may hold slashes, or be nothing but dots. */
function segment(text: string): string {
  return plainName(text).replace(/[/\\]/g, '-').replace(/^\.+$/, '').trim();
}
