import type { GitLabError } from '../gitlab/errors';
import { searchAfter } from '../gitlab/failureKinds';
import type { HostUrl } from '../model/host';
import type { Disposable } from '../time/event';
import type { Fleets } from './fleets';
import type { Inventory } from './inventory';

/**
 * A token that stops working while clusters are searched or an owner is read makes the host's own row stale: who we are
 * there is asked once more, so that the row tells it too. Nothing is asked of a host whose row does so already.
 */
export function showTokenFaults(inventory: Inventory, fleets: Fleets): Disposable {
  const follow = (host: HostUrl, error: GitLabError): void => {
    if (searchAfter(error) === 'stop' && inventory.hostState(host)?.state === 'loaded') void inventory.loadHost(host);
  };
  const subscriptions = [
    inventory.onDidChange(({ host, owner }) => {
      const state = owner && inventory.ownerState(host, owner);
      if (state?.state === 'failed') follow(host, state.error);
    }),
    fleets.onDidChange(({ host, content }) => {
      const status = fleets.status(host);
      const isEnd = content === undefined && status.status === 'ended';
      if (isEnd && status.outcome.outcome === 'stopped') follow(host, status.outcome.error);
    }),
  ];
  return {
    dispose: () => {
      for (const subscription of subscriptions) subscription.dispose();
    },
  };
}
