import * as z from 'zod/mini';
import type { Cluster, ClusterLevel } from './cluster';
import { isProvidedByUser } from './cluster';
import type { ClusterField, ClusterFields } from './clusterFields';

/**
 * What a form edits: every attribute as the controls hold it, blanks and all. Parsed by both ends of the form's
 * protocol. `undefined` flags mean that GitLab did not tell and the user has not chosen either.
 */
export const clusterDraft = z.object({
  name: z.string(),
  baseDomain: z.string(),
  enabled: z.optional(z.boolean()),
  managed: z.optional(z.boolean()),
  namespacePerEnvironment: z.optional(z.boolean()),
  environmentScope: z.string(),
  /** Without an `id` it is text typed into the search field, not a project chosen from what was found. */
  managementProject: z.optional(z.object({ id: z.optional(z.number()), path: z.string() })),
  apiUrl: z.string(),
  /** The Kubernetes token. On edit, blank keeps the stored one. */
  serviceToken: z.string(),
  caCert: z.string(),
  /** The explicit choice to remove the stored certificate; an empty `caCert` by itself is none. */
  removeCaCert: z.boolean(),
  namespace: z.string(),
  /** Create-only. */
  authorizationType: z.string(),
});
export type ClusterDraft = Readonly<z.infer<typeof clusterDraft>>;

/** The authorization types GitLab takes (GitLab API contract 1.4). */
export const authorizationTypes = ['rbac', 'abac', 'unknown_authorization'] as const;

/** A new cluster with GitLab's own defaults (GitLab API contract 1.4). */
export function blankDraft(): ClusterDraft {
  return {
    name: '',
    baseDomain: '',
    enabled: true,
    managed: true,
    namespacePerEnvironment: true,
    environmentScope: '*',
    managementProject: undefined,
    apiUrl: '',
    serviceToken: '',
    caCert: '',
    removeCaCert: false,
    namespace: '',
    authorizationType: 'rbac',
  };
}

/** A cluster as a form first shows it. The service token is never known, so it is blank. */
export function draftOf(cluster: Cluster): ClusterDraft {
  const { platform, managementProject } = cluster;
  return {
    name: cluster.name,
    baseDomain: cluster.baseDomain ?? '',
    enabled: cluster.enabled,
    managed: cluster.managed,
    namespacePerEnvironment: cluster.namespacePerEnvironment,
    environmentScope: cluster.environmentScope,
    managementProject: managementProject && { id: managementProject.id, path: managementProject.path },
    apiUrl: platform?.apiUrl ?? '',
    serviceToken: '',
    caCert: platform?.caCert ?? '',
    removeCaCert: false,
    namespace: platform?.namespace ?? '',
    authorizationType: platform?.authorizationType ?? '',
  };
}

/** What adding sends: every value the user saw, so that nothing depends on a default of GitLab's; blanks are left out. */
export function toAddFields(draft: ClusterDraft): ClusterFields {
  const { enabled, managed, namespacePerEnvironment, managementProject } = draft;
  return {
    name: draft.name.trim(),
    ...(enabled !== undefined && { enabled }),
    ...(managed !== undefined && { managed }),
    ...(namespacePerEnvironment !== undefined && { namespacePerEnvironment }),
    environmentScope: draft.environmentScope.trim(),
    apiUrl: draft.apiUrl.trim(),
    serviceToken: draft.serviceToken.trim(),
    authorizationType: draft.authorizationType,
    ...(managementProject?.id !== undefined && { managementProjectId: managementProject.id }),
    ...nonBlank('baseDomain', draft.baseDomain),
    ...nonBlank('caCert', draft.caCert),
    ...nonBlank('namespace', draft.namespace),
  };
}

function nonBlank(field: ClusterField, text: string): ClusterFields {
  return text.trim() === '' ? {} : { [field]: text.trim() };
}

/**
 * What editing sends: what differs from the cluster as it was read, and always `namespacePerEnvironment` where GitLab
 * told it: left out, GitLab would turn it back on (GitLab API contract 11.2).
 */
export function toEditFields(draft: ClusterDraft, cluster: Cluster): ClusterFields {
  const before = draftOf(cluster);
  const { enabled, managed, namespacePerEnvironment } = draft;
  const texts = editableTexts(cluster).filter((field) => isTextChanged(draft[field], before[field]));
  const managementProjectId = draft.managementProject === undefined ? null : draft.managementProject.id;
  return {
    ...Object.fromEntries(texts.map((field) => [field, draft[field].trim()])),
    ...(enabled !== undefined && enabled !== before.enabled && { enabled }),
    ...(managed !== undefined && managed !== before.managed && { managed }),
    ...(namespacePerEnvironment !== undefined && { namespacePerEnvironment }),
    ...(managementProjectId !== undefined &&
      managementProjectId !== (before.managementProject?.id ?? null) && { managementProjectId }),
    ...namespaceChange(draft, before, cluster.owner.level),
    ...(isProvidedByUser(cluster) && credentialChanges(draft, before)),
  };
}

/** A GCP or AWS cluster keeps its name and API URL (GitLab API contract 11.21). */
function editableTexts(cluster: Cluster): readonly ('name' | 'apiUrl' | 'baseDomain' | 'environmentScope')[] {
  return isProvidedByUser(cluster)
    ? ['name', 'apiUrl', 'baseDomain', 'environmentScope']
    : ['baseDomain', 'environmentScope'];
}

/** Typed blanks around a value are no change: GitLab (or we) trim them. A stored odd value left alone is none either. */
export function isTextChanged(text: string, before: string): boolean {
  return text !== before && text.trim() !== before;
}

function credentialChanges(draft: ClusterDraft, before: ClusterDraft): ClusterFields {
  const serviceToken = draft.serviceToken.trim();
  const caCert = draft.removeCaCert ? '' : draft.caCert.trim();
  const kept = isSameCertificateText(caCert, before.caCert) || (caCert === '' && !draft.removeCaCert);
  return { ...(serviceToken !== '' && { serviceToken }), ...(!kept && { caCert }) };
}

/** Line ends and surrounding blanks make no other certificate: a text area turns CRLF into LF, and GitLab trims. */
export function isSameCertificateText(one: string, other: string): boolean {
  const normal = (text: string): string => text.replace(/\r\n?/g, '\n').trim();
  return normal(one) === normal(other);
}

/**
 * GitLab lower-cases the namespace. Emptying it is not sent for a managed group or instance cluster: older versions
 * refuse even an empty one there (GitLab API contract 3.3, 11.8).
 */
function namespaceChange(draft: ClusterDraft, before: ClusterDraft, level: ClusterLevel): ClusterFields {
  const namespace = draft.namespace.trim();
  if (!isTextChanged(draft.namespace, before.namespace) || namespace.toLowerCase() === before.namespace) return {};
  return namespace === '' && !takesNamespace(level, draft.managed) ? {} : { namespace };
}

/** Group and instance clusters take a namespace only while GitLab does not manage them (GitLab API contract 3.3). */
export function takesNamespace(level: ClusterLevel, managed: boolean | undefined): boolean {
  return level === 'project' || managed === false;
}

/** Whether anything was typed or chosen that leaving the form would lose. */
export function isDraftChanged(draft: ClusterDraft, before: ClusterDraft): boolean {
  return (
    (['name', 'baseDomain', 'environmentScope', 'apiUrl', 'namespace', 'serviceToken'] as const).some(
      (field) => draft[field] !== before[field],
    ) ||
    (['enabled', 'managed', 'namespacePerEnvironment', 'removeCaCert', 'authorizationType'] as const).some(
      (field) => draft[field] !== before[field],
    ) ||
    !isSameCertificateText(draft.caCert, before.caCert) ||
    draft.managementProject?.id !== before.managementProject?.id ||
    draft.managementProject?.path !== before.managementProject?.path
  );
}
