import * as l10n from '@vscode/l10n';
import type { Cluster, ClusterOwner } from './cluster';
import { plain, plainName } from './plainText';

/** A cluster's name on one line, of a length fit for headings, tabs and notifications. GitLab takes any name, also a blank one. */
export function clusterTitle({ id, name }: Pick<Cluster, 'id' | 'name'>): string {
  return plainName(name) || l10n.t('Cluster {0} (no name)', id);
}

/** An owner in words: "Instance", "Group a/b", "Project a/b". */
export function ownerTitle(owner: ClusterOwner): string {
  switch (owner.level) {
    case 'instance':
      return l10n.t('Instance');
    case 'group':
      return l10n.t('Group {0}', plain(owner.path));
    case 'project':
      return l10n.t('Project {0}', plain(owner.path));
  }
}
