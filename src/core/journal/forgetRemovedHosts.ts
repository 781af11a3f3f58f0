import type { HostAccounts } from '../accounts/hostAccounts';
import type { HostUrl } from '../model/host';
import type { Disposable } from '../time/event';

/**
 * Calls `forget` for a host that was removed together with its token. A host that only left the setting, perhaps while
 * somebody edits that by hand, keeps its history as it keeps its token.
 */
export function forgetRemovedHosts(accounts: HostAccounts, forget: (host: HostUrl) => void): Disposable {
  const isListed = (host: HostUrl): boolean =>
    [...accounts.hosts, ...accounts.problems].some(({ url }) => url === host || url === undefined);
  return accounts.onDidChangeToken((host) => {
    if (isListed(host)) return;
    accounts.client(host).then(
      (client) => {
        if (!client && !isListed(host)) forget(host);
      },
      // The keyring is locked: nobody knows whether the token is gone.
      () => undefined,
    );
  });
}
