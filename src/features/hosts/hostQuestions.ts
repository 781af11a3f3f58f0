import * as l10n from '@vscode/l10n';
import { GitLabError } from '../../core/gitlab/errors';
import { explain } from '../../core/gitlab/explain';
import type { HostIdentity } from '../../core/gitlab/identity';
import { defaultHostName } from '../../core/model/host';
import type { HostUrl } from '../../core/model/host';
import { tokenPage } from '../../core/model/pages';
import { plainName } from '../../core/model/plainText';
import { lacksTrust } from '../../core/net/tlsReason';
import type { Dialogs, Question } from '../../editor/dialogs';
import type { HostSources } from './hostSources';

/** A token over plain http can be read by anyone on the way. */
export async function confirmInsecure(url: HostUrl, dialogs: Dialogs): Promise<boolean> {
  const proceed = l10n.t('Use Plain HTTP');
  const answer = await dialogs.confirm(
    l10n.t('Connect to {0} without encryption?', url),
    l10n.t('With plain http, anyone on the network path can read the access token. Use https where GitLab offers it.'),
    l10n.t('Do Not Connect'),
    proceed,
  );
  return answer === proceed;
}

type Steps = Pick<Question, 'step' | 'totalSteps' | 'onBack'>;

/** Asks for a token until GitLab accepts one. Nothing is stored here. */
export async function askToken(
  { accounts, showCertificate, dialogs }: HostSources,
  title: string,
  url: HostUrl,
  steps: Steps,
): Promise<{ readonly token: string; readonly identity: HostIdentity } | undefined> {
  let identity: HostIdentity | undefined;
  const token = await dialogs.ask({
    title,
    ...steps,
    password: true,
    prompt: l10n.t(
      'Access token with the scope “api”, or “read_api” for read-only access. Instance clusters also need “admin_mode” where Admin Mode is on.',
    ),
    placeholder: l10n.t('Paste the access token'),
    button: {
      icon: 'link-external',
      tooltip: l10n.t('Create a Token in GitLab…'),
      run: () => void dialogs.openExternal(tokenPage(url, 'new')),
      // Without a token no GitLab tells its version. So the older page is offered where the newer one may be missing.
      next: {
        icon: 'question',
        tooltip: l10n.t('Page Not Found? Open the One of GitLab before 16.10…'),
        run: () => void dialogs.openExternal(tokenPage(url, 'old')),
      },
    },
    check: async (value, signal) => {
      if (value === '') return l10n.t('Paste an access token.');
      if (!/^[\x21-\x7e]+$/.test(value))
        return l10n.t('An access token has no spaces, line breaks or accented letters.');
      // No token is sent while the certificate is not trusted. Asked once: a CA that changes nothing must not be asked for again.
      for (let asked = false; ; asked = true) {
        try {
          identity = await accounts.check(url, value, signal);
          return undefined;
        } catch (error) {
          if (!(error instanceof GitLabError)) throw error;
          const words = explain(error).sentence;
          if (asked || !lacksTrust(error.tls?.reason)) return words;
          const name = accounts.find(url)?.name ?? defaultHostName(url);
          if (!(await showCertificate({ url, name }))) return words;
        }
      }
    },
  });
  return token !== undefined && identity ? { token, identity } : undefined;
}

export async function askName(
  dialogs: Dialogs,
  title: string,
  url: HostUrl,
  value: string,
  steps: Steps,
): Promise<string | undefined> {
  const name = await dialogs.ask({
    title,
    ...steps,
    value,
    prompt: l10n.t('Display name for {0}', url),
    check: (text) => (text.length > 100 ? l10n.t('The name can have up to 100 characters.') : undefined),
  });
  return name === undefined ? undefined : plainName(name) || defaultHostName(url);
}
