import { readCertificates, isCertificate } from '../model/certificate';
import { attributeNames, isOfKind } from '../model/attributes';
import type { Attribute } from '../model/attributes';
import type { ClusterDraft } from '../model/clusterDraft';
import type { ClusterField } from '../model/clusterFields';
import { isSameCertificateText } from '../model/draftParts';
import { withoutCredentials } from '../model/withoutCredentials';

/** Attributes of a cluster as a form holds them; never a service token. One that is missing was not known or not set. */
export type ClusterState = {
  readonly [Key in Exclude<keyof ClusterDraft, 'serviceToken' | 'removeCaCert'>]?: ClusterDraft[Key] | undefined;
};

/** Of a certificate what a person recognises it by, beside the text that puts it back. Dates as ISO 8601. */
export interface NotedCertificate {
  readonly subject: string;
  readonly validFrom: string;
  readonly validTo: string;
  readonly sha256: string;
}

/** The attributes whose values may be kept: all but secrets. */
export const keptAttributes = attributeNames.filter((attribute) => !isOfKind(attribute, 'secret'));

/** Under which name a state holds an attribute that is kept. */
export function stateKey(attribute: Attribute): string {
  return isOfKind(attribute, 'project') ? 'managementProject' : attribute;
}

/** A draft as it may be kept: without the service token, and without user name and password in the API URL. */
export function stateOf(draft: ClusterState): ClusterState {
  const { apiUrl, managementProject } = draft;
  return {
    ...only(draft, keptAttributes),
    ...(apiUrl !== undefined && { apiUrl: withoutCredentials(apiUrl) }),
    ...(managementProject && { managementProject: { id: managementProject.id, path: managementProject.path } }),
  };
}

/** The values of some attributes alone. */
export function only(state: ClusterState, wanted: readonly ClusterField[]): ClusterState {
  const keys = new Set(wanted.map(stateKey));
  return Object.fromEntries(Object.entries(state).filter(([key]) => keys.has(key)));
}

/** What a certificate is recognised by: the first of the text, which is the only one GitLab looks at. */
export function noteOfCertificate(pem: string | undefined): NotedCertificate | undefined {
  const first = readCertificates(pem ?? '').find(isCertificate);
  if (!first) return undefined;
  const { subject, validFrom, validTo, sha256 } = first;
  return { subject, validFrom: validFrom.toISOString(), validTo: validTo.toISOString(), sha256 };
}

/** Whether two values of a field are the same to GitLab. */
export function isSameValue(field: ClusterField, one: ClusterState, other: ClusterState): boolean {
  if (isOfKind(field, 'secret')) return true;
  if (isOfKind(field, 'project')) return one.managementProject?.id === other.managementProject?.id;
  if (isOfKind(field, 'certificate')) return isSameCertificateText(one.caCert ?? '', other.caCert ?? '');
  if (isOfKind(field, 'flag')) return one[field] === other[field];
  const [mine, others] = [one[field]?.trim() ?? '', other[field]?.trim() ?? ''];
  return field === 'apiUrl' ? withoutCredentials(mine) === withoutCredentials(others) : mine === others;
}
