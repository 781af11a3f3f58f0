import * as vscode from 'vscode';
import { CHANGE_SCHEME } from '../../contributions';
import type { HostAccounts } from '../../core/accounts/hostAccounts';
import { changesOf } from '../../core/journal/history';
import type { NotedChange } from '../../core/journal/history';
import type { Journal } from '../../core/journal/journal';
import { changeText } from './changeText';
import type { Side } from './changeText';
import { changeTitle, momentInWords } from './changeWords';

/** Shows a change as a comparison of two read-only documents: before and after. */
export async function showChange(change: NotedChange): Promise<void> {
  const title = `${changeTitle(change)} (${momentInWords(change.at)})`;
  await vscode.commands.executeCommand('vscode.diff', addressOf(change, 'before'), addressOf(change, 'after'), title);
}

/** The text of such a document, read from the journal. */
export async function changeDocument(
  { path, query }: vscode.Uri,
  { journal, accounts }: { readonly journal: Pick<Journal, 'read'>; readonly accounts: HostAccounts },
): Promise<string> {
  const { writes } = await journal.read();
  const change = changesOf(writes).find(({ id }) => id === query);
  if (!change) return vscode.l10n.t('This change is no longer in the history.');
  const hostName = (url: string): string => accounts.hosts.find((host) => host.url === url)?.name ?? url;
  return changeText(change, path.startsWith('/before/') ? 'before' : 'after', hostName);
}

function addressOf(change: NotedChange, side: Side): vscode.Uri {
  const name = changeTitle(change).replace(/[/\\?#:]+/g, '-');
  return vscode.Uri.from({ scheme: CHANGE_SCHEME, path: `/${side}/${name}.txt`, query: change.id });
}

/** The change that a document shows, by its address; undefined for any other address. */
export function changeOfAddress(value: unknown): string | undefined {
  return value instanceof vscode.Uri && value.scheme === CHANGE_SCHEME ? value.query : undefined;
}
