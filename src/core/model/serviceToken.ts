import * as l10n from '@vscode/l10n';

/** Seen by nobody, and copied along from web pages and terminals. */
const INVISIBLE = /[\0-\x08\x0e-\x1f\x7f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/g; // eslint-disable-line no-control-regex
/** Base64 of `{"`, with which the header of every JWT begins, and base64 of that. */
const JWT = 'eyJ';
const ENCODED_JWT = /^(?:ZXlK|WlhsS)/;

/**
 * The token somebody meant who pasted more than it: without quotes, `Bearer`, line breaks of a terminal, invisible
 * characters, the `%` zsh prints behind a text without a last line break, and decoded. Undefined where there is nothing
 * to remove, or nothing sure. Offered to the user, never put in place by itself.
 */
export function serviceTokenWithin(text: string): string | undefined {
  const trimmed = text.trim();
  const bare = decoded(withoutWrapping(trimmed));
  return bare === trimmed || bare === '' || !isTokenText(bare) || isMasked(bare) || isMasked(trimmed)
    ? undefined
    : bare;
}

function withoutWrapping(text: string): string {
  const visible = text
    .replace(INVISIBLE, '')
    .replace(/\\[rn]/g, '\n')
    .replace(/^\s*(?:authorization\s*:\s*)?(?:bearer\s+|["']?token["']?\s*[:=]\s*)?/i, '')
    .replace(/^[\s"'`“”„‘’‚<]+|[\s"'`“”„‘’‚>,;]+$/g, '')
    .replace(/^bearer\s+/i, '');
  // Only in a JWT is it sure that blanks inside do not belong there, nor a percent sign behind it.
  return visible.startsWith(JWT) || ENCODED_JWT.test(visible)
    ? visible.replace(/\s+/g, '').replace(/%$/, '')
    : visible.replace(/%$/, '');
}

/** A JWT that is still in base64, as in a Secret, decoded. */
function decoded(text: string, layers = 2): string {
  if (layers === 0 || !ENCODED_JWT.test(text) || !/^[A-Za-z0-9+/_-]+={0,2}$/.test(text)) return text;
  const plain = decodeText(text);
  return plain === undefined || !/^[!-~\s]+$/.test(plain) ? text : decoded(plain.trim(), layers - 1);
}

/** What a bearer token may consist of (RFC 6750), and the colon of Rancher’s. */
function isTokenText(text: string): boolean {
  return /^[A-Za-z0-9._~+/:-]+=*$/.test(text);
}

/** What a JSON web token says of itself; nothing is verified, and a missing claim is undefined. */
interface TokenClaims {
  readonly issuer: string | undefined;
  readonly subject: string | undefined;
  readonly expiresAt: Date | undefined;
  readonly issuedAt: Date | undefined;
}

/** The claims of a token; undefined where it is no JWT (Kubernetes facts 2.1). */
export function claimsOf(token: string): TokenClaims | undefined {
  const parts = token.split('.');
  const [header = '', payload = '', signature = ''] = parts;
  if (parts.length !== 3 || signature === '' || !parts.every((part) => /^[A-Za-z0-9_-]+$/.test(part))) return undefined;
  const claims = jsonObject(payload);
  if (jsonObject(header) === undefined || claims === undefined || signature.length % 4 === 1) return undefined;
  return {
    issuer: textOf(claims['iss']),
    subject: textOf(claims['sub']),
    expiresAt: dateOf(claims['exp']),
    issuedAt: dateOf(claims['iat']),
  };
}

/** The namespace and name of the service account a token is of; undefined where it does not say so. */
export function serviceAccountOf(token: string): string | undefined {
  return /^system:serviceaccount:([^:]+:[^:]+)$/.exec(claimsOf(token)?.subject ?? '')?.[1]?.replace(':', '/');
}

function jsonObject(part: string): Record<string, unknown> | undefined {
  const text = decodeText(part);
  if (text === undefined) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** Claims give seconds since 1970. */
function dateOf(value: unknown): Date | undefined {
  const date = new Date(Number(value) * 1000);
  return typeof value !== 'number' || Number.isNaN(date.getTime()) ? undefined : date;
}

/** Base64 or base64url as UTF-8; undefined where it is neither. */
function decodeText(text: string): string | undefined {
  const base64 = text.replace(/-/g, '+').replace(/_/g, '/').replace(/=+$/, '');
  if (!/^[A-Za-z0-9+/]*$/.test(base64) || base64.length % 4 === 1) return undefined;
  const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  return new TextDecoder().decode(bytes);
}

/**
 * What is odd about a service token: GitLab stores any text, and only the first job shows that it does not work. `token` is
 * trimmed and not empty. Nothing of the token is ever quoted.
 */
export function serviceTokenWarnings(token: string, now: Date): readonly string[] {
  const shape = shapeWarning(token) ?? kindWarning(token);
  if (shape !== undefined) return [shape];
  const claims = claimsOf(token);
  return claims ? jwtWarnings(claims, now) : [];
}

/** Texts that are no token as they stand. */
function shapeWarning(token: string): string | undefined {
  if (isMasked(token)) {
    return l10n.t('This is a masked or placeholder text, not a token. GitLab would store it as it is.');
  }
  if (token.search(INVISIBLE) >= 0) return l10n.t('The token contains invisible characters.');
  if (/^bearer\s/i.test(token)) return l10n.t('Leave out “Bearer”: only the token is needed.');
  if (/^["'`“”„‘’‚]|["'`“”„‘’‚]$/.test(token)) return l10n.t('The token is in quotation marks. Leave them out.');
  if (token.startsWith('-----BEGIN') || token.startsWith('LS0tLS1CRUdJTi')) {
    return l10n.t('This is a certificate or key, not a token.');
  }
  if (/\s/.test(token)) return l10n.t('The token contains spaces.');
  if (token.endsWith('%')) {
    return l10n.t('A token never ends with %. The shell prints it after output that has no final line break.');
  }
  if (ENCODED_JWT.test(token)) {
    return l10n.t('The token looks base64-encoded, as in a Kubernetes secret. Decode it first.');
  }
  if (token.startsWith(JWT) && claimsOf(token) === undefined) {
    return l10n.t('The token is incomplete: a JSON web token has three readable parts separated by dots.');
  }
  return isTokenText(token) ? undefined : l10n.t('No token contains such characters. Copy it again.');
}

function isMasked(token: string): boolean {
  return (
    /^(?:[•●∙·*⬤▪█…]|\[?(?:masked|redacted|hidden|filtered|omitted)\]?|DATA\+OMITTED|x{4,}|\.{3,})+$/i.test(token) ||
    /[•●⬤█…]|\*{3}/.test(token) ||
    /^(?:\$[{(]?\w|%\w+%|<.*>$|\{\{.*\}\}|your[-_ ])/i.test(token)
  );
}

/** Tokens that are known by how they begin, and do not do as service tokens (Kubernetes facts 2.1). */
function kindWarning(token: string): string | undefined {
  if (/^gl[a-z]+-/.test(token) || /^GR1348941/.test(token)) {
    return l10n.t('This looks like a token of GitLab. Kubernetes needs one of a service account.');
  }
  if (/^[a-z0-9]{6}\.[a-z0-9]{16}$/.test(token)) {
    return l10n.t(
      'This is a bootstrap token, with which nodes join a cluster. GitLab needs a service account’s token.',
    );
  }
  if (token.startsWith('k8s-aws-v1.')) return endsSoon(l10n.t('This token of Amazon EKS expires after 15 minutes.'));
  if (token.startsWith('ya29.')) return endsSoon(l10n.t('This Google access token expires after an hour.'));
  if (token.startsWith('sha256~')) {
    return endsSoon(l10n.t('This OpenShift token belongs to a person and normally expires after 24 hours.'));
  }
  if (/^(?:kubeconfig-[\w-]+|token-[a-z0-9]+):/.test(token)) {
    return endsSoon(l10n.t('This Rancher token belongs to a person and expires (after 30 days by default).'));
  }
  return /^(?:dop_v1_|doo_v1_|gh[pousr]_|github_pat_|AKIA|ASIA|AIza|xox[bp]-)/.test(token)
    ? l10n.t('This is an API token of another service, not one of Kubernetes.')
    : undefined;
}

function endsSoon(sentence: string): string {
  return `${sentence} ${l10n.t('GitLab needs a service account’s token that does not expire.')}`;
}

function jwtWarnings({ issuer, subject, expiresAt }: TokenClaims, now: Date): readonly string[] {
  const warnings: string[] = [];
  if (expiresAt !== undefined) {
    const day = expiresAt.toISOString().slice(0, 10);
    warnings.push(
      expiresAt <= now
        ? l10n.t('This token expired on {0}. GitLab needs a service account’s token that does not expire.', day)
        : endsSoon(
            l10n.t(
              'This token expires on {0}, and GitLab’s connection with it.',
              `${day} ${expiresAt.toISOString().slice(11, 16)} UTC`,
            ),
          ),
    );
  }
  if (issuer !== 'kubernetes/serviceaccount' && subject?.startsWith('system:serviceaccount:') !== true) {
    warnings.push(l10n.t('This token is not one of a Kubernetes service account.'));
  }
  return warnings;
}
