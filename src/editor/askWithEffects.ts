import * as l10n from '@vscode/l10n';
import type { PlannedChange } from '../core/resolver/whatIfCheck';
import type { Dialogs } from './dialogs';

/** What changes of clusters would do to environments, in lines. Throws GitLabError. */
export type EffectsOf = (changes: readonly PlannedChange[], signal: AbortSignal) => Promise<readonly string[]>;

/** Milliseconds a question waits for that. */
const PATIENCE = 2000;

/**
 * Asks a question that says what becomes of environments. What takes longer than two seconds is "not checked", with
 * *Check Now* among the buttons; whoever presses it waits as long as it takes, and is asked again.
 */
export async function askWithEffects(
  changes: readonly PlannedChange[],
  { effects, dialogs }: { readonly effects: EffectsOf; readonly dialogs: Dialogs },
  ask: (lines: readonly string[], buttons: readonly string[]) => Promise<string | undefined>,
): Promise<string | undefined> {
  if (changes.length === 0) return ask([], []);
  const title = l10n.t('Checking the effect on environments…');
  const checkNow = l10n.t('Check Now');
  let lines = await dialogs.progress({ title, where: 'statusBar' }, () =>
    linesOrNot(effects, changes, AbortSignal.timeout(PATIENCE)),
  );
  for (;;) {
    const answer = lines
      ? await ask(lines, [])
      : await ask([l10n.t('Effect on environments: not checked.')], [checkNow]);
    if (answer !== checkNow) return answer;
    lines = await dialogs.progress({ title, where: 'notification', cancellable: true }, (_report, signal) =>
      linesOrNot(effects, changes, signal),
    );
  }
}

/** Undefined where it failed or took too long: that must not keep anybody from the question. */
async function linesOrNot(
  effects: EffectsOf,
  changes: readonly PlannedChange[],
  signal: AbortSignal,
): Promise<readonly string[] | undefined> {
  try {
    return await effects(changes, signal);
  } catch {
    return undefined;
  }
}
