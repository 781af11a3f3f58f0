import * as vscode from 'vscode';
import type { Disposable } from '../core/time/event';
import type { Choice, Question, QuestionButton } from './dialogs';

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
  const offered = question.button ? [{ ...question.button, button: toButton(question.button) }] : [];
  const back = question.onBack ? [vscode.QuickInputButtons.Back] : [];
  box.buttons = [...back, ...offered.map(({ button }) => button)];
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
        if (pressed === vscode.QuickInputButtons.Back) {
          question.onBack?.();
          box.hide();
          return;
        }
        const { run, next } = offered.find(({ button }) => button === pressed) ?? {};
        run?.();
        if (!next || offered.some(({ tooltip }) => tooltip === next.tooltip)) return;
        offered.push({ ...next, button: toButton(next) });
        box.buttons = [...back, ...offered.map(({ button }) => button)];
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

function toButton({ icon, tooltip }: QuestionButton): vscode.QuickInputButton {
  return { iconPath: new vscode.ThemeIcon(icon), tooltip };
}

/** A quick pick of things, each shown as `toChoice` says. Escape: undefined. */
export async function choose<T>(
  title: string,
  things: readonly T[],
  toChoice: (thing: T) => Choice,
): Promise<T | undefined> {
  const items = things.map((thing) => ({ ...toItem(toChoice(thing)), thing }));
  const picked = await vscode.window.showQuickPick(items, { title, matchOnDescription: true, matchOnDetail: true });
  return picked?.thing;
}

/** An entry of a quick pick. */
export function toItem({ icon, ...texts }: Choice): vscode.QuickPickItem {
  return { ...texts, ...(icon !== undefined && { iconPath: new vscode.ThemeIcon(icon) }) };
}
