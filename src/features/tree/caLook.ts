import * as l10n from '@vscode/l10n';
import { shownName } from '../../core/model/certificate';
import { caOf, daysUntil } from '../../core/model/caFacts';
import type { Cluster } from '../../core/model/cluster';

/** What is worth saying about a cluster's CA certificate. */
export interface CaLook {
  /** Kubernetes clients do not accept it now: it has expired, or is not valid yet. */
  readonly invalid: 'expired' | 'notYetValid' | undefined;
  /** A few words for the row; undefined where all is well. */
  readonly words: string | undefined;
  /** For the tooltip: which certificate it is and until when. */
  readonly detail: string | undefined;
}

/**
 * How a cluster's CA certificate looks, `soon` days before its end too. Decoding is remembered by its text, so rows that
 * share one cost it once.
 */
export function caLook(cluster: Cluster, now: Date, soon: number): CaLook {
  const ca = caOf(cluster);
  if (!ca) {
    const given = cluster.platform?.caCert ? l10n.t('given, cannot be decoded') : l10n.t('none');
    return { invalid: undefined, words: undefined, detail: cluster.platform && given };
  }
  const day = (date: Date): string => date.toISOString().slice(0, 10);
  const left = daysUntil(ca.validTo, now) ?? 0;
  if (left < 0) {
    const detail = l10n.t('{0}, expired on {1}', shownName(ca.subject), day(ca.validTo));
    return { invalid: 'expired', words: l10n.t('CA expired'), detail };
  }
  if (ca.validFrom > now) {
    const detail = l10n.t('{0}, not valid before {1}', shownName(ca.subject), day(ca.validFrom));
    return { invalid: 'notYetValid', words: l10n.t('CA not valid yet'), detail };
  }
  const words = left < soon ? expiresInWords(Math.floor(left)) : undefined;
  return { invalid: undefined, words, detail: l10n.t('{0}, valid until {1}', shownName(ca.subject), day(ca.validTo)) };
}

function expiresInWords(days: number): string {
  if (days === 0) return l10n.t('CA expires within a day');
  return days === 1 ? l10n.t('CA expires in 1 day') : l10n.t('CA expires in {0} days', days);
}
