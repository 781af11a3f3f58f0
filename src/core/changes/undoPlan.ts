import * as l10n from '@vscode/l10n';
import { isSameValue, keptAttributes, only, stateKey } from '../journal/clusterState';
import type { ClusterState } from '../journal/clusterState';
import type { NotedWrite } from '../journal/history';
import { attributes, isOfKind } from '../model/attributes';
import { isCertificate, readCertificates } from '../model/certificate';
import type { Cluster } from '../model/cluster';
import { draftOf, toEditFields } from '../model/clusterDraft';
import type { ClusterDraft } from '../model/clusterDraft';
import type { ClusterField, ClusterFields } from '../model/clusterFields';

/** What undoing an edit means for one field of it. */
interface UndoneField {
  readonly field: ClusterField;
  /**
   * `back`: it is as the edit left it and can be put back. `changed`: somebody changed it since. `same`: it has the value
   * of before already. `cannot`: nobody can put it back; `reason` says why.
   */
  readonly verdict: 'back' | 'changed' | 'same' | 'cannot';
  readonly reason: string | undefined;
}

/** What undoing an edit means, as the cluster is now. */
export interface UndonePlan {
  readonly fields: readonly UndoneField[];
  /** Fields that the edit left alone and somebody changed since. Undoing leaves them alone too. */
  readonly elsewhere: readonly ClusterField[];
}

/** Everything somebody can change after a cluster was added, but the service token, which GitLab never shows. */
const comparable = keptAttributes.filter((attribute) => attributes[attribute].editable !== false);

/** Compares an edit as it was noted with the cluster as GitLab has it now, field by field. */
export function planUndo(write: NotedWrite, fresh: Cluster): UndonePlan {
  const now = draftOf(fresh);
  const { before, after } = write;
  return {
    fields: write.fields.map((field) => undone(field, write, now)),
    elsewhere: comparable.filter((field) => {
      if (write.fields.includes(field)) return false;
      return field === 'caCert' ? isOtherCertificate(write, now) : !isSameValue(field, before, now);
    }),
  };

  function undone(field: ClusterField, { withheld }: NotedWrite, current: ClusterState): UndoneField {
    const reason = obstacle(field, withheld, before);
    if (reason !== undefined) return { field, verdict: 'cannot', reason };
    if (isSameValue(field, before, current)) return { field, verdict: 'same', reason: undefined };
    return { field, verdict: isSameValue(field, after, current) ? 'back' : 'changed', reason: undefined };
  }
}

/** What somebody changed of a cluster since it was added. */
export function changedSince({ after }: NotedWrite, fresh: Cluster): readonly ClusterField[] {
  const now = draftOf(fresh);
  return comparable.filter((field) => stateKey(field) in after && !isSameValue(field, after, now));
}

function obstacle(field: ClusterField, withheld: readonly ClusterField[], before: ClusterState): string | undefined {
  if (isOfKind(field, 'secret')) {
    return l10n.t('The service token was replaced. The previous one can’t be read, so it can’t be restored.');
  }
  if (isOfKind(field, 'flag')) {
    return before[field] === undefined ? l10n.t('GitLab did not report the previous value.') : undefined;
  }
  return withheld.includes(field)
    ? l10n.t('It held a user name or password, which the history never records.')
    : undefined;
}

/** Of a certificate the edit left alone, the journal has the fingerprint, not the text. */
function isOtherCertificate({ certificates }: NotedWrite, { caCert }: ClusterDraft): boolean {
  const first = readCertificates(caCert).find(isCertificate);
  return certificates.before?.sha256 !== first?.sha256;
}

/** What is sent to put these fields back: one edit, which repeats what GitLab would reset (GitLab API contract 11.2). */
export function restoring(write: NotedWrite, fresh: Cluster, fields: readonly ClusterField[]): ClusterFields {
  const wanted = fields.filter((field) => !isOfKind(field, 'secret'));
  // A text that was not noted was empty.
  const empty = Object.fromEntries(
    wanted.map((field) => [stateKey(field), isOfKind(field, 'flag') || isOfKind(field, 'project') ? undefined : '']),
  );
  const known = Object.entries(only(write.before, wanted)).filter(([, value]) => value !== undefined);
  const draft: ClusterDraft = { ...draftOf(fresh), ...empty, ...Object.fromEntries(known) };
  return toEditFields({ ...draft, removeCaCert: wanted.includes('caCert') && draft.caCert === '' }, fresh);
}

/** Several writes to one cluster within one change, such as a failed one and its repetition, as the one they were meant to be. */
export function joined(writes: readonly NotedWrite[]): NotedWrite | undefined {
  const made = writes
    .filter(({ outcome }) => outcome === 'done' || outcome === 'unknown')
    .sort((one, other) => one.at.getTime() - other.at.getTime());
  const [first] = made;
  const last = made.at(-1);
  if (!first || !last) return undefined;
  return {
    ...last,
    before: first.before,
    certificates: { before: first.certificates.before, after: last.certificates.after },
    fields: [...new Set(made.flatMap(({ fields }) => fields))],
    withheld: [...new Set(made.flatMap(({ withheld }) => withheld))],
    after: made.reduce<ClusterState>((all, { after }) => ({ ...all, ...after }), {}),
  };
}
