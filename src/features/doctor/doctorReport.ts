import * as l10n from '@vscode/l10n';
import type { Diagnosis, Step, StepName } from '../../core/diagnosis/ladder';
import { escapeMarkdownLightly } from '../../core/model/markdown';

/** One cluster of a report; without a diagnosis it was not reached before the run was cancelled. */
export interface Reported {
  /** Name, owner and host. */
  readonly cluster: string;
  readonly apiUrl: string;
  readonly diagnosis: Diagnosis | undefined;
}

/** A report as Markdown, fit for a ticket: the verdict first, then every step with its evidence. No secret is in it. */
export function doctorReport(reported: readonly Reported[], about: readonly string[]): string {
  const sorted = [...reported].sort((one, other) => rank(one) - rank(other));
  const [only] = sorted;
  const parts =
    sorted.length === 1 && only
      ? [heading(1, only.cluster), ...details(only)]
      : [
          heading(1, l10n.t('Diagnosis of {0} clusters', sorted.length)),
          summary(sorted),
          table(sorted),
          ...sorted.flatMap((one) => [heading(2, one.cluster), ...details(one)]),
        ];
  const viewpoint = l10n.t(
    'Seen from this computer. GitLab’s server has its own name servers, routes, proxies and CAs; what fails here may work there, and the other way round. The service token that GitLab has stored cannot be tested from outside.',
  );
  const privacy = l10n.t(
    'This report contains no tokens or passwords. It does contain names of hosts, clusters and proxies.',
  );
  return `${[...parts, heading(2, l10n.t('About this report')), list(about), escapeMarkdownLightly(viewpoint), escapeMarkdownLightly(privacy)].join('\n\n')}\n`;
}

/** `3 failed, 1 with warnings, 46 passed`. */
export function countsInWords(reported: readonly Reported[]): string {
  const count = (outcome: Diagnosis['outcome'] | undefined): number =>
    reported.filter(({ diagnosis }) => diagnosis?.outcome === outcome).length;
  return [
    l10n.t('{0} failed', count('failed')),
    l10n.t('{0} with warnings', count('warning')),
    l10n.t('{0} passed', count('passed')),
    ...(count(undefined) > 0 ? [l10n.t('{0} not checked (cancelled)', count(undefined))] : []),
  ].join(', ');
}

function summary(reported: readonly Reported[]): string {
  return `**${escapeMarkdownLightly(countsInWords(reported))}**`;
}

function rank({ diagnosis }: Reported): number {
  return ['failed', 'warning', undefined, 'passed'].indexOf(diagnosis?.outcome);
}

function table(reported: readonly Reported[]): string {
  const row = (cells: readonly string[]): string => `| ${cells.map(escapeMarkdownLightly).join(' | ')} |`;
  return [
    row([l10n.t('Result'), l10n.t('Cluster'), l10n.t('API URL'), l10n.t('Problem'), l10n.t('Next step')]),
    '| --- | --- | --- | --- | --- |',
    ...reported.map(({ cluster, apiUrl, diagnosis }) =>
      row([
        outcomeWord(diagnosis?.outcome),
        cluster,
        apiUrl,
        diagnosis?.problem?.title ?? '',
        diagnosis?.problem?.next ?? '',
      ]),
    ),
  ].join('\n');
}

function details({ apiUrl, diagnosis }: Reported): string[] {
  if (!diagnosis) return [escapeMarkdownLightly(l10n.t('Not checked: the run was cancelled.'))];
  const { problem, steps, outcome } = diagnosis;
  const verdict = problem
    ? [
        `**${escapeMarkdownLightly(l10n.t('{0}: {1}', outcomeWord(outcome), problem.title))}**`,
        escapeMarkdownLightly(problem.sentence),
        `${escapeMarkdownLightly(l10n.t('Next step:'))} ${escapeMarkdownLightly(problem.next)}`,
      ]
    : [`**${escapeMarkdownLightly(l10n.t('Everything passed.'))}**`];
  return [
    `${escapeMarkdownLightly(l10n.t('API URL:'))} ${escapeMarkdownLightly(apiUrl)}`,
    ...verdict,
    steps.map(stepText).join('\n'),
  ];
}

function stepText({ name, outcome, milliseconds, lines }: Step): string {
  const time = milliseconds === undefined ? '' : ` (${milliseconds} ms)`;
  const head = `- **${escapeMarkdownLightly(l10n.t('{0}: {1}', titleOf(name), stepWord(outcome)))}**${time}`;
  return [head, ...lines.map((line) => `  - ${escapeMarkdownLightly(line)}`)].join('\n');
}

function outcomeWord(outcome: Diagnosis['outcome'] | undefined): string {
  switch (outcome) {
    case undefined:
      return l10n.t('not checked');
    case 'passed':
      return l10n.t('passed');
    case 'warning':
      return l10n.t('warning');
    case 'failed':
      return l10n.t('failed');
  }
}

function stepWord(outcome: Step['outcome']): string {
  return outcome === 'notAsked' ? l10n.t('not asked') : outcomeWord(outcome);
}

/** What a step is called. */
export function titleOf(name: StepName): string {
  switch (name) {
    case 'url':
      return l10n.t('API URL');
    case 'name':
      return l10n.t('Name resolution');
    case 'way':
      return l10n.t('Connection');
    case 'gitlabTls':
      return l10n.t('Certificate, as GitLab’s server checks it');
    case 'kubectlTls':
      return l10n.t('Certificate, as CI jobs (kubectl) check it');
    case 'http':
      return l10n.t('Kubernetes API');
    case 'version':
      return l10n.t('Kubernetes version');
    case 'token':
      return l10n.t('Service token typed for this check');
  }
}

function heading(level: 1 | 2, text: string): string {
  return `${'#'.repeat(level)} ${escapeMarkdownLightly(text)}`;
}

function list(lines: readonly string[]): string {
  return lines.map((line) => `- ${escapeMarkdownLightly(line)}`).join('\n');
}
