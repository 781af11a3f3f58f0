import * as l10n from '@vscode/l10n';
import { weeksInWords } from '../../core/migration/burnDown';
import type { Week } from '../../core/migration/burnDown';
import type { MovePlan } from '../../core/migration/movePlan';
import { stagesInOrder } from '../../core/migration/stages';
import { blockerInWords, stageInWords } from '../../core/migration/usesInWords';
import type { HostUrl } from '../../core/model/host';
import { visible } from '../../core/model/plainText';
import { csvCell, markdownCell } from '../../core/model/tableCells';
import type { Value } from '../../core/model/tableCells';
import type { ExportFormat } from '../../editor/exportText';
import { block } from './planMarkdown';
import type { ShownPlan } from './planDocument';
import { ownerPath } from '../../core/model/cluster';

/** One cluster of the table. */
export interface TableRow {
  readonly plan: MovePlan;
  readonly hostName: string;
  readonly note: string | undefined;
}

export interface MigrationTable {
  readonly rows: readonly TableRow[];
  readonly deadline: ShownPlan['deadline'];
  /** Undefined where this computer's history cannot be read. */
  readonly weeks: readonly Week[];
  /** Clusters of which only the name is known, or whose host could not be asked. */
  readonly left: number;
  readonly isCancelled: boolean;
  readonly at: Date;
}

/** Column names are the same in every format and language: exports are read by programs. */
const migrationColumns = [
  'hostName',
  'host',
  'level',
  'owner',
  'cluster',
  'clusterId',
  'environmentScope',
  'enabled',
  'stage',
  'blockedBy',
  'environments',
  'jobsLeft',
  'daysLeft',
  'note',
] as const;
type Column = (typeof migrationColumns)[number];

/** The table as a document: how far everything is, the clusters of each stage, and how it went from week to week. */
export function tableDocument(table: MigrationTable): string {
  const { rows, deadline, weeks, left, isCancelled, at } = table;
  const sorted = inOrder(rows);
  const counts = stagesInOrder
    .map((stage) => ({ stage, count: rows.filter(({ plan }) => plan.progress.stage === stage).length }))
    .filter(({ count }) => count > 0);
  const isOfOneHost = new Set(rows.map(({ hostName }) => hostName)).size === 1;
  const hasNotes = rows.some(({ note }) => note !== undefined);
  const head = [
    ...(isOfOneHost ? [] : [l10n.t('Host')]),
    l10n.t('Cluster'),
    l10n.t('ID'),
    l10n.t('Location'),
    l10n.t('Blocked by'),
    ...(hasNotes ? [l10n.t('Note')] : []),
  ];
  const cellsOf = ({ plan, hostName, note }: TableRow): readonly Value[] => [
    ...(isOfOneHost ? [] : [hostName]),
    plan.cluster.name,
    plan.cluster.id,
    ownerPath(plan.cluster.owner) ?? l10n.t('Instance'),
    plan.progress.blockers.map((one) => blockerInWords(one)).join('; '),
    ...(hasNotes ? [note] : []),
  ];
  const stages = counts.flatMap(({ stage }) => [
    `## ${l10n.t('Stage: {0}', stageInWords(stage))}`,
    aligned([head, ...sorted.filter(({ plan }) => plan.progress.stage === stage).map(cellsOf)]),
  ]);
  return `${[
    `# ${l10n.t('Moves to the GitLab agent')}`,
    counts.map(({ stage, count }) => `- ${stageInWords(stage)}: ${count}`).join('\n'),
    deadlineInWords(deadline),
    ...(isCancelled
      ? [l10n.t('Cancelled: projects that had not been read yet are missing. Run the command again to go on.')]
      : []),
    ...(left > 0
      ? [l10n.t('Clusters that are known by name only, or whose host can’t be asked, are left out: {0}', left)]
      : []),
    ...stages,
    `## ${l10n.t('Enabled clusters left, week by week')}`,
    block('text', weeksInWords(weeks).join('\n')),
    l10n.t(
      'Counted back from today by what was changed from this computer; what others changed is not in it. Stages are derived from what GitLab reports on {0} UTC. Notes are kept on this computer.',
      at.toISOString().slice(0, 16).replace('T', ' '),
    ),
  ].join('\n\n')}\n`;
}

/** A Markdown table whose columns stand below each other, as it is read in the editor. The first row is its head. */
function aligned(rows: readonly (readonly Value[])[]): string {
  const cells = rows.map((row) => row.map((value) => markdownCell(clean(value))));
  const widths = (cells[0] ?? []).map((_, column) => Math.max(3, ...cells.map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]): string =>
    `| ${widths.map((width, column) => (row[column] ?? '').padEnd(width)).join(' | ')} |`;
  const [first = [], ...rest] = cells;
  return [line(first), line(widths.map((width) => '-'.repeat(width))), ...rest.map(line)].join('\n');
}

function deadlineInWords({ date, days, isAnnounced }: MigrationTable['deadline']): string {
  if (days === undefined)
    return l10n.t('The removal date in the settings is not a date: {0}', markdownCell(clean(date)));
  const left = l10n.t('Days left until {0}: {1}.', date, days);
  return isAnnounced
    ? `${left} ${l10n.t('GitLab has announced that 20.0 removes certificate-based clusters in May 2027; the date may still be moved.')}`
    : `${left} ${l10n.t('The date is from your settings.')}`;
}

/** The least advanced first, then by host, owner and name. */
function inOrder(rows: readonly TableRow[]): readonly TableRow[] {
  const place = ({ plan }: TableRow): number => stagesInOrder.indexOf(plan.progress.stage);
  const name = ({ plan: { cluster }, hostName }: TableRow): string =>
    `${hostName} ${ownerPath(cluster.owner) ?? ''} ${cluster.name}`;
  return [...rows].sort((one, other) => place(one) - place(other) || name(one).localeCompare(name(other)));
}

/** The table for spreadsheets, programs or wikis. */
export function exportTable({ rows, deadline }: MigrationTable, format: ExportFormat): string {
  const records = inOrder(rows).map((row) => recordOf(row, deadline.days));
  switch (format) {
    case 'csv':
      return [
        migrationColumns.join(','),
        ...records.map((one) => migrationColumns.map((key) => csvCell(clean(one[key]))).join(',')),
        '',
      ].join('\r\n');
    case 'json':
      return `${JSON.stringify(
        records.map((one) => Object.fromEntries(migrationColumns.map((key) => [key, clean(one[key]) ?? null]))),
        undefined,
        2,
      )}\n`;
    case 'markdown':
      return [
        `| ${migrationColumns.join(' | ')} |`,
        `|${migrationColumns.map(() => ' --- ').join('|')}|`,
        ...records.map((one) => `| ${migrationColumns.map((key) => markdownCell(clean(one[key]))).join(' | ')} |`),
        '',
      ].join('\n');
  }
}

function recordOf({ plan, hostName, note }: TableRow, days: number | undefined): Readonly<Record<Column, Value>> {
  const { cluster, progress, projects } = plan;
  const host: HostUrl = cluster.host;
  return {
    hostName,
    host,
    level: cluster.owner.level,
    owner: ownerPath(cluster.owner),
    cluster: cluster.name,
    clusterId: cluster.id,
    environmentScope: cluster.environmentScope,
    enabled: cluster.enabled,
    stage: progress.stage,
    blockedBy:
      progress.blockers.map(({ kind, ...more }) => [kind, ...Object.values(more)].join(' ')).join('; ') || undefined,
    environments: projects.reduce((sum, one) => sum + one.environments.length, 0),
    jobsLeft: projects.reduce((sum, one) => sum + one.needing.length, 0),
    daysLeft: days,
    note,
  };
}

function clean(value: Value): Value {
  return typeof value === 'string' ? visible(value) : value;
}
