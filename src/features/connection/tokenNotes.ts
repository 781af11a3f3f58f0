import * as l10n from '@vscode/l10n';
import type { GitLabError } from '../../core/gitlab/errors';
import { isFineGrained } from '../../core/gitlab/identity';
import type { HostIdentity } from '../../core/gitlab/identity';
import { plain } from '../../core/model/plainText';

/** A token that expires sooner is worth a warning. In days. */
const SOON = 14;

/** What is worth knowing, a line each. */
export interface Notes {
  readonly lines: readonly string[];
  readonly warning?: boolean;
}

/** Who the token is, what it may do and how long. */
export function tokenNotes(who: string, token: HostIdentity['token'], now: Date): Notes {
  if (!token)
    return {
      lines: [
        who,
        l10n.t('Scopes and expiry: unknown. This GitLab version doesn’t report them for this kind of token.'),
      ],
    };
  const scopes = token.scopes.map(plain);
  const lines = [
    who,
    l10n.t('Scopes: {0}', scopes.join(', ')),
    token.expiresAt === undefined ? l10n.t('Expires: never') : l10n.t('Expires: {0}', plain(token.expiresAt)),
  ];
  const days = token.expiresAt === undefined ? Infinity : (Date.parse(token.expiresAt) - now.getTime()) / 86_400_000;
  const notes = [
    ...(days < SOON ? [l10n.t('Next: the token expires soon; create a new one in GitLab and replace it.')] : []),
    ...(isFineGrained(token)
      ? [
          l10n.t(
            'It is fine-grained: its permissions decide what it can do. GitLab reports a missing permission only when it refuses a request.',
          ),
        ]
      : []),
    ...(!scopes.includes('api') && scopes.includes('read_api')
      ? [l10n.t('It can only read, so clusters cannot be changed. To change them, use a token with the scope “api”.')]
      : []),
    ...(!scopes.includes('api') && !scopes.includes('read_api') && !isFineGrained(token)
      ? [
          l10n.t(
            'Next: the token can’t read any cluster; use one with the scope “api”, or “read_api” for read-only access.',
          ),
        ]
      : []),
  ];
  // That it is fine-grained is no fault.
  return { lines: [...lines, ...notes], warning: notes.length > (isFineGrained(token) ? 1 : 0) };
}

/** Why the clusters of the instance cannot be read (GitLab API contract 4.3, 4.5, 4.7); undefined for other failures. */
export function instanceRefusal(
  { kind }: GitLabError,
  isAdmin: boolean,
  token: HostIdentity['token'],
): string | undefined {
  switch (kind) {
    case 'forbidden':
      if (!isAdmin)
        return l10n.t(
          'Not readable: the user is not an administrator. Clusters of groups and projects are not affected.',
        );
      return token && !token.scopes.includes('admin_mode') && !isFineGrained(token)
        ? l10n.t(
            'Not readable: Admin Mode is on, and the token lacks the scope “admin_mode”. Next: replace it with one that has it.',
          )
        : l10n.t(
            'Not readable, although the user is an administrator. Next: ask whether the account or the address of this computer is restricted.',
          );
    case 'notFound':
    case 'clustersUnavailable':
      return l10n.t(
        'Switched off: the feature flag “certificate_based_clusters” is off at this GitLab. Next: an administrator can turn it on.',
      );
    case 'unsupported':
      return l10n.t('Not offered: this GitLab is older than 13.2, or the feature was removed.');
    case 'insufficientScope':
      return l10n.t(
        'Not readable: the token lacks the scope “read_api” or “api”. Next: replace it with one that has it.',
      );
    default:
      return undefined;
  }
}
