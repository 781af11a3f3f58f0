import * as l10n from '@vscode/l10n';
import type { Found, FoundField, Reading } from '../../core/importer/found';
import { attributeNames, isOfKind, isReadOnly } from '../../core/model/attributes';
import { isCertificate, readCertificates, shownName } from '../../core/model/certificate';
import type { ClusterDraft } from '../../core/model/clusterDraft';
import type { ClusterField } from '../../core/model/clusterFields';
import { plain } from '../../core/model/plainText';
import type { FormField, OfferedChoice, ToForm } from './protocol';

/** A management project has a number in each GitLab, so no text holds it. */
const fields = attributeNames.filter((attribute): attribute is FoundField => !isOfKind(attribute, 'project'));

/** What a form does not let be changed, whatever a text holds of it. */
export function readOnlyFields(context: Parameters<typeof isReadOnly>[1]): ReadonlySet<ClusterField> {
  return new Set(attributeNames.filter((attribute) => isReadOnly(attribute, context)));
}

/**
 * What was understood of a pasted text, field by field beside what the form has now. The token itself is not part of it:
 * the page learns only that there is one, and whose.
 */
export function offerOf(
  reading: Reading,
  draft: ClusterDraft,
  readOnly: ReadonlySet<ClusterField>,
): Extract<ToForm, { type: 'found' | 'notFound' }> {
  if ('problem' in reading) {
    return { type: 'notFound', problem: reading.problem, needsAccount: reading.needsAccount ?? false };
  }
  const certificates = new Map<string, string>();
  const choices = reading.choices.map((found) => choiceOf(found, draft, readOnly, certificates));
  return { type: 'found', kind: plain(reading.kind), choices };
}

function choiceOf(
  found: Found,
  draft: ClusterDraft,
  readOnly: ReadonlySet<ClusterField>,
  certificates: Map<string, string>,
): OfferedChoice {
  const rows = fields
    .filter((field) => found.values[field] !== undefined && !readOnly.has(field))
    .map((field) => {
      const isSame = isSameValue(found.values[field], draft[field]);
      return {
        field,
        found: words(field, found.values[field], found.account, certificates),
        now: words(field, draft[field], undefined, certificates),
        same: isSame,
        // A context's name is only a suggestion; what was typed as a name is not replaced by it.
        chosen: !isSame && (field !== 'name' || draft.name.trim() === ''),
      };
    });
  return {
    label: found.isCurrent ? l10n.t('{0} (current)', plain(found.label)) : plain(found.label),
    notes: found.notes.map((note) => plain(note)),
    needsAccount: found.needsAccount,
    rows,
  };
}

function isSameValue(one: string | boolean | undefined, other: string | boolean | undefined): boolean {
  return typeof one === 'string' && typeof other === 'string' ? one.trim() === other.trim() : one === other;
}

/** A value as it is shown; of the token no character. */
function words(
  field: FoundField,
  value: string | boolean | undefined,
  account: string | undefined,
  certificates: Map<string, string>,
): string {
  if (value === undefined || value === '') return l10n.t('nothing');
  if (typeof value === 'boolean') return value ? l10n.t('on') : l10n.t('off');
  if (field === 'serviceToken') {
    return account === undefined ? '••••••••' : l10n.t('•••••••• of the service account {0}', plain(account));
  }
  if (field !== 'caCert') return plain(value);
  // Contexts share CAs: each is decoded once.
  const inWords = certificates.get(value) ?? certificateWords(value);
  certificates.set(value, inWords);
  return inWords;
}

function certificateWords(pem: string): string {
  const [first, ...others] = readCertificates(pem);
  if (!first || !isCertificate(first)) return l10n.t('a certificate that cannot be decoded');
  const one = l10n.t('{0}, valid to {1}', plain(shownName(first.subject)), first.validTo.toISOString().slice(0, 10));
  return others.length === 0 ? one : l10n.t('{0}, and {1} more', one, others.length);
}

/** The draft with the chosen fields of what was found; everything else stays as it was. */
export function draftWith(
  draft: ClusterDraft,
  found: Found,
  chosen: readonly FormField[],
  readOnly: ReadonlySet<ClusterField>,
): ClusterDraft {
  return fields
    .filter((field) => chosen.includes(field) && found.values[field] !== undefined && !readOnly.has(field))
    .reduce<ClusterDraft>(
      (taken, field) => ({
        ...taken,
        [field]: found.values[field],
        ...(field === 'caCert' && { removeCaCert: false }),
      }),
      draft,
    );
}
