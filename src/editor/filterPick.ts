import * as vscode from 'vscode';
import { atMostEvery } from '../core/time/atMostEvery';
import type { Disposable } from '../core/time/event';
import { toItem } from './ask';
import type { FilterPick } from './dialogs';

/** Milliseconds between two lists: the first key counts at once. */
const TYPING_INTERVAL = 60;

interface Item<T> extends vscode.QuickPickItem {
  readonly thing: T;
}

/** A quick pick that is filtered by our own rules, and not by the editor's. */
export function filterPick<T>({ title, placeholder, matching, toChoice }: FilterPick<T>): Promise<T | undefined> {
  const pick = vscode.window.createQuickPick<Item<T>>();
  let isOutdated = false;
  const list = (): void => {
    isOutdated = false;
    pick.items = matching(pick.value.trim()).map((thing) => ({ ...toItem(toChoice(thing)), alwaysShow: true, thing }));
  };
  const pace = atMostEvery(TYPING_INTERVAL, list);
  const subscriptions: Disposable[] = [pick, pace];
  pick.title = title;
  pick.placeholder = placeholder;
  list();
  return new Promise<T | undefined>((resolve) => {
    subscriptions.push(
      pick.onDidChangeValue(() => {
        isOutdated = true;
        pace.request();
      }),
      pick.onDidAccept(() => {
        // Right after typing, the list is still that of before.
        resolve(isOutdated ? matching(pick.value.trim())[0] : pick.selectedItems[0]?.thing);
        pick.hide();
      }),
      pick.onDidHide(() => resolve(undefined)),
    );
    pick.show();
  }).finally(() => {
    for (const subscription of subscriptions) subscription.dispose();
  });
}
