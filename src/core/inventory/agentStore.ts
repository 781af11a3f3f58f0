import type { HostAccounts } from '../accounts/hostAccounts';
import { listAgents } from '../gitlab/agents';
import type { ProjectAgents } from '../gitlab/agents';
import type { GitLabError } from '../gitlab/errors';
import { failureKinds } from '../gitlab/failureKinds';
import { usableAgents } from '../gitlab/usableAgents';
import type { UsableAgent } from '../gitlab/usableAgents';
import { repositoryFile } from '../gitlab/repositoryFiles';
import { configFilePath } from '../model/agent';
import type { Agent, AgentProject } from '../model/agent';
import type { HostUrl } from '../model/host';
import type { Disposable } from '../time/event';
import { Emitter } from '../time/event';
import type { Inventory } from './inventory';
import { LatestLoad } from './latestLoad';
import type { LoadState } from './latestLoad';

/** The agents that the jobs of a project may use; `undefined` where the token may not see them. */
export interface JobAgents {
  readonly agents: readonly UsableAgent[] | undefined;
}

/** The text of an agent's configuration; undefined where it has none. */
interface AgentConfig {
  readonly text: string | undefined;
}

interface Known {
  readonly project: AgentProject;
  readonly configs: Map<number, LatestLoad<AgentConfig>>;
  readonly tell: () => void;
  readonly own: LatestLoad<ProjectAgents>;
  readonly usable: LatestLoad<JobAgents>;
}

interface Sources {
  readonly accounts: Pick<HostAccounts, 'find' | 'onDidChangeHosts' | 'onDidChangeToken'>;
  readonly inventory: Pick<Inventory, 'client' | 'ownerState' | 'onDidChange'>;
}

/** Agents of projects as far as somebody asked for them, in memory. They are read again with the clusters of their project. */
export class AgentStore implements Disposable {
  private readonly inventory: Sources['inventory'];
  private readonly hosts = new Map<HostUrl, Map<number, Known>>();
  private readonly changed = new Emitter<{ readonly host: HostUrl; readonly projectId: number }>();
  private readonly subscriptions: readonly Disposable[];

  readonly onDidChange = this.changed.event;

  constructor({ accounts, inventory }: Sources) {
    this.inventory = inventory;
    this.subscriptions = [
      accounts.onDidChangeToken((host) => this.forget(host)),
      accounts.onDidChangeHosts(() => {
        for (const host of this.hosts.keys()) if (!accounts.find(host)) this.forget(host);
      }),
      inventory.onDidChange(({ host, owner }) => {
        if (owner?.level !== 'project' || inventory.ownerState(host, owner)?.state !== 'loading') return;
        const known = this.known(host, owner.id);
        if (known?.own.current) void this.load(host, known.project);
        if (known?.usable.current) void this.loadUsable(host, known.project);
        for (const agent of known?.own.value?.agents ?? [])
          if (known?.configs.has(agent.id)) void this.loadConfig(host, agent);
      }),
    ];
  }

  own(host: HostUrl, projectId: number): LoadState<ProjectAgents> | undefined {
    const state = this.known(host, projectId)?.own.current;
    // A reading that was given up changed nothing.
    if (state?.state !== 'failed' || state.error.kind !== 'cancelled' || !state.value || !state.at) return state;
    return { state: 'loaded', value: state.value, at: state.at };
  }

  usable(host: HostUrl, projectId: number): LoadState<JobAgents> | undefined {
    return this.known(host, projectId)?.usable.current;
  }

  /** Reads the agents of a project. Resolves when that ended; what went wrong is the state, never thrown. */
  async load(host: HostUrl, project: AgentProject, outside?: AbortSignal): Promise<void> {
    const known = this.of(host, project);
    const before = known.own.value;
    await known.own.run(async (signal) => {
      const both = outside ? AbortSignal.any([signal, outside]) : signal;
      return listAgents(await this.inventory.client(host), project, both);
    });
    // Given up before there was anything: nothing is known, and no row says so.
    if (!outside?.aborted || before || known.own.current?.state !== 'failed') return;
    this.hosts.get(host)?.delete(project.id);
    this.changed.fire({ host, projectId: project.id });
  }

  loadUsable(host: HostUrl, project: AgentProject): Promise<void> {
    return this.of(host, project).usable.run(async (signal) => ({
      agents: await usableAgents(await this.inventory.client(host), project.path, signal),
    }));
  }

  config(host: HostUrl, { id, project }: Agent): LoadState<AgentConfig> | undefined {
    return this.known(host, project.id)?.configs.get(id)?.current;
  }

  /** Reads the configuration file of an agent. */
  loadConfig(host: HostUrl, { id, name, project }: Agent): Promise<void> {
    const { configs, tell } = this.of(host, project);
    const load = configs.get(id) ?? new LatestLoad<AgentConfig>(tell);
    configs.set(id, load);
    return load.run(async (signal) => {
      const client = await this.inventory.client(host);
      return { text: (await repositoryFile(client, project.id, configFilePath(name), { signal }))?.text };
    });
  }

  private known(host: HostUrl, projectId: number): Known | undefined {
    return this.hosts.get(host)?.get(projectId);
  }

  private of(host: HostUrl, project: AgentProject): Known {
    const known = this.known(host, project.id);
    if (known) return known;
    const tell = (): void => this.changed.fire({ host, projectId: project.id });
    // A host that only does not answer keeps what was read, and so does a reading that was given up.
    const keeps = ({ kind }: GitLabError): boolean => failureKinds[kind].keepsKnown || kind === 'cancelled';
    const configs = new Map<number, LatestLoad<AgentConfig>>();
    const made: Known = {
      project,
      configs,
      tell,
      own: new LatestLoad(tell, keeps),
      usable: new LatestLoad(tell, keeps),
    };
    const ofHost = this.hosts.get(host) ?? new Map<number, Known>();
    this.hosts.set(host, ofHost.set(project.id, made));
    return made;
  }

  private forget(host: HostUrl): void {
    const gone = this.hosts.get(host) ?? new Map<number, Known>();
    this.hosts.delete(host);
    for (const [projectId, known] of gone) {
      end(known);
      this.changed.fire({ host, projectId });
    }
  }

  dispose(): void {
    for (const subscription of this.subscriptions) subscription.dispose();
    for (const ofHost of this.hosts.values()) for (const known of ofHost.values()) end(known);
    this.changed.dispose();
  }
}

function end({ own, usable, configs }: Known): void {
  for (const load of [own, usable, ...configs.values()]) load.dispose();
}
