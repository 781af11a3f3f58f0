import { blankDraft, draftOf } from '../../../../src/core/model/clusterDraft';
import type { ClusterDraft } from '../../../../src/core/model/clusterDraft';
import type { Cluster, ClusterOwner } from '../../../../src/core/model/cluster';
import { checkDraft } from '../../../../src/core/model/clusterRules';
import type { DraftContext, Sibling } from '../../../../src/core/model/clusterRules';
import { certificate } from '../../../gitlab/certificates';
import { hostUrl } from '../tree/knowledge';

export const pem = certificate('production-eu').trim();
export const expiredPem = certificate('staging-expired').trim();

/** A cluster of a project with everything set, as a current GitLab tells it. */
export function clusterWith(
  changes: Partial<Cluster> = {},
  platform: Partial<NonNullable<Cluster['platform']>> = {},
): Cluster {
  return {
    detail: 'full',
    host: hostUrl('https://gitlab.example.com'),
    owner: { level: 'project', id: 1, path: 'platform/payments-api' },
    id: 5,
    name: 'production-eu',
    enabled: true,
    managed: true,
    namespacePerEnvironment: false,
    environmentScope: 'production',
    baseDomain: 'apps.example.com',
    provider: 'user',
    platform: {
      apiUrl: 'https://k8s.example.com:6443',
      namespace: 'payments',
      authorizationType: 'rbac',
      caCert: pem,
      ...platform,
    },
    gcp: undefined,
    managementProject: { id: 3, path: 'platform/cluster-management', name: 'cluster-management' },
    createdAt: undefined,
    createdBy: undefined,
    ...changes,
  };
}

/** A draft GitLab would take, on top of the blank one. */
export function goodDraft(changes: Partial<ClusterDraft> = {}): ClusterDraft {
  return { ...blankDraft(), name: 'new', apiUrl: 'https://k8s.example.com', serviceToken: 'secret', ...changes };
}

const paths = { instance: undefined, group: 'platform', project: 'platform/payments-api' } as const;

export function addContext(level: ClusterOwner['level'] = 'project', siblings: readonly Sibling[] = []): DraftContext {
  return { mode: 'add', level, provider: 'user', initial: blankDraft(), siblings, ownerPath: paths[level] };
}

export function editContext(cluster: Cluster, siblings: readonly Sibling[] = []): DraftContext {
  const { level } = cluster.owner;
  return {
    mode: 'edit',
    level,
    provider: cluster.provider,
    initial: draftOf(cluster),
    siblings,
    ownerPath: paths[level],
  };
}

/** The findings as lines: `error apiUrl: …`. */
export function findingsOf(draft: ClusterDraft, context: DraftContext = addContext()): string[] {
  return checkDraft(draft, context).map(({ field, severity, message }) => `${severity} ${field}: ${message}`);
}

export function siblingWith(changes: Partial<Sibling> = {}): Sibling {
  return {
    id: 6,
    name: 'staging',
    environmentScope: 'staging',
    enabled: true,
    elsewhere: undefined,
    managementProjectId: undefined,
    ...changes,
  };
}
