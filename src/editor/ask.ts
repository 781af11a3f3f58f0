import * as vscode from 'vscode';
import type { Disposable } from '../core/time/event';

/** An icon in the title of the box. */
export interface QuestionButton {
  readonly button: vscode.QuickInputButton;
  readonly run: () => void;
  /** Offered beside it once it was pressed. */
  readonly next?: QuestionButton;
}

export interface Question {
  readonly title: string;
  readonly prompt: string;
  readonly placeholder?: string;
  readonly value?: string;
  readonly password?: boolean;
  readonly step?: number;
  readonly totalSteps?: number;
  readonly button?: QuestionButton;
  /** Called on Enter. Answers the problem to show, keeping what was typed, or undefined when all is well. */
  readonly check: (value: string, signal: AbortSignal) => Promise<string | undefined> | string | undefined;
}

/** Asks for one line of text; the box stays open, with the reason, until the answer passes `check`. Escape: undefined. */
export function ask(question: Question): Promise<string | undefined> {
  const box = vscode.window.createInputBox();
  box.title = question.title;
  box.prompt = question.prompt;
  box.placeholder = question.placeholder;
  box.value = question.value ?? '';
  box.password = question.password ?? false;
  box.step = question.step;
  box.totalSteps = question.totalSteps;
  box.ignoreFocusOut = true;
  const offered = question.button ? [question.button] : [];
  box.buttons = offered.map(({ button }) => button);
  const cancelled = new AbortController();
  const subscriptions: Disposable[] = [box];
  return new Promise<string | undefined>((resolve, reject) => {
    const accept = async (): Promise<void> => {
      if (box.busy) return;
      const value = box.value.trim();
      box.busy = true;
      box.enabled = false;
      const problem = await question.check(value, cancelled.signal);
      if (cancelled.signal.aborted) return;
      box.busy = false;
      box.enabled = true;
      box.validationMessage = problem;
      if (problem !== undefined) return;
      resolve(value);
      box.hide();
    };
    subscriptions.push(
      box.onDidAccept(() => void accept().catch(reject)),
      box.onDidChangeValue(() => (box.validationMessage = undefined)),
      box.onDidTriggerButton((pressed) => {
        const { run, next } = offered.find(({ button }) => button === pressed) ?? {};
        run?.();
        if (!next || offered.includes(next)) return;
        offered.push(next);
        box.buttons = offered.map(({ button }) => button);
      }),
      box.onDidHide(() => {
        cancelled.abort();
        resolve(undefined);
      }),
    );
    box.show();
  }).finally(() => {
    for (const subscription of subscriptions) subscription.dispose();
  });
}

/** A quick pick of things, each shown as `toItem` says. Escape: undefined. */
export async function choose<T>(
  title: string,
  things: readonly T[],
  toItem: (thing: T) => vscode.QuickPickItem,
): Promise<T | undefined> {
  const items = things.map((thing) => ({ ...toItem(thing), thing }));
  const picked = await vscode.window.showQuickPick(items, { title, matchOnDescription: true, matchOnDetail: true });
  return picked?.thing;
}
