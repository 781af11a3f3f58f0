import type { Cluster } from '../model/cluster';
import { isNamespace } from './namespaces';

/**
 * What GitLab left in the cluster, as commands that only read, in the order in which a person would look: per namespace
 * first, then for the whole cluster, then what the Migrate tab made (agents and environments 5, 11). Nothing is run here.
 */
export function leftoverCommands(
  cluster: Pick<Cluster, 'managed' | 'provider'>,
  namespaces: readonly string[],
): string {
  // Nothing but such a name gets into a command.
  const each = [...new Set(namespaces)]
    .filter(isNamespace)
    .map((namespace) =>
      [
        `kubectl --namespace ${namespace} get rolebinding gitlab-${namespace} --ignore-not-found`,
        `kubectl --namespace ${namespace} get serviceaccount ${namespace}-service-account --ignore-not-found`,
        `kubectl --namespace ${namespace} get secret ${namespace}-token --ignore-not-found -o name`,
        `kubectl --namespace ${namespace} get role,rolebinding -o name | grep -E 'gitlab-(knative-serving|crossplane-database)'`,
        `kubectl --namespace ${namespace} get deployments,statefulsets,pvc`,
      ].join('\n'),
    );
  const inNamespaces = [
    '# Namespaces GitLab made; older ones may have no label',
    'kubectl get namespaces -l app.gitlab.com/app -o name',
    ...(each.length === 0
      ? []
      : ['', '# In each namespace; never delete one that still runs something', each.join('\n\n')]),
  ];
  return [
    ...(cluster.managed === false ? [] : [...inNamespaces, '']),
    '# For the whole cluster: as long as these exist, whoever has the stored token can get in',
    'kubectl get clusterrolebinding gitlab-admin gitlab-knative-version-rolebinding --ignore-not-found',
    'kubectl get clusterrole gitlab-knative-version-role --ignore-not-found',
    "kubectl get serviceaccounts --all-namespaces -o wide | grep -E '^(default|kube-system) +gitlab(-admin)? '",
    'kubectl --namespace default get secret gitlab-token --ignore-not-found -o name',
    'kubectl get namespace gitlab-managed-apps --ignore-not-found',
    '',
    '# What GitLab’s own Migrate tab may have left',
    'kubectl --namespace default get serviceaccount,pod install-gitlab-agent --ignore-not-found',
    'kubectl get clusterrolebinding install-gitlab-agent --ignore-not-found',
  ].join('\n');
}
