import type { NamespaceRule } from './namespaces';
import { scalar } from './textLines';

/** Where GitLab looks for the template of an agent's environments. */
export function templatePath(agent: string): string {
  return `.gitlab/agents/${agent}/environment_templates/default.yaml`;
}

/**
 * The template with which GitLab makes what a managed certificate cluster made: a namespace, and the right to administer it
 * for the jobs of that environment. It never deletes: GitLab's own default would delete an adopted namespace when its
 * environment is stopped (agents and environments 8, trap 7).
 */
export function environmentTemplate({ template }: NamespaceRule): string {
  const namespace = `'${template}'`;
  return [
    'objects:',
    '  - apiVersion: v1',
    '    kind: Namespace',
    '    metadata:',
    `      name: ${namespace}`,
    '  - apiVersion: rbac.authorization.k8s.io/v1',
    '    kind: RoleBinding',
    '    metadata:',
    "      name: 'bind-{{ .agent.id }}-{{ .project.id }}-{{ .environment.slug }}'",
    `      namespace: ${namespace}`,
    '    subjects:',
    '      - apiGroup: rbac.authorization.k8s.io',
    '        kind: Group',
    "        name: 'gitlab:project_env:{{ .project.id }}:{{ .environment.slug }}'",
    '    roleRef:',
    '      apiGroup: rbac.authorization.k8s.io',
    '      kind: ClusterRole',
    '      name: admin',
    'apply_resources: on_start',
    'delete_resources: never',
    '',
  ].join('\n');
}

/** A service account of an agent, as its chart makes it. */
interface AgentAccount {
  readonly name: string;
  readonly namespace: string;
}

/**
 * What a person applies on the Free tier, where GitLab makes nothing: a namespace each, and the right to administer it for
 * the agent's service account. It restricts nothing while the chart's own binding to cluster-admin is there.
 */
export function roleBindings(namespaces: readonly string[], account: AgentAccount): string {
  const documents = [...new Set(namespaces)].map((namespace) =>
    [
      'apiVersion: v1',
      'kind: Namespace',
      'metadata:',
      `  name: ${scalar(namespace)}`,
      '---',
      'apiVersion: rbac.authorization.k8s.io/v1',
      'kind: RoleBinding',
      'metadata:',
      `  name: ${scalar(account.name)}`,
      `  namespace: ${scalar(namespace)}`,
      'subjects:',
      '  - kind: ServiceAccount',
      `    name: ${scalar(account.name)}`,
      `    namespace: ${scalar(account.namespace)}`,
      'roleRef:',
      '  apiGroup: rbac.authorization.k8s.io',
      '  kind: ClusterRole',
      '  name: admin',
    ].join('\n'),
  );
  return `${documents.join('\n---\n')}\n`;
}
