import * as vscode from 'vscode';
import { commands } from '../contributions';
import type { CommandId } from '../contributions';
import type { HostAccounts } from '../core/accounts/hostAccounts';
import { GitLabError } from '../core/gitlab/errors';
import { explain } from '../core/gitlab/explain';
import { failureKinds } from '../core/gitlab/failureKinds';
import type { HostUrl } from '../core/model/host';
import { plain } from '../core/model/plainText';
import { isClusterTreeNode } from './clusterNodes';

/** Says once why a command failed: the host it was about, what happened, and the advice as a button. */
export async function tellFailure(
  error: unknown,
  given: unknown,
  { accounts, log }: { readonly accounts: HostAccounts; readonly log: vscode.LogOutputChannel },
): Promise<void> {
  const url = hostOf(given) ?? (accounts.hosts.length === 1 ? accounts.hosts[0]?.url : undefined);
  const host = error instanceof GitLabError && url !== undefined ? accounts.find(url) : undefined;
  const { sentence } = explain(error);
  const advice = adviceOf(error, host !== undefined);
  const message = host ? vscode.l10n.t('{0}: {1}', plain(host.name), sentence) : sentence;
  if ((await vscode.window.showErrorMessage(message, advice.title)) !== advice.title) return;
  if (advice.command === commands.showLog) log.show();
  else await vscode.commands.executeCommand(advice.command, host && { type: 'host', host });
}

function adviceOf(error: unknown, hasHost: boolean): { readonly title: string; readonly command: CommandId } {
  const showLog = { title: vscode.l10n.t('Show Log'), command: commands.showLog };
  if (!(error instanceof GitLabError) || !hasHost) return showLog;
  switch (failureKinds[error.kind].remedy) {
    case 'token':
      return { title: vscode.l10n.t('Replace Access Token…'), command: commands.replaceToken };
    case 'connection':
      return { title: vscode.l10n.t('Test Connection'), command: commands.testHost };
    case 'address':
    case 'browser':
      return { title: vscode.l10n.t('Open Host in Browser'), command: commands.openHost };
    case 'gone':
    case 'refresh':
      return { title: vscode.l10n.t('Refresh Host'), command: commands.refreshHost };
    case 'log':
      return showLog;
  }
}

function hostOf(given: unknown): HostUrl | undefined {
  if (!isClusterTreeNode(given)) return undefined;
  if (given.type === 'host') return given.host.url;
  if (given.type === 'cluster') return given.cluster.host;
  return 'host' in given ? given.host : undefined;
}
