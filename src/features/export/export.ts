import { GitLabError } from '../../core/gitlab/errors';
import { explain } from '../../core/gitlab/explain';
import type { ExportColumn } from '../../core/model/attributeUses';
import { keysOf } from '../../core/model/keysOf';
import type { Cluster } from '../../core/model/cluster';
import type { HostUrl } from '../../core/model/host';
import { visible } from '../../core/model/plainText';
import { withoutCredentials } from '../../core/model/withoutCredentials';
import { caOf } from '../../core/model/caFacts';
import type { NamedCluster } from '../../core/inventory/ownerRecord';
import { csvCell, markdownCell, type Value } from '../../core/model/tableCells';
import { inSlices } from '../../core/time/slices';
import type { ExportFormat } from '../../editor/exportText';

/** One line of an export. `undefined` is what GitLab does not tell or the cluster does not have. */
interface ExportRow extends Readonly<Record<ExportColumn, Value>> {
  readonly hostName: string;
  readonly host: string;
  readonly level: string;
  /** Full path of group or project; undefined for the instance. */
  readonly owner: string | undefined;
  readonly name: string;
  readonly id: number;
  readonly apiUrl: string | undefined;
  readonly environmentScope: string | undefined;
  readonly enabled: boolean | undefined;
  readonly managed: boolean | undefined;
  readonly provider: string | undefined;
  readonly caSubject: string | undefined;
  /** ISO 8601. */
  readonly caExpiry: string | undefined;
  /** Full path. */
  readonly managementProject: string | undefined;
  /** Why nothing but its name is known, in words. */
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
  note: true,
});

/** Writes clusters as a table, a line each, in the order given. Decodes thousands of certificates without blocking. */
export async function exportClusters(
  clusters: readonly (Cluster | NamedCluster)[],
  format: ExportFormat,
  hostName: (host: HostUrl) => string,
  signal?: AbortSignal,
): Promise<string> {
  const lines: string[] = [];
  await inSlices(clusters, (cluster) => lines.push(lineOf(exportRow(cluster, hostName), format)), signal);
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
function exportRow(cluster: Cluster | NamedCluster, hostName: (host: HostUrl) => string): ExportRow {
  const { host, id, name } = cluster;
  const place = { hostName: hostName(host), host, name, id };
  if (!('owner' in cluster)) {
    const note = explain(new GitLabError(cluster.reason)).title;
    const unknown = { apiUrl: undefined, environmentScope: undefined, enabled: undefined, managed: undefined };
    const none = { provider: undefined, caSubject: undefined, caExpiry: undefined, managementProject: undefined };
    return { ...place, level: cluster.level, owner: cluster.path, ...unknown, ...none, note };
  }
  const { owner, platform, managementProject } = cluster;
  const ca = caOf(cluster);
  return {
    ...place,
    level: owner.level,
    owner: owner.level === 'instance' ? undefined : owner.path,
    apiUrl: platform && withoutCredentials(platform.apiUrl),
    environmentScope: cluster.environmentScope,
    enabled: cluster.enabled,
    managed: cluster.managed,
    provider: cluster.provider,
    caSubject: ca?.subject,
    caExpiry: ca?.validTo.toISOString(),
    managementProject: managementProject?.path,
    note: undefined,
  };
}

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
