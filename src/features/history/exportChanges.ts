import type { NotedProjectWrite, NotedWrite } from '../../core/journal/history';
import { keptAttributes } from '../../core/journal/clusterState';
import type { ClusterState, NotedCertificate } from '../../core/journal/clusterState';
import { isOfKind } from '../../core/model/attributes';
import type { ClusterField } from '../../core/model/clusterFields';
import { csvCell, markdownCell } from '../../core/model/tableCells';
import type { ExportFormat } from '../../editor/exportText';
import { ownerPath } from '../../core/model/cluster';

/** Column names are the same in every format and language: exports are read by programs. */
const changeColumns = [
  'at',
  'hostName',
  'host',
  'user',
  'action',
  'level',
  'owner',
  'cluster',
  'clusterId',
  'field',
  'before',
  'after',
  'outcome',
  'problem',
  'change',
] as const;
type Column = (typeof changeColumns)[number];
type ChangeRow = Readonly<Record<Column, string | number | boolean | undefined>>;

/** Writes changes as a table, a line per field, in the order given. No token is known here, and no certificate's text. */
export function exportChanges(
  writes: readonly (NotedWrite | NotedProjectWrite)[],
  format: ExportFormat,
  hostName: (host: string) => string,
): string {
  const rows = writes.flatMap((write) => ('thing' in write ? [projectRow(write, hostName)] : rowsOf(write, hostName)));
  switch (format) {
    case 'csv':
      return [
        changeColumns.join(','),
        ...rows.map((row) => changeColumns.map((key) => csvCell(row[key])).join(',')),
        '',
      ].join('\r\n');
    case 'json': {
      const lines = rows.map(
        (row) => `  ${JSON.stringify(Object.fromEntries(changeColumns.map((key) => [key, row[key] ?? null])))}`,
      );
      return lines.length === 0 ? '[]\n' : `[\n${lines.join(',\n')}\n]\n`;
    }
    case 'markdown':
      return [
        `| ${changeColumns.join(' | ')} |`,
        `|${changeColumns.map(() => ' --- ').join('|')}|`,
        ...rows.map((row) => `| ${changeColumns.map((key) => markdownCell(row[key])).join(' | ')} |`),
        '',
      ].join('\n');
  }
}

/** What every write has. */
function partsOfAny(write: NotedWrite | NotedProjectWrite, hostName: (host: string) => string) {
  const { at, host, user, outcome, problem, change } = write;
  return { at: at.toISOString(), hostName: hostName(host), host, user, outcome, problem, change };
}

function rowsOf(write: NotedWrite, hostName: (host: string) => string): ChangeRow[] {
  const { kind, owner, cluster, before, after, certificates } = write;
  const fields =
    // A token is never recorded, so nothing is known of the one that was lost.
    kind === 'delete'
      ? keptAttributes.filter((field) => valueOf(field, before, undefined) !== undefined)
      : write.fields;
  return fields.map((field) => {
    const isToken = field === 'serviceToken';
    return {
      ...partsOfAny(write, hostName),
      action: kind,
      level: owner.level,
      owner: ownerPath(owner),
      cluster: cluster.name,
      clusterId: cluster.id,
      field,
      before: isToken ? undefined : valueOf(field, before, certificates.before),
      after: isToken ? (kind === 'edit' ? 'replaced' : 'set') : valueOf(field, after, certificates.after),
    };
  });
}

function fieldOf({ kind, part }: NotedProjectWrite): string {
  switch (kind) {
    case 'commit':
    case 'openMergeRequest':
      return 'branch';
    case 'createVariable':
      return 'variable';
    case 'addAgent':
    case 'deleteAgent':
    case 'addAgentToken':
    case 'revokeAgentToken':
      return part ? 'agentToken' : 'agent';
  }
}

/** An agent, or a token of one behind it; a branch, or the file that was committed to it; a variable, and its scope. */
function projectRow(write: NotedProjectWrite, hostName: (host: string) => string): ChangeRow {
  const { kind, project, thing, part } = write;
  const name = part ? `${thing.name}/${part.name}` : thing.name;
  const isRemoved = kind === 'deleteAgent' || kind === 'revokeAgentToken';
  return {
    ...partsOfAny(write, hostName),
    action: kind,
    level: 'project',
    owner: project.path,
    cluster: undefined,
    clusterId: undefined,
    field: fieldOf(write),
    before: isRemoved ? name : undefined,
    after: isRemoved ? undefined : name,
  };
}

function valueOf(
  field: ClusterField,
  state: ClusterState,
  certificate: NotedCertificate | undefined,
): string | boolean | undefined {
  if (isOfKind(field, 'secret')) return undefined;
  if (isOfKind(field, 'flag')) return state[field];
  if (isOfKind(field, 'project')) return state.managementProject?.path || state.managementProject?.id?.toString();
  if (!isOfKind(field, 'certificate')) return state[field] || undefined;
  if (!certificate) return state.caCert ? 'certificate' : undefined;
  return `${certificate.subject}; ${certificate.validFrom} to ${certificate.validTo}; SHA-256 ${certificate.sha256}`;
}
