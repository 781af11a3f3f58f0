import * as l10n from '@vscode/l10n';
import type { FromForm } from '../src/features/form/fromForm';
import type { ToForm } from '../src/features/form/protocol';
import { make } from './dom';

type Connection = Extract<ToForm, { type: 'connection' }>;

/** The button beside the API URL that checks it, and what was found. `use` puts a certificate into the CA field. */
export function connectionCheck(post: (message: FromForm) => void, use: (pem: string) => void) {
  const button = (label: string, run: () => void): HTMLButtonElement => {
    const made = make('button', { type: 'button', class: 'secondary' }, label);
    made.addEventListener('click', run);
    return made;
  };
  let checking = false;
  const check = button(l10n.t('Check'), () => post({ type: checking ? 'stopConnection' : 'checkConnection' }));
  const result = make('div', { role: 'status' });
  return {
    root: make('div', { class: 'connection' }, check, result),
    show: ({ state, verdict, steps, certificate }: Connection): void => {
      checking = state === 'checking';
      check.textContent = checking ? l10n.t('Stop') : l10n.t('Check');
      if (state !== 'checked')
        return result.replaceChildren(...(checking ? [l10n.t('Checking from this computer…')] : []));
      const offer = certificate && [
        make('p', {}, l10n.t('Presented root: {0}', certificate.subject)),
        make('p', { class: 'fingerprint' }, `SHA-256 ${certificate.sha256}`),
        make(
          'p',
          {},
          l10n.t('Compare the SHA-256 with the one you got from the cluster’s administrator before you use it.'),
        ),
        button(l10n.t('I Compared It: Use as CA Certificate'), () => use(certificate.pem)),
      ];
      result.replaceChildren(
        make('p', {}, verdict),
        make('ul', {}, ...steps.map((step) => make('li', {}, step))),
        ...(offer ?? []),
        ' ',
        button(l10n.t('Show Report'), () => post({ type: 'showConnection' })),
      );
    },
  };
}
