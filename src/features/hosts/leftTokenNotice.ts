import * as l10n from '@vscode/l10n';
import { defaultHostName } from '../../core/model/host';
import type { HostUrl } from '../../core/model/host';
import { LeftTokens } from '../../core/accounts/leftTokens';
import type { Disposable } from '../../core/time/event';
import type { Dialogs } from '../../editor/dialogs';

type TokenSources = ConstructorParameters<typeof LeftTokens>[0];

interface NoticeSources extends Omit<TokenSources, 'tell'> {
  readonly dialogs: Pick<Dialogs, 'notify'>;
  /** Says why something failed. */
  readonly tell: (error: unknown) => unknown;
  /** Called when the window comes to the front or goes back. */
  readonly onDidChangeWindow: (listener: () => void) => Disposable;
}

/** Tells once of an access token whose host has left the settings, and offers to delete it. */
export function leftTokenNotice({ dialogs, tell, onDidChangeWindow, ...sources }: NoticeSources): Disposable {
  const tokens = new LeftTokens({ ...sources, tell: (host) => void offer(host) });
  const subscription = onDidChangeWindow(() => void tokens.look());
  const offer = async (host: HostUrl): Promise<void> => {
    const remove = l10n.t('Delete Its Access Token');
    const message = l10n.t(
      'The host {0} is no longer listed in the settings, but its access token is still kept on this computer.',
      defaultHostName(host),
    );
    if ((await dialogs.notify('warning', message, remove)) !== remove) return;
    try {
      await tokens.delete(host);
    } catch (error) {
      await tell(error);
    }
  };
  return {
    dispose: () => {
      subscription.dispose();
      tokens.dispose();
    },
  };
}
