import type { Cluster } from '../model/cluster';

/** How far the move of a cluster is, derived from what GitLab shows each time. */
export type Stage =
  | 'notStarted'
  /** An agent may be used by some of the projects, not by all that are served. */
  | 'agentForSome'
  /** All may use an agent, and jobs still need the certificate cluster. */
  | 'jobsLeft'
  /** No job that was seen needs it any more. */
  | 'readyToSwitchOff'
  | 'switchedOff'
  /** It is switched off for as long as the user wants to watch. */
  | 'mayBeDeleted'
  /** Not enough was read to say. */
  | 'notKnown';

export const stagesInOrder: readonly Stage[] = [
  'notKnown',
  'notStarted',
  'agentForSome',
  'jobsLeft',
  'readyToSwitchOff',
  'switchedOff',
  'mayBeDeleted',
];

/** What of one project counts. */
export interface ProjectProgress {
  /** Undefined where the token may not see them. */
  readonly hasAgent: boolean | undefined;
  /** Environments the cluster serves. */
  readonly served: number;
  /** Jobs that need it; undefined where the configuration could not be read. */
  readonly needing: number | undefined;
  /** Jobs that have moved. */
  readonly moved: number;
}

/** What keeps a cluster from being switched off or deleted. */
export type Blocker =
  | { readonly kind: 'jobs'; readonly count: number; readonly projects: number }
  | { readonly kind: 'noAgent'; readonly projects: number }
  | { readonly kind: 'agentsNotVisible'; readonly projects: number }
  | { readonly kind: 'ciNotReadable'; readonly projects: number }
  | { readonly kind: 'notRead'; readonly projects: number }
  | { readonly kind: 'observing'; readonly days: number }
  /** Switched off, and this computer does not know when. */
  | { readonly kind: 'sinceNotKnown' };

export interface Progress {
  readonly stage: Stage;
  readonly blockers: readonly Blocker[];
}

export interface StageFacts {
  readonly cluster: Pick<Cluster, 'enabled'>;
  /** Projects that have something to do with the cluster. */
  readonly projects: readonly ProjectProgress[];
  /** Projects below it that were not read. */
  readonly notRead: number;
  /** When it was switched off, as far as this computer's history tells. */
  readonly switchedOffAt: Date | undefined;
  /** How long the user wants to watch before a record is deleted. */
  readonly observationDays: number;
}

const DAY = 86_400_000;

/** The stage of a move, and what blocks the next one. */
export function progressOf({ cluster, projects, notRead, ...facts }: StageFacts, now: Date): Progress {
  if (cluster.enabled === false) return switchedOff(facts, now);
  const concerned = projects.filter(({ served, needing, moved }) => served > 0 || (needing ?? 1) > 0 || moved > 0);
  const needing = concerned.filter((one) => (one.needing ?? 0) > 0);
  const without = concerned.filter(({ hasAgent }) => hasAgent === false).length;
  const hidden = concerned.filter(({ hasAgent }) => hasAgent === undefined).length;
  const unreadable = concerned.filter((one) => one.needing === undefined).length;
  const jobs = needing.reduce((sum, one) => sum + (one.needing ?? 0), 0);
  const blockers: readonly Blocker[] = [
    ...(jobs > 0 ? [{ kind: 'jobs', count: jobs, projects: needing.length } as const] : []),
    ...(without > 0 ? [{ kind: 'noAgent', projects: without } as const] : []),
    ...(hidden > 0 ? [{ kind: 'agentsNotVisible', projects: hidden } as const] : []),
    ...(unreadable > 0 ? [{ kind: 'ciNotReadable', projects: unreadable } as const] : []),
    ...(notRead > 0 ? [{ kind: 'notRead', projects: notRead } as const] : []),
  ];
  return { stage: stageOf(concerned, jobs, without, hidden, unreadable + notRead), blockers };
}

function stageOf(
  concerned: readonly ProjectProgress[],
  jobs: number,
  without: number,
  hidden: number,
  unknown: number,
): Stage {
  const hasSome = concerned.some(({ hasAgent }) => hasAgent === true);
  if (jobs > 0) {
    if (!hasSome) return hidden > 0 ? 'notKnown' : 'notStarted';
    return without > 0 ? 'agentForSome' : 'jobsLeft';
  }
  return unknown > 0 ? 'notKnown' : 'readyToSwitchOff';
}

function switchedOff(
  { switchedOffAt, observationDays }: Pick<StageFacts, 'switchedOffAt' | 'observationDays'>,
  now: Date,
): Progress {
  if (!switchedOffAt) return { stage: 'switchedOff', blockers: [{ kind: 'sinceNotKnown' }] };
  const left = Math.ceil((switchedOffAt.getTime() + observationDays * DAY - now.getTime()) / DAY);
  return left > 0
    ? { stage: 'switchedOff', blockers: [{ kind: 'observing', days: left }] }
    : { stage: 'mayBeDeleted', blockers: [] };
}

/** The month in which GitLab has announced 20.0, which removes certificate clusters. It may be moved. */
export const ANNOUNCED_REMOVAL = '2027-05-01';

/** Whole days from one day to another; negative once it has passed. Undefined for what is no date (`YYYY-MM-DD`). */
export function daysUntil(date: string, now: Date): number | undefined {
  const at = /^\d{4}-\d{2}-\d{2}$/.test(date) ? Date.parse(`${date}T00:00:00Z`) : Number.NaN;
  if (Number.isNaN(at)) return undefined;
  const days = Math.ceil((at - now.getTime()) / DAY);
  return days === 0 ? 0 : days;
}
