import { GitLabError, toGitLabError } from '../gitlab/errors';
import { projectByPath } from '../gitlab/owners';
import type { FoundOwner } from '../gitlab/owners';
import type { Disposable, Event } from '../time/event';
import { Emitter } from '../time/event';
import type { HostUrl } from '../model/host';
import type { HostAccounts } from './hostAccounts';

/** Addresses of the git remotes of the open folders. */
export interface GitRemotes {
  /** Asked for when they are needed, not before: reading them may start another extension. */
  read(): Promise<readonly string[]>;
  readonly onDidChange: Event<void>;
}

/** What the open folders' remotes are at one host. */
export interface FoundInWorkspace {
  /** Some are still being looked up. */
  readonly loading: boolean;
  readonly projects: readonly FoundOwner[];
  /** Paths that could not be looked up, except those GitLab does not know or show: they are no projects there. */
  readonly failures: readonly { readonly path: string; readonly error: GitLabError }[];
}

type Lookup = { readonly path: string; readonly outcome: FoundOwner | GitLabError | 'absent' | 'loading' };

/**
 * The projects that the open folders were cloned from. Looks a path up when asked for its host and keeps the answer;
 * failures are kept until the next `load` only.
 */
export class WorkspaceProjects implements Disposable {
  private readonly accounts: HostAccounts;
  private readonly remotes: GitRemotes;
  private readonly lookups = new Map<HostUrl, Map<string, Lookup>>();
  /** Hosts for which the remotes are being read. */
  private readonly reading = new Set<HostUrl>();
  private readonly changed = new Emitter<HostUrl>();
  private readonly found = new Emitter<readonly string[]>();
  private lastRead = '';
  private readonly subscriptions: Disposable[];

  /** What the open folders are at a host has changed. */
  readonly onDidChange = this.changed.event;
  /** Other remotes than before were read, of whatever host. */
  readonly onDidReadRemotes = this.found.event;

  constructor(accounts: HostAccounts, remotes: GitRemotes) {
    this.accounts = accounts;
    this.remotes = remotes;
    this.subscriptions = [
      remotes.onDidChange(() => {
        for (const host of [...this.lookups.keys()]) void this.load(host);
      }),
      // Another token may see other projects.
      accounts.onDidChangeToken((host) => this.lookups.delete(host)),
      accounts.onDidChangeHosts(() => {
        const listed = new Set(accounts.hosts.map(({ url }) => url));
        for (const host of [...this.lookups.keys()]) if (!listed.has(host)) this.lookups.delete(host);
      }),
    ];
  }

  /** What is known for a host; undefined before the first `load`. */
  of(host: HostUrl): FoundInWorkspace | undefined {
    const lookups = this.lookups.get(host);
    if (!lookups) return undefined;
    const outcomes = [...lookups.values()];
    return {
      loading: this.reading.has(host) || outcomes.some(({ outcome }) => outcome === 'loading'),
      projects: outcomes.flatMap(({ outcome }) =>
        typeof outcome === 'string' || outcome instanceof GitLabError ? [] : [outcome],
      ),
      failures: outcomes.flatMap(({ path, outcome }) =>
        outcome instanceof GitLabError ? [{ path, error: outcome }] : [],
      ),
    };
  }

  /** Looks up what is new or failed before. With `again`, also what GitLab did not know last time. Never throws. */
  async load(host: HostUrl, again = false): Promise<void> {
    const lookups = this.lookups.get(host) ?? new Map<string, Lookup>();
    this.lookups.set(host, lookups);
    this.reading.add(host);
    this.changed.fire(host);
    const paths = await this.pathsOn(host);
    this.reading.delete(host);
    if (this.lookups.get(host) !== lookups) return;
    const gone = [...lookups.keys()].filter((path) => !paths.includes(path));
    for (const path of gone) lookups.delete(path);
    const missing = paths.filter((path) => {
      const outcome = lookups.get(path)?.outcome;
      return outcome === undefined || outcome instanceof GitLabError || (again && outcome === 'absent');
    });
    for (const path of missing) lookups.set(path, { path, outcome: 'loading' });
    this.changed.fire(host);
    await Promise.all(missing.map((path) => this.lookUp(host, path, lookups)));
  }

  private async pathsOn(host: HostUrl): Promise<readonly string[]> {
    const remotes = await this.remotes.read();
    this.tellRemotes(remotes);
    if (remotes.length === 0) return [];
    const { parseGitRemote, projectPathOn } = await import('../model/gitRemote');
    const sshHosts = this.accounts.hosts.find(({ url }) => url === host)?.sshHosts;
    const paths = remotes.flatMap((text) => {
      const remote = parseGitRemote(text);
      const path = remote && projectPathOn(host, remote, sshHosts);
      return path === undefined ? [] : [path];
    });
    return [...new Set(paths)];
  }

  private tellRemotes(remotes: readonly string[]): void {
    const all = remotes.join('\n');
    if (all === this.lastRead) return;
    this.lastRead = all;
    this.found.fire(remotes);
  }

  private async lookUp(host: HostUrl, path: string, lookups: Map<string, Lookup>): Promise<void> {
    const outcome = await this.outcomeOf(host, path);
    if (this.lookups.get(host) !== lookups || lookups.get(path)?.outcome !== 'loading') return;
    lookups.set(path, { path, outcome });
    this.changed.fire(host);
  }

  private async outcomeOf(host: HostUrl, path: string): Promise<Lookup['outcome']> {
    try {
      const client = await this.accounts.client(host);
      // Without a token the host's own row says so.
      return client ? await projectByPath(client, path) : 'absent';
    } catch (error) {
      const failure = toGitLabError(error);
      return failure.kind === 'notFound' ? 'absent' : failure;
    }
  }

  dispose(): void {
    for (const subscription of this.subscriptions) subscription.dispose();
    this.lookups.clear();
    this.changed.dispose();
    this.found.dispose();
  }
}
