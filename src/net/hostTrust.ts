import type { Disposable } from '../model/event';
import type { HostUrl } from '../model/host';
import type { HostAccounts } from '../model/hostAccounts';
import type { OwnCa } from './ownCa';

/**
 * Which CA is trusted for which host. It stands in the host's entry of the setting: visible, and shared with the list.
 * For a host that is just being added it is kept here until there is an entry.
 */
export class HostTrust implements Disposable {
  private readonly accounts: HostAccounts;
  private readonly expected = new Map<HostUrl, OwnCa>();
  private readonly subscription: Disposable;

  constructor(accounts: HostAccounts) {
    this.accounts = accounts;
    this.subscription = accounts.onDidChangeHosts(() => void this.writeDown());
  }

  of(url: HostUrl): OwnCa {
    return { ...this.expected.get(url), ...this.accounts.find(url) };
  }

  /** Trusts a CA for a host, beside what is there; `undefined` forgets it. Written down once the host is listed. */
  async set(url: HostUrl, own: OwnCa): Promise<void> {
    if (this.accounts.find(url)) await this.accounts.change(url, own);
    else this.expected.set(url, { ...this.expected.get(url), ...own });
  }

  private async writeDown(): Promise<void> {
    for (const [url, own] of this.expected) {
      if (!this.accounts.find(url)) continue;
      this.expected.delete(url);
      await this.accounts.change(url, own);
    }
  }

  dispose(): void {
    this.subscription.dispose();
    this.expected.clear();
  }
}
