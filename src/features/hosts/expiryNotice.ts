import * as l10n from '@vscode/l10n';
import type { Memento } from 'vscode';
import type { Disposable } from '../../core/time/event';
import type { Host } from '../../core/model/host';
import type { HostAccounts } from '../../core/accounts/hostAccounts';
import type { Inventory } from '../../core/inventory/inventory';
import { daysLeft } from '../../core/model/tokenExpiry';
import type { Dialogs } from '../../editor/dialogs';

interface ExpirySources {
  readonly accounts: HostAccounts;
  readonly inventory: Inventory;
  readonly memory: Pick<Memento, 'get' | 'update'>;
  readonly dialogs: Pick<Dialogs, 'notify'>;
  readonly replaceToken: (host: Host) => unknown;
}

/** Tells of access tokens that expire soon, once a day and host at most. Remembers days only. */
export function expiryNotice({ accounts, inventory, memory, dialogs, replaceToken }: ExpirySources): Disposable {
  return inventory.onDidChange(({ host: url, owner }) => {
    const state = owner ? undefined : inventory.hostState(url);
    const host = accounts.find(url);
    if (state?.state !== 'loaded' || !host) return;
    const now = new Date();
    const days = daysLeft(state.value.token?.expiresAt, now);
    const key = `expiryTold:${url}`;
    const today = now.toISOString().slice(0, 10);
    if (days === undefined || memory.get(key) === today) return;
    void memory.update(key, today);
    void tell(host, days, dialogs).then((isWanted) => (isWanted ? replaceToken(host) : undefined));
  });
}

/** Whether the user wants another token now. */
async function tell(host: Host, days: number, dialogs: ExpirySources['dialogs']): Promise<boolean> {
  const replace = l10n.t('Replace Token');
  const message =
    days === 0
      ? l10n.t('The access token of {0} expires today.', host.name)
      : days === 1
        ? l10n.t('The access token of {0} expires tomorrow.', host.name)
        : l10n.t('The access token of {0} expires in {1} days.', host.name, days);
  return (await dialogs.notify('warning', message, replace)) === replace;
}
