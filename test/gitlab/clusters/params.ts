import type { NestedParameter, Parameter } from '../params';
import type { Profile, VersionedParameter } from '../profiles';

/** The cluster's id in an address. */
export const clusterId: Parameter = { name: 'cluster_id', type: 'integer', required: true };

const platformOnAdd = {
  name: 'platform_kubernetes_attributes',
  type: 'object',
  required: true,
  parameters: [
    { name: 'api_url', type: 'string', required: true, notBlank: true },
    { name: 'token', type: 'string', required: true },
    { name: 'ca_cert', type: 'string' },
    { name: 'namespace', type: 'string' },
    {
      name: 'authorization_type',
      type: 'string',
      values: ['rbac', 'abac', 'unknown_authorization'],
      fallback: 'rbac',
    },
  ],
} as const satisfies NestedParameter;

/** No `authorization_type`: it can only be chosen when a cluster is added. */
const platformOnEdit = {
  name: 'platform_kubernetes_attributes',
  type: 'object',
  parameters: [
    { name: 'api_url', type: 'string' },
    { name: 'token', type: 'string' },
    { name: 'ca_cert', type: 'string' },
    { name: 'namespace', type: 'string' },
  ],
} as const satisfies NestedParameter;

const onAdd = [
  { name: 'name', type: 'string', required: true },
  { name: 'enabled', type: 'boolean', fallback: true },
  { name: 'managed', type: 'boolean', fallback: true },
  { name: 'namespace_per_environment', type: 'boolean', fallback: true },
  { name: 'domain', type: 'string' },
  { name: 'environment_scope', type: 'string', fallback: '*' },
  { name: 'management_project_id', type: 'integer' },
] as const satisfies readonly Parameter[];

/** Without defaults, but for `namespace_per_environment`: leaving it out sets it to true. */
const onEdit = [
  { name: 'name', type: 'string' },
  { name: 'domain', type: 'string' },
  { name: 'environment_scope', type: 'string' },
  { name: 'management_project_id', type: 'integer' },
  { name: 'enabled', type: 'boolean' },
  { name: 'managed', type: 'boolean' },
  { name: 'namespace_per_environment', type: 'boolean', fallback: true },
] as const satisfies readonly Parameter[];

type Nested<P extends NestedParameter> = `${P['name']}.${P['parameters'][number]['name']}`;

/** The names of what POST and PUT take, with dots. */
export type AddName = (typeof onAdd)[number]['name'] | Nested<typeof platformOnAdd>;
export type EditName = (typeof onEdit)[number]['name'] | Nested<typeof platformOnEdit>;

/** What POST declares in this version (GitLab API contract 1.4). */
export function addParameters({ acceptsOnAdd }: Profile): (Parameter | NestedParameter)[] {
  return [...known(onAdd, acceptsOnAdd), platformOnAdd];
}

/** What PUT declares in this version (GitLab API contract 1.5). */
export function editParameters({ acceptsOnEdit }: Profile): (Parameter | NestedParameter)[] {
  return [clusterId, ...known(onEdit, acceptsOnEdit), platformOnEdit];
}

function known(parameters: readonly Parameter[], accepted: Readonly<Record<VersionedParameter, boolean>>): Parameter[] {
  const names = new Map<string, boolean>(Object.entries(accepted));
  return parameters.filter(({ name }) => names.get(name) !== false);
}
