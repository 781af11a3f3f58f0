import type { GitLabClient } from '../gitlab/client';
import { readIdentity } from '../gitlab/identity';
import { GitLabError } from '../gitlab/errors';
import type { HostIdentity } from '../gitlab/identity';
import type { Disposable, Event } from '../time/event';
import { Emitter } from '../time/event';
import type { Host, HostUrl } from '../model/host';

/** An entry of the setting that cannot be used, told in a row. `entry` is what was typed as its address. */
export interface HostProblem {
  readonly entry: string;
  readonly problem: string;
  /** The host it is about, where its address can be read. */
  readonly url?: HostUrl;
}

/** The hosts setting. Entries it cannot read are reported and never written over. */
export interface HostSettings {
  read(): { readonly hosts: readonly Host[]; readonly problems: readonly HostProblem[] };
  /** Adds the host, or replaces the entry it was read from. Throws GitLabError `settings`. */
  put(host: Host): Promise<void>;
  remove(url: HostUrl): Promise<void>;
  readonly onDidChange: Event<void>;
}

/** GitLab tokens, keyed by host. Changes made in another window fire `onDidChange` too. */
export interface TokenStore {
  get(url: HostUrl): Promise<string | undefined>;
  set(url: HostUrl, token: string): Promise<void>;
  delete(url: HostUrl): Promise<void>;
  readonly onDidChange: Event<HostUrl>;
}

/** Where a token is kept: in the secret storage, or in memory until the window closes. */
export type Keep = 'stored' | 'session';

export type Connect = (url: HostUrl, token: string) => GitLabClient;

/** Hosts × tokens → clients. The only place that reads tokens. */
export class HostAccounts implements Disposable {
  private readonly settings: HostSettings;
  private readonly tokens: TokenStore;
  private readonly connect: Connect;
  private readonly prepare: (url: HostUrl) => void;
  /** Tokens of hosts whose secret storage would not take them. */
  private readonly session = new Map<HostUrl, string>();
  private readonly clients = new Map<HostUrl, Promise<GitLabClient | undefined>>();
  private readonly subscriptions: Disposable[];
  private readonly changed = new Emitter<void>();
  private readonly tokenChanged = new Emitter<HostUrl>();

  /** Hosts were added, renamed, removed, or watch other projects. */
  readonly onDidChangeHosts = this.changed.event;
  /** A host's token was set, replaced or deleted, here or in another window. */
  readonly onDidChangeToken = this.tokenChanged.event;

  /** `prepare` is told which host is to be connected next, while its token is still being read. */
  constructor(
    settings: HostSettings,
    tokens: TokenStore,
    connect: Connect,
    prepare: (url: HostUrl) => void = () => undefined,
  ) {
    this.settings = settings;
    this.tokens = tokens;
    this.connect = connect;
    this.prepare = prepare;
    this.subscriptions = [
      settings.onDidChange(() => this.changed.fire()),
      tokens.onDidChange((url) => {
        // Stored or deleted by another window, it is newer than what was kept for the session here.
        this.session.delete(url);
        this.clients.delete(url);
        this.tokenChanged.fire(url);
      }),
    ];
  }

  get hosts(): readonly Host[] {
    return this.settings.read().hosts;
  }

  /** Entries of the setting that cannot be used. */
  get problems(): readonly HostProblem[] {
    return this.settings.read().problems;
  }

  find(url: HostUrl): Host | undefined {
    return this.hosts.find((host) => host.url === url);
  }

  /** The client for a host, or undefined while it has no token. Throws GitLabError `keyring` where tokens are locked. */
  client(url: HostUrl): Promise<GitLabClient | undefined> {
    const known = this.clients.get(url);
    if (known) return known;
    const client = this.makeClient(url);
    this.clients.set(url, client);
    // A locked keyring may be open next time: failures and absence are not remembered.
    const forget = (): void => void (this.clients.get(url) === client && this.clients.delete(url));
    client.then((made) => made ?? forget(), forget);
    return client;
  }

  private async makeClient(url: HostUrl): Promise<GitLabClient | undefined> {
    const reading = this.session.get(url) ?? secretly(() => this.tokens.get(url));
    this.prepare(url);
    const token = await reading;
    return token === undefined ? undefined : this.connect(url, token);
  }

  /** Makes the next requests connect anew, after a setting that counts for connections has changed. */
  reconnect(): void {
    this.clients.clear();
  }

  /** Asks GitLab who a token is, before it is stored. Throws GitLabError where it does not work. */
  check(url: HostUrl, token: string, signal?: AbortSignal): Promise<HostIdentity> {
    return readIdentity(this.connect(url, token), signal);
  }

  /**
   * Stores the token, then lists the host: a listed host without a token is a state to explain, an orphan secret is
   * not. Where listing fails, the token goes again. Throws GitLabError `keyring` or `settings`.
   */
  async add(host: Host, token: string, keep: Keep = 'stored'): Promise<void> {
    await this.replaceToken(host.url, token, keep);
    try {
      await this.settings.put(host);
    } catch (error) {
      if (!this.find(host.url)) await this.deleteToken(host.url);
      throw error;
    }
  }

  /** Throws GitLabError `keyring` where it cannot be stored. */
  async replaceToken(url: HostUrl, token: string, keep: Keep = 'stored'): Promise<void> {
    if (keep === 'stored') await this.store(url, token);
    else this.session.set(url, token);
    // The store's own event may come later; until then nobody shall get a client with the old token.
    this.clients.delete(url);
    if (keep === 'session') this.tokenChanged.fire(url);
  }

  /** The token of the session goes first: the store's event makes others connect, and they shall get the new one. */
  private async store(url: HostUrl, token: string): Promise<void> {
    const former = this.session.get(url);
    this.session.delete(url);
    try {
      await secretly(() => this.tokens.set(url, token));
    } catch (error) {
      if (former !== undefined) this.session.set(url, former);
      this.clients.delete(url);
      throw error;
    }
  }

  /** Changes name or watched owners of a listed host. */
  async change(url: HostUrl, change: Partial<Omit<Host, 'url'>>): Promise<void> {
    const host = this.find(url);
    if (host) await this.settings.put({ ...host, ...change });
  }

  /** Unlists the host and always deletes its token, also where the setting could not be written. */
  async remove(url: HostUrl): Promise<void> {
    try {
      await this.settings.remove(url);
    } finally {
      await this.deleteToken(url);
    }
  }

  /** Throws GitLabError `keyring` where it cannot be deleted. */
  async deleteToken(url: HostUrl): Promise<void> {
    this.session.delete(url);
    await secretly(() => this.tokens.delete(url));
    this.clients.delete(url);
  }

  dispose(): void {
    for (const subscription of this.subscriptions) subscription.dispose();
    this.changed.dispose();
    this.tokenChanged.dispose();
  }
}

/** What the secret storage throws may quote anything; only that it failed is told. */
async function secretly<T>(use: () => Promise<T>): Promise<T> {
  try {
    return await use();
  } catch {
    throw new GitLabError('keyring');
  }
}
