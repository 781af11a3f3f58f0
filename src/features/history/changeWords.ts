import * as l10n from '@vscode/l10n';
import type { NotedChange, NotedWrite } from '../../core/journal/history';
import type { ClusterState, NotedCertificate } from '../../core/journal/clusterState';
import { isOfKind } from '../../core/model/attributes';
import { countInWords } from '../../core/model/countInWords';
import type { ClusterField } from '../../core/model/clusterFields';
import { fieldLabel } from '../../core/model/fieldLabels';
import { plain } from '../../core/model/plainText';
import { ownerPlace } from '../../core/model/titles';
import { ownerPath } from '../../core/model/cluster';

/** A value of a cluster for people's eyes: one line, and of a certificate what it is recognised by. */
export function valueInWords(
  field: ClusterField,
  state: ClusterState,
  certificate: NotedCertificate | undefined,
): string {
  if (isOfKind(field, 'secret')) return l10n.t('(not shown)');
  if (isOfKind(field, 'flag')) {
    const value = state[field];
    return value === undefined ? l10n.t('Not reported by this GitLab version') : value ? l10n.t('yes') : l10n.t('no');
  }
  if (isOfKind(field, 'project')) {
    const { managementProject: project } = state;
    return project ? plain(project.path) || l10n.t('project {0}', project.id ?? '?') : l10n.t('(none)');
  }
  if (!isOfKind(field, 'certificate')) return plain(state[field] ?? '') || l10n.t('(none)');
  if (certificate) return certificateInWords(certificate);
  return state.caCert ? l10n.t('(cannot be read)') : l10n.t('(none)');
}

/** Subject, last day and the beginning of the fingerprint. */
function certificateInWords({ subject, validTo, sha256 }: NotedCertificate): string {
  return l10n.t('{0}, until {1}, {2}…', plain(subject), plain(validTo).slice(0, 10), plain(sha256).slice(0, 11));
}

/** The cluster as it was after an edit: what it was before, and what was sent of it. */
export function stateAfter({ kind, fields, before, after }: NotedWrite): ClusterState {
  if (kind !== 'edit') return after;
  const sent = new Set<string>(fields.map((field) => (field === 'managementProjectId' ? 'managementProject' : field)));
  return { ...Object.fromEntries(Object.entries(before).filter(([key]) => !sent.has(key))), ...after };
}

/** From what to what an edit changed a field. */
function fieldInWords(field: ClusterField, write: NotedWrite): string {
  if (field === 'serviceToken') return l10n.t('{0} replaced', fieldLabel(field));
  const { before, after, certificates } = write;
  return `${fieldLabel(field)}: ${valueInWords(field, before, certificates.before)} → ${valueInWords(field, after, certificates.after)}`;
}

/** What was done, in a few words: to which cluster, or to how many. */
export function changeTitle({ writes }: NotedChange): string {
  const [first] = writes;
  if (!first) return '';
  const which = writes.length === 1 ? clusterTitle(first) : countInWords(writes.length);
  switch (first.kind) {
    case 'add':
      return l10n.t('Added {0}', which);
    case 'delete':
      return l10n.t('Deleted {0}', which);
    case 'edit':
      return l10n.t('Changed {0}', which);
  }
}

export function clusterTitle({ cluster: { id, name } }: NotedWrite): string {
  return plain(name) || (id === undefined ? l10n.t('a cluster') : l10n.t('Cluster {0}', id));
}

/** A cluster that is named alone: “production · payments-api · Fleet”. */
export function placedTitle(write: NotedWrite, hostName: (host: string) => string): string {
  return `${clusterTitle(write)} · ${ownerPlace(write.owner, hostName(write.host))}`;
}

/** What an edit changed, in one line; of a bulk change, the fields alone. */
export function changeDetail({ writes }: NotedChange): string {
  const [first] = writes;
  if (first?.kind !== 'edit') return '';
  if (writes.length === 1) return first.fields.map((field) => fieldInWords(field, first)).join(', ');
  return [...new Set(writes.flatMap(({ fields }) => fields))].map(fieldLabel).join(', ');
}

export function outcomeInWords({ outcome, problem }: Pick<NotedWrite, 'outcome' | 'problem'>): string {
  switch (outcome) {
    case 'done':
      return l10n.t('done');
    case 'gone':
      return l10n.t('was already gone');
    case 'failed':
      return problem === undefined ? l10n.t('failed') : l10n.t('failed: {0}', plain(problem));
    case 'unknown':
      return l10n.t('outcome unknown');
  }
}

/** How a change ended: the one outcome, or how often each. */
export function outcomesInWords({ writes }: NotedChange): string {
  const [first] = writes;
  if (first && writes.length === 1) return outcomeInWords(first);
  const counts = new Map<string, number>();
  for (const { outcome } of writes) {
    const words = outcomeInWords({ outcome, problem: undefined });
    counts.set(words, (counts.get(words) ?? 0) + 1);
  }
  return [...counts].map(([words, count]) => `${count.toLocaleString()} ${words}`).join(', ');
}

export function ownerInWords({ owner }: Pick<NotedWrite, 'owner'>): string {
  return plain(ownerPath(owner) ?? l10n.t('Instance'));
}

/** The moment in the user's own time, to the second. */
export function momentInWords(at: Date): string {
  return at.toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'medium' });
}
