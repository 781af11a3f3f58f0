import { X509Certificate } from 'node:crypto';
import { validityOf } from '../model/certificate';
import type { PresentedCertificate, PresentedChain } from '../model/presentedChain';
import { remembered } from './remembered';

/** Why no stored CA vouches for what was presented (Kubernetes facts 7.2). */
export type ChainCause =
  | { readonly kind: 'noneStored' }
  | { readonly kind: 'leafStored' }
  | { readonly kind: 'intermediateStored'; readonly stored: string; readonly issuer: string }
  | { readonly kind: 'rebuilt'; readonly subject: string }
  | { readonly kind: 'otherCluster'; readonly clusters: readonly string[] }
  | { readonly kind: 'signedAgain'; readonly issuer: string }
  | { readonly kind: 'expiredStored'; readonly subject: string; readonly validTo: Date }
  | {
      readonly kind: 'otherCa';
      readonly issuer: string;
      readonly stored: readonly string[];
      /** The server sent its own certificate alone: it may leave an intermediate out. */
      readonly alone: boolean;
    };

/** A CA that is known from another registration. */
export interface KnownCa {
  readonly cluster: string;
  readonly certificates: readonly X509Certificate[];
}

interface CauseParts {
  readonly presented: PresentedChain;
  readonly stored: readonly X509Certificate[];
  /** The CAs of the system vouch for what was presented. */
  readonly trustedBySystem: boolean;
  readonly knownCas: () => readonly KnownCa[];
  readonly now: Date;
}

/** Compares by who issued what, not by names alone. */
export function chainCause({ presented, stored, trustedBySystem, knownCas, now }: CauseParts): ChainCause {
  const [leaf] = presented.certificates;
  const chain = presented.certificates.map(({ pem }) => new X509Certificate(pem));
  const own = chain[0] ?? new X509Certificate(leaf.pem);
  if (stored.length === 0) return { kind: 'noneStored' };
  const expired = stored.find((ca) => issued(ca, chain) && new Date(ca.validTo) < now);
  if (expired) return { kind: 'expiredStored', subject: nameOf(expired.subject), validTo: new Date(expired.validTo) };
  if (stored.some((ca) => ca.fingerprint256 === own.fingerprint256) && !leaf.selfSigned) return { kind: 'leafStored' };
  const intermediate = stored.find((ca) => issued(ca, chain) && !isSelfIssued(ca));
  if (intermediate && !isComplete(intermediate, stored))
    return {
      kind: 'intermediateStored',
      stored: nameOf(intermediate.subject),
      issuer: nameOf(intermediate.issuer),
    };
  const rebuilt = stored.find((ca) => chain.some((one) => one.issuer === ca.subject && !one.verify(ca.publicKey)));
  if (rebuilt) return { kind: 'rebuilt', subject: nameOf(rebuilt.subject) };
  const clusters = knownCas()
    .filter(({ certificates }) => certificates.some((ca) => issued(ca, chain)))
    .map(({ cluster }) => cluster);
  if (clusters.length > 0) return { kind: 'otherCluster', clusters };
  const issuer = topIssuer(presented);
  if (trustedBySystem) return { kind: 'signedAgain', issuer };
  const alone = presented.certificates.length === 1 && !leaf.selfSigned;
  return { kind: 'otherCa', issuer, stored: stored.map(({ subject }) => nameOf(subject)), alone };
}

/** Presented certificates that are out of their dates. */
export function outOfDate({ certificates }: PresentedChain, now: Date): PresentedCertificate | undefined {
  return certificates.find((certificate) => validityOf(certificate, now) !== 'valid');
}

/** Every certificate of a stored text that can be decoded, as forgiving as Go's reader. */
export const certificatesOf = remembered((pem): readonly X509Certificate[] => {
  const blocks = pem.slice(0, 1_000_000).match(/-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/g) ?? [];
  return blocks.slice(0, 100).flatMap(decoded);
});

/** A certificate in PEM or DER; none where it cannot be decoded. */
export function decoded(certificate: string | Uint8Array): X509Certificate[] {
  try {
    return [new X509Certificate(certificate)];
  } catch {
    return [];
  }
}

/** Node gives a name one part a line, the least specific first. */
export function nameOf(name: string): string {
  return name.split('\n').reverse().join(', ');
}

/** The key of a server's own certificate is shorter than OpenSSL accepts by default. Elliptic curves never are. */
export function hasWeakKey({ certificates: [leaf] }: PresentedChain): boolean {
  const { asymmetricKeyType, asymmetricKeyDetails } = new X509Certificate(leaf.pem).publicKey;
  return asymmetricKeyType === 'rsa' && (asymmetricKeyDetails?.modulusLength ?? 2048) < 2048;
}

function issued(ca: X509Certificate, chain: readonly X509Certificate[]): boolean {
  return chain.some(
    (one) => one.fingerprint256 !== ca.fingerprint256 && one.checkIssued(ca) && one.verify(ca.publicKey),
  );
}

function isSelfIssued(certificate: X509Certificate): boolean {
  return certificate.checkIssued(certificate);
}

/** Whether the stored certificates lead up to one that is self-signed. */
function isComplete(from: X509Certificate, stored: readonly X509Certificate[]): boolean {
  if (isSelfIssued(from)) return true;
  const above = stored.find((ca) => ca !== from && from.checkIssued(ca) && from.verify(ca.publicKey));
  return (
    above !== undefined &&
    isComplete(
      above,
      stored.filter((ca) => ca !== from),
    )
  );
}

function topIssuer({ certificates }: PresentedChain): string {
  return certificates.at(-1)?.issuer ?? certificates[0].issuer;
}
