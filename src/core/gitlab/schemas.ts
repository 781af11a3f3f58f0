import * as z from 'zod/mini';
import type { WireName, WireNameIn } from '../model/attributeUses';

/**
 * GitLab's payloads, tolerant: old versions leave fields out, newer ones add some, and proxies of the doc's examples
 * show both (GitLab API contract 2). Only an id is insisted on; snake_case ends here.
 */
const text = z.nullish(z.string());
const flag = z.nullish(z.boolean());
const count = z.nullish(z.number());
const id = z.int();

export const projectPayload = z.object({
  id,
  name: z.string(),
  path_with_namespace: z.string(),
  web_url: text,
});

export const groupPayload = z.object({ id, name: z.string(), full_path: z.string(), web_url: text });

const platformPayload = z.object({
  api_url: text,
  namespace: text,
  authorization_type: text,
  ca_cert: text,
} satisfies Record<WireNameIn<'platform_kubernetes'>, z.core.$ZodType>);

const gcpPayload = z.object({
  status_name: text,
  gcp_project_id: text,
  zone: text,
  machine_type: text,
  num_nodes: count,
  endpoint: text,
});

/** What GitLab returns of a cluster beside its attributes. */
type Told = 'id' | 'created_at' | 'provider_type' | 'user' | 'provider_gcp';

export const clusterPayload = z.object({
  id,
  name: text,
  created_at: text,
  domain: text,
  enabled: flag,
  managed: flag,
  namespace_per_environment: flag,
  provider_type: text,
  environment_scope: text,
  user: z.nullish(z.object({ name: text, username: text })),
  platform_kubernetes: z.nullish(platformPayload),
  provider_gcp: z.nullish(gcpPayload),
  management_project: z.nullish(z.object({ id, name: text, path_with_namespace: text })),
} satisfies Record<WireName | Told, z.core.$ZodType>);
export type ClusterPayload = z.infer<typeof clusterPayload>;

/** `is_admin` is present for administrators only (GitLab API contract 1.6). */
export const userPayload = z.object({ id, username: z.string(), name: z.string(), is_admin: flag });

export const versionPayload = z.object({ version: z.string(), revision: text, enterprise: flag });

export const tokenPayload = z.object({
  name: text,
  scopes: z.array(z.string()),
  expires_at: text,
  active: flag,
  revoked: flag,
});
