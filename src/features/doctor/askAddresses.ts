import * as l10n from '@vscode/l10n';
import { addressKey, isForbidden, markOf, targetOf } from '../../core/diagnosis/target';
import { plain } from '../../core/model/plainText';
import type { Dialogs } from '../../editor/dialogs';

/** As many as a dialog shows; the others are in a document. */
const SHOWN = 15;

interface AskingAddresses {
  /** What was agreed to in this window; grows by what is agreed to now. */
  readonly agreed: Set<string>;
  readonly dialogs: Pick<Dialogs, 'confirm' | 'review'>;
  /** A Kubernetes token was typed for this run. */
  readonly withToken: boolean;
}

/**
 * Asks before the first connection to an address in this window: API URLs are written by others, and a check makes this
 * computer call them. False where the user declines.
 */
export async function askAddresses(
  apiUrls: readonly string[],
  { agreed, dialogs, withToken }: AskingAddresses,
): Promise<boolean> {
  const addresses = new Set(apiUrls.flatMap((url) => addressKey(url) ?? []));
  // Whoever agreed to a connection has not agreed to send a token there.
  const keyOf = (address: string): string => (withToken ? `token ${address}` : address);
  const unasked = [...addresses].filter((address) => !agreed.has(keyOf(address)) && !isNever(address)).sort();
  if (unasked.length === 0) return true;
  const question =
    unasked.length === 1
      ? l10n.t('Connect to this address from this computer?')
      : l10n.t('Connect to these {0} addresses from this computer?', unasked.length);
  const note = withToken
    ? l10n.t(
        'The token you entered is sent there only if a Kubernetes API answers over a verified connection. Nothing is changed, and no redirect is followed.',
      )
    : l10n.t(
        'Others may have written these addresses in GitLab. No token is sent, nothing is changed, and no redirect is followed.',
      );
  const never = [...addresses].filter(isNever);
  const lines = [...unasked.map(inWords), ...never.map((address) => l10n.t('{0} (never contacted)', plain(address)))];
  const shown = lines.length > SHOWN ? [...lines.slice(0, SHOWN), l10n.t('and {0} more', lines.length - SHOWN)] : lines;
  const connect = l10n.t('Connect');
  const read = l10n.t('Review First');
  const detail = [...shown, '', note].join('\n');
  const answer = await dialogs.confirm(question, detail, connect, ...(lines.length > SHOWN ? [read] : []));
  // The text says all of them, with the question's buttons on it.
  const yes =
    answer === read
      ? await dialogs.review(
          l10n.t('Addresses to connect to'),
          `${[question, note, '', ...lines].join('\n')}\n`,
          connect,
        )
      : answer === connect;
  if (yes) for (const address of unasked) agreed.add(address).add(keyOf(address));
  return yes;
}

function isNever(address: string): boolean {
  const target = targetOf(address);
  return !('base' in target) || isForbidden(target.hostname);
}

function inWords(address: string): string {
  const target = targetOf(address);
  const mark = 'base' in target ? markOf(target.hostname) : '';
  return mark === '' ? plain(address) : `${plain(address)} (${mark})`;
}
