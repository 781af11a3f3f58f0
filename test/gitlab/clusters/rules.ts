import { X509Certificate } from 'node:crypto';

/** The rules for single values; each gives GitLab's sentences, none where it is content (GitLab API contract 3.3). */

/** A base domain: a host name without scheme, port, underscore or wildcard. Blank is fine. */
export function domainProblems(domain: string): string[] {
  if (domain.trim() === '') {
    return [];
  }
  const trimmed = domain.replace(/\.+$/, '');
  // Ruby's `^` and `$` are those of a line, so a second line is not looked at.
  const ofLabels = (trimmed === '' ? [] : trimmed.split('.')).flatMap((label) => [
    ...(label.length < 1 || label.length > 63 ? ['must be between 1 and 63 characters long'] : []),
    ...(/^-|-$/m.test(label) ? ['begins or ends with hyphen'] : []),
    ...(/^[a-z0-9-]+$/im.test(label) ? [] : ['contains invalid characters (valid characters: [a-z0-9\\-])']),
  ]);
  return [
    ...new Set([
      ...(domain.length > 255 ? ['must be between 1 and 255 characters long'] : []),
      ...ofLabels,
      ...(domain.includes('..') ? ['must not contain consecutive dots'] : []),
      ...(domain.endsWith('.') ? ['must not end with a dot'] : []),
    ]),
  ];
}

/** An environment scope, already trimmed. */
export function scopeProblems(scope: string): string[] {
  return [
    ...(scope === '' ? ["can't be blank"] : []),
    ...(/^[a-zA-Z0-9_/${}. *-]+$/.test(scope)
      ? []
      : ["can contain only letters, digits, '-', '_', '/', '$', '{', '}', '.', '*' and spaces"]),
  ];
}

/** A namespace, already in lower case. A leading digit passes, whatever the sentence says. */
export function namespaceProblems(namespace: string): string[] {
  return [
    ...(namespace.length > 63 ? ['is too long (maximum is 63 characters)'] : []),
    ...(isNamespace(namespace)
      ? []
      : ["can contain only lowercase letters, digits, and '-'. Must start with a letter, and cannot end with '-'"]),
    ...(namespace === 'gitlab-managed-apps' ? ['is reserved'] : []),
  ];
}

/** The name of a cluster the user provided: anything but blank. */
export function nameProblems(name: string): string[] {
  return name.trim() === '' ? [' has to be present'] : [];
}

/** The name of a GCP or AWS cluster, which follows the provider. */
export function providerNameProblems(name: string, changed: boolean): string[] {
  return [
    ...(changed ? [" can not be changed because it's synchronized with provider"] : []),
    ...(name.length < 1 || name.length > 63 ? [' is invalid syntax'] : []),
    ...(isNamespace(name)
      ? []
      : ["can contain only lowercase letters, digits, and '-'. Must start with a letter, and cannot end with '-'"]),
  ];
}

/** A CA certificate: only the first one is looked at, and neither its age nor its issuer matters. */
export function certificateProblems(certificate: string): string[] {
  if (certificate.trim() === '') {
    return [];
  }
  return isCertificate(certificate) ? [] : ['must be a valid PEM certificate'];
}

/** OpenSSL looks for the first block that is called CERTIFICATE and skips what is before it. */
function isCertificate(certificate: string): boolean {
  // A byte order mark at the very start is skipped.
  const lines = certificate.replace(/^\uFEFF/, '').split(/\r?\n/);
  const start = lines.findIndex((line) => /^-----BEGIN (X509 )?CERTIFICATE-----[\t ]*$/.test(line));
  if (start < 0) {
    return false;
  }
  try {
    new X509Certificate(lines.slice(start).join('\n'));
    return true;
  } catch {
    return false;
  }
}

function isNamespace(text: string): boolean {
  return /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/.test(text);
}

/** Ruby's `strip`: blanks of ASCII alone, so that a no-break space stays. */
export function stripped(text: string): string {
  return text.replace(/^[\t\n\v\f\r ]+|[\t\n\v\f\r ]+$/g, '');
}
