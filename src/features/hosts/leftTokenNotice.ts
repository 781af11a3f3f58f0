import * as vscode from 'vscode';
import { explain } from '../../core/gitlab/explain';
import type { Disposable } from '../../core/time/event';
import { defaultHostName } from '../../core/model/host';
import type { HostUrl } from '../../core/model/host';
import type { HostAccounts } from '../../core/accounts/hostAccounts';
import { LeftTokens } from '../../core/accounts/leftTokens';

/** Tells once of an access token whose host has left the settings, and offers to delete it. */
export function leftTokenNotice(accounts: HostAccounts, memory: vscode.Memento): Disposable {
  const tokens = new LeftTokens({
    accounts,
    memory,
    inFront: () => vscode.window.state.focused,
    tell: (host) => void tell(host, tokens),
  });
  return vscode.Disposable.from(
    tokens,
    vscode.window.onDidChangeWindowState(() => tokens.look()),
  );
}

async function tell(host: HostUrl, tokens: LeftTokens): Promise<void> {
  const remove = vscode.l10n.t('Delete Its Access Token');
  const answer = await vscode.window.showWarningMessage(
    vscode.l10n.t(
      'The host {0} is no longer listed in the settings, but its access token is still kept on this computer.',
      defaultHostName(host),
    ),
    remove,
  );
  if (answer !== remove) return;
  try {
    await tokens.delete(host);
  } catch (error) {
    void vscode.window.showErrorMessage(explain(error).sentence);
  }
}
