import * as l10n from '@vscode/l10n';
import type { Environment } from '../../core/gitlab/environments';
import type { Cluster } from '../../core/model/cluster';
import { expectedNamespace, namesOf } from '../../core/resolver/expectedNamespace';
import { code } from '../../core/resolver/inWords';
import { jobVariables } from '../../core/resolver/jobVariables';
import type { JobVariable } from '../../core/resolver/jobVariables';
import type { Resolution } from '../../core/resolver/resolve';

/** What a job gets from the cluster that was found (agents and environments 4.1 and 4.2), a line each. */
export function variablesText(
  project: { readonly id: number; readonly path: string },
  { outcome, environment: name }: Resolution,
  environment: Environment | undefined,
): string[] {
  if (name === undefined) return [l10n.t('- No KUBE_* variables: only jobs with an environment get them.')];
  if (outcome.kind === 'ambiguous') return [l10n.t('- The KUBE_* variables of one of these clusters.')];
  if (outcome.kind !== 'cluster') return [l10n.t('- No KUBE_* variables.')];
  const { cluster } = outcome;
  const namespace = namesOf(expectedNamespace(cluster, project, { name, slug: environment?.slug }));
  const variables = jobVariables(cluster, project.id);
  const recorded = variables.some(({ needsRecord }) => needsRecord);
  return [
    ...variables.map((one) => `- ${code(one.name)}: ${valueOf(one, cluster, namespace)}`),
    ...(recorded
      ? [
          l10n.t(
            '- GitLab creates the namespace and its service account before a job that starts a deployment. Without them a job gets none of {0}.',
            variables
              .filter(({ needsRecord }) => needsRecord)
              .map(({ name }) => code(name))
              .join(', '),
          ),
        ]
      : []),
  ];
}

function valueOf({ source }: JobVariable, cluster: Cluster, namespace: readonly string[]): string {
  switch (source) {
    case 'apiUrl':
      return code(cluster.platform?.apiUrl ?? '');
    case 'caCert':
      return l10n.t('the CA certificate of the cluster');
    case 'baseDomain':
      return code(cluster.baseDomain ?? '');
    case 'instanceDomain':
      return l10n.t('the Auto DevOps domain of the instance, if it has one');
    case 'clusterToken':
      return l10n.t('the service token of the cluster (never shown)');
    case 'serviceAccountToken':
      return l10n.t('the token of the namespace’s service account (never shown)');
    case 'namespace':
      return l10n.t('{0} (expected)', namespace.map(code).join(l10n.t(' or ')));
    case 'serviceAccount':
      return l10n.t('the service account of the namespace');
    case 'kubeconfig':
      return l10n.t('a file whose default context is gitlab-deploy');
  }
}
