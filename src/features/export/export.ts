import * as l10n from '@vscode/l10n';
import { GitLabError } from '../../core/gitlab/errors';
import { explain } from '../../core/gitlab/explain';
import type { ExportColumn } from '../../core/model/attributeUses';
import { keysOf } from '../../core/model/keysOf';
import type { HostUrl } from '../../core/model/host';
import { visible } from '../../core/model/plainText';
import { withoutCredentials } from '../../core/model/withoutCredentials';
import { caOf } from '../../core/model/caFacts';
import { knownPath } from '../../core/inventory/ownerRecord';
import type { KnownCluster } from '../../core/inventory/ownerRecord';
import type { UnsearchedHost } from '../../core/inventory/unsearched';
import { naturalKey, sortedByKey } from '../../core/model/naturalKey';
import { clusterPage } from '../../core/model/pages';
import { csvCell, markdownCell, type Value } from '../../core/model/tableCells';
import { inSlices } from '../../core/time/slices';
import type { ExportFormat } from '../../editor/exportText';

/** One line of an export. `undefined` is what GitLab does not report or the cluster does not have. */
interface ExportRow extends Readonly<Record<ExportColumn, Value>> {
  readonly hostName: string;
  readonly host: string;
  /** Undefined, as all that follows but `note`, for a host that may have clusters nobody has seen here. */
  readonly level: string | undefined;
  /** Full path of group or project; undefined for the instance. */
  readonly owner: string | undefined;
  readonly ownerId: number | undefined;
  readonly name: string | undefined;
  readonly id: number | undefined;
  /** The cluster's page in GitLab. */
  readonly webUrl: string | undefined;
  readonly apiUrl: string | undefined;
  readonly environmentScope: string | undefined;
  readonly enabled: boolean | undefined;
  readonly managed: boolean | undefined;
  readonly namespacePerEnvironment: boolean | undefined;
  readonly namespace: string | undefined;
  readonly baseDomain: string | undefined;
  readonly authorizationType: string | undefined;
  readonly provider: string | undefined;
  readonly caSubject: string | undefined;
  /** ISO 8601. */
  readonly caExpiry: string | undefined;
  /** Full path. */
  readonly managementProject: string | undefined;
  readonly managementProjectId: number | undefined;
  /** ISO 8601. */
  readonly createdAt: string | undefined;
  /** Why nothing but its name is known, or why a host's clusters are not all here, in words. */
  readonly note: string | undefined;
}

/** Column names are the same in every format and language: exports are read by programs. */
export const exportColumns = keysOf<keyof ExportRow>({
  hostName: true,
  host: true,
  level: true,
  owner: true,
  name: true,
  id: true,
  apiUrl: true,
  environmentScope: true,
  enabled: true,
  managed: true,
  provider: true,
  caSubject: true,
  caExpiry: true,
  managementProject: true,
  ownerId: true,
  webUrl: true,
  namespacePerEnvironment: true,
  namespace: true,
  baseDomain: true,
  authorizationType: true,
  managementProjectId: true,
  createdAt: true,
  note: true,
});

/**
 * Writes clusters as a table, a line each, by host and path, and a line for each host that may have others. Decodes
 * thousands of certificates without blocking.
 */
export async function exportClusters(
  clusters: readonly KnownCluster[],
  format: ExportFormat,
  hostName: (host: HostUrl) => string,
  unsearched: readonly UnsearchedHost[] = [],
  signal?: AbortSignal,
): Promise<string> {
  const lines = unsearched.map(({ host, why }) => {
    const note = l10n.t('not searched: {0}', why);
    return lineOf({ ...nothingKnown, hostName: hostName(host.url), host: host.url, note }, format);
  });
  const order = (cluster: KnownCluster): string =>
    [hostName(cluster.host), cluster.host, knownPath(cluster) ?? '', cluster.name].map(naturalKey).join('\n');
  const sorted = sortedByKey(clusters, order, ({ id }) => id);
  await inSlices(sorted, (cluster) => lines.push(lineOf(exportRow(cluster, hostName), format)), signal);
  switch (format) {
    case 'csv':
      return [exportColumns.join(','), ...lines, ''].join('\r\n');
    case 'json':
      return lines.length === 0 ? '[]\n' : `[\n${lines.join(',\n')}\n]\n`;
    case 'markdown':
      return [`| ${exportColumns.join(' | ')} |`, `|${exportColumns.map(() => ' --- ').join('|')}|`, ...lines, ''].join(
        '\n',
      );
  }
}

function clean(value: Value): Value {
  return typeof value === 'string' ? visible(value) : value;
}

/** The facts of one cluster; of one known by name only, name and place, and why that is so. */
function exportRow(cluster: KnownCluster, hostName: (host: HostUrl) => string): ExportRow {
  const { host, id, name } = cluster;
  const place = { ...nothingKnown, hostName: hostName(host), host, name, id, owner: knownPath(cluster) };
  if (cluster.detail !== 'full') {
    const note = explain(new GitLabError(cluster.reason)).title;
    return { ...place, level: cluster.level, ownerId: cluster.ownerId, note };
  }
  const { owner, platform, managementProject } = cluster;
  const ca = caOf(cluster);
  return {
    ...place,
    level: owner.level,
    ownerId: owner.level === 'instance' ? undefined : owner.id,
    webUrl: clusterPage(cluster),
    apiUrl: platform && withoutCredentials(platform.apiUrl),
    environmentScope: cluster.environmentScope,
    enabled: cluster.enabled,
    managed: cluster.managed,
    namespacePerEnvironment: cluster.namespacePerEnvironment,
    namespace: platform?.namespace,
    baseDomain: cluster.baseDomain,
    authorizationType: platform?.authorizationType,
    provider: cluster.provider,
    caSubject: ca?.subject,
    caExpiry: ca?.validTo.toISOString(),
    managementProject: managementProject?.path,
    managementProjectId: managementProject?.id,
    createdAt: cluster.createdAt?.toISOString(),
  };
}

const nothingKnown: Omit<ExportRow, 'host' | 'hostName'> = {
  level: undefined,
  owner: undefined,
  ownerId: undefined,
  name: undefined,
  id: undefined,
  webUrl: undefined,
  apiUrl: undefined,
  environmentScope: undefined,
  enabled: undefined,
  managed: undefined,
  namespacePerEnvironment: undefined,
  namespace: undefined,
  baseDomain: undefined,
  authorizationType: undefined,
  provider: undefined,
  caSubject: undefined,
  caExpiry: undefined,
  managementProject: undefined,
  managementProjectId: undefined,
  createdAt: undefined,
  note: undefined,
};

function lineOf(row: ExportRow, format: ExportFormat): string {
  switch (format) {
    case 'csv':
      return exportColumns.map((column) => csvCell(clean(row[column]))).join(',');
    case 'json':
      return `  ${JSON.stringify(Object.fromEntries(exportColumns.map((column) => [column, clean(row[column]) ?? null])))}`;
    case 'markdown':
      return `| ${exportColumns.map((column) => markdownCell(clean(row[column]))).join(' | ')} |`;
  }
}
