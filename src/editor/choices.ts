import * as l10n from '@vscode/l10n';
import { GitLabError } from '../core/gitlab/errors';
import { explain } from '../core/gitlab/explain';
import { knownPath } from '../core/inventory/ownerRecord';
import type { KnownCluster } from '../core/inventory/ownerRecord';
import type { ClusterOwner } from '../core/model/cluster';
import type { Host } from '../core/model/host';
import { plain } from '../core/model/plainText';
import { clusterTitle } from '../core/model/titles';
import type { Choice } from './dialogs';

/** How a cluster is shown in a list to choose from: with its host where there are several. */
export function clusterChoice(cluster: KnownCluster, hosts: readonly Host[]): Choice {
  const owner = plain(knownPath(cluster) ?? l10n.t('Instance'));
  const host = plain(hosts.find(({ url }) => url === cluster.host)?.name ?? cluster.host);
  const place = hosts.length > 1 ? l10n.t('{0} at {1}', owner, host) : owner;
  const state =
    cluster.detail === 'nameOnly' ? explain(new GitLabError(cluster.reason)).title : plain(cluster.environmentScope);
  return { label: clusterTitle(cluster), description: `${place} · ${state}` };
}

/** The same of an owner. */
export function ownerChoice(owner: ClusterOwner, host: Host): Choice {
  return owner.level === 'instance'
    ? { label: l10n.t('Instance'), description: host.name }
    : {
        label: plain(owner.path),
        description: owner.level === 'group' ? l10n.t('Group') : l10n.t('Project'),
      };
}
