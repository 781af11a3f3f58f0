import * as l10n from '@vscode/l10n';
import type { FormContext, InspectedCertificate } from '../src/features/form/protocol';
import { isReadOnly } from '../src/core/model/attributes';
import { isSameCertificateText } from '../src/core/model/draftParts';
import { make } from './dom';
import { frame, textValue } from './fields';
import type { Field } from './fields';

interface CertificateField extends Field {
  /** Shows what the text decodes to, and offers the certificate inside it where it is none itself. */
  showDecoded(certificates: readonly InspectedCertificate[], within: string | undefined): void;
}

/** The CA certificate: PEM text, what it decodes to, a way to remove the stored one, and repairs on request. */
export function certificateField(context: FormContext): CertificateField {
  const stored = context.initial.caCert;
  const control = make('textarea', { rows: '8', spellcheck: 'false', autocomplete: 'off', wrap: 'off' });
  control.placeholder = '-----BEGIN CERTIFICATE-----';
  const value = textValue(control);
  const decoded = make('ul', { class: 'decoded', 'aria-label': l10n.t('Decoded certificates'), hidden: true });
  const replaceWith = (text: string): void => {
    control.value = text;
    control.focus();
    control.dispatchEvent(new Event('input', { bubbles: true }));
  };
  let within: string | undefined;
  const repair = make(
    'button',
    { type: 'button', class: 'secondary', hidden: true },
    l10n.t('Use the certificate inside'),
  );
  repair.addEventListener('click', () => replaceWith(within ?? control.value));
  const restore = make(
    'button',
    { type: 'button', class: 'secondary', hidden: true },
    l10n.t('Restore the stored certificate'),
  );
  restore.addEventListener('click', () => replaceWith(stored));
  const remove = make('input', { type: 'checkbox', id: 'removeCaCert' });
  const removal = make(
    'div',
    { class: 'checkbox', hidden: true },
    remove,
    make('label', { for: 'removeCaCert' }, l10n.t('Remove the certificate')),
  );
  const mayChange = !isReadOnly('caCert', context);
  removal.hidden = !(mayChange && context.mode === 'edit' && stored !== '');

  const offer = (): void => {
    // Disabled, not emptied: unticking brings everything back.
    control.disabled = remove.checked;
    repair.hidden = !mayChange || within === undefined;
    restore.hidden = removal.hidden || remove.checked || isSameCertificateText(control.value, stored);
  };
  control.addEventListener('input', offer);
  remove.addEventListener('input', offer);
  const extras = [decoded, make('div', { class: 'actions' }, repair, restore), removal];
  return {
    id: 'caCert',
    control,
    ...frame('caCert', control, context, extras),
    write: (draft) => {
      value.write(draft.caCert);
      remove.checked = draft.removeCaCert;
      offer();
    },
    read: () => ({ caCert: value.read(), removeCaCert: remove.checked }),
    showDecoded: (certificates, found) => {
      within = found;
      decoded.replaceChildren(...certificates.map(decodedItem));
      decoded.hidden = certificates.length === 0;
      offer();
    },
  };
}

function decodedItem(certificate: InspectedCertificate): HTMLElement {
  if ('problem' in certificate) return make('li', {}, certificate.problem);
  const { subject, issuer, validFrom, validTo, sha256 } = certificate;
  return make(
    'li',
    {},
    make('strong', {}, subject || l10n.t('No subject')),
    make('span', {}, subject === issuer ? l10n.t('Self-signed') : l10n.t('Issued by {0}', issuer)),
    // Days as ISO 8601: the same for every reader.
    make('span', {}, l10n.t('Valid from {0} to {1}', validFrom.slice(0, 10), validTo.slice(0, 10))),
    make('span', { class: 'fingerprint' }, `SHA-256 ${sha256}`),
  );
}
