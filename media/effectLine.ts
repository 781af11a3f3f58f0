import * as l10n from '@vscode/l10n';
import type { ToForm } from '../src/features/form/protocol';
import { make } from './dom';

type Effect = Extract<ToForm, { type: 'effect' }>;

/** What the change would do to environments, beside the button that saves it. */
export function effectLine(checkNow: () => void) {
  const words = make('span', { class: 'effect-words', role: 'status' });
  const check = make('button', { type: 'button', class: 'secondary', hidden: true }, l10n.t('Check Now'));
  const root = make('div', { class: 'effect', hidden: true }, words, check);
  check.addEventListener('click', checkNow);
  return {
    root,
    show: ({ state, lines }: Effect): void => {
      root.hidden = state === 'none';
      check.hidden = state !== 'notChecked';
      words.textContent =
        state === 'checking'
          ? l10n.t('Checking the effect on environments…')
          : state === 'notChecked'
            ? l10n.t('Effect on environments: not checked.')
            : lines.join('\n');
    },
  };
}
