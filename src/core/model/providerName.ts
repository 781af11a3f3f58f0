import * as l10n from '@vscode/l10n';

/** Who made a cluster that was not added manually; GitLab's own word where it is one we do not know. */
export function providerName(provider: string): string {
  if (provider === 'gcp') return l10n.t('Google GKE');
  return provider === 'aws' ? l10n.t('Amazon EKS') : provider;
}
