import type { RecordedRequest } from '../../../gitlab/faults';
import type { GitLab } from '../../../gitlab/server';
import type { Company } from './companies';

/** Requests at a time, as the extension sends them to one host. */
const SLOTS = 8;
/**
 * Requests of a plan of which each needs the answer of the one before: the cluster, a merged configuration, the settings of
 * its project, the agents of a project where one is likely, and the file that would change.
 */
const CHAIN = 5;

/** No client can do with fewer rounds of answers: so many requests, so many at a time, and those that wait for each other. */
export function leastRounds(requests: number): number {
  return Math.max(Math.ceil(requests / SLOTS), CHAIN);
}

/**
 * Answers in rounds, each as soon as eight requests wait or nothing more comes: their number is the time a client takes where
 * answers take long, and does not depend on how busy this machine is. The client has to send nothing else meanwhile.
 * `quiet`: milliseconds after which nothing more is on its way, longer for a client in another process.
 */
export function answerInRounds(gitlab: Pick<GitLab, 'onRequest'>, quiet = 40): { readonly end: () => number } {
  let waiting: (() => void)[] = [];
  let rounds = 0;
  let timer: NodeJS.Timeout | undefined;
  const answer = (): void => {
    clearTimeout(timer);
    const all = waiting;
    waiting = [];
    if (all.length > 0) rounds++;
    for (const go of all) go();
  };
  const stop = gitlab.onRequest(async () => {
    await new Promise<void>((resolve) => {
      waiting.push(resolve);
      clearTimeout(timer);
      if (waiting.length >= SLOTS) answer();
      else timer = setTimeout(answer, quiet);
    });
    return undefined;
  });
  return {
    end: () => {
      stop();
      answer();
      return rounds;
    },
  };
}

/** What a plan says about jobs, beside what is true. */
export interface Truth {
  readonly jobs: number;
  readonly needing: number;
  /** Jobs that need the cluster, and the plan does not say so. */
  readonly missed: readonly string[];
  /** Jobs that do not, and the plan says they do. */
  readonly falseAlarms: readonly string[];
}

export function compareWithTruth(plan: string, { projects }: Company): Truth {
  const found = needingJobs(plan);
  const jobs = projects.flatMap(({ project, needs }) =>
    [...needs].map(([job, why]) => ({ job: `${pathOf(project)} ${job}`, isNeeding: why.length > 0 })),
  );
  return {
    jobs: jobs.length,
    needing: jobs.filter(({ isNeeding }) => isNeeding).length,
    missed: jobs.filter(({ job, isNeeding }) => isNeeding && !found.has(job)).map(({ job }) => job),
    falseAlarms: jobs.filter(({ job, isNeeding }) => !isNeeding && found.has(job)).map(({ job }) => job),
  };
}

/** Jobs of the list of those that need the cluster, each as `<project> <job>`. */
function needingJobs(plan: string): ReadonlySet<string> {
  const part = plan.slice(plan.indexOf('## 2.'), plan.indexOf('## 3.'));
  const needing = part.split(/\n\n(?=Jobs that have moved|Jobs that get|Projects whose|Not looked at)/)[0] ?? '';
  const lines = needing.matchAll(/^- `([^`]*)` – `([^`]*)`/gm);
  return new Set([...lines].map(([, project, job]) => `${project} ${job}`));
}

/** Requests that were about each project, the list of projects left out. */
export function requestsPerProject(
  requests: readonly RecordedRequest[],
  { projects }: Pick<Company, 'projects'>,
): readonly number[] {
  return projects.map(({ project }) => {
    const path = pathOf(project);
    const address = new RegExp(`/projects/${project.id}(?:[/?]|$)`);
    return requests.filter(
      (request) =>
        // The cluster itself is read once for all.
        (!/\/clusters\/\d+$/.test(request.path) && address.test(request.path)) ||
        (request.path.includes('graphql') && request.body.includes(`"${path}"`)),
    ).length;
  });
}

/** The full path of a company's project. */
export function pathOf(project: { readonly path: string }): string {
  const number = Number(project.path.replace('app-', ''));
  return `corp/team-${((number - 1) % 5) + 1}/${project.path}`;
}
