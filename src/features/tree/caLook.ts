import * as l10n from '@vscode/l10n';
import { shownName } from '../../core/model/certificate';
import { caOf } from '../../core/model/caFacts';
import type { Cluster } from '../../core/model/cluster';

/** From this many days before its end on, a CA certificate is worth a word: Kubernetes clients refuse an expired one. */
const SOON = 30;
const DAY = 86_400_000;

/** What is worth saying about a cluster's CA certificate. */
export interface CaLook {
  readonly expired: boolean;
  /** A few words for the row; undefined where all is well. */
  readonly words: string | undefined;
  /** For the tooltip: which certificate it is and until when. */
  readonly detail: string | undefined;
}

/** How a cluster's CA certificate looks. Decoding is remembered by its text, so rows that share one cost it once. */
export function caLook(cluster: Cluster, now: Date): CaLook {
  const ca = caOf(cluster);
  if (!ca) {
    const given = cluster.platform?.caCert ? l10n.t('given, cannot be decoded') : l10n.t('none');
    return { expired: false, words: undefined, detail: cluster.platform && given };
  }
  const date = ca.validTo.toISOString().slice(0, 10);
  const left = ca.validTo.getTime() - now.getTime();
  if (left < 0) {
    const detail = l10n.t('{0}, expired on {1}', shownName(ca.subject), date);
    return { expired: true, words: l10n.t('CA expired'), detail };
  }
  const words = left < SOON * DAY ? expiresInWords(Math.floor(left / DAY)) : undefined;
  return { expired: false, words, detail: l10n.t('{0}, valid until {1}', shownName(ca.subject), date) };
}

function expiresInWords(days: number): string {
  if (days === 0) return l10n.t('CA expires within a day');
  return days === 1 ? l10n.t('CA expires in 1 day') : l10n.t('CA expires in {0} days', days);
}
