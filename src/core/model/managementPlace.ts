import * as l10n from '@vscode/l10n';
import type { ClusterLevel } from './cluster';

/** Why GitLab refuses a management project that stands elsewhere. */
export function misplacedManagement(level: ClusterLevel): string {
  return level === 'project'
    ? l10n.t('GitLab accepts only projects directly beside this project, in the same namespace.')
    : l10n.t('GitLab accepts only projects of this group and its subgroups.');
}

/**
 * Whether GitLab takes a project as management project: directly in the same namespace for a project's cluster, in the
 * group or below it for a group's, any for the instance's (GitLab API contract 3.3).
 */
export function mayManage(path: string, level: ClusterLevel, ownerPath: string | undefined): boolean {
  if (level === 'instance' || ownerPath === undefined) return true;
  const candidate = path.toLowerCase();
  const owner = ownerPath.toLowerCase();
  return level === 'group' ? candidate.startsWith(`${owner}/`) : namespaceOf(candidate) === namespaceOf(owner);
}

function namespaceOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/') + 1);
}
