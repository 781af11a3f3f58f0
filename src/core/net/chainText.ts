import * as l10n from '@vscode/l10n';
import { validityOf } from '../model/certificate';
import type { Certificate } from '../model/certificate';
import { plain } from '../model/plainText';
import type { PresentedChain } from '../model/presentedChain';

/** A presented chain to read and compare: subject, issuer, validity and SHA-256 of each certificate. */
export function chainText({ names, certificates }: PresentedChain, now: Date): string {
  const [own, ...issuers] = certificates;
  const shownNames = names.length > 0 ? names.join(', ') : l10n.t('none');
  return [
    [l10n.t('1. The host’s own certificate'), ...certificateLines(own, now), l10n.t('Names: {0}', shownNames)],
    ...issuers.map((certificate, index) => [
      certificate.selfSigned
        ? l10n.t('{0}. Root CA, sent by the host', index + 2)
        : l10n.t('{0}. Intermediate CA, sent by the host', index + 2),
      ...certificateLines(certificate, now),
    ]),
  ]
    .map((lines) => lines.join('\n   '))
    .join('\n\n');
}

/** One certificate, a line each. */
export function certificateLines(certificate: Certificate, now: Date): string[] {
  const { subject, issuer, validFrom, validTo, sha256 } = certificate;
  const from = validFrom.toISOString().slice(0, 10);
  const to = validTo.toISOString().slice(0, 10);
  const validity = validityOf(certificate, now);
  return [
    l10n.t('Subject: {0}', plain(subject)),
    l10n.t('Issuer: {0}', plain(issuer)),
    validity === 'expired'
      ? l10n.t('Valid: {0} to {1} (expired)', from, to)
      : validity === 'notYetValid'
        ? l10n.t('Valid: {0} to {1} (not valid yet)', from, to)
        : l10n.t('Valid: {0} to {1}', from, to),
    `SHA-256: ${sha256}`,
  ];
}
