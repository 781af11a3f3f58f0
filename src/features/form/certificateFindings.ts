import * as l10n from '@vscode/l10n';
import { isCertificate, readCertificates, validityOf } from '../../core/model/certificate';
import { caTextProblem } from '../../core/model/certificateText';
import type { Finding } from '../../core/model/clusterRules';
import type { InspectedCertificate } from './protocol';

export interface Inspection {
  readonly certificates: InspectedCertificate[];
  readonly findings: readonly Finding[];
}

/**
 * What only decoding tells about a CA text of the right shape: GitLab refuses it where its first certificate is no
 * X.509, and accepts expired ones (GitLab API contract 3.3). Empty for a text whose shape is wrong: the form says so.
 */
export function inspectCertificate(text: string, now: Date): Inspection {
  if (text.trim() === '' || caTextProblem(text) !== undefined) return { certificates: [], findings: [] };
  const read = readCertificates(text);
  const [first] = read;
  const findings: Finding[] =
    first && !isCertificate(first)
      ? [
          {
            field: 'caCert',
            severity: 'error',
            message: l10n.t('GitLab would refuse this: it is not a valid X.509 certificate.'),
          },
        ]
      : [];
  for (const certificate of read.filter(isCertificate)) {
    const message = validityWarning(validityOf(certificate, now), certificate.subject);
    if (message !== undefined) findings.push({ field: 'caCert', severity: 'warning', message });
  }
  const certificates = read.map((entry) =>
    isCertificate(entry)
      ? { ...entry, validFrom: entry.validFrom.toISOString(), validTo: entry.validTo.toISOString() }
      : entry,
  );
  return { certificates, findings };
}

function validityWarning(validity: ReturnType<typeof validityOf>, subject: string): string | undefined {
  switch (validity) {
    case 'expired':
      return l10n.t('{0} has expired. GitLab accepts it, but connections to the cluster will fail.', subject);
    case 'notYetValid':
      return l10n.t(
        '{0} is not valid yet. GitLab accepts it, but connections to the cluster fail until then.',
        subject,
      );
    case 'valid':
      return undefined;
  }
}
