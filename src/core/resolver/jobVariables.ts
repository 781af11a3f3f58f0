import type { Cluster } from '../model/cluster';
import type { ProjectPlace } from './resolve';
import { resolve } from './resolve';

/** A variable a job gets from its cluster. Values that are secret are never known here. */
export interface JobVariable {
  readonly name: string;
  /** What decides whether the job gets it, and what is in it. */
  readonly source:
    | 'apiUrl'
    | 'caCert'
    | 'baseDomain'
    | 'instanceDomain'
    | 'clusterToken'
    | 'serviceAccountToken'
    | 'namespace'
    | 'serviceAccount'
    | 'kubeconfig';
  /** Only where GitLab has stored a namespace record with a token for it. */
  readonly needsRecord: boolean;
}

/** What a job with an environment gets from a cluster (agents and environments 4.2). */
export function jobVariables(
  cluster: Pick<Cluster, 'managed' | 'platform' | 'baseDomain' | 'managementProject'>,
  projectId: number,
): readonly JobVariable[] {
  const always = (name: string, source: JobVariable['source']): JobVariable => ({ name, source, needsRecord: false });
  const recorded = (name: string, source: JobVariable['source']): JobVariable => ({ name, source, needsRecord: true });
  const ca = cluster.platform?.caCert;
  const usesOwnToken = cluster.managed === false || cluster.managementProject?.id === projectId;
  return [
    always('KUBE_URL', 'apiUrl'),
    ...(ca ? [always('KUBE_CA_PEM', 'caCert'), always('KUBE_CA_PEM_FILE', 'caCert')] : []),
    always('KUBE_INGRESS_BASE_DOMAIN', cluster.baseDomain ? 'baseDomain' : 'instanceDomain'),
    ...(usesOwnToken
      ? [
          always('KUBE_TOKEN', 'clusterToken'),
          always('KUBE_NAMESPACE', 'namespace'),
          always('KUBECONFIG', 'kubeconfig'),
        ]
      : [
          recorded('KUBE_TOKEN', 'serviceAccountToken'),
          recorded('KUBE_NAMESPACE', 'namespace'),
          recorded('KUBE_SERVICE_ACCOUNT', 'serviceAccount'),
          recorded('KUBECONFIG', 'kubeconfig'),
        ]),
  ];
}

/**
 * `CI_KUBERNETES_ACTIVE` and `only: kubernetes: active` (agents and environments 4.4): whether any enabled cluster with
 * scope `*` serves the project; the environment is ignored. Unknown where such a cluster may lie out of sight.
 */
export function kubernetesActive(place: ProjectPlace): boolean | 'unknown' {
  const { outcome, doubts } = resolve(place, undefined);
  if (outcome.kind === 'cluster' || outcome.kind === 'ambiguous') return true;
  return outcome.kind === 'none' && doubts.length > 0 ? 'unknown' : false;
}
