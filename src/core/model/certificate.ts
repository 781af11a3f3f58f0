import { X509Certificate } from 'node:crypto';
import * as l10n from '@vscode/l10n';

/** One certificate of a PEM text, decoded. Names are one line, most specific part first: `CN=kube-ca, O=Example`. */
export interface Certificate {
  readonly subject: string;
  readonly issuer: string;
  readonly validFrom: Date;
  readonly validTo: Date;
  /** Colon-separated upper-case hex, as `openssl x509 -fingerprint -sha256` prints it. */
  readonly sha256: string;
}

/** A part of a PEM text that is not a certificate, with a sentence saying so. */
export interface UnreadableCertificate {
  readonly problem: string;
}

/** Longer texts are not decoded: a bundle of CAs has some kilobytes. In characters. */
const MAX_TEXT = 1_000_000;
const MAX_CERTIFICATES = 100;

const BEGIN = /-----BEGIN (?:X509 |TRUSTED )?CERTIFICATE-----/g;
const END = /-----END (?:X509 |TRUSTED )?CERTIFICATE-----/g;

/**
 * Decodes every certificate of a PEM text, in order; text around them is skipped, as GitLab does. Blank text has none.
 * Never throws: what cannot be read is an entry with a sentence.
 */
export function readCertificates(pem: string): (Certificate | UnreadableCertificate)[] {
  if (pem.trim() === '') return [];
  if (pem.length > MAX_TEXT) return [{ problem: l10n.t('The certificate is too large to be decoded.') }];
  const read: (Certificate | UnreadableCertificate)[] = [];
  for (const block of blocksOf(pem)) {
    if (read.length === MAX_CERTIFICATES) {
      return [...read, { problem: l10n.t('Only the first {0} certificates are decoded.', MAX_CERTIFICATES) }];
    }
    read.push(block === undefined ? { problem: l10n.t('The end of this certificate is missing.') } : decode(block));
  }
  return read.length > 0 ? read : [{ problem: l10n.t('This text holds no PEM certificate.') }];
}

export function isCertificate(entry: Certificate | UnreadableCertificate): entry is Certificate {
  return 'sha256' in entry;
}

/** The common name of a subject or issuer, as `Certificate` gives them; undefined where it has none. */
export function commonNameOf(name: string): string | undefined {
  return /(?:^|, )CN=(.+?)(?=, [A-Za-z]+=|$)/s.exec(name)?.[1];
}

/** Whether a certificate is within its dates. GitLab accepts one that is not; Kubernetes clients do not. */
export function validityOf(certificate: Certificate, now: Date): 'valid' | 'expired' | 'notYetValid' {
  if (now > certificate.validTo) return 'expired';
  return now < certificate.validFrom ? 'notYetValid' : 'valid';
}

/** The PEM blocks of a text; `undefined` for one that is cut off. Two scans, no backtracking: the text may be hostile. */
function* blocksOf(pem: string): Generator<string | undefined> {
  let end = 0;
  for (const begin of pem.matchAll(BEGIN)) {
    if (begin.index < end) continue;
    END.lastIndex = begin.index;
    const footer = END.exec(pem);
    if (!footer) {
      yield undefined;
      return;
    }
    end = footer.index + footer[0].length;
    yield pem.slice(begin.index, end);
  }
}

function decode(block: string): Certificate | UnreadableCertificate {
  try {
    const certificate = new X509Certificate(block);
    const validFrom = dateOf(certificate.validFrom);
    const validTo = dateOf(certificate.validTo);
    if (!validFrom || !validTo) return notX509();
    return {
      subject: oneLine(certificate.subject),
      issuer: oneLine(certificate.issuer),
      validFrom,
      validTo,
      sha256: certificate.fingerprint256,
    };
  } catch {
    return notX509();
  }
}

function notX509(): UnreadableCertificate {
  return { problem: l10n.t('This is not a valid X.509 certificate.') };
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** Node gives `Jan  2 03:04:05 2024 GMT`. Not left to `Date`, which takes the years 1 to 99 for others. */
function dateOf(text: string): Date | undefined {
  const [, month = '', day, hour, minute, second, year] =
    /^(\w{3}) +(\d+) (\d+):(\d+):(\d+)(?:\.\d+)? (\d+) GMT$/.exec(text) ?? [];
  const at = MONTHS.indexOf(month);
  if (at < 0) return undefined;
  const date = new Date(0);
  date.setUTCFullYear(Number(year), at, Number(day));
  date.setUTCHours(Number(hour), Number(minute), Number(second));
  return Number.isNaN(date.getTime()) ? undefined : date;
}

/** Characters that change the direction of a text or are seen by nobody: a name could pose as another with them. */
const DECEPTIVE = /[\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g;

/**
 * Node gives a name one part a line, the least specific first; control characters are escaped there already, deceptive
 * ones are escaped here, as `\u202E`.
 */
function oneLine(name: string | undefined): string {
  return (name ?? '')
    .split('\n')
    .reverse()
    .join(', ')
    .replace(DECEPTIVE, (character) => `\\u${character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`);
}

/** The subject of a certificate in a sentence: some have none, only alternative names. */
export function shownName(subject: string): string {
  return subject || l10n.t('A certificate without a subject');
}

/** The subject of a decoded certificate in a sentence. */
export function nameOf(certificate: X509Certificate): string {
  return shownName(oneLine(certificate.subject));
}
