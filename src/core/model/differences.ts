import { attributeNames, isOfKind } from './attributes';
import type { Attribute } from './attributes';
import type { Cluster } from './cluster';
import { isSameCertificateText } from './draftParts';
import type { ClusterField, ClusterFields } from './clusterFields';

/**
 * A value that was sent and is not what GitLab has now. `untold`: the answer does not mention it, so whether it was
 * applied stays open. GitLab up to 13.6 ignores `enabled` and `managed` in an edit (GitLab API contract 11.3).
 */
export interface Difference {
  readonly field: ClusterField;
  readonly kind: 'notApplied' | 'untold';
}

/** What GitLab has, in the terms of what is sent: undefined where its answer does not mention it. */
export const stored: { readonly [A in Attribute]: (cluster: Cluster) => ClusterFields[A] | undefined } = {
  name: ({ name }) => name,
  enabled: ({ enabled }) => enabled,
  apiUrl: ({ platform }) => platform?.apiUrl,
  serviceToken: () => undefined,
  caCert: ({ platform }) => platform && (platform.caCert ?? ''),
  authorizationType: ({ platform }) => platform?.authorizationType,
  environmentScope: ({ environmentScope }) => environmentScope,
  baseDomain: ({ baseDomain }) => baseDomain ?? '',
  managed: ({ managed }) => managed,
  namespacePerEnvironment: ({ namespacePerEnvironment }) => namespacePerEnvironment,
  namespace: ({ platform }) => platform && (platform.namespace ?? ''),
  managementProjectId: ({ managementProject }) => managementProject?.id ?? null,
};

/**
 * Compares what was sent with what GitLab answered. Trimming, lower case of the namespace, line ends and an empty value
 * stored as none are how GitLab writes things down, no differences. The service token is never answered.
 */
export function differences(sent: ClusterFields, got: Cluster): readonly Difference[] {
  return attributeNames.flatMap((field): Difference[] => {
    const wanted = sent[field];
    if (wanted === undefined || isOfKind(field, 'secret')) return [];
    const has = stored[field](got);
    if (has === undefined) return wanted === '' ? [] : [{ field, kind: 'untold' }];
    return isSame(field, wanted, has) ? [] : [{ field, kind: 'notApplied' }];
  });
}

type Value = string | number | boolean | null;

function isSame(field: Attribute, wanted: Value, has: Value): boolean {
  if (typeof wanted !== 'string' || typeof has !== 'string') return wanted === has;
  if (isOfKind(field, 'certificate')) return isSameCertificateText(wanted, has);
  return (field === 'namespace' ? wanted.toLowerCase() : wanted).trim() === has.trim();
}
