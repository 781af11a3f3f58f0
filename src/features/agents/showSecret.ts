import * as l10n from '@vscode/l10n';
import type { Agent } from '../../core/model/agent';
import { plain } from '../../core/model/plainText';
import type { Dialogs } from '../../editor/dialogs';

/** Shows the secret of a new token, the only time there is. It goes to the clipboard when asked to, and nowhere else. */
export async function showSecret(
  secret: string,
  { agent, name, dialogs }: { readonly agent: Agent; readonly name: string; readonly dialogs: Dialogs },
): Promise<void> {
  const copy = l10n.t('Copy Token');
  const title = l10n.t('Token {0} of the agent {1}', plain(name), plain(agent.name));
  const detail = [
    secret,
    '',
    l10n.t('GitLab shows this token only now, and it is stored nowhere here.'),
    l10n.t(
      'Put it into a Kubernetes Secret and give the Helm chart its name (config.secretName), so that it is in no command line.',
    ),
  ].join('\n');
  for (;;) {
    if ((await dialogs.confirm(title, detail, copy)) === copy) {
      await dialogs.writeClipboard(secret);
      void dialogs.notify('information', l10n.t('The token is in the clipboard.'));
      return;
    }
    const close = l10n.t('Close Without Copying');
    const question = l10n.t('Close without copying the token?');
    const lost = l10n.t('Nobody can see it again. You would have to revoke it and add another.');
    if ((await dialogs.confirm(question, lost, l10n.t('Show Again'), close)) === close) return;
  }
}
