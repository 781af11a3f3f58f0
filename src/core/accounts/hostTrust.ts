import type { Disposable } from '../time/event';
import type { HostUrl } from '../model/host';
import type { HostAccounts } from './hostAccounts';
import type { OwnCa } from '../net/ownCa';

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
    this.subscription = accounts.onDidChangeHosts(() => {
      for (const { url } of accounts.hosts) this.expected.delete(url);
    });
  }

  /** Goes into the entry of a host that is added. */
  of(url: HostUrl): OwnCa {
    const { caFile, ca } = this.accounts.find(url) ?? this.expected.get(url) ?? {};
    return { ...(caFile !== undefined && { caFile }), ...(ca !== undefined && { ca }) };
  }

  /** Trusts a CA for a host, beside what is there; `undefined` forgets one. */
  async set(url: HostUrl, own: OwnCa): Promise<void> {
    if (this.accounts.find(url)) await this.accounts.change(url, own);
    else this.expected.set(url, { ...this.expected.get(url), ...own });
  }

  dispose(): void {
    this.subscription.dispose();
    this.expected.clear();
  }
}
