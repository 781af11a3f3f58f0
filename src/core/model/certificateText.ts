import { X509Certificate } from 'node:crypto';
import * as l10n from '@vscode/l10n';
import { readFirstCertificate } from './pemReader';
import type { PemFault } from './pemReader';

/** Longer CA texts are refused in the form: even a bundle of all public CAs is not what belongs here. In characters. */
export const MAX_CA_TEXT = 100_000;

/** `-----BEGIN CERT…` in base64, as kubeconfig and `kubectl get secret` show it. */
const BASE64_OF_PEM = 'LS0tLS1CRUdJTi';
/** Seen by nobody, and in the way of every reader. */
const INVISIBLE = /[\0\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g;
/** Base64 texts are decoded at most so many times: twice is a common mistake, more is none. */
const MAX_LAYERS = 3;
const MAX_CERTIFICATES = 100;

/** Why GitLab would not take a text as CA certificate (its PEM shape only; what it decodes to is checked elsewhere). */
export function caTextProblem(text: string): string | undefined {
  const pem = text.trim();
  if (pem.length > MAX_CA_TEXT) {
    return l10n.t('This is too long for a CA certificate ({0} characters at most).', MAX_CA_TEXT);
  }
  if (/-----BEGIN [A-Z0-9 ]*PRIVATE KEY-----/.test(pem)) {
    return l10n.t(
      'This text holds a private key. It must not go here: GitLab shows this field to everyone who may see the cluster. Paste the CA certificate only.',
    );
  }
  const reading = readFirstCertificate(pem);
  return 'reason' in reading ? problemOf(pem, reading.reason) : undefined;
}

function problemOf(pem: string, reason: PemFault): string {
  if (isKubeconfig(pem)) {
    return l10n.t(
      'This is a kubeconfig. Only the CA certificate belongs here: the value of {0}, decoded from base64.',
      'certificate-authority-data',
    );
  }
  if (bareBase64(pem)?.startsWith(BASE64_OF_PEM)) {
    return l10n.t(
      'This certificate is base64-encoded twice, as in {0} of a kubeconfig. GitLab expects it decoded.',
      'certificate-authority-data',
    );
  }
  if (pem.includes('\0')) return l10n.t('This text is UTF-16. GitLab needs it as UTF-8.');
  if (/-----BEGIN TRUSTED CERTIFICATE-----/.test(pem)) {
    return l10n.t(
      'GitLab does not read {0}. The certificate in it is needed without OpenSSL’s trust settings.',
      'TRUSTED CERTIFICATE',
    );
  }
  if (!/CERTIFICATE\s*-----/.test(pem)) {
    return l10n.t('This is not a certificate in PEM form. It begins with {0}.', '-----BEGIN CERTIFICATE-----');
  }
  if (/\\[rn]/.test(pem)) {
    return l10n.t('The line breaks of the certificate are written as {0}. GitLab needs real line breaks.', '\\n');
  }
  if (pem.search(INVISIBLE) >= 0) return l10n.t('The text contains invisible characters. GitLab can’t read it.');
  return shapeProblem(pem, reason);
}

function shapeProblem(pem: string, reason: PemFault): string {
  switch (reason) {
    case 'noBegin':
      return l10n.t(
        '{0} must be on a line of its own, without leading spaces; the certificate may have lost its line breaks.',
        '-----BEGIN CERTIFICATE-----',
      );
    case 'badEnd':
      return l10n.t(
        'Nothing may follow {0} on its line: GitLab then does not find the end of the certificate.',
        '-----END CERTIFICATE-----',
      );
    case 'noEnd':
      return l10n.t('The end of the certificate is missing: a line {0}.', '-----END CERTIFICATE-----');
    case 'blankLines':
      return l10n.t('The certificate contains empty lines (doubled line breaks). GitLab can’t read it.');
    case 'header':
      return l10n.t('GitLab can’t read a certificate with an empty line in the middle.');
    case 'badBase64':
      return l10n.t('The certificate holds characters that do not belong in it, or nothing at all.');
  }
}

function isKubeconfig(text: string): boolean {
  return (
    /^\s*["']?certificate-authority(-data)?["']?\s*:/m.test(text) ||
    /^\s*["']?kind["']?\s*:\s*["']?Config\b/m.test(text)
  );
}

/**
 * The CA certificates inside a text GitLab would refuse: a kubeconfig or Secret with one CA, base64 of PEM or of DER, PEM
 * that lost its line breaks or got more of them. Offered to the user, never put in place by itself. Undefined where
 * there is nothing sure to offer.
 */
export function certificateWithin(text: string): string | undefined {
  const trimmed = text.trim();
  if (trimmed.length > MAX_CA_TEXT || caTextProblem(trimmed) === undefined) return undefined;
  const authorities = certificatesIn(trimmed).filter(isAuthority);
  return authorities.length === 0 ? undefined : authorities.map(toPem).join('\n');
}

/** Every certificate of a text in whatever form it was copied, in order; empty where one of them cannot be read. */
export function certificatesIn(text: string): readonly X509Certificate[] {
  const pem = pemIn(text, MAX_LAYERS);
  const ders = pem instanceof Uint8Array ? [pem] : pem === undefined ? [] : blocksOf(pem);
  try {
    return ders.slice(0, MAX_CERTIFICATES).map((der) => new X509Certificate(firstElement(der)));
  } catch {
    return [];
  }
}

/** One certificate as PEM, in lines of 64. */
export function toPem(certificate: X509Certificate): string {
  const lines = certificate.raw.toString('base64').match(/.{1,64}/g) ?? [];
  return ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----'].join('\n');
}

/** Whether a certificate may stand as CA: one that signs others, or one that signed itself. */
export function isAuthority(certificate: X509Certificate): boolean {
  return certificate.ca || certificate.checkIssued(certificate);
}

function pemIn(text: string, layers: number): string | Uint8Array | undefined {
  const readable = text
    .replace(INVISIBLE, '')
    .replace(/[\u2010-\u2015\u2212\u2e3a]/g, (dash) => (dash === '\u2014' ? '--' : '-'))
    .replace(/\\+[rn]/g, '\n');
  if (/-----\s*BEGIN [A-Z0-9 ]*CERTIFICATE\s*-----/.test(readable)) return readable;
  if (layers === 0) return undefined;
  const encoded = bareBase64(readable) ?? onlyEncodedIn(readable);
  if (encoded === undefined) return undefined;
  const bytes = Uint8Array.from(atob(encoded), (character) => character.charCodeAt(0));
  // A certificate is an ASN.1 sequence of more than 255 bytes.
  if (bytes[0] === 0x30 && bytes[1] === 0x82) return bytes;
  return pemIn(new TextDecoder().decode(bytes), layers - 1);
}

/** The whole text as base64, without quotes and line breaks; undefined where it is none. */
function bareBase64(text: string): string | undefined {
  // A plus sign joins lines only between quotes; elsewhere it is a character of base64.
  const joined = text.replace(/["']\s*[+\\]?\s*\n\s*\+?\s*["']/g, '');
  const bare = joined.replace(/^["'`\s]+|["'`\s,;]+$/g, '').replace(/\\?\s+/g, '');
  const missing = (4 - (bare.length % 4)) % 4;
  const isBase64 = /^[A-Za-z0-9+/]{40,}={0,2}$/.test(bare) && missing < 3 && !(missing > 0 && bare.endsWith('='));
  return isBase64 ? bare + '='.repeat(missing) : undefined;
}

/** The only base64 of PEM in a text, such as a kubeconfig; undefined where there are several or none. */
function onlyEncodedIn(text: string): string | undefined {
  const found = text.match(/(?:LS0tLS1CRUdJTiBDRVJU|TFMwdExTMUNSVWRKVGlC)[A-Za-z0-9+/]+={0,2}/g) ?? [];
  const [only, ...others] = new Set(found);
  return others.length === 0 && only !== undefined ? bareBase64(only) : undefined;
}

/** The bytes of every certificate; none at all where one is cut off or broken. */
function blocksOf(text: string): readonly Uint8Array[] {
  const [, ...parts] = text.split(/-----\s*BEGIN (?:X509 |TRUSTED )?CERTIFICATE\s*-----/);
  const bodies = parts.map((part) => {
    const [body = '', ...rest] = part.split(/-----\s*END (?:X509 |TRUSTED )?CERTIFICATE\s*-----/);
    // A comment may follow the begin line; `>` and `#` stand before the lines of mail and of comments.
    const plain = body.replace(/^[ \t]*#[^\n]*\n/, '').replace(/^[\s>#]+/gm, '');
    return rest.length === 0 ? undefined : bareBase64(plain);
  });
  const whole = bodies.flatMap((body) => (body === undefined ? [] : [body]));
  return whole.length < bodies.length
    ? []
    : whole.map((body) => Uint8Array.from(atob(body), (character) => character.charCodeAt(0)));
}

/** The first ASN.1 element: OpenSSL's trust settings stand behind it. */
function firstElement(der: Uint8Array): Uint8Array {
  const [, form = 0, high = 0, low = 0] = der;
  return form === 0x82 ? der.subarray(0, 4 + high * 256 + low) : der;
}
