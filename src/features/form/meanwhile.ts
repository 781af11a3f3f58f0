import * as l10n from '@vscode/l10n';
import { readCertificates, shownName } from '../../core/model/certificate';
import { isSameCertificateText } from '../../core/model/clusterDraft';
import type { ClusterDraft } from '../../core/model/clusterDraft';
import { plain } from '../../core/model/plainText';
import type { ChangedField, FormField } from './protocol';

/** A field of the form: how its values are compared, shown in a sentence, and taken over. */
interface Part {
  readonly field: FormField;
  readonly same: (one: ClusterDraft, other: ClusterDraft) => boolean;
  readonly words: (draft: ClusterDraft) => string;
  readonly take: (draft: ClusterDraft) => Partial<ClusterDraft>;
}

const text = (field: 'name' | 'apiUrl' | 'environmentScope' | 'baseDomain' | 'namespace'): Part => ({
  field,
  same: (one, other) => one[field] === other[field],
  words: (draft) => plain(draft[field]) || l10n.t('nothing'),
  take: (draft) => ({ [field]: draft[field] }),
});

const flag = (field: 'enabled' | 'managed' | 'namespacePerEnvironment'): Part => ({
  field,
  same: (one, other) => one[field] === other[field],
  words: (draft) => (draft[field] === undefined ? l10n.t('unknown') : draft[field] ? l10n.t('on') : l10n.t('off')),
  take: (draft) => ({ [field]: draft[field] }),
});

/** Everything somebody else can change. The service token is never told, the authorization type never changes. */
const parts: readonly Part[] = [
  text('name'),
  flag('enabled'),
  text('apiUrl'),
  {
    field: 'caCert',
    same: (one, other) => one.removeCaCert === other.removeCaCert && isSameCertificateText(one.caCert, other.caCert),
    words: ({ caCert }) => certificateWords(caCert),
    take: ({ caCert, removeCaCert }) => ({ caCert, removeCaCert }),
  },
  text('environmentScope'),
  text('baseDomain'),
  flag('managed'),
  flag('namespacePerEnvironment'),
  text('namespace'),
  {
    field: 'managementProjectId',
    same: (one, other) => one.managementProject?.id === other.managementProject?.id,
    words: ({ managementProject }) => plain(managementProject?.path ?? '') || l10n.t('none'),
    take: ({ managementProject }) => ({ managementProject }),
  },
];

function certificateWords(caCert: string): string {
  const [first] = readCertificates(caCert);
  if (!first) return l10n.t('none');
  if ('problem' in first) return l10n.t('a certificate that cannot be decoded');
  return l10n.t('{0}, valid to {1}', plain(shownName(first.subject)), first.validTo.toISOString().slice(0, 10));
}

/** What somebody changed in GitLab between `before` and `theirs`, beside what the user made of it. */
export function changedMeanwhile(before: ClusterDraft, theirs: ClusterDraft, mine: ClusterDraft): ChangedField[] {
  return parts
    .filter(({ same }) => !same(before, theirs))
    .map(({ field, same, words }) => ({
      field,
      before: words(before),
      theirs: words(theirs),
      kept: !same(before, mine) && !same(theirs, mine),
    }));
}

/** The user's values where they were edited, GitLab's everywhere else. */
export function merged(before: ClusterDraft, theirs: ClusterDraft, mine: ClusterDraft): ClusterDraft {
  return parts
    .filter(({ same }) => same(before, mine))
    .reduce((draft, { take }) => ({ ...draft, ...take(theirs) }), mine);
}
