import * as vscode from 'vscode';
import { commands } from '../../contributions';
import type { Disposable } from '../../core/time/event';
import type { Host } from '../../core/model/host';
import type { HostAccounts } from '../../core/accounts/hostAccounts';
import type { Inventory } from '../../core/inventory/inventory';
import { daysLeft } from '../../core/model/tokenExpiry';

/** Tells of access tokens that expire soon, once a day and host at most. Remembers days only. */
export function expiryNotice(accounts: HostAccounts, inventory: Inventory, memory: vscode.Memento): Disposable {
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
    void tell(host, days);
  });
}

async function tell(host: Host, days: number): Promise<void> {
  const replace = vscode.l10n.t('Replace Token');
  const message =
    days === 0
      ? vscode.l10n.t('The access token of {0} expires today.', host.name)
      : days === 1
        ? vscode.l10n.t('The access token of {0} expires tomorrow.', host.name)
        : vscode.l10n.t('The access token of {0} expires in {1} days.', host.name, days);
  const answer = await vscode.window.showWarningMessage(message, replace);
  if (answer === replace) await vscode.commands.executeCommand(commands.replaceToken, { type: 'host', host });
}
