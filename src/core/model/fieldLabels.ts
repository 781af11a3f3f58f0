import * as l10n from '@vscode/l10n';
import type { ClusterField } from './clusterFields';

/** What each field is called wherever it is named: on the form, in its summary, and in what is told after a save. */
export function fieldLabel(field: ClusterField): string {
  switch (field) {
    case 'name':
      return l10n.t('Name');
    case 'enabled':
      return l10n.t('Enabled');
    case 'apiUrl':
      return l10n.t('API URL');
    case 'serviceToken':
      return l10n.t('Service token');
    case 'caCert':
      return l10n.t('CA certificate');
    case 'authorizationType':
      return l10n.t('Authorization type');
    case 'environmentScope':
      return l10n.t('Environment scope');
    case 'baseDomain':
      return l10n.t('Base domain');
    case 'managed':
      return l10n.t('GitLab-managed');
    case 'namespacePerEnvironment':
      return l10n.t('Namespace per environment');
    case 'namespace':
      return l10n.t('Namespace');
    case 'managementProjectId':
      return l10n.t('Management project');
  }
}
