import * as l10n from '@vscode/l10n';
import type { Diagnosis, Step, StepName } from './ladder';

/** How one registration fared; `running` while it may still be asked. */
export function outcomeWord(outcome: Diagnosis['outcome'] | undefined, running = false): string {
  switch (outcome) {
    case undefined:
      return running ? l10n.t('not checked yet') : l10n.t('not checked');
    case 'passed':
      return l10n.t('passed');
    case 'warning':
      return l10n.t('warning');
    case 'failed':
      return l10n.t('failed');
  }
}

/** `Name resolution: passed` */
export function stepHead({ name, outcome }: Pick<Step, 'name' | 'outcome'>): string {
  return l10n.t('{0}: {1}', titleOf(name), outcome === 'notAsked' ? l10n.t('not asked') : outcomeWord(outcome));
}

function titleOf(name: StepName): string {
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
