import * as l10n from '@vscode/l10n';

/** Why nothing can be changed with a token that may only read. */
export function readOnlyReason(): string {
  return l10n.t(
    'Read-only: the access token lacks the scope “api”. To add, edit or delete clusters, replace it with one that has it.',
  );
}
