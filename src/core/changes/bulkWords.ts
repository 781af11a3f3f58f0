import * as l10n from '@vscode/l10n';
import { explain } from '../gitlab/explain';
import { fieldLabel } from '../model/fieldLabels';
import { isCertificate, readCertificates } from '../model/certificate';
import { countInWords } from '../model/countInWords';
import { plain } from '../model/plainText';
import type { BulkChange, BulkDifference, BulkRow } from './bulkPlan';
import type { BulkOutcome, BulkResult } from './bulkResult';

/** How often each thing happens in a plan or in its results. */
interface BulkCounts {
  readonly changes: number;
  readonly cannot: number;
  readonly unchanged: number;
}

export function countRows(rows: readonly BulkRow[]): BulkCounts {
  const count = (...verdicts: readonly BulkRow['verdict'][]): number =>
    rows.filter(({ verdict }) => verdicts.includes(verdict)).length;
  return { changes: count('change', 'delete', 'add'), cannot: count('cannot'), unchanged: count('unchanged') };
}

/** What is about to be done, as the question before it: which change, to how many clusters of how many hosts. */
export function bulkQuestion(rows: readonly BulkRow[], change: BulkChange): string {
  const changed = rows.filter(({ verdict }) => verdict !== 'cannot' && verdict !== 'unchanged');
  const hosts = new Set(changed.map(({ cluster }) => cluster.host)).size;
  const count = countInWords(changed.length);
  const which = hosts > 1 ? l10n.t('{0} of {1} hosts', count, hosts) : count;
  switch (change.type) {
    case 'enable':
      return l10n.t('Enable {0}?', which);
    case 'disable':
      return l10n.t('Disable {0}?', which);
    case 'delete':
      return l10n.t('Delete {0} from GitLab?', which);
    case 'add':
      return l10n.t('Add {0}?', which);
    case 'restore':
      return l10n.t('Undo the change of {0}?', which);
    case 'managementProject':
      return change.project
        ? l10n.t('Make {0} the management project of {1}?', plain(change.project.path), which)
        : l10n.t('Remove the management project from {0}?', which);
    case 'baseDomain':
      return change.baseDomain.trim() === ''
        ? l10n.t('Remove the base domain from {0}?', which)
        : l10n.t('Set the base domain of {0} to {1}?', which, plain(change.baseDomain.trim()));
    case 'connection': {
      const { apiUrl, caCert, replacesServiceToken } = change;
      const fields = [apiUrl !== undefined, caCert !== undefined, replacesServiceToken].filter(Boolean).length;
      if (fields > 1) return l10n.t('Replace the connection of {0}?', which);
      if (apiUrl !== undefined) return l10n.t('Replace the API URL of {0}?', which);
      return caCert === undefined
        ? l10n.t('Replace the service token of {0}?', which)
        : l10n.t('Replace the CA certificate of {0}?', which);
    }
  }
}

/** What the button says that does it: “Disable 135 Clusters”. */
export function bulkAction(rows: readonly BulkRow[], { type }: BulkChange): string {
  const { changes } = countRows(rows);
  const count = changes.toLocaleString();
  switch (type) {
    case 'enable':
      return changes === 1 ? l10n.t('Enable 1 Cluster') : l10n.t('Enable {0} Clusters', count);
    case 'disable':
      return changes === 1 ? l10n.t('Disable 1 Cluster') : l10n.t('Disable {0} Clusters', count);
    case 'delete':
      return changes === 1 ? l10n.t('Delete 1 Cluster') : l10n.t('Delete {0} Clusters', count);
    case 'add':
      return changes === 1 ? l10n.t('Add 1 Cluster') : l10n.t('Add {0} Clusters', count);
    default:
      return changes === 1 ? l10n.t('Change 1 Cluster') : l10n.t('Change {0} Clusters', count);
  }
}

/** What is left alone, in a line each; nothing about what does not occur. */
export function leftAlone(rows: readonly BulkRow[]): readonly string[] {
  const { cannot, unchanged } = countRows(rows);
  return [
    ...(cannot > 0 ? [l10n.t('Cannot be changed: {0}', cannot)] : []),
    ...(unchanged > 0 ? [l10n.t('No change needed: {0}', unchanged)] : []),
  ];
}

/** How often each thing came of a run. */
export function countOutcomes(results: readonly BulkResult[]) {
  const count = (which: (result: BulkOutcome) => boolean): number =>
    results.filter(({ result }) => which(result)).length;
  return {
    changed: count(({ outcome }) => outcome === 'changed'),
    added: count(({ outcome }) => outcome === 'added'),
    deleted: count(({ outcome }) => outcome === 'deleted' || outcome === 'gone'),
    failed: count(({ outcome }) => isFailure(outcome)),
    notBegun: count(({ outcome }) => outcome === 'notBegun' || outcome === 'waiting'),
    ignored: count((result) => isWritten(result) && result.ignored.length > 0),
    unchanged: count(({ outcome }) => outcome === 'unchanged'),
    cannot: count(({ outcome }) => outcome === 'cannot'),
  };
}

/** How a run went, in one line: what was done, what failed, what was left out. */
export function outcomeSentence(results: readonly BulkResult[]): string {
  const { changed, added, deleted, failed, notBegun, ignored, unchanged, cannot } = countOutcomes(results);
  return [
    ...(changed + added + deleted === 0 ? [l10n.t('No cluster was changed.')] : []),
    ...(changed === 1 ? [l10n.t('Changed 1 cluster.')] : []),
    ...(changed > 1 ? [l10n.t('Changed {0} clusters.', changed.toLocaleString())] : []),
    ...(added === 1 ? [l10n.t('Added 1 cluster.')] : []),
    ...(added > 1 ? [l10n.t('Added {0} clusters.', added.toLocaleString())] : []),
    ...(deleted === 1 ? [l10n.t('Deleted 1 cluster.')] : []),
    ...(deleted > 1 ? [l10n.t('Deleted {0} clusters.', deleted.toLocaleString())] : []),
    ...(failed > 0 ? [l10n.t('Failed: {0}.', failed)] : []),
    ...(notBegun > 0 ? [l10n.t('Not started: {0}.', notBegun)] : []),
    ...(ignored > 0 ? [l10n.t('Partly applied by GitLab: {0}.', ignored)] : []),
    ...(unchanged > 0 ? [l10n.t('No change needed: {0}.', unchanged)] : []),
    ...(cannot > 0 ? [l10n.t('Could not be changed: {0}.', cannot)] : []),
  ].join(' ');
}

/** Why a run stopped before its end, each reason once; undefined where it was cancelled or went to its end. */
export function stopSentence(results: readonly BulkResult[]): string | undefined {
  const sentences = results.flatMap(({ result }) =>
    result.outcome === 'notBegun' && result.error.kind !== 'cancelled' ? [explain(result.error).sentence] : [],
  );
  return sentences.length === 0 ? undefined : [...new Set(sentences)].join(' ');
}

function isWritten(result: BulkOutcome): result is Extract<BulkOutcome, { readonly ignored: unknown }> {
  return result.outcome === 'changed' || result.outcome === 'added';
}

/** What ended otherwise than the table said; `outdated` is one, since nothing was sent. */
export function isFailure(outcome: BulkOutcome['outcome']): boolean {
  return outcome === 'failed' || outcome === 'outdated';
}

function inOneLine(differences: readonly BulkDifference[]): string {
  return differences.map((one) => `${fieldLabel(one.field)} ${beforeAndAfter(one).join(' ')}`).join(', ');
}

/** What became of one cluster, as a part of a sentence. */
export function outcomeInWords(result: BulkOutcome): string {
  switch (result.outcome) {
    case 'changed':
      return result.ignored.length === 0
        ? l10n.t('changed')
        : l10n.t('changed, but GitLab ignored: {0}', result.ignored.map(fieldLabel).join(', '));
    case 'added':
      return result.ignored.length === 0
        ? l10n.t('added with the ID {0}', result.cluster.id)
        : l10n.t(
            'added with the ID {0}, but GitLab ignored: {1}',
            result.cluster.id,
            result.ignored.map(fieldLabel).join(', '),
          );
    case 'deleted':
      return l10n.t('deleted');
    case 'gone':
      return l10n.t('was already gone');
    case 'unchanged':
      return l10n.t('no change needed');
    case 'outdated':
      return result.moved.length > 0
        ? l10n.t('Changed by someone else since the preview; skipped: {0}', inOneLine(result.moved))
        : l10n.t('Changed by someone else since the preview; skipped. Would be: {0}', inOneLine(result.now));
    case 'failed':
      return plain(explain(result.error).sentence);
    case 'notBegun':
      return result.error.kind === 'cancelled'
        ? l10n.t('not started (cancelled)')
        : plain(explain(result.error).sentence);
    case 'waiting':
      return l10n.t('not started');
    case 'cannot':
      return plain(result.reason);
  }
}

/** Three cells: the value before, an arrow, the value after; a service token is in none. */
export function beforeAndAfter(difference: BulkDifference): [before: string, arrow: string, after: string] {
  if (difference.field === 'serviceToken') return [l10n.t('(not shown)'), '→', l10n.t('replaced')];
  const words = (value: string | boolean | undefined): string => valueInWords(difference.field, value);
  return [words(difference.before), '→', words(difference.after)];
}

/** A value as it stands in a table; of a certificate what it is recognised by. */
export function valueInWords(field: BulkDifference['field'], value: string | boolean | undefined): string {
  if (value === undefined || value === '') return l10n.t('(none)');
  if (typeof value === 'boolean') return value ? l10n.t('yes') : l10n.t('no');
  return field === 'caCert' ? certificateInWords(value) : plain(value);
}

/** Subject, last day and the beginning of the fingerprint, which alone tells a renewed CA from the one before. */
export function certificateInWords(pem: string): string {
  const certificate = readCertificates(pem).find(isCertificate);
  if (!certificate) return l10n.t('(a certificate that cannot be read)');
  const { subject, validTo, sha256 } = certificate;
  return l10n.t('{0}, until {1}, {2}…', plain(subject), validTo.toISOString().slice(0, 10), sha256.slice(0, 11));
}
