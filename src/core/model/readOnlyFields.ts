import type { ClusterField } from './clusterFields';

/** Fields GitLab does not let anyone change on this cluster (GitLab API contract 11.7, 11.21). */
export function readOnlyFields({
  mode,
  provider,
}: {
  readonly mode: 'add' | 'edit';
  readonly provider: string;
}): ReadonlySet<ClusterField> {
  if (mode === 'add') return new Set();
  return new Set<ClusterField>(
    provider === 'user' ? ['authorizationType'] : ['authorizationType', 'name', 'apiUrl', 'serviceToken', 'caCert'],
  );
}
