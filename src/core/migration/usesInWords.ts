import * as l10n from '@vscode/l10n';
import { plain } from '../model/plainText';
import { code } from '../resolver/inWords';
import type { CertificateUse, JobReading, NotLookedAt } from './certificateUses';
import type { ByHand } from './ciEdit';
import type { SamePlace } from './namespaces';
import type { Blocker, Stage } from './stages';

export function stageInWords(stage: Stage): string {
  switch (stage) {
    case 'notKnown':
      return l10n.t('not known');
    case 'notStarted':
      return l10n.t('not started');
    case 'agentForSome':
      return l10n.t('an agent may be used by some projects');
    case 'jobsLeft':
      return l10n.t('agents are ready, jobs still need the cluster');
    case 'readyToSwitchOff':
      return l10n.t('ready to be switched off');
    case 'switchedOff':
      return l10n.t('switched off');
    case 'mayBeDeleted':
      return l10n.t('switched off, record may be deleted');
  }
}

export function blockerInWords(blocker: Blocker): string {
  switch (blocker.kind) {
    case 'jobs':
      return l10n.t('Jobs that need it: {0}, in projects: {1}', blocker.count, blocker.projects);
    case 'noAgent':
      return l10n.t('Projects without an agent: {0}', blocker.projects);
    case 'agentsNotVisible':
      return l10n.t('Projects whose agents are not visible to this token: {0}', blocker.projects);
    case 'ciNotReadable':
      return l10n.t('Projects whose CI configuration can’t be read: {0}', blocker.projects);
    case 'notRead':
      return l10n.t('Projects not looked at: {0}', blocker.projects);
    case 'observing':
      return l10n.t('Days of observation left: {0}', blocker.days);
    case 'sinceNotKnown':
      return l10n.t('When it was switched off is not in the history of this computer');
  }
}

function useInWords(use: CertificateUse): string {
  switch (use.kind) {
    case 'variable':
      return code(use.name);
    case 'gate':
      return l10n.t('{0}, so the job silently vanishes without a cluster', code(use.word));
    case 'gitlabDeploy':
      return l10n.t('the context {0}', code('gitlab-deploy'));
    case 'yamlNamespace':
      return code('environment.kubernetes.namespace');
    case 'tool':
      return l10n.t('{0} with the default context', code(use.name));
    case 'autoDevOps':
      return l10n.t('Auto DevOps without {0}', code('KUBE_CONTEXT'));
  }
}

/** A job with what it needs or how it has moved, as one line. */
export function jobInWords({ name, environment, uses, moved }: JobReading): string {
  const job = environment === undefined ? code(name) : l10n.t('{0} (environment {1})', code(name), code(environment));
  const what = uses.length > 0 ? uses.map(useInWords) : moved.map(code);
  return what.length === 0 ? job : `${job}: ${what.join(', ')}`;
}

export function notLookedAtInWords(one: NotLookedAt): string {
  switch (one.kind) {
    case 'childPipeline':
      return l10n.t('The pipeline that the job {0} starts', code(one.job));
    case 'scripts':
      return l10n.t('Scripts that the job {0} runs', code(one.job));
    case 'otherBranches':
      return l10n.t('Other branches than the default one, with their own configuration; schedules that run on them');
    case 'policies':
      return l10n.t('Pipeline and scan execution policies');
    case 'projectVariables':
      return l10n.t(
        'CI/CD variables of projects and groups, whose values are secret; {0} may be among them',
        code('KUBE_CONTEXT'),
      );
    case 'otherVariables':
      return l10n.t(
        'CI/CD variables of groups, and all of projects but {0}; their values are secret',
        code('KUBE_CONTEXT'),
      );
  }
}

export function placeInWords(place: SamePlace): string {
  switch (place.kind) {
    case 'equal':
      return l10n.t('equal: {0}', code(place.name));
    case 'different':
      return l10n.t('different: {0} before, {1} after', code(place.before), code(place.after));
    case 'invalid':
      return l10n.t(
        '{0} before; {1}, which the template would make, is not a valid name',
        code(place.before),
        code(place.after),
      );
    case 'notProvable': {
      const before = place.before.map(code).join(l10n.t(' or '));
      switch (place.reason) {
        case 'jobChooses':
          return l10n.t(
            'not provable: {0}, unless a job names another, since GitLab does not manage the cluster',
            before,
          );
        case 'optionsUnknown':
          return l10n.t('not provable: {0}; this GitLab version doesn’t report which', before);
        case 'noTemplates':
          return l10n.t('not provable: {0} before; this GitLab version makes no namespaces through an agent', before);
        case 'tooLong':
          return l10n.t('not provable: {0} is too long for Kubernetes, so deployments there have never worked', before);
      }
    }
  }
}

export function byHandInWords(byHand: ByHand, context: string): string {
  const job = code(byHand.job);
  switch (byHand.kind) {
    case 'selectContext':
      return l10n.t('{0}: run {1} before its first command', job, code(`kubectl config use-context ${context}`));
    case 'nameAgent':
      return l10n.t('{0}: set {1} to {2}', job, code('environment:kubernetes:agent'), code(context));
    case 'variable':
      return byHand.value === undefined
        ? l10n.t('{0}: replace {1}, which no agent sets', job, code(byHand.name))
        : l10n.t('{0}: set the variable {1} to {2}', job, code(byHand.name), code(byHand.value));
    case 'gate':
      return l10n.t('{0}: remove the condition on a certificate cluster, which agents never fulfil', job);
    case 'gitlabDeploy':
      return l10n.t('{0}: replace the context {1} with {2}', job, code('gitlab-deploy'), code(context));
    case 'yamlNamespace':
      return l10n.t(
        '{0}: pass the namespace to the commands instead of {1}',
        job,
        code('environment:kubernetes:namespace'),
      );
    case 'autoDevOps':
      return l10n.t(
        '{0}: set the CI/CD variables {1} and {2} of the project with the scope of the environment, see below',
        job,
        `${code('KUBE_CONTEXT')} = ${code(plain(context))}`,
        code('KUBE_NAMESPACE'),
      );
  }
}
