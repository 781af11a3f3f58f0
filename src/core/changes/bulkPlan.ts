import * as l10n from '@vscode/l10n';
import { isOfKind } from '../model/attributes';
import type { AttributeWith } from '../model/attributeUses';
import type { Cluster, ManagementProject } from '../model/cluster';
import { clusterKey, isProvidedByUser, ownerPath } from '../model/cluster';
import type { ClusterField, ClusterFields } from '../model/clusterFields';
import { mayManage, misplacedManagement } from '../model/managementPlace';
import { differences, stored } from '../model/differences';
import { providerName } from '../model/providerName';
import type { KnownCluster } from '../inventory/ownerRecord';
import { normalisedApiUrl } from '../arrange/grouping';
import { managementScopes } from '../model/managementScopes';

/** One change for many clusters. A new service token is not in here: it is given to the run alone. */
export type BulkChange =
  | { readonly type: 'enable' | 'disable' | 'delete' }
  | {
      readonly type: 'managementProject';
      /** Undefined takes it away. */ readonly project: ManagementProject | undefined;
    }
  | { readonly type: 'baseDomain'; /** Empty takes it away. */ readonly baseDomain: string }
  | {
      readonly type: 'connection';
      readonly apiUrl?: string | undefined;
      readonly caCert?: string | undefined;
      /** Whether the run brings a new service token. */
      readonly replacesServiceToken: boolean;
    }
  /** Adds clusters: what is sent of each, its service token left out. */
  | { readonly type: 'add'; readonly fields: ReadonlyMap<Cluster, ClusterFields> }
  /** Puts values back that were changed before, of each cluster its own, by `clusterKey`. */
  | { readonly type: 'restore'; readonly values: ReadonlyMap<string, RestoredValues> };

export interface RestoredValues {
  readonly fields: ClusterFields;
  /** Full path of the management project among them. */
  readonly projectPath: string | undefined;
}

/** What a field has and will have, as GitLab has it; a certificate as its PEM text. The service token is never shown. */
export type BulkDifference =
  | {
      readonly field: Exclude<ClusterField, 'serviceToken'>;
      readonly before: string | boolean | undefined;
      readonly after: string | boolean | undefined;
    }
  | { readonly field: 'serviceToken'; readonly after: 'replaced' };

/** One line of the table that is shown before anything is changed. */
export type BulkRow = {
  readonly cluster: KnownCluster;
} & (
  | {
      readonly verdict: 'change';
      readonly cluster: Cluster;
      readonly differences: readonly BulkDifference[];
      readonly warning: string | undefined;
    }
  | { readonly verdict: 'delete'; readonly cluster: Cluster }
  /** The cluster is as it would be; it has no id yet. */
  | { readonly verdict: 'add'; readonly cluster: Cluster; readonly warning: string | undefined }
  | { readonly verdict: 'unchanged' }
  | { readonly verdict: 'cannot'; readonly reason: string }
);

/** What is known of the places the clusters are at. */
export interface BulkKnowledge {
  /** Whether the host's token may change anything. */
  canWrite(cluster: KnownCluster): boolean;
  /** Whether the role is enough to change it; undefined where that is not known. */
  mayChange?(cluster: Cluster): boolean | undefined;
  /** Whether the cluster's project is archived, and so read-only. */
  isArchived(cluster: Cluster): boolean;
  /** All clusters known, also those that are not to be changed: they may hold what these would take. */
  known(): readonly Cluster[];
}

/** What the change would do to each cluster, in their order. Asks nobody: the run looks again before each change. */
export function planChange(
  clusters: readonly KnownCluster[],
  change: BulkChange,
  knowledge: BulkKnowledge,
): readonly BulkRow[] {
  const scopeRefusal = scopeRule(clusters, change, knowledge);
  return clusters.map((cluster): BulkRow => {
    if (cluster.detail !== 'full') {
      return { cluster, verdict: 'cannot', reason: l10n.t('Only its name is known: GitLab doesn’t allow reading it.') };
    }
    const reason = obstacle(cluster, change, knowledge);
    if (reason !== undefined) return { cluster, verdict: 'cannot', reason };
    if (change.type === 'delete') return { cluster, verdict: 'delete' };
    const changes = differencesOf(cluster, change);
    if (changes.length === 0) return { cluster, verdict: 'unchanged' };
    const refusal = scopeRefusal?.(cluster);
    if (refusal !== undefined) return { cluster, verdict: 'cannot', reason: refusal };
    return { cluster, verdict: 'change', differences: changes, warning: warningOf(cluster) };
  });
}

/** Only a management project that is set has scopes to hand out. */
function scopeRule(
  clusters: readonly KnownCluster[],
  change: BulkChange,
  knowledge: BulkKnowledge,
): ((cluster: Cluster) => string | undefined) | undefined {
  if (change.type !== 'managementProject' || !change.project) return undefined;
  const all = [...clusters.filter((cluster) => cluster.detail === 'full'), ...knowledge.known()];
  // What is known of a cluster may be newer than the row it was chosen by.
  const newest = new Map(all.map((cluster) => [clusterKey(cluster), cluster]));
  return managementScopes(change.project, [...newest.values()]);
}

function obstacle(cluster: Cluster, change: BulkChange, knowledge: BulkKnowledge): string | undefined {
  if (!knowledge.canWrite(cluster)) return l10n.t('The host is read-only: its access token has no scope “api”.');
  if (knowledge.mayChange?.(cluster) === false) return l10n.t('Changing this cluster needs the Maintainer role.');
  if (knowledge.isArchived(cluster)) return l10n.t('The project is archived, so GitLab refuses changes.');
  if (change.type === 'delete') return undefined;
  if (!isProvidedByUser(cluster)) {
    if (change.type === 'connection') {
      return l10n.t(
        'GitLab created this cluster at {0}: its connection cannot be changed.',
        providerName(cluster.provider),
      );
    }
    if (cluster.gcp?.status === 'creating') return l10n.t('GitLab is still creating this cluster.');
  }
  if (change.type === 'connection' && !cluster.platform) return l10n.t('This cluster has no connection yet.');
  if (change.type === 'managementProject' && change.project && !canManage(change.project.path, cluster)) {
    return misplacedManagement(cluster.owner.level);
  }
  const switches = change.type === 'enable' || change.type === 'disable';
  if (switches && cluster.enabled === undefined) {
    return l10n.t('This GitLab version can neither report nor change whether a cluster is enabled.');
  }
  return undefined;
}

/** Whether GitLab would take a project as management project of a cluster, as far as the paths tell. */
export function canManage(path: string, { owner }: Cluster): boolean {
  return mayManage(path, owner.level, ownerPath(owner));
}

/** Every PUT sets the value again, and GitLab takes a missing one for true (GitLab API contract 11.2). */
function warningOf(cluster: Cluster): string | undefined {
  if (cluster.namespacePerEnvironment !== undefined) return undefined;
  return l10n.t('GitLab doesn’t report “Namespace per environment”; saving may turn it on.');
}

/** What can be given to many clusters at once. */
type BulkFields = Pick<ClusterFields, AttributeWith<{ readonly inBulk: true }>>;

/** The fields of a change as they are sent to a cluster, without the service token. */
export function fieldsOf(change: Exclude<BulkChange, { type: 'delete' }>, cluster: Cluster): BulkFields {
  switch (change.type) {
    case 'restore':
      return change.values.get(clusterKey(cluster))?.fields ?? {};
    case 'enable':
      return { enabled: true };
    case 'disable':
      return { enabled: false };
    case 'managementProject':
      return { managementProjectId: change.project?.id ?? null };
    case 'baseDomain':
      return { baseDomain: change.baseDomain.trim() };
    case 'connection':
      return {
        ...(change.apiUrl !== undefined && { apiUrl: change.apiUrl.trim() }),
        ...(change.caCert !== undefined && { caCert: change.caCert.trim() }),
      };
    default:
      return {};
  }
}

/** Which fields of a cluster a change would change, before and after. */
export function differencesOf(cluster: Cluster, change: BulkChange): readonly BulkDifference[] {
  if (change.type === 'delete') return [];
  const wanted: ClusterFields = fieldsOf(change, cluster);
  const project = projectPathOf(change, cluster);
  const fields = differences(wanted, cluster).flatMap(({ field }): BulkDifference[] => {
    if (isOfKind(field, 'secret')) return [];
    if (isOfKind(field, 'project')) return [{ field, before: cluster.managementProject?.path, after: project }];
    return [{ field, before: unlessEmpty(stored[field](cluster)), after: unlessEmpty(wanted[field]) }];
  });
  const replaces = change.type === 'connection' && change.replacesServiceToken;
  return replaces ? [...fields, { field: 'serviceToken', after: 'replaced' }] : fields;
}

function unlessEmpty<T>(value: T | undefined): T | undefined {
  return value === '' ? undefined : value;
}

function projectPathOf(change: BulkChange, cluster: Cluster): string | undefined {
  if (change.type === 'restore') return change.values.get(clusterKey(cluster))?.projectPath;
  return change.type === 'managementProject' ? change.project?.path : undefined;
}

/**
 * What somebody changed since the table was made of what tells one cluster from another. A record that points at another
 * Kubernetes API is another cluster, whatever is to be done to it, and what is deleted must be what was shown.
 */
export function movedSince(shown: Cluster, now: Cluster, change: BulkChange): readonly BulkDifference[] {
  const [before, after] = [shown.platform?.apiUrl, now.platform?.apiUrl];
  const wanted = change.type === 'delete' ? undefined : fieldsOf(change, shown).apiUrl;
  // What is put back elsewhere is no matter of the API URL.
  if (change.type === 'restore' && wanted === undefined) return [];
  const isMeant = wanted !== undefined && isSameApi(wanted, after);
  const moved: readonly BulkDifference[] =
    isSameApi(before, after) || isMeant ? [] : [{ field: 'apiUrl', before, after }];
  if (change.type !== 'delete') return moved;
  const texts = (['name', 'environmentScope'] as const).flatMap((field): BulkDifference[] =>
    shown[field] === now[field] ? [] : [{ field, before: shown[field], after: now[field] }],
  );
  return [...texts, ...moved];
}

function isSameApi(one: string | undefined, other: string | undefined): boolean {
  return normalisedApiUrl(one ?? '') === normalisedApiUrl(other ?? '');
}
