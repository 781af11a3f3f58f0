import * as z from 'zod/mini';
import { attributeNames, isReadOnly } from './attributes';
import type { Attribute } from './attributes';
import type { Cluster } from './cluster';
import type { ClusterFields } from './clusterFields';
import { partOf } from './draftParts';

/** Under which name a draft holds an attribute: its management project is more than an id. */
type DraftKey = Exclude<Attribute, 'managementProjectId'> | 'managementProject';

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
} satisfies Record<DraftKey | 'removeCaCert', z.core.$ZodType>);
export type ClusterDraft = Readonly<z.infer<typeof clusterDraft>>;

/** The authorization types GitLab takes (GitLab API contract 1.4). */
export const authorizationTypes = ['rbac', 'abac', 'unknown_authorization'] as const;

/** A new cluster with GitLab's own defaults (GitLab API contract 1.4). */
export function blankDraft(): Required<ClusterDraft> {
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
export function draftOf(cluster: Cluster): Required<ClusterDraft> {
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

/** A cluster as a draft has it, beside what no draft holds; what is missing in it is not known. */
export function clusterOfDraft(
  draft: { readonly [Key in keyof ClusterDraft]?: ClusterDraft[Key] | undefined },
  known: Pick<Cluster, 'host' | 'owner' | 'id' | 'name' | 'provider' | 'managementProject'>,
): Cluster {
  return {
    detail: 'full',
    ...known,
    enabled: draft.enabled,
    managed: draft.managed,
    namespacePerEnvironment: draft.namespacePerEnvironment,
    environmentScope: draft.environmentScope ?? '*',
    baseDomain: draft.baseDomain || undefined,
    platform: {
      apiUrl: draft.apiUrl ?? '',
      namespace: draft.namespace || undefined,
      authorizationType: draft.authorizationType || undefined,
      caCert: draft.caCert || undefined,
    },
    gcp: undefined,
    createdAt: undefined,
    createdBy: undefined,
  };
}

/** What adding sends: every value the user saw, so that nothing depends on a default of GitLab's; blanks are left out. */
export function toAddFields(draft: ClusterDraft): ClusterFields {
  return together(attributeNames, (attribute) => partOf(attribute).toAdd(draft));
}

/**
 * What editing sends: what differs from the cluster as it was read, and always what GitLab would otherwise reset, where
 * GitLab told it (GitLab API contract 11.2).
 */
export function toEditFields(draft: ClusterDraft, cluster: Cluster): ClusterFields {
  const before = draftOf(cluster);
  const writable = attributeNames.filter(
    (attribute) => !isReadOnly(attribute, { mode: 'edit', provider: cluster.provider }),
  );
  return together(writable, (attribute) => partOf(attribute).toEdit(draft, before, cluster.owner.level));
}

function together(names: readonly Attribute[], fieldsOf: (attribute: Attribute) => ClusterFields): ClusterFields {
  return names.reduce<ClusterFields>((all, attribute) => ({ ...all, ...fieldsOf(attribute) }), {});
}

/** Whether anything was typed or chosen that leaving the form would lose. */
export function isDraftChanged(draft: ClusterDraft, before: ClusterDraft): boolean {
  return attributeNames.some((attribute) => !partOf(attribute).same(draft, before));
}
