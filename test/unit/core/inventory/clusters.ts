import assert from 'node:assert/strict';
import type { Cluster, ClusterOwner } from '../../../../src/core/model/cluster';
import { parseHostUrl } from '../../../../src/core/model/host';
import type { HostUrl } from '../../../../src/core/model/host';

export function hostUrl(text = 'https://gitlab.example.com'): HostUrl {
  const parsed = parseHostUrl(text);
  assert.ok(parsed.ok);
  return parsed.url;
}

export const instance: ClusterOwner = { level: 'instance' };
export const project = (id: number, path: string): ClusterOwner => ({ level: 'project', id, path });
export const group = (id: number, path: string): ClusterOwner => ({ level: 'group', id, path });

/** A cluster as most are: added manually, enabled, managed. */
export function cluster(
  id: number,
  values: Partial<Cluster> = {},
  platform: Partial<Cluster['platform']> = {},
): Cluster {
  return {
    detail: 'full',
    host: hostUrl(),
    owner: project(7, 'shop/web'),
    id,
    name: `cluster-${id}`,
    enabled: true,
    managed: true,
    namespacePerEnvironment: true,
    environmentScope: '*',
    baseDomain: undefined,
    provider: 'user',
    platform: {
      apiUrl: 'https://k8s.example.com:6443',
      namespace: undefined,
      authorizationType: 'rbac',
      caCert: undefined,
      ...platform,
    },
    gcp: undefined,
    managementProject: undefined,
    createdAt: new Date('2020-07-14T18:36:10.440Z'),
    createdBy: { name: 'Ada Admin', username: 'root' },
    ...values,
  };
}
