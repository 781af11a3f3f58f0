import { X509Certificate } from 'node:crypto';
import * as l10n from '@vscode/l10n';
import { isCertificate, nameOf, readCertificates, shownName, validityOf } from './certificate';
import { caTextProblem, certificatesIn, isAuthority } from './certificateText';
import { plain } from './plainText';
import { readFirstCertificate } from './pemReader';

interface CaRemark {
  readonly severity: 'error' | 'warning' | 'information';
  readonly message: string;
}

/**
 * Everything there is to say about a CA text that is not blank: what GitLab's reader refuses (GitLab API contract 3.3), and
 * what it stores although no connection can be made with it (Kubernetes facts 5.1, 7.2).
 */
export function caRemarks(text: string, now: Date, gitlabVersion?: string): readonly CaRemark[] {
  const day = now.toISOString().slice(0, 10);
  if (last?.text !== text || last.day !== day || last.gitlabVersion !== gitlabVersion) {
    last = { text, day, gitlabVersion, remarks: judge(text, now, gitlabVersion) };
  }
  return last.remarks;
}

/** The form asks with every keystroke in any field; decoding a bundle takes longer than that. */
let last: { text: string; day: string; gitlabVersion: string | undefined; remarks: readonly CaRemark[] } | undefined;

function judge(text: string, now: Date, gitlabVersion: string | undefined): readonly CaRemark[] {
  const problem = caTextProblem(text);
  if (problem !== undefined) return [{ severity: 'error', message: problem }];
  const first = firstOf(text);
  if (!first) {
    const message = l10n.t('GitLab would refuse this: it is not a valid X.509 certificate.');
    return [{ severity: 'error', message }];
  }
  const decoded = readCertificates(text);
  const others = certificatesIn(text).filter(({ fingerprint256 }) => fingerprint256 !== first.fingerprint256);
  return [
    ...trustRemarks([first, ...others], gitlabVersion),
    ...decoded.filter(isCertificate).flatMap((certificate): CaRemark[] => {
      const message = validityWarning(validityOf(certificate, now), certificate.subject);
      return message === undefined ? [] : [{ severity: 'warning', message }];
    }),
    ...(decoded.every(isCertificate) && !isCutBehind(text)
      ? []
      : [warning(l10n.t('GitLab stores this text, but can’t read all its certificates when it connects.'))]),
  ];
}

function firstOf(text: string): X509Certificate | undefined {
  const reading = readFirstCertificate(text.trim());
  try {
    return 'der' in reading ? new X509Certificate(reading.der) : undefined;
  } catch {
    return undefined;
  }
}

function warning(message: string): CaRemark {
  return { severity: 'warning', message };
}

/** Whether a certificate behind the first one would stop OpenSSL. */
function isCutBehind(text: string): boolean {
  for (let rest = text.trim(); rest.includes('-----BEGIN ');) {
    const reading = readFirstCertificate(rest);
    if ('reason' in reading) return reading.reason !== 'noBegin' || /-----BEGIN (?:X509 )?CERTIFICATE-----/.test(rest);
    rest = reading.rest;
  }
  return false;
}

/** In 11 and 12 the first certificate alone counts; from which release on the whole text does is not known (Kubernetes facts 5.1). */
function trustRemarks(all: readonly X509Certificate[], gitlabVersion: string | undefined): readonly CaRemark[] {
  const [first] = all;
  if (!first) return [];
  const root = all.find((certificate) => certificate.checkIssued(certificate));
  if (!isAuthority(first)) return [warning(notAuthority(first))];
  if (!first.ca) return [warning(ownCertificate(first))];
  if (first.checkIssued(first)) return [];
  if (root === undefined || !leadsTo(root, first, all)) {
    return [
      warning(
        l10n.t(
          '{0} is an intermediate CA, and its root is missing. CI jobs (kubectl) can connect, but GitLab’s own connections fail. Add the root certificate behind it.',
          nameOf(first),
        ),
      ),
    ];
  }
  const major = Number.parseInt(gitlabVersion ?? '', 10);
  if (major < 13) {
    return [
      warning(
        l10n.t(
          'GitLab {0} reads the first certificate only, and that one is not the root: its own connections fail. Put the root certificate first.',
          plain(gitlabVersion ?? ''),
        ),
      ),
    ];
  }
  return major >= 16
    ? []
    : [
        {
          severity: 'information',
          message: l10n.t(
            'GitLab before 16 may read the first certificate only, and that one is not the root. With the root first, every version can connect.',
          ),
        },
      ];
}

function notAuthority(certificate: X509Certificate): string {
  const name = nameOf(certificate);
  return isForClientsOnly(certificate)
    ? l10n.t('{0} is a client certificate, not a CA certificate. GitLab’s connections will fail.', name)
    : l10n.t(
        '{0} is not a CA certificate. If it is the API server’s own, CI jobs (kubectl) can connect, but GitLab’s connections fail: use the certificate of the CA that issued it.',
        name,
      );
}

function isForClientsOnly({ keyUsage }: X509Certificate): boolean {
  return keyUsage?.includes('1.3.6.1.5.5.7.3.2') === true && !keyUsage.includes('1.3.6.1.5.5.7.3.1');
}

/** Go, and so kubectl, refuses certificates without alternative names; OpenSSL accepts the common name. */
function ownCertificate(certificate: X509Certificate): string {
  const name = nameOf(certificate);
  return certificate.subjectAltName === undefined
    ? l10n.t(
        '{0} is not a CA certificate and has no alternative names. If it is the API server’s own, GitLab can connect, but CI jobs (kubectl) refuse it.',
        name,
      )
    : l10n.t('{0} is not a CA certificate. It works only if it is the API server’s own certificate.', name);
}

/** Whether the certificates lead from one to its root, each issued by the next. */
function leadsTo(root: X509Certificate, from: X509Certificate, all: readonly X509Certificate[]): boolean {
  let current: X509Certificate | undefined = from;
  for (let steps = 0; current && steps < all.length; steps++) {
    if (current.checkIssued(root)) return true;
    const child: X509Certificate = current;
    current = all.find((other) => other.fingerprint256 !== child.fingerprint256 && child.checkIssued(other));
  }
  return false;
}

function validityWarning(validity: ReturnType<typeof validityOf>, subject: string): string | undefined {
  const name = shownName(subject);
  switch (validity) {
    case 'expired':
      return l10n.t('{0} has expired. GitLab accepts it, but connections to the cluster will fail.', name);
    case 'notYetValid':
      return l10n.t('{0} is not valid yet. GitLab accepts it, but connections to the cluster fail until then.', name);
    case 'valid':
      return undefined;
  }
}
