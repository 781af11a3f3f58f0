import type { TlsReason } from '../gitlab/errors';

/** Node's names for what its certificate check finds (nodejs.org, "TLS/SSL: X509 certificate error codes"). */
const byCode: ReadonlyMap<string, TlsReason> = new Map([
  ['UNABLE_TO_GET_ISSUER_CERT', 'unknownIssuer'],
  ['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', 'unknownIssuer'],
  ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'unknownIssuer'],
  ['SELF_SIGNED_CERT_IN_CHAIN', 'unknownIssuer'],
  ['CERT_UNTRUSTED', 'unknownIssuer'],
  ['DEPTH_ZERO_SELF_SIGNED_CERT', 'selfSigned'],
  ['CERT_HAS_EXPIRED', 'expired'],
  ['CERT_NOT_YET_VALID', 'notYetValid'],
  ['ERR_TLS_CERT_ALTNAME_INVALID', 'wrongName'],
  ['HOSTNAME_MISMATCH', 'wrongName'],
]);

/**
 * What the TLS library says when no certificate was looked at yet, in OpenSSL's words. The code is EPROTO or made of the
 * same words with underscores; BoringSSL, which the desktop editor has, shouts them.
 */
const byWords: readonly (readonly [RegExp, TlsReason])[] = [
  [/wrong version number|packet length too long|http request|https proxy request|unknown protocol/, 'notTls'],
  [/unsupported protocol|alert protocol version|version too low|wrong ssl version|dh key too small/, 'oldProtocol'],
  [/alert handshake failure|handshake failure on|certificate required|alert bad certificate|access denied/, 'refused'],
];

/** Codes of Node's TLS that are none of the above, but no network failure either. */
const anyTlsCode = /^(CERT_|ERR_TLS_|ERR_SSL_|UNABLE_TO_|EPROTO$|INVALID_CA$|INVALID_PURPOSE$|PATH_LENGTH_|CRL_)/;

/** Why the secure connection failed, from a system error's code and message; undefined where it is no TLS failure. */
export function tlsReason(code: string | undefined, message: string): TlsReason | undefined {
  if (code === undefined) return undefined;
  const known = byCode.get(code);
  if (known) return known;
  if (!anyTlsCode.test(code)) return undefined;
  const words = `${code} ${message}`.toLowerCase().replaceAll('_', ' ');
  return byWords.find(([pattern]) => pattern.test(words))?.[1] ?? 'other';
}

/** The failures that another CA would mend. */
export function lacksTrust(reason: TlsReason | undefined): boolean {
  return reason === 'unknownIssuer' || reason === 'selfSigned';
}
