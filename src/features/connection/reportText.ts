import * as l10n from '@vscode/l10n';
import type { Step, StepName } from './reportSteps';

/** A report as text that can go into a ticket as it is. `about` are lines that say what was tested, with what, and when. */
export function reportText(title: string, about: readonly string[], steps: readonly Step[]): string {
  const failed = steps.find(({ outcome }) => outcome === 'failed');
  const verdict = failed
    ? l10n.t('Result: fails at “{0}”.', titleOf(failed.name))
    : steps.some(({ outcome }) => outcome === 'warning')
      ? l10n.t('Result: connected, with warnings.')
      : l10n.t('Result: works.');
  const privacy = l10n.t(
    'This report contains no tokens or passwords. It does contain the names of hosts, proxies and the user.',
  );
  return `${[title, about.join('\n'), verdict, ...steps.map(stepText), privacy].join('\n\n')}\n`;
}

function stepText({ name, outcome, milliseconds, lines }: Step): string {
  const time = milliseconds === undefined ? '' : ` (${milliseconds} ms)`;
  return [`[${outcomeWord(outcome)}] ${titleOf(name)}${time}`, ...lines].join('\n    ');
}

function outcomeWord(outcome: Step['outcome']): string {
  switch (outcome) {
    case 'ok':
      return l10n.t('ok');
    case 'warning':
      return l10n.t('warning');
    case 'failed':
      return l10n.t('failed');
    case 'skipped':
      return l10n.t('not tried');
  }
}

function titleOf(name: StepName): string {
  switch (name) {
    case 'address':
      return l10n.t('Name resolution');
    case 'route':
      return l10n.t('Route');
    case 'tls':
      return l10n.t('Secure connection');
    case 'token':
      return l10n.t('Access token');
    case 'version':
      return l10n.t('GitLab');
    case 'instance':
      return l10n.t('Instance clusters');
  }
}
