import type { X509Certificate } from 'node:crypto';
import { checkServerIdentity } from 'node:tls';
import type { PeerCertificate } from 'node:tls';
import type { TlsReason } from '../gitlab/errors';
import type { Chains } from '../net/agents';
import { readFirstCertificate } from '../model/pemReader';
import { tlsReason } from '../net/tlsReason';
import type { AskOptions, Failure } from './ask';
import { certificatesOf, decoded } from './chainCause';
import { remembered } from './remembered';

/** Who looks at a certificate: GitLab's server with OpenSSL, or a CI job with kubectl (Go). They differ (Kubernetes facts 7.2). */
export type Viewer = 'gitlab' | 'kubectl';

/** Codes of our own, for what Node accepts and the viewer does not. */
const NOT_STORED = 'CERT_NOT_FROM_STORED_CA';
const COMMON_NAME_ALONE = 'CERT_COMMON_NAME_ALONE';

/** Why the certificate is refused, beyond what the handshake says. */
export type Refusal = TlsReason | 'commonNameAlone' | 'unknownName';

/** The reason of a failed handshake; undefined where it broke off without one. */
export function refusalOf({ code, message }: Failure): Refusal | undefined {
  if (code === NOT_STORED) return 'unknownIssuer';
  if (code === COMMON_NAME_ALONE) return 'commonNameAlone';
  if (/UNRECOGNIZED_NAME$/.test(code)) return 'unknownName';
  return tlsReason(code, message);
}

/** The certificates of the CA field that count: old GitLab takes the first alone (Kubernetes facts 5.1). */
export function countedCas(
  caCert: string | undefined,
  viewer: Viewer,
  gitlabVersion: string | undefined,
): readonly X509Certificate[] {
  if (viewer === 'kubectl') return certificatesOf(caCert ?? '');
  const read = readAsOpenSsl(caCert ?? '');
  const major = Number.parseInt(gitlabVersion ?? '', 10);
  return major < 13 ? read.slice(0, 1) : read;
}

/** GitLab's reader stops at the first certificate it cannot read; one whose first is such is not stored at all. */
const readAsOpenSsl = remembered((text): readonly X509Certificate[] => {
  const all = certificatesOf(text);
  const certificates: X509Certificate[] = [];
  let rest = text;
  while (certificates.length < all.length) {
    const reading = readFirstCertificate(rest);
    if (!('der' in reading)) break;
    // Those that Go reads are decoded already.
    const found = all.find(({ raw }) => raw.equals(reading.der)) ?? decoded(reading.der)[0];
    if (!found) break;
    certificates.push(found);
    rest = reading.rest;
  }
  return certificates.length > 0 ? certificates : all;
});

/** The chains a viewer accepts. */
export function chainsOf(viewer: Viewer): Chains {
  return viewer === 'gitlab' ? 'whole' : 'partial';
}

/**
 * What a viewer demands beside a valid chain: that a stored CA vouches for it, and names, without the common name where it
 * is Go. The editor adds the CAs of the system to every connection; GitLab and kubectl do not.
 */
export function demandsOf(viewer: Viewer, stored: readonly X509Certificate[]): AskOptions['demands'] {
  const fingerprints = new Set(stored.map(({ fingerprint256 }) => fingerprint256));
  return (hostname, certificate) => {
    if (stored.length > 0 && ![...chainOf(certificate)].some(({ fingerprint256 }) => fingerprints.has(fingerprint256)))
      return Object.assign(new Error('not from a stored CA'), { code: NOT_STORED });
    if (viewer === 'kubectl' && !certificate.subjectaltname)
      return Object.assign(new Error('common name alone'), { code: COMMON_NAME_ALONE });
    return checkServerIdentity(hostname, certificate);
  };
}

function* chainOf(certificate: PeerCertificate): Generator<PeerCertificate> {
  const seen = new Set<string>();
  let one: PeerCertificate | undefined = certificate;
  while (one && !seen.has(one.fingerprint256) && seen.size < 20) {
    seen.add(one.fingerprint256);
    yield one;
    const above: unknown = Reflect.get(one, 'issuerCertificate');
    one = isPeerCertificate(above) ? above : undefined;
  }
}

function isPeerCertificate(value: unknown): value is PeerCertificate {
  return typeof value === 'object' && value !== null && 'fingerprint256' in value;
}
