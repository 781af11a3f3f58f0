import * as l10n from '@vscode/l10n';
import { GitLabError } from '../../core/gitlab/errors';
import type { Keep } from '../../core/accounts/hostAccounts';
import type { Dialogs } from '../../editor/dialogs';

/**
 * Stores a token; where the system's keyring is missing or locked, offers to try again or to keep the token in memory.
 * False when the user wants neither: then nothing was stored.
 */
export async function keepToken(store: (keep: Keep) => Promise<void>, dialogs: Dialogs): Promise<boolean> {
  for (;;) {
    try {
      await store('stored');
      return true;
    } catch (error) {
      if (!(error instanceof GitLabError && error.kind === 'keyring')) throw error;
    }
    const again = l10n.t('Try Again');
    const session = l10n.t('Keep for This Session Only');
    const answer = await dialogs.confirm(
      l10n.t('The access token could not be stored.'),
      l10n.t(
        'The editor keeps access tokens in the keyring of the system, which is missing or locked. Unlock it and try again, or keep the token in memory until this window closes; it is never written elsewhere.',
      ),
      again,
      session,
    );
    if (answer === undefined) return false;
    if (answer === session) {
      await store('session');
      return true;
    }
  }
}
