import { GitLabError } from '../../core/gitlab/errors';
import { explain } from '../../core/gitlab/explain';
import type { ExportColumn } from '../../core/model/attributeUses';
import { keysOf } from '../../core/model/keysOf';
import type { Cluster } from '../../core/model/cluster';
import type { HostUrl } from '../../core/model/host';
import { withoutCredentials } from '../../core/model/withoutCredentials';
import { caOf } from '../../core/model/caFacts';
import type { NamedCluster } from '../../core/inventory/fleet';
import { inSlices } from '../../core/time/slices';

export type ExportFormat = 'csv' | 'json' | 'markdown';

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
      return exportColumns.map((column) => csvCell(row[column])).join(',');
    case 'json':
      return `  ${JSON.stringify(Object.fromEntries(exportColumns.map((column) => [column, row[column] ?? null])))}`;
    case 'markdown':
      return `| ${exportColumns.map((column) => markdownCell(row[column])).join(' | ')} |`;
  }
}

type Value = string | number | boolean | undefined;

/** What a spreadsheet would take for a formula, also after blanks, and in the wide forms some of them accept. */
const formula = /^\s*[=+\-@\uff1d\uff0b\uff0d\uff20]|^[\t\r\n]/;
/** Blanks, quotes and separators before such a mark inside a cell. Looking back first keeps it quick on thousands of blanks. */
const beforeFormula = /(?<![;\s"])[;\s"]+(?=[=+\-@\uff1d\uff0b\uff0d\uff20])/g;

/** Spreadsheets that split at semicolons, tabs or lines begin a cell there, whatever is quoted. */
function guardedWithin(text: string): string {
  return text.replace(beforeFormula, (run) => (/[;\t\r\n]/.test(run) ? `${run}'` : run));
}

/** RFC 4180, and an apostrophe before what a spreadsheet would run, however it splits the line. */
function csvCell(value: Value): string {
  const text = String(value ?? '');
  if (typeof value !== 'string') return text;
  const safe = guardedWithin(formula.test(text) ? `'${text}` : text);
  return /[",;\t\r\n]|^\s|\s$/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/**
 * Every mark that Markdown could read as more than itself is escaped, those that GitLab makes references of among them
 * (`@user`, `#1`, `!1`, `$1`, `&1`, `~label`, `%milestone`, `^alert`); line breaks become blanks.
 */
function markdownCell(value: Value): string {
  if (typeof value !== 'string') return String(value ?? '');
  return value.replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ').replace(/[\\`*_{}[\]<>()#+!|&~@$%^]/g, '\\$&');
}
