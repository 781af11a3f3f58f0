import * as l10n from '@vscode/l10n';
import type { GitLabError, TlsFailure } from './errors';
import type { Explanation } from './explain';
import { commonNameOf } from '../model/certificate';
import type { Certificate } from '../model/certificate';
import { plain } from '../model/plainText';
import { topmost } from '../model/presentedChain';
import type { PresentedChain } from '../model/presentedChain';

/** Names of a certificate that are told in a sentence; all are in the document. */
const MAX_NAMES = 8;

/** A failed secure connection in words: what was presented, and one next step. */
export function explainTls(tls: TlsFailure | undefined): Explanation {
  const { title, sentence } = explainReason(tls ?? { reason: 'other' });
  return { title, sentence: tls?.caProblem === undefined ? sentence : `${tls.caProblem} ${sentence}` };
}

function explainReason({ reason, presented, trusted = [], changed = false, protocol }: TlsFailure): Explanation {
  const now = new Date();
  switch (reason) {
    case 'unknownIssuer':
    case 'selfSigned':
      if (trusted.length > 0) return notFromTrusted(trusted, presented, changed);
      return reason === 'selfSigned'
        ? {
            title: l10n.t('Self-signed certificate'),
            sentence: l10n.t(
              'The host presents a certificate that it issued itself ({0}), so that nothing vouches for it. Show the certificate, compare its fingerprint with the one on the host, and trust it for this host.',
              presented ? `“${plain(presented.certificates[0].subject)}”` : l10n.t('unknown'),
            ),
          }
        : {
            title: l10n.t('Certificate not trusted'),
            sentence: l10n.t(
              'The certificate of the host comes from {0}, which this editor does not know. If that is the CA of your organisation, show the certificate and trust it for this host, or choose its PEM file.',
              issuerOf(presented),
            ),
          };
    case 'expired': {
      const expired = presented?.certificates.find(({ validTo }) => validTo < now);
      return {
        title: l10n.t('Certificate expired'),
        sentence: expired
          ? l10n.t(
              'The certificate “{0}” expired on {1}. Ask the host’s administrator to renew it, or check the clock of this computer.',
              plain(expired.subject),
              day(expired.validTo),
            )
          : l10n.t(
              'The certificate of the host has expired. Ask the host’s administrator to renew it, or check the clock of this computer.',
            ),
      };
    }
    case 'notYetValid': {
      const early = presented?.certificates.find(({ validFrom }) => validFrom > now);
      return {
        title: l10n.t('Certificate not valid yet'),
        sentence: early
          ? l10n.t(
              'The certificate “{0}” is valid from {1} on, and this computer says it is {2}. Check its clock.',
              plain(early.subject),
              day(early.validFrom),
              day(now),
            )
          : l10n.t('The certificate of the host is not valid yet. Check the clock of this computer.'),
      };
    }
    case 'wrongName':
      return {
        title: l10n.t('Certificate for another name'),
        sentence: presented?.names.length
          ? l10n.t(
              'The certificate of the host is for {0}, not for the name in its address. Add the host with one of these names, or ask the host’s administrator for a certificate with this one.',
              listed(presented.names),
            )
          : nameless(presented),
      };
    case 'weakKey':
      return {
        title: l10n.t('Certificate with a weak key'),
        sentence: l10n.t(
          'The key of {0} is too short to be secure. Ask the host’s administrator for a certificate with an RSA key of 2048 bits or more.',
          ownSubject(presented),
        ),
      };
    case 'weakSignature':
      return {
        title: l10n.t('Certificate signed with SHA-1'),
        sentence: l10n.t(
          'A certificate in the chain of {0} is signed with SHA-1 or older, which can be forged. Ask the host’s administrator for a chain signed with SHA-256.',
          ownSubject(presented),
        ),
      };
    case 'nameConstraints':
      return {
        title: l10n.t('CA not allowed to issue for this name'),
        sentence: l10n.t(
          'The name constraints of {0} don’t cover the names of the host’s certificate. Ask the host’s administrator for a certificate from another CA.',
          issuerOf(presented),
        ),
      };
    case 'purpose':
      return {
        title: l10n.t('Certificate not meant for servers'),
        sentence: l10n.t(
          '{0} must not be used by a server, or was issued by a certificate that is not a CA. Ask the host’s administrator for a server certificate.',
          ownSubject(presented),
        ),
      };
    case 'oldProtocol':
      return {
        title: l10n.t('TLS too old'),
        sentence: l10n.t(
          'The host speaks {0} at best, and the editor nothing older than TLS 1.2. Ask the host’s administrator to switch on TLS 1.2 or 1.3.',
          protocol ?? l10n.t('an old version of TLS'),
        ),
      };
    case 'notTls':
      return {
        title: l10n.t('No TLS on this port'),
        sentence: l10n.t(
          'What answers there does not speak TLS: another service, or plain http. Check the port in the address of the host.',
        ),
      };
    case 'refused':
      return {
        title: l10n.t('Secure connection refused'),
        sentence: l10n.t(
          'The host closed the connection during the TLS handshake. It may ask for a client certificate, which cannot be given here. Ask the host’s administrator for an address without one.',
        ),
      };
    case 'other':
      return {
        title: l10n.t('No secure connection'),
        sentence: l10n.t('The secure connection could not be set up. Show these words to the host’s administrator.'),
      };
  }
}

/** A proxy that stands in the way, in words. */
export function explainProxy({ status, proxy }: Pick<GitLabError, 'status' | 'proxy'>): Explanation {
  const name = proxy ?? l10n.t('of the network');
  if (status === 407)
    return {
      title: l10n.t('Proxy asks for a sign-in'),
      sentence: l10n.t(
        'The proxy {0} requires a user name and password. Put them into the setting “http.proxy”, as http://user:password@host:port, or answer when the editor asks.',
        name,
      ),
    };
  if (status !== undefined)
    return {
      title: l10n.t('Refused by the proxy'),
      sentence: l10n.t(
        'The proxy {0} does not connect to the host; it answered {1}. If the host can be reached directly, list its name in the setting “http.noProxy”; otherwise ask the proxy’s administrator.',
        name,
        status,
      ),
    };
  return {
    title: l10n.t('Proxy not reachable'),
    sentence: l10n.t(
      'The proxy {0} cannot be reached. Check the setting “http.proxy”, the system’s proxy settings, and the network.',
      name,
    ),
  };
}

function notFromTrusted(
  trusted: readonly Certificate[],
  presented: PresentedChain | undefined,
  changed: boolean,
): Explanation {
  const expected = trusted.map(({ subject }) => `“${plain(subject)}”`).join(', ');
  return changed
    ? {
        title: l10n.t('Certificate chain changed'),
        sentence: l10n.t(
          'The certificate of the host no longer comes from the CA trusted for this host ({0}), but from {1}. Show the certificate, and ask the host’s administrator before you trust it.',
          expected,
          issuerOf(presented),
        ),
      }
    : {
        title: l10n.t('Certificate not trusted'),
        sentence: l10n.t(
          'The certificate of the host comes from {0}, and not from what is in the CA file of this host ({1}). Choose another file, or show the certificate.',
          issuerOf(presented),
          expected,
        ),
      };
}

function issuerOf(presented: PresentedChain | undefined): string {
  if (!presented) return l10n.t('an unknown CA');
  const { issuer, subject } = topmost(presented);
  return `“${plain(issuer) || plain(subject)}”`;
}

/** A certificate without alternative names: Node then compares the common name, as OpenSSL does. */
function nameless(presented: PresentedChain | undefined): string {
  const commonName = presented && commonNameOf(presented.certificates[0].subject);
  return commonName === undefined
    ? l10n.t(
        'The certificate of the host contains no name at all. Ask the host’s administrator for one with its name as subject alternative name.',
      )
    : l10n.t(
        'The certificate of the host is for “{0}” alone, its common name, and not for the name in its address. Add the host with that name, or ask the host’s administrator for a certificate with this one as subject alternative name.',
        plain(commonName),
      );
}

function ownSubject(presented: PresentedChain | undefined): string {
  return presented ? `“${plain(presented.certificates[0].subject)}”` : l10n.t('the host’s certificate');
}

function listed(names: readonly string[]): string {
  const shown = names.slice(0, MAX_NAMES).join(', ');
  return names.length > MAX_NAMES ? l10n.t('{0} and {1} more', shown, names.length - MAX_NAMES) : shown;
}

function day(date: Date): string {
  return date.toISOString().slice(0, 10);
}
