import { GitLabError, toGitLabError } from '../gitlab/errors';
import type { Disposable } from '../time/event';
import { Emitter } from '../time/event';
import type { HostUrl } from '../model/host';
import type { HostAccounts } from '../accounts/hostAccounts';
import type { Inventory } from './inventory';
import { atMostEvery } from '../time/atMostEvery';
import type { Crawl, CrawlOutcome } from './crawl';
import type { Fleet } from './fleet';
import { endEntry } from './fleetEntry';
import type { FleetEntry } from './fleetEntry';
import type { FleetsChange, FleetStatus } from './fleetStatus';
import type { FleetStorage } from './fleetMemory';
import { turns } from '../time/turns';

interface FleetsOptions {
  readonly accounts: HostAccounts;
  readonly inventory: Inventory;
  readonly storage: FleetStorage;
  /** Requests at a time per host. */
  readonly slots: () => number;
}

/** Milliseconds after a change by hand until it is written down: many come in a row. */
const REMEMBER_INTERVAL = 5000;

/**
 * Fills the inventory's records of every host: from memory when asked, by a search of the whole host when opened; and
 * writes them down. Nothing is sent before `open`, `show` or `crawl`. What is remembered belongs to one token and goes
 * with it.
 */
export class Fleets implements Disposable {
  private readonly options: FleetsOptions;
  private readonly entries = new Map<HostUrl, FleetEntry>();
  private listed: ReadonlySet<HostUrl>;
  /** What is kept of a token's clusters is deleted after it was written, and read only after that. */
  private readonly inTurn = turns<HostUrl>();
  private readonly changed = new Emitter<FleetsChange>();
  private readonly subscriptions: Disposable[];

  readonly onDidChange = this.changed.event;

  constructor(options: FleetsOptions) {
    const { accounts, inventory } = options;
    this.options = options;
    this.listed = new Set(accounts.hosts.map(({ url }) => url));
    this.subscriptions = [
      inventory.onDidChangeClusters(({ host, ...content }) => {
        const entry = this.entries.get(host);
        if (entry?.opened) entry.remember.request();
        this.changed.fire({ host, content });
      }),
      inventory.onDidRead(({ host }) => this.keep(host)),
      // What is remembered may still have it.
      inventory.onDidDelete((cluster) => this.keep(cluster.host, (fleet) => fleet.remove(cluster))),
      // Another token may see other clusters.
      accounts.onDidChangeToken((host) => this.forget(host)),
      accounts.onDidChangeHosts(() => {
        const now = new Set(accounts.hosts.map(({ url }) => url));
        for (const host of this.listed) if (!now.has(host)) this.forget(host);
        this.listed = now;
      }),
    ];
  }

  /** What is known of a host's clusters; filled as it becomes known. */
  fleet(host: HostUrl): Fleet {
    return this.options.inventory.fleet(host);
  }

  status(host: HostUrl): FleetStatus {
    return this.entries.get(host)?.status ?? { status: 'unasked' };
  }

  /** Reads what was remembered of a host, once; sends nothing. */
  recall(host: HostUrl): Promise<void> {
    const entry = this.entry(host);
    entry.recalled ??= (async () => {
      try {
        const { recallFleet } = await import('./fleetMemory');
        await this.inTurn(host, () => recallFleet(entry.fleet, this.options.storage));
      } catch {
        // What cannot be read is found anew.
      }
      if (entry.status.status === 'unasked') this.become(entry, { status: 'recalled' });
    })();
    return entry.recalled;
  }

  /** The same of every host: what was remembered counts as known, also where nobody opened a host in this window yet. */
  async recallAll(): Promise<void> {
    await Promise.all(this.options.accounts.hosts.map(({ url }) => this.recall(url)));
  }

  /** Shows what was remembered, then finds everything anew; only the first time. */
  open(host: HostUrl): void {
    const entry = this.entry(host);
    if (entry.opened) return;
    void this.crawl(host);
  }

  /**
   * For clusters shown elsewhere than below "All clusters": what was remembered, then, once the host has answered,
   * everything anew; only the first time. Where nothing was remembered, nothing is sent.
   */
  async show(host: HostUrl): Promise<void> {
    await this.recall(host);
    const isRecalled = this.status(host).status === 'recalled';
    if (isRecalled && this.options.inventory.hostState(host)?.state === 'loaded') await this.revalidate(host, true);
  }

  /** Finds every cluster of a host, or goes on where that was stopped. Never throws: the outcome is the status. */
  async crawl(host: HostUrl): Promise<void> {
    const entry = this.entry(host);
    entry.opened = true;
    if (entry.running) return;
    const controller = new AbortController();
    entry.running = controller;
    this.become(entry, { status: 'crawling', progress: entry.crawl?.progress });
    const outcome = await this.outcomeOf(entry, controller.signal);
    if (entry.running !== controller) return;
    entry.running = undefined;
    this.become(entry, { status: 'ended', outcome, progress: entry.crawl?.progress });
    if (outcome.outcome === 'complete' && outcome.gaps.length === 0) {
      entry.crawl?.dispose();
      entry.crawl = undefined;
    }
    for (const owner of entry.fleet.takeUnmet()) void this.options.inventory.load(host, owner);
    await this.write(entry);
  }

  /** Finds every cluster of a host from the beginning, also where an earlier look was stopped. */
  async crawlAnew(host: HostUrl): Promise<void> {
    const entry = this.entry(host);
    if (entry.running) return;
    entry.crawl?.dispose();
    entry.crawl = undefined;
    await this.crawl(host);
  }

  /**
   * Looks again for what is shown as found: after `open`, or where the remembered clusters are on screen (`isShown`).
   * Nothing is found for the first time by this, and what the user stopped stays so.
   */
  async revalidate(host: HostUrl, isShown: boolean): Promise<void> {
    const { opened, fleet, status } = this.entry(host);
    if (!opened && !(isShown && fleet.completedAt)) return;
    const outcome = status.status === 'ended' ? status.outcome : undefined;
    if (outcome?.outcome === 'stopped' && outcome.error.kind === 'cancelled') return;
    await this.crawl(host);
  }

  /** Stops finding; `crawl` goes on. */
  stop(host: HostUrl): void {
    this.entries.get(host)?.running?.abort(new GitLabError('cancelled'));
  }

  private async outcomeOf(entry: FleetEntry, signal: AbortSignal): Promise<CrawlOutcome> {
    const { inventory, slots } = this.options;
    try {
      // Side by side: with few projects, what comes before the first request is a good part of the whole.
      const [{ Crawl }, client, identity] = await Promise.all([
        import('./crawl'),
        inventory.client(entry.host),
        inventory.identify(entry.host),
        this.recall(entry.host),
      ]);
      if (signal.aborted) throw new GitLabError('cancelled');
      entry.crawl ??= this.begin(entry, new Crawl({ fleet: entry.fleet, identity, slots: slots() }));
      return await entry.crawl.run(client, signal);
    } catch (error) {
      return { outcome: 'stopped', error: toGitLabError(error) };
    }
  }

  private begin(entry: FleetEntry, crawl: Crawl): Crawl {
    crawl.onDidProgress((progress) => {
      if (entry.status.status === 'crawling') this.become(entry, { status: 'crawling', progress });
    });
    return crawl;
  }

  /** What GitLab confirmed belongs to what is remembered, which is therefore read first. */
  private keep(host: HostUrl, change?: (fleet: Fleet) => void): void {
    if (!this.listed.has(host)) return;
    const entry = this.entry(host);
    void this.recall(host).then(() => {
      if (this.entries.get(host) !== entry) return;
      change?.(entry.fleet);
      // What is not known whole is not remembered.
      if (entry.opened || entry.fleet.completedAt) entry.remember.request();
    });
  }

  private become(entry: FleetEntry, status: FleetStatus): void {
    entry.status = status;
    this.changed.fire({ host: entry.host, content: undefined });
  }

  private async write(entry: FleetEntry): Promise<void> {
    try {
      const { rememberFleet } = await import('./fleetMemory');
      await this.inTurn(entry.host, async () => {
        if (this.entries.get(entry.host) === entry) await rememberFleet(entry.fleet, this.options.storage);
      });
    } catch {
      // The next start has to find everything again; nothing else is lost.
    }
  }

  private entry(host: HostUrl): FleetEntry {
    const known = this.entries.get(host);
    if (known) return known;
    const entry: FleetEntry = {
      host,
      fleet: this.options.inventory.fleet(host),
      // Not while a crawl is on: its end writes everything.
      remember: atMostEvery(REMEMBER_INTERVAL, () => void (entry.running ?? this.write(entry))),
      status: { status: 'unasked' },
      recalled: undefined,
      opened: false,
      crawl: undefined,
      running: undefined,
    };
    this.entries.set(host, entry);
    return entry;
  }

  private forget(host: HostUrl): void {
    const entry = this.entries.get(host);
    if (entry) endEntry(entry);
    this.entries.delete(host);
    this.inTurn(host, () => this.options.storage.delete(host)).catch(() => undefined);
    if (entry) this.changed.fire({ host, content: undefined });
  }

  dispose(): void {
    for (const subscription of this.subscriptions) subscription.dispose();
    for (const entry of this.entries.values()) endEntry(entry);
    this.entries.clear();
    this.changed.dispose();
  }
}
