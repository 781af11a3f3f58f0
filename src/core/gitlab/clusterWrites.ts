import { attributeNames, isOfKind } from '../model/attributes';
import type { Attribute } from '../model/attributes';
import { attributeUses } from '../model/attributeUses';
import type { Cluster, ClusterOwner } from '../model/cluster';
import type { ClusterFields } from '../model/clusterFields';
import type { GitLabClient } from './client';
import { clusterWithId, clustersPath, toCluster } from './clusters';
import { clusterPayload } from './schemas';

function addPath(owner: ClusterOwner): string {
  return `${clustersPath(owner)}/${owner.level === 'instance' ? 'add' : 'user'}`;
}

/**
 * Adds an existing Kubernetes cluster. Returns what GitLab stored, which may differ from what was sent (11.4). Throws
 * GitLabError, `unknownOutcome` where GitLab's answer got lost; so do the other two writes.
 */
export async function addCluster(client: GitLabClient, owner: ClusterOwner, fields: ClusterFields): Promise<Cluster> {
  return toCluster(
    client.host,
    owner,
    await client.request('POST', addPath(owner), clusterPayload, bodyOf(fields, 'add')),
  );
}

/** Changes the given fields. Always give `namespacePerEnvironment`: left out, GitLab turns it back on (11.2). */
export async function editCluster(
  client: GitLabClient,
  owner: ClusterOwner,
  id: number,
  fields: ClusterFields,
): Promise<Cluster> {
  const path = `${clustersPath(owner)}/${id}`;
  return toCluster(client.host, owner, await client.request('PUT', path, clusterWithId(id), bodyOf(fields, 'edit')));
}

/** Removes GitLab's record; Kubernetes resources stay (11.16). Throws `notFound` where it was gone already. */
export async function deleteCluster(client: GitLabClient, owner: ClusterOwner, id: number): Promise<void> {
  await client.requestNothing('DELETE', `${clustersPath(owner)}/${id}`);
}

/** Nested names go under an object of their own, such as `platform_kubernetes_attributes` (11.1). */
function bodyOf(
  fields: ClusterFields,
  action: 'add' | 'edit',
): { readonly body: unknown; readonly secrets: readonly string[] } {
  const body: Record<string, unknown> = {};
  const nested: Record<string, Record<string, unknown>> = {};
  for (const attribute of attributeNames) {
    const value = fields[attribute];
    const name = attributeUses[attribute].wire[action];
    if (value === undefined || name === undefined) continue;
    const [object = '', key] = name.split('.');
    if (key === undefined) body[object] = value;
    else (nested[object] ??= {})[key] = value;
  }
  const secrets = attributeNames.filter((attribute) => isOfKind(attribute, 'secret'));
  return {
    body: { ...body, ...nested },
    secrets: secrets.flatMap((secret) => (fields[secret] === undefined ? [] : [fields[secret]])),
  };
}

/** Which attribute a field of GitLab's complaint is, or undefined where it belongs to the whole cluster. */
export function fieldOf(complaint: string): Attribute | undefined {
  return attributeNames.find(
    (attribute) => attributeUses[attribute].wire.add.replace('_attributes.', '.') === complaint,
  );
}
