import * as l10n from '@vscode/l10n';
import { fieldOf } from '../../core/gitlab/clusterWrites';
import { GitLabError } from '../../core/gitlab/errors';
import type { FieldProblem } from '../../core/gitlab/errors';
import { writeAfter } from '../../core/gitlab/failureKinds';
import { explain } from '../../core/gitlab/explain';
import { localRemedy } from '../../core/model/apiUrl';
import type { ClusterDraft } from '../../core/model/clusterDraft';
import type { Rejected } from './protocol';

/**
 * A failed save in the form's terms: each of GitLab's complaints on its field, and what has none in the summary, in
 * whichever shape GitLab wrapped it (GitLab API contract 11.12).
 */
export function rejectionOf(error: unknown, draft: ClusterDraft): Rejected {
  const complaints = error instanceof GitLabError && error.kind === 'invalid' ? error.problems : [];
  const problems = complaints.flatMap((complaint) => {
    const field = complaint.field === undefined ? undefined : fieldOf(complaint.field);
    return field
      ? [{ field, message: inWords(complaint, field === 'apiUrl' ? remedyOf(complaint, draft.apiUrl) : undefined) }]
      : [];
  });
  const unplaced = complaints
    .filter(({ field }) => field === undefined || !fieldOf(field))
    .map(({ field, message }) => said(isAboutRecord(field) ? message : `${field}: ${message}`));
  const sentence = complaints.length > 0 ? l10n.t('GitLab did not accept the values.') : explain(error).sentence;
  const mayBeSaved = error instanceof GitLabError && writeAfter(error) === 'unknown';
  return { type: 'rejected', problems, summary: [sentence, ...unplaced], mayBeSaved };
}

/** `base` and `platform_kubernetes.base` stand for the whole record, not for a field worth naming. */
function isAboutRecord(field: string | undefined): boolean {
  return field === undefined || /(^|\.)base$/.test(field);
}

/**
 * What to do about an address GitLab blocks. A name may lead to a local address on GitLab's side alone, and an allow list
 * is seen by nobody but its administrators. These words of GitLab's are never translated (GitLab API contract 3.3).
 */
function remedyOf({ message }: FieldProblem, apiUrl: string): string | undefined {
  const local = localRemedy(apiUrl);
  if (local !== undefined || !/^is blocked: (Requests to|Host cannot)/.test(message)) return local;
  return l10n.t(
    'GitLab blocks this address, or the one its name leads to. An administrator of GitLab can allow it (Admin area, Settings, Network, Outbound requests).',
  );
}

function inWords({ message }: FieldProblem, remedy: string | undefined): string {
  return remedy === undefined ? said(message) : `${said(message)} ${remedy}`;
}

/** GitLab's words are quoted: they are in the language set at GitLab, and often no whole sentence. */
function said(words: string): string {
  return l10n.t('GitLab said: “{0}”.', words.trim());
}

/** A rejection by our own rules is as old as what was known then: another cluster may have left its scope since. */
export function stillRejected(rejected: Rejected, problems: Rejected['problems']): Rejected | undefined {
  if (rejected.summary.length > 0 || rejected.mayBeSaved) return rejected;
  return problems.length === 0 ? undefined : { ...rejected, problems };
}
