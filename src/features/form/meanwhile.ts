import * as l10n from '@vscode/l10n';
import { readCertificates, shownName } from '../../core/model/certificate';
import { attributeNames, isOfKind } from '../../core/model/attributes';
import type { Attribute } from '../../core/model/attributes';
import { partOf } from '../../core/model/draftParts';
import type { ClusterDraft } from '../../core/model/clusterDraft';
import { plain } from '../../core/model/plainText';
import type { ChangedField } from './protocol';

/** A value of the form in a sentence. */
function inWords(field: Attribute, draft: ClusterDraft): string {
  if (isOfKind(field, 'text')) return plain(draft[field]) || l10n.t('nothing');
  if (isOfKind(field, 'flag')) return flagWords(draft[field]);
  if (isOfKind(field, 'choice')) return plain(draft[field]) || l10n.t('unknown');
  if (isOfKind(field, 'certificate')) return certificateWords(draft.caCert);
  // GitLab never returns it, so nobody can see that it was changed.
  if (isOfKind(field, 'secret')) return l10n.t('unknown');
  return plain(draft.managementProject?.path ?? '') || l10n.t('none');
}

function flagWords(value: boolean | undefined): string {
  return value === undefined ? l10n.t('unknown') : value ? l10n.t('on') : l10n.t('off');
}

function certificateWords(caCert: string): string {
  const [first] = readCertificates(caCert);
  if (!first) return l10n.t('none');
  if ('problem' in first) return l10n.t('a certificate that cannot be decoded');
  return l10n.t('{0}, valid to {1}', plain(shownName(first.subject)), first.validTo.toISOString().slice(0, 10));
}

/** What somebody changed in GitLab between `before` and `theirs`, beside what the user made of it. */
export function changedMeanwhile(before: ClusterDraft, theirs: ClusterDraft, mine: ClusterDraft): ChangedField[] {
  return attributeNames.flatMap((field) => {
    const { same } = partOf(field);
    if (same(before, theirs)) return [];
    const kept = !same(before, mine) && !same(theirs, mine);
    return [{ field, before: inWords(field, before), theirs: inWords(field, theirs), kept }];
  });
}

/** The user's values where they were edited, GitLab's everywhere else. */
export function merged(before: ClusterDraft, theirs: ClusterDraft, mine: ClusterDraft): ClusterDraft {
  return attributeNames
    .map(partOf)
    .filter(({ same }) => same(before, mine))
    .reduce((draft, { take }) => ({ ...draft, ...take(theirs) }), mine);
}
