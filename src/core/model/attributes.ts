import * as l10n from '@vscode/l10n';
import { keysOf } from './keysOf';

/** How a value is typed, compared and sent. */
type AttributeKind = 'text' | 'flag' | 'choice' | 'certificate' | 'project' | 'secret';

/** What the form of a cluster needs to know of an attribute; attributeUses.ts has where else it goes. */
interface AttributeFacts {
  readonly kind: AttributeKind;
  /** What it is called wherever it is named: on the form, in its summary, and in what is told after a save. */
  readonly label: () => string;
  /**
   * Whether GitLab lets it be changed once the cluster is there; `user`: on clusters of that provider only, and not on
   * those GitLab created at GCP or AWS (GitLab API contract 11.7, 11.21).
   */
  readonly editable: boolean | 'user';
}

/**
 * Every attribute of a cluster that can be sent to GitLab, in the order of the form. Whatever lists attributes goes
 * through this table, or is held against it by the compiler, so that a new one is forgotten nowhere.
 */
export const attributes = {
  name: { kind: 'text', label: () => l10n.t('Name'), editable: 'user' },
  enabled: { kind: 'flag', label: () => l10n.t('Enabled'), editable: true },
  apiUrl: { kind: 'text', label: () => l10n.t('API URL'), editable: 'user' },
  serviceToken: { kind: 'secret', label: () => l10n.t('Service token'), editable: 'user' },
  caCert: { kind: 'certificate', label: () => l10n.t('CA certificate'), editable: 'user' },
  authorizationType: { kind: 'choice', label: () => l10n.t('Authorization type'), editable: false },
  environmentScope: { kind: 'text', label: () => l10n.t('Environment scope'), editable: true },
  baseDomain: { kind: 'text', label: () => l10n.t('Base domain'), editable: true },
  managed: { kind: 'flag', label: () => l10n.t('GitLab-managed'), editable: true },
  namespacePerEnvironment: { kind: 'flag', label: () => l10n.t('Namespace per environment'), editable: true },
  namespace: { kind: 'text', label: () => l10n.t('Namespace'), editable: true },
  managementProjectId: { kind: 'project', label: () => l10n.t('Management project'), editable: true },
} as const satisfies Readonly<Record<string, AttributeFacts>>;

export type Attribute = keyof typeof attributes;

/** The attributes of one kind. */
export type AttributeOf<K extends AttributeKind> = {
  [A in Attribute]: (typeof attributes)[A]['kind'] extends K ? A : never;
}[Attribute];

export const attributeNames: readonly Attribute[] = keysOf(attributes);

export function isOfKind<K extends AttributeKind>(attribute: Attribute, kind: K): attribute is AttributeOf<K> {
  return attributes[attribute].kind === kind;
}

/** Whether GitLab lets nobody change it; `provider` is `user` for a cluster that was added manually. */
export function isReadOnly(
  attribute: Attribute,
  { mode, provider }: { readonly mode: 'add' | 'edit'; readonly provider: string },
): boolean {
  const { editable } = attributes[attribute];
  return mode === 'edit' && editable !== true && editable !== provider;
}
