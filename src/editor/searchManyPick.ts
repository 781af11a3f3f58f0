import * as vscode from 'vscode';
import type { FoundOwner } from '../core/gitlab/owners';
import { explain } from '../core/gitlab/explain';
import { plain } from '../core/model/plainText';
import type { Disposable } from '../core/time/event';
import type { ServerSearch } from './dialogs';

/** Milliseconds after the last key until GitLab is asked. */
const TYPING_PAUSE = 250;

interface FoundItem extends vscode.QuickPickItem {
  readonly found: FoundOwner | undefined;
}

/** A quick pick that searches on the server and keeps what was ticked, which comes first, in order. */
export function searchManyPick(
  wanted: ServerSearch<never>,
  before: readonly FoundOwner[],
): Promise<readonly FoundOwner[] | undefined> {
  const pick = vscode.window.createQuickPick<FoundItem>();
  const subscriptions: Disposable[] = [pick];
  const ticked = new Map(before.map((owner) => [owner.id, owner]));
  let running = new AbortController();
  let pause: NodeJS.Timeout | undefined;
  let isFilling = false;
  /** The rows answer an earlier text than the one typed. */
  let isOutdated = false;

  const fill = (items: readonly FoundItem[]): void => {
    isFilling = true;
    pick.items = items;
    pick.selectedItems = items.filter(({ found }) => found && ticked.has(found.id));
    isFilling = false;
  };
  const itemOf = (found: FoundOwner): FoundItem => {
    const description = wanted.describe(found);
    return { label: plain(found.path), ...(description && { description }), alwaysShow: true, found };
  };
  const message = (label: string, detail: string): FoundItem => ({ label, detail, alwaysShow: true, found: undefined });
  const read = async (): Promise<void> => {
    running.abort();
    running = new AbortController();
    const { signal } = running;
    const text = pick.value.trim();
    pick.busy = true;
    const first = [...ticked.values()].sort((one, other) => (one.path < other.path ? -1 : 1)).map(itemOf);
    try {
      const { items } = await wanted.search(text, 1, signal);
      if (signal.aborted) return;
      const others = items.filter(({ id }) => !ticked.has(id)).map(itemOf);
      const none = first.length + others.length === 0;
      fill(none ? [message(vscode.l10n.t('Nothing found'), wanted.nothingFound)] : [...first, ...others]);
    } catch (error) {
      if (signal.aborted) return;
      const { title, sentence } = explain(error);
      fill([...first, message(`$(error) ${title}`, sentence)]);
    }
    isOutdated = false;
    pick.busy = false;
  };

  pick.title = wanted.title;
  pick.placeholder = wanted.placeholder;
  pick.canSelectMany = true;
  pick.ignoreFocusOut = true;
  return new Promise<readonly FoundOwner[] | undefined>((resolve) => {
    subscriptions.push(
      pick.onDidChangeValue(() => {
        clearTimeout(pause);
        isOutdated = true;
        pick.busy = true;
        pause = setTimeout(() => void read(), TYPING_PAUSE);
      }),
      pick.onDidChangeSelection((selected) => {
        // New items deselect the old ones, which is nobody's wish.
        if (isFilling || isOutdated) return;
        for (const { found } of pick.items) if (found) ticked.delete(found.id);
        for (const { found } of selected) if (found) ticked.set(found.id, found);
      }),
      pick.onDidAccept(() => {
        // Enter right after typing is meant for what will be found.
        if (isOutdated) return;
        resolve([...ticked.values()]);
        pick.hide();
      }),
      pick.onDidHide(() => {
        clearTimeout(pause);
        running.abort();
        resolve(undefined);
      }),
    );
    pick.show();
    void read();
  }).finally(() => {
    for (const subscription of subscriptions) subscription.dispose();
  });
}
