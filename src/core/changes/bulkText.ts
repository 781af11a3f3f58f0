import * as l10n from '@vscode/l10n';
import { fieldLabel } from '../model/fieldLabels';
import { plain } from '../model/plainText';
import { knownPath } from '../inventory/ownerRecord';
import type { KnownCluster } from '../inventory/ownerRecord';
import type { BulkRow } from './bulkPlan';
import type { BulkOutcome, BulkResult } from './bulkResult';
import { beforeAndAfter, countOutcomes, countRows, isFailure, outcomeInWords, valueInWords } from './bulkWords';

interface BulkTextOptions {
  /** What is done, in a few words. */
  readonly title: string;
  /** Sentences worth knowing before or after. */
  readonly notes: readonly string[];
  readonly hostName: (url: string) => string;
}

/**
 * Everything a change would do, as aligned text: what changes from what to what, then what cannot be changed and why,
 * then what needs no change. Nothing is cut that counts, and a service token is never in it.
 */
export function planText(rows: readonly BulkRow[], options: BulkTextOptions): string {
  const place = placing(
    rows.map(({ cluster }) => cluster),
    options,
  );
  const changes = rows.flatMap((row) =>
    row.verdict === 'change'
      ? row.differences.map((difference) => [
          ...place.cells(row.cluster),
          fieldLabel(difference.field),
          ...beforeAndAfter(difference),
          row.warning ?? '',
        ])
      : [],
  );
  const deletions = rows.flatMap((row) =>
    row.verdict === 'delete'
      ? [
          [
            ...place.cells(row.cluster),
            plain(row.cluster.environmentScope),
            valueInWords('apiUrl', row.cluster.platform?.apiUrl),
          ],
        ]
      : [],
  );
  const additions = rows.flatMap((row) => (row.verdict === 'add' ? [additionCells(row, place)] : []));
  const cannot = rows.flatMap((row) =>
    row.verdict === 'cannot' ? [[...place.cells(row.cluster), plain(row.reason)]] : [],
  );
  const unchanged = rows.flatMap((row) => (row.verdict === 'unchanged' ? [place.cells(row.cluster)] : []));
  const counts = countRows(rows);
  return sections(options, [
    [
      l10n.t('Will be deleted: {0}', deletions.length),
      [...place.heads, fieldLabel('environmentScope'), fieldLabel('apiUrl')],
      deletions,
    ],
    [
      l10n.t('Will be added: {0}', additions.length),
      [...place.heads, ...(['environmentScope', 'apiUrl', 'caCert', 'serviceToken'] as const).map(fieldLabel), ''],
      additions,
    ],
    [
      l10n.t('Will be changed: {0}', counts.changes),
      [...place.heads, l10n.t('Field'), l10n.t('Before'), '', l10n.t('After'), ''],
      changes,
    ],
    [l10n.t('Cannot be changed: {0}', counts.cannot), [...place.heads, l10n.t('Reason')], cannot],
    [l10n.t('No change needed: {0}', counts.unchanged), place.heads, unchanged],
  ]);
}

function additionCells({ cluster, warning }: Extract<BulkRow, { verdict: 'add' }>, place: Placing): string[] {
  return [
    ...place.cells(cluster),
    plain(cluster.environmentScope),
    valueInWords('apiUrl', cluster.platform?.apiUrl),
    valueInWords('caCert', cluster.platform?.caCert),
    l10n.t('(not shown)'),
    plain(warning ?? ''),
  ];
}

/** How it went for each cluster, what failed first; of what was changed also from what to what, and when. */
export function resultText(results: readonly BulkResult[], options: BulkTextOptions): string {
  const place = placing(
    results.map(({ row }) => row.cluster),
    options,
    true,
  );
  const heads = [...place.heads, l10n.t('Result')];
  const of = (which: (outcome: BulkOutcome['outcome']) => boolean): string[][] =>
    results
      .filter(({ result }) => which(result.outcome))
      .map(({ row, result }) => [...place.cells(row.cluster), outcomeInWords(result)]);
  const failed = of(isFailure);
  const notBegun = of((outcome) => outcome === 'notBegun' || outcome === 'waiting');
  const changed = results.flatMap(({ row, result, at }) =>
    result.outcome === 'changed' && row.verdict === 'change'
      ? row.differences.map((difference) => [
          ...place.cells(row.cluster),
          fieldLabel(difference.field),
          ...beforeAndAfter(difference),
          outcomeInWords(result),
          momentInWords(at),
        ])
      : [],
  );
  const deleted = results.flatMap(({ row, result, at }) =>
    result.outcome === 'deleted' || result.outcome === 'gone'
      ? [[...place.cells(row.cluster), outcomeInWords(result), momentInWords(at)]]
      : [],
  );
  const { changed: changes } = countOutcomes(results);
  const added = results.flatMap(({ row, result, at }) =>
    result.outcome === 'added' ? [[...place.cells(row.cluster), outcomeInWords(result), momentInWords(at)]] : [],
  );
  const unchanged = of((outcome) => outcome === 'unchanged');
  const cannot = of((outcome) => outcome === 'cannot');
  return sections(options, [
    [l10n.t('Failed: {0}', failed.length), heads, failed],
    [l10n.t('Not started: {0}', notBegun.length), heads, notBegun],
    [l10n.t('Added: {0}', added.length), [...heads, l10n.t('Time')], added],
    [
      l10n.t('Changed: {0}', changes),
      [...place.heads, l10n.t('Field'), l10n.t('Before'), '', l10n.t('After'), l10n.t('Result'), l10n.t('Time')],
      changed,
    ],
    [l10n.t('Deleted: {0}', deleted.length), [...heads, l10n.t('Time')], deleted],
    [l10n.t('No change needed: {0}', unchanged.length), heads, unchanged],
    [l10n.t('Could not be changed: {0}', cannot.length), heads, cannot],
  ]);
}

interface Placing {
  readonly heads: readonly string[];
  cells(cluster: KnownCluster): string[];
}

/** When GitLab confirmed it, in local time. */
function momentInWords(at: Date | undefined): string {
  return at?.toLocaleString(undefined, { dateStyle: 'short', timeStyle: 'medium' }) ?? '';
}

/** Columns that say which cluster a line is about; the host where there are several, or where it is wanted anyway. */
function placing(clusters: readonly KnownCluster[], { hostName }: BulkTextOptions, withHost = false): Placing {
  const isOneHost = !withHost && new Set(clusters.map(({ host }) => host)).size <= 1;
  return {
    heads: [...(isOneHost ? [] : [l10n.t('Host')]), l10n.t('Location'), l10n.t('Name'), l10n.t('ID')],
    cells: (cluster) => [
      ...(isOneHost ? [] : [plain(hostName(cluster.host))]),
      plain(ownerOf(cluster)),
      plain(cluster.name),
      // One that is to be added has none yet.
      cluster.id === 0 ? '' : String(cluster.id),
    ],
  };
}

function ownerOf(cluster: KnownCluster): string {
  return knownPath(cluster) ?? l10n.t('Instance');
}

type Section = readonly [title: string, heads: readonly string[], lines: readonly (readonly string[])[]];

function sections({ title, notes }: BulkTextOptions, all: readonly Section[]): string {
  const parts = all.flatMap(([name, heads, lines]) =>
    lines.length === 0 ? [] : [name, ...alignedTable(heads, lines), ''],
  );
  return [title, '', ...notes.flatMap((note) => [note, '']), ...parts].join('\n');
}

/** Lines of columns, each as wide as what is in it. */
export function alignedTable(heads: readonly string[], lines: readonly (readonly string[])[]): string[] {
  const widths = heads.map((head, column) =>
    lines.reduce((most, line) => Math.max(most, lengthOf(line[column] ?? '')), lengthOf(head)),
  );
  const inLine = (cells: readonly string[]): string =>
    `  ${cells.map((cell, column) => cell + ' '.repeat((widths[column] ?? 0) - lengthOf(cell))).join('  ')}`.trimEnd();
  return [inLine(heads), ...lines.map(inLine)];
}

function lengthOf(text: string): number {
  return [...text].length;
}
