import * as l10n from '@vscode/l10n';
import type { Cluster } from '../model/cluster';
import { plain } from '../model/plainText';
import { MAX_NAMESPACE } from './expectedNamespace';
import { clusterInShort } from './inWords';
import type { ScopeWarning } from './lints';

/** What is wrong, as one sentence. Never an error: it may well be meant so. */
export function warningInWords(warning: ScopeWarning): string {
  const { cluster } = warning;
  const name = clusterInShort(cluster);
  const scope = plain(cluster.environmentScope);
  switch (warning.kind) {
    case 'matchesNothing':
      return l10n.t(
        'The scope “{0}” of {1} matches no environment known today (projects read: {2}). Jobs may still create one.',
        scope,
        name,
        warning.projects,
      );
    case 'shadowed':
      return l10n.t(
        '{0} serves nothing in the projects that were read: a nearer cluster, such as {1}, takes all it would match.',
        name,
        clusterInShort(warning.by),
      );
    case 'ambiguous':
      return l10n.t(
        'Some environments match both “{0}” and “{1}” of {2}; GitLab defines no order among them.',
        scope,
        plain(warning.with.environmentScope),
        name,
      );
    case 'duplicateManaged':
      return l10n.t(
        '{0} and {1} have the same management project and the same scope “{2}”; GitLab defines no order among them.',
        name,
        clusterInShort(warning.with),
        scope,
      );
    case 'hidesExact':
      return l10n.t(
        'The scope * of {0} hides “{1}” of {2}: a nearer cluster wins over a more specific one.',
        name,
        plain(warning.hidden.environmentScope),
        clusterInShort(warning.hidden),
      );
    case 'disabledBlocks':
      return l10n.t('{0} is disabled, yet no other cluster beside it can have its scope “{1}”.', name, scope);
    case 'namespaceTooLong':
      return l10n.t(
        'The namespace expected for “{0}” of {1} has {2} characters; Kubernetes allows {3}, so a deployment will fail.',
        plain(warning.environment),
        plain(warning.project),
        warning.namespace.length,
        MAX_NAMESPACE,
      );
    case 'caExpired':
      return l10n.t('The CA certificate of {0} has expired.', name);
  }
}

/** What is wrong, in a few words. */
export function warningTitle({ kind }: ScopeWarning): string {
  switch (kind) {
    case 'matchesNothing':
      return l10n.t('Scope matches no environment');
    case 'shadowed':
      return l10n.t('Shadowed by a nearer cluster');
    case 'ambiguous':
      return l10n.t('Ambiguous scopes');
    case 'duplicateManaged':
      return l10n.t('Same scope and management project');
    case 'hidesExact':
      return l10n.t('Hides a more specific scope');
    case 'disabledBlocks':
      return l10n.t('Disabled, blocks its scope');
    case 'namespaceTooLong':
      return l10n.t('Namespace too long');
    case 'caExpired':
      return l10n.t('CA certificate expired');
  }
}

/** What to do about it, and with which cluster. */
export interface Remedy {
  readonly cluster: Cluster;
  readonly title: string;
  readonly act: 'edit' | 'showServed';
}

export function remedyOf(warning: ScopeWarning): Remedy {
  const { cluster } = warning;
  switch (warning.kind) {
    case 'matchesNothing':
    case 'ambiguous':
    case 'duplicateManaged':
    case 'hidesExact':
      return { cluster, title: l10n.t('Change the scope'), act: 'edit' };
    case 'shadowed':
      return { cluster, title: l10n.t('Show what it serves'), act: 'showServed' };
    case 'disabledBlocks':
      return { cluster, title: l10n.t('Change its scope, or delete it'), act: 'edit' };
    case 'namespaceTooLong':
      return { cluster, title: l10n.t('Set a shorter namespace'), act: 'edit' };
    case 'caExpired':
      return { cluster, title: l10n.t('Replace the CA certificate'), act: 'edit' };
  }
}
