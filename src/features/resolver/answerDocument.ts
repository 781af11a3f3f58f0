import * as l10n from '@vscode/l10n';
import type { HostUrl } from '../../core/model/host';
import { ownerTitle } from '../../core/model/titles';
import type { Environment } from '../../core/gitlab/environments';
import type { UsableAgent } from '../../core/gitlab/usableAgents';
import { environmentSlug } from '../../core/resolver/environmentSlug';
import { MAX_NAMESPACE, expectedNamespace, isTooLong, namesOf } from '../../core/resolver/expectedNamespace';
import type { ExpectedNamespace } from '../../core/resolver/expectedNamespace';
import {
  clusterInReport,
  code,
  depthInWords,
  ownerInReport,
  rankInWords,
  unseenInWords,
  verdictInWords,
} from '../../core/resolver/inWords';
import { kubernetesActive } from '../../core/resolver/jobVariables';
import type { ProjectPlace, Resolution, Unseen } from '../../core/resolver/resolve';
import { variablesText } from './variablesText';

/** Everything an answer is made of. */
export interface Answer {
  readonly host: { readonly url: HostUrl; readonly name: string };
  readonly place: ProjectPlace;
  /** The path it was asked about by, where the project has moved since. */
  readonly formerPath: string | undefined;
  readonly resolution: Resolution;
  /** The environment as GitLab has it; undefined where it does not exist yet, or for a job without one. */
  readonly environment: Environment | undefined;
  /** Undefined where they are not visible to the token. */
  readonly agents: readonly UsableAgent[] | undefined;
  readonly isAdmin: boolean;
  readonly warnings: readonly string[];
  readonly at: Date;
}

/** The answer as Markdown that can be copied into a ticket as it is. Foreign text is code, so that it stays text. */
export function answerDocument(answer: Answer): string {
  const sections = [
    [`# ${questionOf(answer)}`],
    [verdictOf(answer)],
    movedOf(answer),
    factsOf(answer),
    section(l10n.t('Candidates, from near to far'), ladderOf(answer)),
    section(l10n.t('What a job gets'), variablesOf(answer)),
    section(l10n.t('Not visible'), notVisible(answer)),
    section(l10n.t('Agents this project may use'), agentsOf(answer)),
    section(
      l10n.t('Warnings'),
      answer.warnings.map((one) => `- ${one}`),
    ),
    [aboutOf(answer)],
  ];
  return `${sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`;
}

function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : [`## ${title}`, '', ...lines];
}

function questionOf({ place, resolution }: Answer): string {
  const project = code(place.project.path);
  return resolution.environment === undefined
    ? l10n.t('Which cluster serves a job of {0} without an environment', project)
    : l10n.t('Which cluster serves {0} of {1}', code(resolution.environment), project);
}

function movedOf({ place, formerPath }: Answer): string[] {
  if (formerPath === undefined) return [];
  return [l10n.t('The project has moved from {0} to {1}.', code(formerPath), code(place.project.path))];
}

function verdictOf(answer: Answer): string {
  const { outcome, doubts } = answer.resolution;
  const nearer = l10n.t('A nearer cluster may exist: not everything is visible to this token, see below.');
  const unsure = doubts.some(({ place }) => place !== 'management') ? ` ${nearer}` : '';
  switch (outcome.kind) {
    case 'cluster':
      return `**${clusterInReport(outcome.cluster)}.**${unsure}`;
    case 'ambiguous': {
      const clusters = outcome.clusters.map(clusterInReport).join(', ');
      const ambiguous = l10n.t(
        'Ambiguous between {0}: their scopes are equally specific, and GitLab defines no order among them. Give one of them the exact name of the environment.',
        clusters,
      );
      return `**${ambiguous}**${unsure}`;
    }
    case 'none':
      return `**${noneInWords(answer)}**`;
    case 'switchedOff':
      return `**${l10n.t('None: certificate-based clusters are switched off here, so jobs get no cluster at all. An administrator can turn on the feature flag certificate_based_clusters.')}**`;
  }
}

function noneInWords({ isAdmin, resolution }: Answer): string {
  const [hidden] = resolution.doubts.filter(({ place }) => place !== 'management');
  if (!hidden) return l10n.t('None.');
  if (!isAdmin) return l10n.t('None this token can see; an instance cluster may match.');
  return l10n.t('None this token can see; a cluster that is not visible may match.');
}

function factsOf(answer: Answer): string[] {
  const { place, resolution, environment } = answer;
  const { outcome } = resolution;
  if (outcome.kind !== 'cluster') return environmentFacts(answer);
  const { cluster, rank, depth } = outcome;
  const namespace =
    resolution.environment === undefined
      ? []
      : namespaceFacts(
          expectedNamespace(cluster, place.project, { name: resolution.environment, slug: environment?.slug }),
        );
  return [
    fact(l10n.t('Level'), depthInWords(depth, cluster.owner)),
    fact(l10n.t('Environment scope'), `${code(cluster.environmentScope)} (${rankInWords(rank)})`),
    ...(cluster.platform ? [fact(l10n.t('API URL'), code(cluster.platform.apiUrl))] : []),
    ...(cluster.enabled === undefined
      ? [l10n.t('- This GitLab version doesn’t report whether a cluster is enabled; it is taken as enabled.')]
      : []),
    ...namespace,
    ...environmentFacts(answer),
  ];
}

function fact(label: string, value: string): string {
  return `- ${label}: ${value}`;
}

function namespaceFacts(namespace: ExpectedNamespace): string[] {
  const names = namesOf(namespace).map(code).join(l10n.t(' or '));
  return [
    fact(l10n.t('Expected namespace'), names),
    l10n.t('  - Expected only: a namespace GitLab has stored for this environment wins, and no API shows it.'),
    ...(namespace.kind === 'oneOf'
      ? [l10n.t('  - This GitLab version doesn’t report the options that decide which of them it is.')]
      : []),
    ...(namespace.jobMayChoose
      ? [l10n.t('  - The cluster is not managed by GitLab: a job’s environment:kubernetes:namespace wins over this.')]
      : []),
    ...(isTooLong(namespace)
      ? [
          l10n.t(
            '  - Too long: Kubernetes allows {0} characters, so a deployment will fail. Set a shorter namespace or shorten the project’s path.',
            MAX_NAMESPACE,
          ),
        ]
      : []),
  ];
}

function environmentFacts({ resolution, environment }: Answer): string[] {
  if (resolution.environment === undefined) return [];
  if (!environment) {
    const slug = environmentSlug(resolution.environment);
    return [fact(l10n.t('Environment'), l10n.t('does not exist yet; its slug will be {0} (computed)', code(slug)))];
  }
  const { state, tier, slug } = environment;
  const parts = [
    ...(state === undefined ? [] : [code(state)]),
    ...(tier === undefined ? [] : [l10n.t('tier {0}', code(tier))]),
    l10n.t('slug {0}', code(slug)),
  ];
  return [fact(l10n.t('Environment'), parts.join(', '))];
}

/** One rung for each owner, one line for each of its clusters. */
function ladderOf({ place, resolution }: Answer): string[] {
  const lines: string[] = [];
  let rung: string | undefined;
  for (const { cluster, depth, verdict } of resolution.candidates) {
    const title = `- ${depthInWords(depth, cluster.owner)}`;
    if (title !== rung) lines.push(title);
    rung = title;
    const wins = verdict.kind === 'chosen' ? '**→** ' : '';
    const name = `${code(cluster.name)} (ID ${cluster.id})`;
    lines.push(
      `  - ${wins}${name}, ${l10n.t('scope {0}', code(cluster.environmentScope))}: ${verdictInWords(verdict)}`,
    );
  }
  for (const { cluster } of resolution.unreadable) {
    lines.push(l10n.t('- An entry of {0} can’t be read: {1}', ownerInReport(cluster.owner), code(cluster.problem)));
  }
  return lines.length > 0 ? lines : [l10n.t('No cluster is known for {0}.', code(place.project.path))];
}

function variablesOf({ place, resolution, environment }: Answer): string[] {
  const active = kubernetesActive(place);
  const value =
    active === 'unknown'
      ? l10n.t('unknown: a cluster that is not visible may have the scope *')
      : active
        ? l10n.t('true')
        : l10n.t('not set: no enabled cluster has the scope *');
  return [
    ...variablesText(place.project, resolution, environment),
    fact(code('CI_KUBERNETES_ACTIVE'), value),
    l10n.t('- A variable of the same name in the CI file, the project or a group wins over these.'),
  ];
}

function notVisible({ place, resolution }: Answer): string[] {
  const namespace = place.project.path.slice(0, place.project.path.lastIndexOf('/'));
  const matters = new Set(resolution.doubts.map(keyOf));
  return [...new Map([...resolution.doubts, ...place.unseen].map((one) => [keyOf(one), one])).values()].map((one) => {
    const effect = matters.has(keyOf(one))
      ? l10n.t('It may change this answer.')
      : l10n.t('It can’t change this answer.');
    return `- ${unseenInWords(one, namespace)} ${effect}`;
  });
}

function keyOf(unseen: Unseen): string {
  switch (unseen.place) {
    case 'management':
      return unseen.place;
    case 'hiddenGroup':
      return unseen.path;
    case 'owner':
      return ownerTitle(unseen.owner);
  }
}

function agentsOf({ agents }: Answer): string[] {
  if (!agents) return [l10n.t('Not visible to this token, or not reported by this GitLab version.')];
  if (agents.length === 0) return [l10n.t('None.')];
  return [
    ...agents.map(({ name, configProject }) => `- ${code(`${configProject}:${name}`)}`),
    '',
    l10n.t(
      'A job uses an agent only after it has selected its context. Until then it deploys to the cluster above, whose context is the default.',
    ),
  ];
}

function aboutOf({ host, at }: Answer): string {
  return l10n.t(
    'Computed on {0} from what {1} reports; GitLab itself decides for each job. This report contains no tokens or passwords.',
    at.toISOString().slice(0, 16).replace('T', ' ') + ' UTC',
    code(host.url),
  );
}
