import { X509Certificate } from 'node:crypto';
import type { DetailedPeerCertificate, TLSSocket } from 'node:tls';
import { isCertificate, readCertificates } from './certificate';
import type { Certificate } from './certificate';
import { plain } from './plainText';

/** One certificate a host sent, decoded. */
export interface PresentedCertificate extends Certificate {
  readonly pem: string;
  /** Issued by itself: a root, or a server's lone certificate. */
  readonly selfSigned: boolean;
}

/** What a host showed of itself while the secure connection was set up: its own certificate first, then upwards. */
export interface PresentedChain {
  /** Such as `TLSv1.3`. */
  readonly protocol: string;
  /** The names and addresses the host's own certificate is for: `gitlab.example.com`, `*.example.com`, `192.0.2.1`. */
  readonly names: readonly string[];
  /** Never empty. */
  readonly certificates: readonly [PresentedCertificate, ...PresentedCertificate[]];
}

/** Longer chains are cut: they are a mistake or an attack. */
const MAX_CHAIN = 10;

/** Reads what the other end presented; undefined when it sent no certificate that can be decoded. */
export function presentedChain(socket: TLSSocket): PresentedChain | undefined {
  const certificates: PresentedCertificate[] = [];
  let peer: DetailedPeerCertificate | undefined = socket.getPeerCertificate(true);
  let own: X509Certificate | undefined;
  // Node gives an empty object for no certificate, and a root as its own issuer.
  while (peer && 'raw' in peer && certificates.length < MAX_CHAIN) {
    const decoded = decode(peer.raw);
    if (!decoded || certificates.some(({ sha256 }) => sha256 === decoded.certificate.sha256)) break;
    own ??= decoded.x509;
    certificates.push(decoded.certificate);
    peer = peer.issuerCertificate;
  }
  const [first, ...others] = certificates;
  if (!first || !own) return undefined;
  return { protocol: socket.getProtocol() ?? 'TLS', names: namesOf(own), certificates: [first, ...others] };
}

/** The uppermost certificate that was sent: the one to trust. Often an intermediate, since few servers send their root. */
export function topmost({ certificates }: PresentedChain): PresentedCertificate {
  return certificates.at(-1) ?? certificates[0];
}

function decode(
  raw: Buffer,
): { readonly x509: X509Certificate; readonly certificate: PresentedCertificate } | undefined {
  try {
    const x509 = new X509Certificate(raw);
    const pem = x509.toString();
    const [certificate] = readCertificates(pem);
    if (!certificate || !isCertificate(certificate)) return undefined;
    return { x509, certificate: { ...certificate, pem, selfSigned: x509.checkIssued(x509) } };
  } catch {
    return undefined;
  }
}

/** Browsers and Node look at the alternative names alone; the common name counts for neither. */
function namesOf(certificate: X509Certificate): string[] {
  const text = certificate.subjectAltName ?? '';
  return text
    .split(/, (?=(?:DNS|IP Address|URI|email|DirName|Registered ID|othername):)/)
    .flatMap((entry) => /^(?:DNS|IP Address):(.+)$/s.exec(entry)?.[1] ?? [])
    .map(plain);
}
