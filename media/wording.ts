import * as l10n from '@vscode/l10n';
import { isReadOnly } from '../src/core/model/attributes';
import type { Attribute } from '../src/core/model/attributes';
import { plainName } from '../src/core/model/plainText';
import { providerName } from '../src/core/model/providerName';
import type { ChangedField, FormContext } from '../src/features/form/protocol';

/** The heading and the line below it: what the form does, and where. */
export function headingOf({
  mode,
  level,
  initial,
  owner,
  host,
}: FormContext): readonly [heading: string, place: string] {
  const heading =
    mode === 'add'
      ? l10n.t('Add cluster')
      : l10n.t('Edit {0}', plainName(initial.name) || l10n.t('cluster without a name'));
  switch (level) {
    case 'instance':
      return [heading, l10n.t('Instance {0}: every project there may use it.', host)];
    case 'group':
      return [heading, l10n.t('Group {0} at {1}: its projects and subgroups may use it.', owner, host)];
    case 'project':
      return [heading, l10n.t('Project {0} at {1}', owner, host)];
  }
}

/** Why the fields that a cluster from a provider keeps cannot be changed, said once for all; else undefined. */
export function providerReason(context: FormContext): string | undefined {
  const { mode, provider } = context;
  if (mode === 'add' || provider === 'user') return undefined;
  return l10n.t(
    'GitLab created this cluster on {0} and doesn’t allow the read-only fields to be changed.',
    providerName(provider),
  );
}

/** What GitLab does with a field (GitLab API contract 1.4, 1.5, 3.3, 7, 11). */
export function helpOf(field: Attribute, context: FormContext): string {
  return field !== 'authorizationType' && isReadOnly(field, context) ? '' : help[field](context);
}

const help: Readonly<Record<Attribute, (context: FormContext) => string>> = {
  name: () => l10n.t('The name shown in GitLab. It doesn’t have to be unique.'),
  enabled: () => l10n.t('Jobs use enabled clusters only. A disabled one still occupies its environment scope.'),
  apiUrl: () =>
    l10n.t(
      'Where GitLab reaches the Kubernetes API. Saving doesn’t test the connection. A wrong address, token or certificate surfaces only when the first job runs.',
    ),
  serviceToken: ({ mode, tokenKept }) => {
    if (tokenKept) return l10n.t('The token you entered is kept. Type a new one to replace it.');
    return mode === 'add'
      ? l10n.t(
          'Token of the Kubernetes service account that GitLab acts as. GitLab stores it and never shows it again.',
        )
      : l10n.t('Leave blank to keep the stored token. GitLab never shows it; it can be replaced but not removed.');
  },
  caCert: () =>
    l10n.t(
      'The authority that signed the certificate of the Kubernetes API, as PEM text. Needed where it is self-signed or private.',
    ),
  authorizationType: ({ mode }) =>
    mode === 'add'
      ? l10n.t('How the cluster authorizes requests. Can’t be changed later.')
      : l10n.t('GitLab accepts it only when a cluster is added. To change it, delete the cluster and add it again.'),
  environmentScope: () =>
    l10n.t(
      'The environments that use this cluster: * for all, a name such as production, or a pattern such as review/*. Case-sensitive. Each scope can be used only once.',
    ),
  baseDomain: () => l10n.t('The domain Auto DevOps deploys to, for example apps.example.com.'),
  managed: () => l10n.t('GitLab creates namespaces and service accounts in the cluster for each deployment.'),
  namespacePerEnvironment: () =>
    l10n.t('A managed cluster gets one namespace for each environment; otherwise one for each project.'),
  namespace: ({ level }) =>
    level === 'project'
      ? l10n.t('The Kubernetes namespace for this project. If left blank, GitLab chooses one. Stored in lower case.')
      : l10n.t(
          'The Kubernetes namespace to deploy to. Possible only where “GitLab-managed” is off. Stored in lower case.',
        ),
  managementProjectId: ({ level }) =>
    `${l10n.t('Jobs of this project may administer the cluster.')} ${possibleManagement(level)}`,
};

function possibleManagement(level: FormContext['level']): string {
  switch (level) {
    case 'instance':
      return l10n.t('Any project of this GitLab.');
    case 'group':
      return l10n.t('A project of this group or its subgroups, where you are Maintainer.');
    case 'project':
      return l10n.t('A project in the same namespace, where you are Maintainer.');
  }
}

/** The choices of the authorization type, in words. */
export function authorizationName(type: string): string {
  switch (type) {
    case 'rbac':
      return l10n.t('RBAC (role-based; the usual choice)');
    case 'abac':
      return l10n.t('ABAC (attribute-based; legacy)');
    case 'unknown_authorization':
      return l10n.t('Unknown');
    default:
      return type || l10n.t('Not reported by this GitLab version');
  }
}

/** What somebody else changed, beside what stands in the field. */
export function meanwhileWords({ before, theirs, kept }: ChangedField): string {
  return kept
    ? l10n.t('GitLab now has “{0}” (before: “{1}”). Your value is kept here and would replace it.', theirs, before)
    : l10n.t('Changed in GitLab from “{0}” to “{1}”.', before, theirs);
}
