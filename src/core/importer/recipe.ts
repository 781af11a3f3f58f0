import * as l10n from '@vscode/l10n';

/** What the service account is for. */
type RecipeScope = 'managed' | 'namespace';

/** The manifest of a service account with a token that does not end (Kubernetes facts 2.2). */
export function recipeManifest(scope: RecipeScope, namespace: string): string {
  const binding =
    scope === 'managed'
      ? ['kind: ClusterRoleBinding', 'metadata:', '  name: gitlab-admin', ...roleLines('ClusterRole', 'cluster-admin')]
      : [
          'kind: RoleBinding',
          'metadata:',
          '  name: gitlab',
          `  namespace: ${namespace}`,
          ...roleLines('ClusterRole', 'admin'),
        ];
  return [
    'apiVersion: v1',
    'kind: ServiceAccount',
    'metadata:',
    '  name: gitlab',
    `  namespace: ${namespace}`,
    '---',
    'apiVersion: v1',
    'kind: Secret',
    'type: kubernetes.io/service-account-token',
    'metadata:',
    '  name: gitlab-token',
    `  namespace: ${namespace}`,
    '  annotations:',
    '    kubernetes.io/service-account.name: gitlab',
    '---',
    'apiVersion: rbac.authorization.k8s.io/v1',
    ...binding,
    'subjects:',
    '  - kind: ServiceAccount',
    '    name: gitlab',
    `    namespace: ${namespace}`,
    '',
  ].join('\n');
}

function roleLines(kind: string, name: string): readonly string[] {
  return ['roleRef:', '  apiGroup: rbac.authorization.k8s.io', `  kind: ${kind}`, `  name: ${name}`];
}

/** How to make the account and read what GitLab needs, as Markdown. The commands are the same in sh and PowerShell. */
export function recipeDocument(): string {
  const fenced = (language: string, ...lines: readonly string[]): string =>
    ['```' + language, ...lines, '```'].join('\n');
  return [
    `# ${l10n.t('A service account for GitLab')}`,
    l10n.t(
      'GitLab signs in to a cluster with a service account’s token that does not expire. Client certificates, programs, user names and passwords do not work.',
    ),
    `## 1. ${l10n.t('Save one of these as gitlab.yaml')}`,
    `### ${l10n.t('For a cluster that GitLab manages')}`,
    l10n.t('GitLab creates namespaces and accounts itself, which needs the role cluster-admin.'),
    fenced('yaml', recipeManifest('managed', 'kube-system').trimEnd()),
    `### ${l10n.t('For one namespace')}`,
    l10n.t('Without “GitLab-managed”. Replace “my-namespace” with yours.'),
    fenced('yaml', recipeManifest('namespace', 'my-namespace').trimEnd()),
    `## 2. ${l10n.t('Create it, with the rights of a cluster administrator')}`,
    fenced('sh', 'kubectl apply -f gitlab.yaml'),
    `## 3. ${l10n.t('Copy the token and the CA certificate')}`,
    l10n.t('Paste the whole output into the form. For one namespace, write its name instead of kube-system.'),
    `### ${l10n.t('Linux and macOS')}`,
    fenced('sh', 'kubectl -n kube-system get secret gitlab-token -o json'),
    `### ${l10n.t('Windows (PowerShell)')}`,
    fenced('powershell', 'kubectl -n kube-system get secret gitlab-token -o json | Set-Clipboard'),
    l10n.t('Or each by itself; no base64 program is needed:'),
    fenced(
      'sh',
      "kubectl -n kube-system get secret gitlab-token -o go-template='{{.data.token | base64decode}}'",
      `kubectl -n kube-system get secret gitlab-token -o go-template='{{index .data "ca.crt" | base64decode}}'`,
    ),
    `## 4. ${l10n.t('Copy the API URL')}`,
    fenced('sh', "kubectl config view --minify -o jsonpath='{.clusters[0].cluster.server}'"),
    l10n.t(
      'GitLab’s server must reach this address; 127.0.0.1 or a private address works only where an administrator allows it.',
    ),
    '',
  ].join('\n\n');
}
