import * as z from 'zod/mini';
import type { Disposable } from '../time/event';
import { parseHostUrl } from '../model/host';
import type { HostUrl } from '../model/host';
import type { HostAccounts } from './hostAccounts';

interface LeftTokensOptions {
  readonly accounts: HostAccounts;
  /** Keeps addresses over restarts, never a token; the editor's Memento is one. */
  readonly memory: { get(key: string): unknown; update(key: string, value: readonly HostUrl[]): unknown };
  /** Whether the user is in this window: of several, that one alone tells. */
  readonly inFront: () => boolean;
  /** Called once for a host that is no longer listed while its token is still kept. */
  readonly tell: (host: HostUrl) => void;
}

/** Where the addresses of hosts that were listed are remembered. */
const KEY = 'listedHosts';

/** Milliseconds: an edit by hand may be half done, and whoever removes a host by the command deletes its token next. */
const PAUSE = 5000;

const addresses = z.catch(z.array(z.string()), []);

/**
 * Notices tokens whose host left the setting by another way than the command: deleted by hand or on another computer,
 * also between two starts. Secrets are read only when a host has left.
 */
export class LeftTokens implements Disposable {
  private readonly options: LeftTokensOptions;
  private readonly subscription: Disposable;
  private timer: NodeJS.Timeout | undefined;

  constructor(options: LeftTokensOptions) {
    this.options = options;
    this.subscription = options.accounts.onDidChangeHosts(() => this.look());
    this.look();
  }

  /** Looks which hosts have left; to be called when the window comes to the front too. */
  look(): void {
    clearTimeout(this.timer);
    const listed = this.listed();
    if (!listed) return;
    const known = this.known();
    const all = [...new Set([...known, ...listed])];
    if (all.length > known.length) void this.options.memory.update(KEY, all);
    if (all.length > listed.size && this.options.inFront()) this.timer = setTimeout(() => void this.settle(), PAUSE);
  }

  /** Deletes the token of a host, unless that came back. Throws GitLabError `keyring`. */
  async delete(host: HostUrl): Promise<void> {
    if (this.hasLeft(host)) await this.options.accounts.deleteToken(host);
  }

  private async settle(): Promise<void> {
    for (const host of this.known()) {
      if (!this.hasLeft(host)) continue;
      let left: boolean;
      try {
        left = (await this.options.accounts.client(host)) !== undefined;
      } catch {
        continue; // the keyring is locked: at the next look
      }
      // It may have come back meanwhile, or another window may have told.
      if (!this.hasLeft(host) || !this.known().includes(host)) continue;
      void this.options.memory.update(
        KEY,
        this.known().filter((other) => other !== host),
      );
      if (left) this.options.tell(host);
    }
  }

  private hasLeft(host: HostUrl): boolean {
    return this.listed()?.has(host) === false;
  }

  /** Undefined while an entry's address cannot be read: it may be any host's. */
  private listed(): ReadonlySet<HostUrl> | undefined {
    const { hosts, problems } = this.options.accounts;
    const urls = [...hosts, ...problems].map(({ url }) => url);
    return urls.includes(undefined) ? undefined : new Set(urls.flatMap((url) => url ?? []));
  }

  private known(): readonly HostUrl[] {
    return addresses.parse(this.options.memory.get(KEY)).flatMap((address) => {
      const parsed = parseHostUrl(address);
      return parsed.ok ? parsed.url : [];
    });
  }

  dispose(): void {
    clearTimeout(this.timer);
    this.subscription.dispose();
  }
}
