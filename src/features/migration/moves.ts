import * as l10n from '@vscode/l10n';
import { switchedOffAt } from '../../core/migration/burnDown';
import { makePlan, noReadings, projectsBelow, readProjects, readServer } from '../../core/migration/movePlan';
import type { Below, MovePlan, Readings } from '../../core/migration/movePlan';
import { readAgentState, readCiChange, readRegisteredAgents } from '../../core/migration/moveSteps';
import { movesByVariables } from '../../core/migration/projectPlan';
import { replacementOf } from '../../core/migration/replacement';
import type { Replacement } from '../../core/migration/replacement';
import type { RegisteredAgent } from '../../core/migration/moveSteps';
import { ANNOUNCED_REMOVAL, daysUntil } from '../../core/migration/stages';
import type { NotedWrite } from '../../core/journal/history';
import { contextName } from '../../core/model/agent';
import type { AgentState } from '../../core/model/agent';
import type { Cluster } from '../../core/model/cluster';
import type { HostUrl } from '../../core/model/host';
import { plain } from '../../core/model/plainText';
import { clusterTitle } from '../../core/model/titles';
import { tolerated } from '../../core/resolver/readPlace';
import { drain, Queue } from '../../core/time/taskPool';
import type { ReportProgress } from '../../editor/dialogs';
import type { ShownPlan } from './planDocument';
import { plannedContext } from './planSections';
import type { CiSummary } from './planSections';
import type { MigrationSources } from './migrationSources';

/** More requests than these are asked about first. */
const ASK_FROM = 50;
/** What a project takes at most, its file included. */
const PER_PROJECT = 6;
const AT_ONCE = 8;
/** Projects that are asked for agents where no agent may be used yet. */
const LIKELY = 10;

/** What was read of a host, and whether that was all. */
interface HostReadings {
  readonly readings: Readings;
  readonly isCancelled: boolean;
}

/** Reads what the moves of clusters need. What a cancelled reading has found is used by the next one. */
export class Moves {
  private readonly sources: MigrationSources;
  /** Of readings that were cancelled. */
  private readonly unfinished = new Map<HostUrl, Readings>();

  constructor(sources: MigrationSources) {
    this.sources = sources;
  }

  /** The plan of one cluster, read now; undefined where the user does not want to. Throws GitLabError. */
  async plan(listed: Cluster): Promise<ShownPlan | undefined> {
    const { dialogs, resolver, inventory, now } = this.sources;
    const { host } = listed;
    const title = l10n.t('Planning the move of {0}', clusterTitle(listed));
    const options = { title, where: 'notification', cancellable: true } as const;
    const found = await dialogs.progress(options, async (_report, signal) => {
      const [cluster, early, server] = await Promise.all([
        inventory.get(listed),
        projectsBelow(resolver, host, [listed], signal),
        readServer(resolver, host, signal),
      ]);
      const isSame = cluster.managementProject?.id === listed.managementProject?.id;
      return { cluster, below: isSame ? early : await projectsBelow(resolver, host, [cluster], signal), server };
    });
    const { cluster, below, server } = found;
    if (!(await this.confirm(host, below))) return undefined;
    const writes = await this.writes();
    return dialogs.progress(options, async (report, signal) => {
      const { readings, isCancelled } = await this.read(host, below, report, signal);
      const facts = {
        cluster,
        below,
        readings,
        ...server,
        observationDays: this.sources.settings.observationDays(),
        now: now(),
      };
      const plan = makePlan({ ...facts, switchedOffAt: switchedOffAt(cluster, writes) });
      const client = await resolver.client(host);
      const skips = isCancelled || signal.aborted;
      const { replacement, registered } = await this.replacementFor(plan, skips ? undefined : signal);
      const { best } = replacement;
      const known = registered.find(
        ({ configProject, name }) => best?.context === contextName({ name, project: { path: configProject } }),
      );
      const context = plannedContext({ plan, replacement });
      const [agentState, ci] = await Promise.all([
        best && !skips ? (known?.state ?? readAgentState(client, best, now(), signal)) : undefined,
        context === undefined || skips ? new Map<number, CiSummary>() : this.ciOf(plan, readings, context, signal),
      ]);
      return this.shown(plan, replacement, agentState, ci, isCancelled);
    });
  }

  /** Plans of all clusters given, of one host, without what only their documents show. Throws GitLabError. */
  async plans(
    host: HostUrl,
    clusters: readonly Cluster[],
  ): Promise<{ readonly plans: readonly MovePlan[]; readonly isCancelled: boolean } | undefined> {
    const { dialogs, resolver, settings, now } = this.sources;
    const title = l10n.t('Reading the moves of {0} clusters', clusters.length);
    const options = { title, where: 'notification', cancellable: true } as const;
    const { below, server } = await dialogs.progress(options, async (_report, signal) => {
      const [projects, told] = await Promise.all([
        projectsBelow(resolver, host, clusters, signal),
        readServer(resolver, host, signal),
      ]);
      return { below: projects, server: told };
    });
    if (!(await this.confirm(host, below))) return undefined;
    const writes = await this.writes();
    const { readings, isCancelled } = await dialogs.progress(options, (report, signal) =>
      this.read(host, below, report, signal),
    );
    const plans = clusters.map((cluster) =>
      makePlan({
        cluster,
        below,
        readings,
        ...server,
        switchedOffAt: switchedOffAt(cluster, writes),
        observationDays: settings.observationDays(),
        now: now(),
      }),
    );
    return { plans, isCancelled };
  }

  /** What this computer changed; nothing where that cannot be read. */
  async writes(): Promise<readonly NotedWrite[]> {
    try {
      return (await this.sources.journal.read()).writes;
    } catch {
      return [];
    }
  }

  /** Days left to the date in the settings. */
  deadline(): ShownPlan['deadline'] {
    const date = this.sources.settings.removalDate();
    return { date, days: daysUntil(date, this.sources.now()), isAnnounced: date === ANNOUNCED_REMOVAL };
  }

  private shown(
    plan: MovePlan,
    replacement: Replacement,
    agentState: AgentState | undefined,
    ci: ReadonlyMap<number, CiSummary>,
    isCancelled: boolean,
  ): ShownPlan {
    const { accounts, notes, settings } = this.sources;
    const host = accounts.find(plan.cluster.host);
    return {
      plan,
      host: {
        url: plan.cluster.host,
        name: host?.name ?? plan.cluster.host,
        hasOwnCa: host?.ca !== undefined || host?.caFile !== undefined,
      },
      replacement,
      agentState,
      ci,
      deadline: this.deadline(),
      observationDays: settings.observationDays(),
      note: notes.of(plan.cluster),
      isCancelled,
    };
  }

  /** Where no project may use an agent yet, those registered where one is likely: one request for each of a few projects. */
  private async replacementFor(
    plan: MovePlan,
    signal: AbortSignal | undefined,
  ): Promise<{ readonly replacement: Replacement; readonly registered: readonly RegisteredAgent[] }> {
    const found = replacementOf(plan);
    if (found.best || !signal) return { replacement: found, registered: [] };
    const { host, managementProject } = plan.cluster;
    const likely = [
      ...(managementProject ? [managementProject] : []),
      ...(this.sources.accounts.find(host)?.projects ?? []),
    ];
    // A project's own agents were among those its jobs may use.
    const asked = new Set(plan.projects.map(({ project }) => project.id));
    const others = likely.filter(({ id }) => !asked.has(id));
    const projects = [...new Map(others.map((one) => [one.id, one])).values()].slice(0, LIKELY);
    const client = await this.sources.resolver.client(host);
    const now = this.sources.now();
    const read = await Promise.all(projects.map((project) => readRegisteredAgents(client, project, now, signal)));
    const registered = read.flat();
    return { replacement: replacementOf(plan, registered), registered };
  }

  private async read(
    host: HostUrl,
    { projects }: Below,
    report: ReportProgress,
    signal: AbortSignal,
  ): Promise<HostReadings> {
    const readings = this.unfinished.get(host) ?? noReadings();
    this.unfinished.delete(host);
    let done = 0;
    try {
      await readProjects(this.sources.resolver, host, projects, readings, {
        signal,
        onProject: () => {
          done++;
          report(l10n.t('{0} of {1} projects', done, projects.length), 100 / projects.length);
        },
      });
      return { readings, isCancelled: false };
    } catch (error) {
      if (!signal.aborted) throw error;
      this.unfinished.set(host, readings);
      return { readings, isCancelled: true };
    }
  }

  /** What would change in the CI files of the projects that have jobs left: one request each. */
  private async ciOf(
    plan: MovePlan,
    readings: Readings,
    context: string,
    signal: AbortSignal,
  ): Promise<ReadonlyMap<number, CiSummary>> {
    const client = await this.sources.resolver.client(plan.cluster.host);
    const found = new Map<number, CiSummary>();
    const tasks = new Queue<MovePlan['projects'][number]>();
    for (const project of plan.projects) if (!movesByVariables(project)) tasks.push(project);
    await drain({
      lanes: [{ tasks, share: AT_ONCE }],
      slots: AT_ONCE,
      signal,
      run: async (project, running) => {
        const { id } = project.project;
        try {
          const known = readings.projects.get(id)?.settings;
          const change = await readCiChange(client, plan, project, context, known, running);
          found.set(
            id,
            change.kind === 'noFile'
              ? change
              : { kind: 'file', isEdited: change.edit.after !== change.edit.before, byHand: change.edit.byHand },
          );
        } catch (error) {
          tolerated(error);
          found.set(id, { kind: 'notVisible' });
        }
      },
    });
    return found;
  }

  private async confirm(host: HostUrl, { projects, isCut }: Below): Promise<boolean> {
    const { dialogs, accounts } = this.sources;
    const requests = projects.length * PER_PROJECT;
    if (requests <= ASK_FROM) return true;
    const detail = [
      l10n.t(
        'At most {0} requests are sent to {1}, eight projects at a time. Each has GitLab merge a CI configuration, which is work for it.',
        requests.toLocaleString(),
        plain(accounts.find(host)?.name ?? host),
      ),
      l10n.t('You can cancel at any time; what was read until then is used when you run the command again.'),
      ...(isCut ? [l10n.t('There are more projects; only the first {0} are looked at.', projects.length)] : []),
    ].join('\n');
    const go = l10n.t('Continue');
    return (
      (await dialogs.confirm(
        l10n.t('Read the CI configurations and environments of {0} projects?', projects.length.toLocaleString()),
        detail,
        go,
      )) === go
    );
  }
}
