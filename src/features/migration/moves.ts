import * as l10n from '@vscode/l10n';
import type { NotedWrite } from '../../core/journal/history';
import { switchedOffAt } from '../../core/migration/burnDown';
import { makePlan, projectsBelow, readServer } from '../../core/migration/movePlan';
import type { MovePlan } from '../../core/migration/movePlan';
import { readAgentState } from '../../core/migration/moveSteps';
import type { Replacement } from '../../core/migration/replacement';
import { ANNOUNCED_REMOVAL, daysUntil } from '../../core/migration/stages';
import { contextName } from '../../core/model/agent';
import type { AgentState } from '../../core/model/agent';
import type { Cluster } from '../../core/model/cluster';
import type { HostUrl } from '../../core/model/host';
import { placedTitle } from '../../core/model/titles';
import type { CiSummary } from './ciSection';
import type { MigrationSources } from './migrationSources';
import type { ShownPlan } from './planDocument';
import { plannedContext } from './plannedAgent';
import { readCiSummaries, readReplacement } from './planParts';
import { ProjectReadings } from './projectReadings';

/** Reads what the moves of clusters need. */
export class Moves {
  private readonly sources: MigrationSources;
  private readonly projects: ProjectReadings;

  constructor(sources: MigrationSources) {
    this.sources = sources;
    this.projects = new ProjectReadings(sources);
  }

  /** The plan of one cluster, read now; undefined where the user does not want to. Throws GitLabError. */
  async plan(listed: Cluster): Promise<ShownPlan | undefined> {
    const { accounts, dialogs, resolver, inventory, now } = this.sources;
    const { host } = listed;
    const name = placedTitle(listed, accounts.find(host)?.name ?? host);
    const title = l10n.t('Planning the move of {0}', name);
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
    if (!(await this.projects.confirm(host, below))) return undefined;
    const writes = await this.writes();
    return dialogs.progress(options, async (report, signal) => {
      const { readings, isCancelled } = await this.projects.read(host, below, report, signal);
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
      const { replacement, registered } = await readReplacement(plan, this.sources, skips ? undefined : signal);
      const { best } = replacement;
      const known = registered.find(
        ({ configProject, name }) => best?.context === contextName({ name, project: { path: configProject } }),
      );
      const context = plannedContext({ plan, replacement });
      const [agentState, ci] = await Promise.all([
        best && !skips ? (known?.state ?? readAgentState(client, best, now(), signal)) : undefined,
        context === undefined || skips
          ? new Map<number, CiSummary>()
          : readCiSummaries(plan, readings, context, this.sources, signal),
      ]);
      this.sources.stages.keep([plan]);
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
    if (!(await this.projects.confirm(host, below))) return undefined;
    const writes = await this.writes();
    const { readings, isCancelled } = await dialogs.progress(options, (report, signal) =>
      this.projects.read(host, below, report, signal),
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
    this.sources.stages.keep(plans);
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
}
