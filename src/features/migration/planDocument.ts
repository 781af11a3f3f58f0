import * as l10n from '@vscode/l10n';
import { explain } from '../../core/gitlab/explain';
import type { AgentState } from '../../core/model/agent';
import type { HostUrl } from '../../core/model/host';
import { ownerTitle } from '../../core/model/titles';
import type { MovePlan } from '../../core/migration/movePlan';
import type { ProjectPlan } from '../../core/migration/projectPlan';
import type { Replacement } from '../../core/migration/replacement';
import { blockerInWords, jobInWords, notLookedAtInWords, stageInWords } from '../../core/migration/usesInWords';
import { clusterInReport, code } from '../../core/resolver/inWords';
import { whatIfLines } from '../../core/resolver/whatIfInWords';
import { afterwardsSection } from './afterwardsSection';
import { ciSection } from './ciSection';
import type { CiSummary } from './ciSection';
import { replacementSection } from './replacementSection';
import { sameSection } from './sameSection';
import { bullets, capped, known } from './planMarkdown';

/** Everything a plan's document says. */
export interface ShownPlan {
  readonly plan: MovePlan;
  readonly host: { readonly url: HostUrl; readonly name: string; readonly hasOwnCa: boolean };
  readonly replacement: Replacement;
  /** Of the agent that would take its place; undefined where there is none. */
  readonly agentState: AgentState | undefined;
  /** What would change in the CI configuration of each project, by ID; none where no agent is known. */
  readonly ci: ReadonlyMap<number, CiSummary>;
  /** `YYYY-MM-DD`, and the days until then. */
  readonly deadline: { readonly date: string; readonly days: number | undefined; readonly isAnnounced: boolean };
  readonly observationDays: number;
  readonly note: string | undefined;
  readonly isCancelled: boolean;
}

/** The plan of one cluster's move as Markdown, in eight parts. Foreign text is code, so that it stays text. */
export function planDocument(shown: ShownPlan): string {
  const { plan } = shown;
  const parts = [
    [`# ${l10n.t('Move of {0} to the GitLab agent', clusterInReport(plan.cluster))}`, ...summary(shown)],
    section(1, l10n.t('What it serves'), servesSection(plan)),
    section(2, l10n.t('Who uses it'), usesSection(plan)),
    section(3, l10n.t('What takes its place'), replacementSection(shown)),
    section(4, l10n.t('Same place?'), sameSection(shown)),
    section(5, l10n.t('CI changes'), ciSection(shown)),
    section(6, l10n.t('Check before the switch'), checkSection(shown)),
    section(7, l10n.t('Switch off'), switchSection(plan)),
    section(8, l10n.t('Afterwards'), afterwardsSection(shown)),
    [about(shown)],
  ];
  return `${parts.map((lines) => lines.join('\n\n')).join('\n\n')}\n`;
}

function section(number: number, title: string, lines: readonly string[]): readonly string[] {
  return [`## ${number}. ${title}`, ...lines];
}

function summary({ plan, deadline, note, isCancelled }: ShownPlan): readonly string[] {
  const { stage, blockers } = plan.progress;
  const date = deadline.isAnnounced
    ? l10n.t(
        'GitLab has announced that 20.0 removes certificate-based clusters in May 2027; the date may still be moved.',
      )
    : l10n.t('The date is from your settings.');
  return [
    `**${l10n.t('Stage: {0}', stageInWords(stage))}** ${known('computed')}`,
    ...(blockers.length === 0 ? [] : [bullets(blockers.map(blockerInWords))]),
    deadline.days === undefined
      ? l10n.t('The removal date in the settings is not a date: {0}', code(deadline.date))
      : `${l10n.t('Days left until {0}: {1}.', deadline.date, deadline.days)} ${date}`,
    ...(isCancelled
      ? [l10n.t('Cancelled: projects that had not been read yet are missing. Run the command again to go on.')]
      : []),
    ...(note === undefined ? [] : [l10n.t('Your note: {0}', code(note))]),
  ];
}

function servesSection(plan: MovePlan): readonly string[] {
  const { cluster, projects, others, failures, notRead, isCut } = plan;
  const environments = projects.flatMap((one) => one.environments);
  const crowded = projects.filter(({ moreEnvironments }) => moreEnvironments);
  const lines = environments.map(({ project, environment, isCertain }) => {
    const line = `${code(environment)} – ${code(project.path)}`;
    return isCertain ? line : `${line} (${l10n.t('perhaps: other scopes are equally specific')})`;
  });
  return [
    bullets([
      `${l10n.t('Level')}: ${ownerTitle(cluster.owner)} ${known('read')}`,
      `${l10n.t('Environment scope')}: ${code(cluster.environmentScope)} ${known('read')}`,
      `${l10n.t('Base domain')}: ${cluster.baseDomain ? code(cluster.baseDomain) : l10n.t('none')} ${known('read')}`,
      `${l10n.t('Management project')}: ${cluster.managementProject ? code(cluster.managementProject.path) : l10n.t('none')} ${known('read')}`,
      ...(cluster.enabled === false ? [l10n.t('It is switched off; what follows is what it would serve.')] : []),
    ]),
    `${l10n.t('It serves environments: {0}, in projects: {1}. Projects where nothing needs it: {2}.', environments.length, projects.length, others)} ${known('computed')}`,
    ...(lines.length === 0 ? [] : [capped(lines)]),
    ...(crowded.length === 0
      ? []
      : [
          l10n.t('Projects with more environments than are looked at:'),
          capped(crowded.map((one) => code(one.project.path))),
        ]),
    ...(failures.length === 0
      ? []
      : [
          `${l10n.t('Projects that can’t be read:')} ${known('notVisible')}`,
          capped(failures.map(({ project, error }) => `${code(project.path)}: ${explain(error).title}`)),
        ]),
    ...(notRead > 0 ? [l10n.t('Projects that were not looked at: {0}', notRead)] : []),
    ...(isCut ? [l10n.t('There are more projects than are looked at.')] : []),
  ];
}

function usesSection({ projects }: MovePlan): readonly string[] {
  const needing = projects.filter((one) => one.needing.length > 0 || one.autoDevOps !== undefined);
  const moved = projects.flatMap((one) => one.moved.map((job) => `${code(one.project.path)} – ${jobInWords(job)}`));
  const byVariable = projects.flatMap(({ project, autoDevOpsContext }) =>
    autoDevOpsContext === undefined
      ? []
      : [`${code(project.path)} – Auto DevOps: ${code('KUBE_CONTEXT')} = ${code(autoDevOpsContext)}`],
  );
  const silent = projects.flatMap((one) => one.silent.map((job) => `${code(one.project.path)} – ${jobInWords(job)}`));
  const unread = projects.filter(({ ci }) => ci === 'notMerged' || ci === 'notVisible');
  const notLooked = [
    ...new Set(
      projects.flatMap((one) => one.notLookedAt.filter(({ kind }) => kind !== 'scripts')).map(notLookedAtInWords),
    ),
  ];
  return [
    ...(needing.length === 0
      ? [`${l10n.t('No job that was seen needs it.')} ${known('read')}`]
      : [
          `${l10n.t('Jobs that need it, as the CI configuration of the default branch says:')} ${known('read')}`,
          capped(needing.flatMap(usesOfProject)),
        ]),
    ...(moved.length + byVariable.length === 0
      ? []
      : [`${l10n.t('Jobs that have moved:')} ${known('read')}`, capped([...moved, ...byVariable])]),
    ...contextProblems(projects),
    ...(silent.length === 0
      ? []
      : [
          l10n.t('Jobs that get its variables and mention none of them; a script they run may use them:'),
          capped(silent),
        ]),
    ...(unread.length === 0
      ? []
      : [
          `${l10n.t('Projects whose configuration can’t be merged or read with this token:')} ${known('notVisible')}`,
          capped(unread.map(({ project }) => code(project.path))),
        ]),
    ...(notLooked.length === 0 ? [] : [l10n.t('Not looked at:'), capped(notLooked)]),
  ];
}

/** Why Auto DevOps of projects counts as not moved although an agent's context may be set for it. */
function contextProblems(projects: readonly ProjectPlan[]): readonly string[] {
  const of = (problem: ProjectPlan['contextProblem']): readonly string[] =>
    projects.filter(({ contextProblem }) => contextProblem === problem).map(({ project }) => code(project.path));
  const hidden = of('notVisible');
  const unusable = of('notUsable');
  return [
    ...(hidden.length === 0
      ? []
      : [
          `${l10n.t('It is not known whether Auto DevOps has moved there: reading {0} of a project needs the Maintainer role.', code('KUBE_CONTEXT'))} ${known('notVisible')}`,
          capped(hidden),
        ]),
    ...(unusable.length === 0
      ? []
      : [
          `${l10n.t('{0} is set, and not for every environment to an agent that the jobs may use:', code('KUBE_CONTEXT'))} ${known('read')}`,
          capped(unusable),
        ]),
  ];
}

function usesOfProject({ project, needing, autoDevOps }: ProjectPlan): readonly string[] {
  const jobs = needing.map((job) => `${code(project.path)} – ${jobInWords(job)}`);
  return autoDevOps === undefined ? jobs : [...jobs, `${code(project.path)} – ${code(autoDevOps)}`];
}

function checkSection(shown: ShownPlan): readonly string[] {
  const { plan, replacement, agentState } = shown;
  const { best } = replacement;
  const jobs = plan.projects.reduce(
    (sum, { needing, autoDevOps }) => sum + needing.length + (autoDevOps === undefined ? 0 : 1),
    0,
  );
  const unseen =
    plan.notRead +
    plan.failures.length +
    plan.projects.filter(({ ci }) => ci === 'notMerged' || ci === 'notVisible').length;
  const fallsTo = plan.whatIf.moved.filter(({ to }) => to.kind === 'cluster' || to.kind === 'ambiguous').length;
  return [
    bullets([
      `${best ? l10n.t('The agent {0} is connected', code(best.context)) : l10n.t('An agent is connected')}: ${yesNo(
        best === undefined
          ? false
          : agentState === undefined || agentState === 'unknown'
            ? undefined
            : agentState === 'connected',
      )}`,
      `${l10n.t('The jobs of every project may use it (a commit to its configuration takes effect after about two minutes)')}: ${yesNo(
        best === undefined || best.lacking.length > 0 ? false : replacement.hidden > 0 ? undefined : true,
      )}`,
      `${l10n.t('Jobs that still need the certificate cluster')}: ${count(jobs, unseen)}`,
      `${l10n.t('Environments that would go to another certificate cluster')}: ${count(fallsTo, unseen)}`,
    ]),
    ...(plan.cluster.enabled === false
      ? []
      : [`${l10n.t('What switching it off would do now:')} ${known('computed')}`, bullets(whatIfLines(plan.whatIf))]),
  ];
}

function yesNo(isMet: boolean | undefined): string {
  return `**${isMet === undefined ? l10n.t('not known') : isMet ? l10n.t('yes') : l10n.t('no')}**`;
}

/** A count of what was seen; with something unseen, none is no proof. */
function count(found: number, unseen: number): string {
  return unseen === 0 ? `**${found}**` : `**${found}** (${l10n.t('projects not seen: {0}', unseen)})`;
}

function switchSection({ cluster }: MovePlan): readonly string[] {
  return cluster.enabled === false
    ? [
        l10n.t(
          'It is switched off. *Switch Certificate Cluster Back On…* looks first at what that does to environments, and asks.',
        ),
      ]
    : [
        l10n.t(
          '*Switch Off Certificate Cluster…* sets it to disabled after a question; nothing in Kubernetes is touched, and *Switch Certificate Cluster Back On…* undoes it. To go environment by environment, narrow the environment scope first, production last.',
        ),
        l10n.t(
          'Jobs then lose the default context, all KUBE_* variables and CI_KUBERNETES_ACTIVE at once; jobs that are gated by it vanish without failing.',
        ),
      ];
}

function about({ host, plan }: ShownPlan): string {
  const when = `${plan.at.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
  return `${l10n.t(
    'Made on {0} from what {1} (GitLab {2}) reports to this token. CI configurations were read and not kept. This document contains no tokens or passwords, and nothing was changed.',
    when,
    code(host.url),
    plan.version ?? l10n.t('of an unknown version'),
  )}`;
}
