import type { Cluster } from './cluster';
import { isSameCertificateText } from './clusterDraft';
import type { ClusterField, ClusterFields } from './clusterFields';

/**
 * A value that was sent and is not what GitLab has now. `untold`: the answer does not mention it, so whether it was
 * applied stays open. GitLab up to 13.6 ignores `enabled` and `managed` in an edit (GitLab API contract 11.3).
 */
export interface Difference {
  readonly field: ClusterField;
  readonly kind: 'notApplied' | 'untold';
}

/**
 * Compares what was sent with what GitLab answered. Trimming, lower case of the namespace, line ends and an empty value
 * stored as none are how GitLab writes things down, no differences. The service token is never answered.
 */
export function differences(sent: ClusterFields, got: Cluster): readonly Difference[] {
  const found: Difference[] = [];
  const compare = <T>(field: ClusterField, wanted: T | undefined, has: T | undefined, same: boolean): void => {
    if (wanted === undefined || same) return;
    found.push({ field, kind: has === undefined ? 'untold' : 'notApplied' });
  };
  const flag = (field: 'enabled' | 'managed' | 'namespacePerEnvironment'): void =>
    compare(field, sent[field], got[field], sent[field] === got[field]);
  const text = (field: ClusterField, wanted: string | undefined, has: string | undefined): void =>
    compare(field, wanted, has ?? '', wanted?.trim() === (has ?? '').trim());
  const { platform } = got;

  text('name', sent.name, got.name);
  flag('enabled');
  flag('managed');
  flag('namespacePerEnvironment');
  text('baseDomain', sent.baseDomain, got.baseDomain);
  text('environmentScope', sent.environmentScope, got.environmentScope);
  const management = got.managementProject?.id ?? null;
  compare('managementProjectId', sent.managementProjectId, management, sent.managementProjectId === management);
  compare('apiUrl', sent.apiUrl, platform?.apiUrl, sent.apiUrl?.trim() === platform?.apiUrl);
  if (!platform) {
    for (const field of ['caCert', 'namespace'] as const) compare(field, sent[field], undefined, sent[field] === '');
    return found;
  }
  compare(
    'caCert',
    sent.caCert,
    platform.caCert ?? '',
    isSameCertificateText(sent.caCert ?? '', platform.caCert ?? ''),
  );
  text('namespace', sent.namespace?.toLowerCase(), platform.namespace);
  const type = platform.authorizationType;
  compare('authorizationType', sent.authorizationType, type, sent.authorizationType === type);
  return found;
}
