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
  ['INVALID_PURPOSE', 'purpose'],
  ['INVALID_CA', 'purpose'],
]);

/** Node has one code, UNSPECIFIED, for all other results of the check; OpenSSL's words are in the message. */
const byVerdict: readonly (readonly [RegExp, TlsReason])[] = [
  [/certificate key too weak/, 'weakKey'],
  [/signature digest algorithm too weak/, 'weakSignature'],
  [/subtree violation|name constraint/, 'nameConstraints'],
  [/certificate purpose|invalid ca certificate/, 'purpose'],
];

/**
 * What the TLS library says when no certificate was looked at yet, in OpenSSL's words. The code is EPROTO or made of the
 * same words with underscores; BoringSSL, which the desktop editor has, shouts them.
 */
const byWords: readonly (readonly [RegExp, TlsReason])[] = [
  [/wrong version number|packet length too long|http request|https proxy request|unknown protocol/, 'notTls'],
  [/unsupported protocol|alert protocol version|version too low|wrong ssl version|dh key too small/, 'oldProtocol'],
  [/alert handshake failure|handshake failure on|certificate required|alert bad certificate|access denied/, 'refused'],
];

const verdictsAndWords = [...byVerdict, ...byWords];

/** Codes of Node's TLS that are none of the above, but no network failure either. */
const anyTlsCode = /^(CERT_|ERR_TLS_|ERR_SSL_|UNABLE_TO_|ERROR_IN_|EPROTO$|UNSPECIFIED$|PATH_LENGTH_|CRL_)/;

/** What node-fetch puts before a message: the address, whose words are not OpenSSL's. */
const addressBefore = /^.*, reason: /s;

/** Why the secure connection failed, from a system error's code and message; undefined where it is no TLS failure. */
export function tlsReason(code: string | undefined, message: string): TlsReason | undefined {
  if (code === undefined) return undefined;
  const known = byCode.get(code);
  if (known) return known;
  if (!anyTlsCode.test(code)) return undefined;
  const words = `${code} ${message.replace(addressBefore, '')}`.toLowerCase().replaceAll('_', ' ');
  return verdictsAndWords.find(([pattern]) => pattern.test(words))?.[1] ?? 'other';
}

/**
 * Whether what failed before the secure connection was complete is TLS's own failure and not the network's: any code that
 * is not the system's. BoringSSL, or the next OpenSSL, may have codes nobody has seen yet.
 */
export function failedWithin(code: string | undefined): boolean {
  return code !== undefined && !/^(E|HPE_|ABORT_ERR$)/.test(code);
}

/** The failures that may also break a connection in use. The others end it before a request, or instead of its answer. */
export function mayFollowRequest(reason: TlsReason): boolean {
  return reason === 'other' || reason === 'notTls' || reason === 'oldProtocol';
}

/** The failures that another CA would fix. */
export function lacksTrust(reason: TlsReason | undefined): boolean {
  return reason === 'unknownIssuer' || reason === 'selfSigned';
}
