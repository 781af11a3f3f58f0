import { attributeNames } from '../model/attributes';
import type { Attribute } from '../model/attributes';
import type { Cluster } from '../model/cluster';
import type { ClusterFields } from '../model/clusterFields';

type Value<A extends Attribute> = Exclude<ClusterFields[A], undefined>;

/**
 * What the value of each attribute changes about which environments a cluster serves, and in which namespace; undefined
 * where it decides nothing of that. A new attribute has to say so here.
 */
const effects: { readonly [A in Attribute]: ((value: Value<A>, cluster: Cluster) => Partial<Cluster>) | undefined } = {
  name: undefined,
  enabled: (enabled) => ({ enabled }),
  apiUrl: undefined,
  serviceToken: undefined,
  caCert: undefined,
  authorizationType: undefined,
  environmentScope: (value, { environmentScope }) => ({ environmentScope: value.trim() || environmentScope }),
  baseDomain: undefined,
  managed: (managed) => ({ managed }),
  namespacePerEnvironment: (namespacePerEnvironment) => ({ namespacePerEnvironment }),
  namespace: (value, { platform }) => ({
    platform: platform && { ...platform, namespace: value.trim().toLowerCase() || undefined },
  }),
  managementProjectId: (id, { managementProject }) => ({
    managementProject:
      id === null ? undefined : id === managementProject?.id ? managementProject : { id, path: '', name: '' },
  }),
};

/**
 * A cluster as it would be with some fields changed, as far as that decides which environments it serves and in which
 * namespace; undefined where it decides nothing.
 */
export function withFields(cluster: Cluster, fields: ClusterFields): Cluster | undefined {
  const changed = attributeNames.reduce((now, attribute) => withField(attribute, fields, now), cluster);
  return JSON.stringify(changed) === JSON.stringify(cluster) ? undefined : changed;
}

function withField<A extends Attribute>(attribute: A, fields: ClusterFields, cluster: Cluster): Cluster {
  const value = fields[attribute];
  return isGiven(value) ? { ...cluster, ...effects[attribute]?.(value, cluster) } : cluster;
}

function isGiven<T>(value: T): value is Exclude<T, undefined> {
  return value !== undefined;
}
