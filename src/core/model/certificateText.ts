import * as l10n from '@vscode/l10n';

/** Longer CA texts are refused in the form: even a bundle of all public CAs is not what belongs here. In characters. */
export const MAX_CA_TEXT = 100_000;

const HEADER = /^-----BEGIN (?:X509 |TRUSTED )?CERTIFICATE-----[ \t]*$/m;
const FOOTER = /^-----END (?:X509 |TRUSTED )?CERTIFICATE-----/m;
/** `-----BEGIN CERT…` in base64, as kubeconfig and `kubectl get secret` show it. */
const BASE64_OF_PEM = 'LS0tLS1CRUdJTiBDRVJU';

/** Why GitLab would not take a text as CA certificate (its PEM shape only; what it decodes to is checked elsewhere). */
export function caTextProblem(text: string): string | undefined {
  const pem = text.trim();
  if (pem.length > MAX_CA_TEXT) {
    return l10n.t('This is too long for a CA certificate ({0} characters at most).', MAX_CA_TEXT);
  }
  if (/-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(pem)) {
    return l10n.t(
      'This text holds a private key. It must not go here: GitLab shows this field to everyone who may see the cluster. Paste the CA certificate only.',
    );
  }
  if (isKubeconfig(pem)) {
    return l10n.t(
      'This is a kubeconfig. Only the CA certificate belongs here: the value of {0}, decoded from base64.',
      'certificate-authority-data',
    );
  }
  if (pem.startsWith(BASE64_OF_PEM)) {
    return l10n.t(
      'This is the certificate in base64 once more, as in {0} of a kubeconfig. GitLab takes it decoded.',
      'certificate-authority-data',
    );
  }
  if (!pem.includes('CERTIFICATE-----')) {
    return l10n.t('This is not a certificate in PEM form. It begins with {0}.', '-----BEGIN CERTIFICATE-----');
  }
  return lineProblem(pem);
}

function lineProblem(pem: string): string | undefined {
  const lines = pem.replace(/\r\n?/g, '\n');
  if (lines.includes('\\n') && !HEADER.test(lines)) {
    return l10n.t('The line breaks of the certificate are written as {0}. GitLab needs real line breaks.', '\\n');
  }
  const header = HEADER.exec(lines);
  if (!header) {
    return l10n.t(
      'The line {0} must stand alone and without blanks before it; the certificate may have lost its line breaks.',
      '-----BEGIN CERTIFICATE-----',
    );
  }
  const rest = lines.slice(header.index + header[0].length);
  const footer = FOOTER.exec(rest);
  if (!footer) {
    return l10n.t('The end of the certificate is missing: a line {0}.', '-----END CERTIFICATE-----');
  }
  // Only the first certificate counts for GitLab (GitLab API contract 3.3).
  const body = rest.slice(0, footer.index).replace(/\s+/g, '');
  return body === '' || !/^[A-Za-z0-9+/]+={0,2}$/.test(body)
    ? l10n.t('The certificate holds characters that do not belong in it, or nothing at all.')
    : undefined;
}

/** Whether the text holds more than one certificate; GitLab looks at the first one only. */
export function isBundle(text: string): boolean {
  return (text.match(/-----BEGIN (?:X509 |TRUSTED )?CERTIFICATE-----/g)?.length ?? 0) > 1;
}

function isKubeconfig(text: string): boolean {
  return (
    /^\s*["']?certificate-authority(-data)?["']?\s*:/m.test(text) ||
    /^\s*["']?kind["']?\s*:\s*["']?Config\b/m.test(text)
  );
}

/**
 * The certificate inside a text GitLab would refuse: a kubeconfig with one CA, base64 of PEM, PEM that lost its line
 * breaks. Offered to the user, never put in place by itself. Undefined where there is nothing sure to offer.
 */
export function certificateWithin(text: string): string | undefined {
  const trimmed = text.trim();
  if (trimmed.length > MAX_CA_TEXT || caTextProblem(trimmed) === undefined) return undefined;
  const encoded = isKubeconfig(trimmed) ? onlyCaOf(trimmed) : trimmed;
  const pem = encoded?.startsWith(BASE64_OF_PEM) ? decodeBase64(encoded) : encoded;
  const certificate = pem === undefined ? undefined : rewrapped(pem);
  return certificate !== undefined && caTextProblem(certificate) === undefined ? certificate : undefined;
}

function onlyCaOf(kubeconfig: string): string | undefined {
  const found = [...kubeconfig.matchAll(/certificate-authority-data["']?\s*:\s*["']?([A-Za-z0-9+/=]+)/g)];
  const values = new Set(found.map(([, value]) => value));
  const [only] = values;
  return values.size === 1 ? only : undefined;
}

function decodeBase64(text: string): string | undefined {
  try {
    return atob(text.replace(/\s+/g, ''));
  } catch {
    return undefined;
  }
}

/** Every certificate of a text, its base64 put back into lines of 64; undefined where one is cut off. */
function rewrapped(text: string): string | undefined {
  const [, ...parts] = text.replace(/\\r|\\n/g, '\n').split('-----BEGIN CERTIFICATE-----');
  const bodies = parts.map((part) => part.split('-----END CERTIFICATE-----'));
  if (bodies.length === 0 || bodies.some(({ length }) => length < 2)) return undefined;
  return bodies
    .flatMap(([body = '']) => [
      '-----BEGIN CERTIFICATE-----',
      ...(body.replace(/\s+/g, '').match(/.{1,64}/g) ?? []),
      '-----END CERTIFICATE-----',
    ])
    .join('\n');
}
