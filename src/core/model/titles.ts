import * as l10n from '@vscode/l10n';
import type { Cluster, ClusterOwner } from './cluster';
import { plain, plainName } from './plainText';

/** A cluster's name on one line, of a length fit for headings, tabs and notifications. GitLab takes any name, also a blank one. */
export function clusterTitle({ id, name }: Pick<Cluster, 'id' | 'name'>): string {
  return plainName(name) || l10n.t('Cluster {0} (no name)', id);
}

/** A cluster that is shown alone, told apart from others of its name: “production · payments-api · Fleet”. */
export function placedTitle(cluster: Pick<Cluster, 'id' | 'name' | 'owner'>, hostName: string): string {
  return `${clusterTitle(cluster)} · ${ownerPlace(cluster.owner, hostName)}`;
}

/** The last part of an owner's path and the host: “payments-api · Fleet”. */
export function ownerPlace(owner: ClusterOwner, hostName: string): string {
  const place = owner.level === 'instance' ? l10n.t('Instance') : plainName(owner.path.split('/').at(-1) ?? '');
  return `${place} · ${plainName(hostName)}`;
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
