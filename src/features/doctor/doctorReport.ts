import * as l10n from '@vscode/l10n';
import type { Diagnosis, Step, StepTable } from '../../core/diagnosis/ladder';
import { outcomeWord, stepHead } from '../../core/diagnosis/stepWords';
import { codeSpan, inlineText, tableRow } from './reportMarkdown';

/** One cluster of a report. */
export interface Reported {
  /** Titles of the cluster and its owner, and the name of its host. */
  readonly cluster: string;
  readonly owner: string;
  readonly host: string;
  readonly apiUrl: string;
  /** Undefined where it was not asked yet, or not before the run was cancelled. */
  readonly diagnosis: Diagnosis | undefined;
}

/** How the clusters of a report may be sorted. */
export const reportOrders = ['result', 'cluster', 'host', 'apiUrl', 'time'] as const;
export type ReportOrder = (typeof reportOrders)[number];

export interface ReportParts {
  /** What was checked when, with what. */
  readonly about: readonly string[];
  /** The run goes on: the report is shown again with every result. */
  readonly running: boolean;
  readonly order: ReportOrder;
}

/** A report as Markdown, fit for a ticket: the verdict first, then every step with its evidence. No secret is in it. */
export function doctorReport(reported: readonly Reported[], { about, running, order }: ReportParts): string {
  const sorted = sortedBy(order, reported);
  const [only] = sorted;
  const parts =
    sorted.length === 1 && only
      ? [`# ${title(only)}`, ...details(only, running)]
      : [
          `# ${l10n.t('Diagnosis of {0} clusters', sorted.length)}`,
          ...(running ? [l10n.t('Running…')] : []),
          `**${countsInWords(sorted, running)}**`,
          table(sorted, running),
          ...sorted
            .filter(({ diagnosis }) => diagnosis !== undefined || !running)
            .flatMap((one) => [`## ${title(one)}`, ...details(one, running)]),
        ];
  const viewpoint = l10n.t(
    'Seen from this computer. GitLab’s server has its own name servers, routes, proxies and CAs; what fails here may work there, and the other way round. The service token that GitLab has stored cannot be tested from outside.',
  );
  const privacy = l10n.t(
    'This report contains no tokens or passwords. It does contain names of hosts, clusters and proxies.',
  );
  const list = about.map((line) => `- ${inlineText(line)}`).join('\n');
  return `${[...parts, `## ${l10n.t('About this report')}`, list, viewpoint, privacy].join('\n\n')}\n`;
}

/** `3 failed, 1 with warnings, 46 passed`. */
export function countsInWords(reported: readonly Reported[], running = false): string {
  const count = (outcome: Diagnosis['outcome'] | undefined): number =>
    reported.filter(({ diagnosis }) => diagnosis?.outcome === outcome).length;
  const rest = count(undefined);
  return [
    l10n.t('{0} failed', count('failed')),
    l10n.t('{0} with warnings', count('warning')),
    l10n.t('{0} passed', count('passed')),
    ...(rest > 0 ? [running ? l10n.t('{0} to go', rest) : l10n.t('{0} not checked (cancelled)', rest)] : []),
  ].join(', ');
}

/** What a report may be sorted by, in words. */
export function orderTitle(order: ReportOrder): string {
  switch (order) {
    case 'result':
      return l10n.t('Result');
    case 'cluster':
      return l10n.t('Cluster');
    case 'host':
      return l10n.t('GitLab host');
    case 'apiUrl':
      return l10n.t('API URL');
    case 'time':
      return l10n.t('Time taken, the slowest first');
  }
}

/** By the order chosen, then by name. */
function sortedBy(order: ReportOrder, reported: readonly Reported[]): readonly Reported[] {
  const compare = (one: string, other: string): number => one.localeCompare(other, undefined, { numeric: true });
  const by: Readonly<Record<ReportOrder, (one: Reported, other: Reported) => number>> = {
    result: (one, other) => rank(one) - rank(other),
    cluster: () => 0,
    host: (one, other) => compare(`${one.host} ${one.owner}`, `${other.host} ${other.owner}`),
    apiUrl: (one, other) => compare(one.apiUrl, other.apiUrl),
    time: (one, other) => (timeOf(other) ?? -1) - (timeOf(one) ?? -1),
  };
  return [...reported].sort((one, other) => by[order](one, other) || compare(one.cluster, other.cluster));
}

function rank({ diagnosis }: Reported): number {
  return ['failed', 'warning', undefined, 'passed'].indexOf(diagnosis?.outcome);
}

/** Milliseconds of all steps together; undefined where nothing was asked. */
function timeOf({ diagnosis }: Reported): number | undefined {
  return diagnosis?.steps.reduce((sum, { milliseconds = 0 }) => sum + milliseconds, 0);
}

function title({ cluster, owner, host }: Reported): string {
  return l10n.t('{0} ({1} at {2})', codeSpan(cluster), inlineText(owner), codeSpan(host));
}

function address({ apiUrl, diagnosis }: Reported): string {
  const mark = diagnosis?.local;
  return mark === undefined ? codeSpan(apiUrl) : `${codeSpan(apiUrl)} (${mark})`;
}

function table(reported: readonly Reported[], running: boolean): string {
  const head = [
    l10n.t('Result'),
    l10n.t('Cluster'),
    l10n.t('GitLab host'),
    l10n.t('API URL'),
    l10n.t('Time'),
    l10n.t('Problem'),
    l10n.t('Next step'),
  ];
  const rows = reported.map((one) => {
    const { diagnosis, cluster, host } = one;
    const time = timeOf(one);
    return [
      outcomeWord(diagnosis?.outcome, running),
      codeSpan(cluster),
      codeSpan(host),
      address(one),
      time === undefined ? '' : `${time} ms`,
      inlineText(diagnosis?.problem?.title ?? ''),
      inlineText(diagnosis?.problem?.next ?? ''),
    ];
  });
  return tableOf(head, rows);
}

function tableOf(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [tableRow(head), tableRow(head.map(() => '---')), ...rows.map(tableRow)].join('\n');
}

function details(one: Reported, running: boolean): string[] {
  const { diagnosis } = one;
  if (!diagnosis) return [running ? l10n.t('Running…') : l10n.t('Not checked: the run was cancelled.')];
  const { problem, steps, outcome } = diagnosis;
  const verdict = problem
    ? [
        `**${inlineText(l10n.t('{0}: {1}', outcomeWord(outcome), problem.title))}**`,
        inlineText(problem.sentence),
        `${l10n.t('Next step:')} ${inlineText(problem.next)}`,
      ]
    : [`**${l10n.t('Everything passed.')}**`];
  return [`${l10n.t('API URL:')} ${address(one)}`, ...verdict, steps.map(stepText).join('\n')];
}

function stepText({ name, outcome, milliseconds, lines, table: evidence }: Step): string {
  const time = milliseconds === undefined ? '' : ` (${milliseconds} ms)`;
  const head = `- **${stepHead({ name, outcome })}**${time}`;
  return [head, ...lines.map((line) => `  - ${inlineText(line)}`), ...(evidence ? [evidenceOf(evidence)] : [])].join(
    '\n',
  );
}

/** Indented, so that it belongs to its step. */
function evidenceOf({ head, rows }: StepTable): string {
  const cells = rows.map(([first = '', ...others]) => [codeSpan(first), ...others.map(inlineText)]);
  return `\n${tableOf(head.map(inlineText), cells).replace(/^/gm, '  ')}\n`;
}
