import * as l10n from '@vscode/l10n';

/** GitLab's limit of characters in an environment's name (agents and environments 14). */
const MAX_NAME = 255;

/** Why GitLab would refuse a name for an environment, in GitLab's words; undefined for a good one. */
export function environmentNameProblem(name: string): string | undefined {
  if (name.trim() === '') return l10n.t('Enter the name of an environment.');
  if (name.length > MAX_NAME) {
    return l10n.t('GitLab would refuse this name: it is too long (maximum is {0} characters).', MAX_NAME);
  }
  if (!/^[A-Za-z0-9_/${}. -]+$/.test(name) || name.startsWith('/') || name.endsWith('/')) {
    return l10n.t(
      "GitLab would refuse this name: it can contain only letters, digits, '-', '_', '/', '$', '{', '}', '.', and spaces, but it cannot start or end with '/'.",
    );
  }
  return undefined;
}
