import * as vscode from 'vscode';
import { atMostEvery } from '../core/time/atMostEvery';
import type { Disposable } from '../core/time/event';
import type { TypedFilter } from './dialogs';

/** Milliseconds between two filters: the first key counts at once, a held one does not pile up work. */
const TYPING_INTERVAL = 40;

/** An input box that takes effect while one types. Ends when it is closed. */
export function filterBox(filter: TypedFilter): Promise<void> {
  const box = vscode.window.createInputBox();
  const tell = (): void => {
    box.prompt = filter.prompt();
  };
  const apply = (): void => filter.onType(box.value);
  const pace = atMostEvery(TYPING_INTERVAL, apply);
  box.title = filter.title;
  box.placeholder = filter.placeholder;
  box.value = filter.value;
  box.buttons = [{ iconPath: new vscode.ThemeIcon('clear-all'), tooltip: filter.clear }];
  tell();
  return new Promise((resolve) => {
    const subscriptions: Disposable[] = [
      box,
      filter.onDidChange(tell),
      pace,
      box.onDidChangeValue(() => pace.request()),
      box.onDidTriggerButton(() => {
        box.value = '';
        apply();
      }),
      box.onDidAccept(() => box.hide()),
      box.onDidHide(() => {
        apply();
        for (const subscription of subscriptions) subscription.dispose();
        resolve();
      }),
    ];
    box.show();
  });
}
