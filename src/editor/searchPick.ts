import * as vscode from 'vscode';
import { explain } from '../core/gitlab/explain';
import { isSearchable } from '../core/gitlab/ownerSearch';
import type { FoundOwner } from '../core/gitlab/owners';
import type { FoundPage } from '../core/gitlab/ownerSearch';
import type { Disposable } from '../core/time/event';
import { plain } from '../core/model/plainText';
import type { ServerSearch } from './dialogs';

/** Milliseconds after the last key until GitLab is asked. */
const TYPING_PAUSE = 250;

interface FoundItem<Other> extends vscode.QuickPickItem {
  readonly answer: FoundOwner | Other | undefined;
  readonly more?: boolean;
}

/** A quick pick that searches on the server: page by page, a pause after typing, an outdated search cancelled. */
export function searchPick<Other = never>(wanted: ServerSearch<Other>): Promise<FoundOwner | Other | undefined> {
  const pick = vscode.window.createQuickPick<FoundItem<Other>>();
  const subscriptions: Disposable[] = [pick];
  let running = new AbortController();
  let pause: NodeJS.Timeout | undefined;
  let next: number | undefined;
  /** The rows answer an earlier text than the one typed. */
  let outdated = false;

  const read = async (page: number): Promise<void> => {
    running.abort();
    running = new AbortController();
    const { signal } = running;
    const text = pick.value.trim();
    pick.busy = true;
    try {
      const found = await wanted.search(text, page, signal);
      if (signal.aborted) return;
      next = found.next;
      const known = page === 1 ? otherItems(wanted, text) : pick.items.filter(({ more }) => !more);
      pick.keepScrollPosition = page > 1;
      pick.items = [...known, ...toItems(found, wanted, text)];
    } catch (error) {
      if (signal.aborted) return;
      next = undefined;
      const { title: label, sentence } = explain(error);
      const failure = { label: `$(error) ${label}`, detail: sentence, alwaysShow: true, answer: undefined };
      pick.items = [...otherItems(wanted, text), failure];
    }
    outdated = false;
    pick.busy = false;
  };

  pick.title = wanted.title;
  pick.placeholder = wanted.placeholder;
  pick.ignoreFocusOut = true;
  return new Promise<FoundOwner | Other | undefined>((resolve) => {
    subscriptions.push(
      pick.onDidChangeValue(() => {
        clearTimeout(pause);
        outdated = true;
        pick.busy = true;
        pause = setTimeout(() => void read(1), TYPING_PAUSE);
      }),
      pick.onDidAccept(() => {
        // Enter right after typing would take the first row of what was found before.
        if (outdated) return;
        const [chosen] = pick.selectedItems;
        if (chosen?.more) void read(next ?? 1);
        else if (chosen?.answer !== undefined) {
          resolve(chosen.answer);
          pick.hide();
        }
      }),
      pick.onDidHide(() => {
        clearTimeout(pause);
        running.abort();
        resolve(undefined);
      }),
    );
    pick.show();
    void read(1);
  }).finally(() => {
    for (const subscription of subscriptions) subscription.dispose();
  });
}

function otherItems<Other>({ other, typed }: ServerSearch<Other>, text: string): FoundItem<Other>[] {
  const offered = text === '' ? other : typed?.(text);
  if (!offered) return [];
  const { label, icon, answer } = offered;
  const detail = 'detail' in offered ? offered.detail : undefined;
  return [{ label, iconPath: new vscode.ThemeIcon(icon), alwaysShow: true, answer, ...(detail && { detail }) }];
}

/** GitLab has filtered already, so VS Code must not filter again (it would hide matches in ancestors' names). */
function toItems<Other>(
  page: FoundPage,
  { describe, nothingFound }: ServerSearch<Other>,
  text: string,
): FoundItem<Other>[] {
  const items = page.items.map((found): FoundItem<Other> => {
    const description = describe(found);
    return { label: plain(found.path), ...(description && { description }), alwaysShow: true, answer: found };
  });
  if (page.next !== undefined) {
    items.push({ label: vscode.l10n.t('$(ellipsis) Show more'), alwaysShow: true, answer: undefined, more: true });
  }
  if (items.length === 0) {
    const short = text !== '' && !isSearchable(text);
    const detail = short
      ? vscode.l10n.t('GitLab finds parts of names from three letters on. Type more.')
      : nothingFound;
    items.push({ label: vscode.l10n.t('Nothing found'), detail, alwaysShow: true, answer: undefined });
  }
  return items;
}
