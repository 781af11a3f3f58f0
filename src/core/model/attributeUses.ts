import type { Attribute } from './attributes';

/** Where an attribute goes, beside the form. */
interface AttributeUses {
  /**
   * GitLab's names, with dots: in its answers, in what adds a cluster and in what changes one (GitLab API contract 1.4,
   * 1.5, 2). Undefined where GitLab never returns it, or ignores it.
   */
  readonly wire: { readonly read: string | undefined; readonly add: string; readonly edit: string | undefined };
  /** GitLab resets it when a change leaves it out, so every change repeats it (GitLab API contract 11.2). */
  readonly repeated: boolean;
  readonly inTooltip: boolean;
  /** The columns of an export that are made of it. */
  readonly exported: readonly string[];
  /** Whether many clusters can be given a value at once. */
  readonly inBulk: boolean;
  /** Whether it is kept on disk for the next start. */
  readonly remembered: boolean;
}

/** Where each attribute goes. What writes or reads them all goes through this table, or is held against its keys. */
export const attributeUses = {
  name: {
    wire: { read: 'name', add: 'name', edit: 'name' },
    repeated: false,
    // It is the title.
    inTooltip: false,
    exported: ['name'],
    inBulk: false,
    remembered: true,
  },
  enabled: {
    wire: { read: 'enabled', add: 'enabled', edit: 'enabled' },
    repeated: false,
    inTooltip: true,
    exported: ['enabled'],
    inBulk: true,
    remembered: true,
  },
  apiUrl: {
    wire: {
      read: 'platform_kubernetes.api_url',
      add: 'platform_kubernetes_attributes.api_url',
      edit: 'platform_kubernetes_attributes.api_url',
    },
    repeated: false,
    inTooltip: true,
    exported: ['apiUrl'],
    inBulk: true,
    remembered: true,
  },
  serviceToken: {
    wire: {
      read: undefined,
      add: 'platform_kubernetes_attributes.token',
      edit: 'platform_kubernetes_attributes.token',
    },
    repeated: false,
    inTooltip: false,
    exported: [],
    inBulk: true,
    remembered: false,
  },
  caCert: {
    wire: {
      read: 'platform_kubernetes.ca_cert',
      add: 'platform_kubernetes_attributes.ca_cert',
      edit: 'platform_kubernetes_attributes.ca_cert',
    },
    repeated: false,
    inTooltip: true,
    exported: ['caSubject', 'caExpiry'],
    inBulk: true,
    remembered: true,
  },
  authorizationType: {
    wire: {
      read: 'platform_kubernetes.authorization_type',
      add: 'platform_kubernetes_attributes.authorization_type',
      edit: undefined,
    },
    repeated: false,
    inTooltip: true,
    exported: ['authorizationType'],
    inBulk: false,
    remembered: true,
  },
  environmentScope: {
    wire: { read: 'environment_scope', add: 'environment_scope', edit: 'environment_scope' },
    repeated: false,
    inTooltip: true,
    exported: ['environmentScope'],
    inBulk: false,
    remembered: true,
  },
  baseDomain: {
    wire: { read: 'domain', add: 'domain', edit: 'domain' },
    repeated: false,
    inTooltip: true,
    exported: ['baseDomain'],
    inBulk: true,
    remembered: true,
  },
  managed: {
    wire: { read: 'managed', add: 'managed', edit: 'managed' },
    repeated: false,
    inTooltip: true,
    exported: ['managed'],
    inBulk: false,
    remembered: true,
  },
  namespacePerEnvironment: {
    wire: {
      read: 'namespace_per_environment',
      add: 'namespace_per_environment',
      edit: 'namespace_per_environment',
    },
    repeated: true,
    inTooltip: true,
    exported: ['namespacePerEnvironment'],
    inBulk: false,
    remembered: true,
  },
  namespace: {
    wire: {
      read: 'platform_kubernetes.namespace',
      add: 'platform_kubernetes_attributes.namespace',
      edit: 'platform_kubernetes_attributes.namespace',
    },
    repeated: false,
    inTooltip: true,
    exported: ['namespace'],
    inBulk: false,
    remembered: true,
  },
  managementProjectId: {
    wire: { read: 'management_project.id', add: 'management_project_id', edit: 'management_project_id' },
    repeated: false,
    inTooltip: true,
    exported: ['managementProject', 'managementProjectId'],
    inBulk: true,
    remembered: true,
  },
} as const satisfies Readonly<Record<Attribute, AttributeUses>>;

type Uses = typeof attributeUses;

/** The attributes with this fact, such as `{ remembered: true }`. */
export type AttributeWith<Fact> = { [A in Attribute]: Uses[A] extends Fact ? A : never }[Attribute];

/** The columns that attributes fill in an export. */
export type ExportColumn = Uses[Attribute]['exported'][number];

type ReadPath = NonNullable<Uses[Attribute]['wire']['read']>;
type Root<Path> = Path extends `${infer Object}.${string}` ? Object : Path;
type Inside<Path, Object extends string> = Path extends `${Object}.${infer Name}` ? Name : never;

/** What GitLab's answer about a cluster has of attributes. */
export type WireName = Root<ReadPath>;

/** The same for an object inside the answer. */
export type WireNameIn<Object extends string> = Inside<ReadPath, Object>;
