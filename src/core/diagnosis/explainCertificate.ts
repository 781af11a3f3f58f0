import * as l10n from '@vscode/l10n';
import { plain } from '../model/plainText';
import type { PresentedChain } from '../model/presentedChain';
import { outOfDate } from './chainCause';
import type { ChainCause } from './chainCause';
import type { Problem } from './ladder';
import type { Refusal } from './tlsVerdict';

export interface Evidence {
  readonly hostname: string;
  /** Undefined where nothing was presented. */
  readonly presented: PresentedChain | undefined;
  readonly cause: ChainCause | undefined;
  readonly now: Date;
}

/** A refused certificate in words, with what was presented and one next step. */
export function tlsProblem(refusal: Refusal, code: string, evidence: Evidence): Problem {
  const { presented, hostname, now } = evidence;
  const leaf = `“${plain(presented?.certificates[0].subject ?? hostname)}”`;
  const renew = l10n.t('Renew the API server’s certificate.');
  switch (refusal) {
    case 'unknownIssuer':
    case 'selfSigned':
      return causeProblem(evidence.cause, leaf);
    case 'expired':
    case 'notYetValid': {
      if (evidence.cause?.kind === 'expiredStored') return causeProblem(evidence.cause, leaf);
      const bad = presented && outOfDate(presented, now);
      const dates = bad && `${day(bad.validFrom)} – ${day(bad.validTo)}`;
      return {
        title: refusal === 'expired' ? l10n.t('Certificate expired') : l10n.t('Certificate not valid yet'),
        sentence: bad
          ? l10n.t('The certificate “{0}” is valid {1}; today is {2}.', plain(bad.subject), dates ?? '', day(now))
          : l10n.t('The API server’s certificate is outside its validity; today is {0}.', day(now)),
        next:
          refusal === 'expired'
            ? l10n.t('Renew the API server’s certificate (kubeadm: “kubeadm certs renew”).')
            : l10n.t('Check the clock of this computer and of the API server.'),
      };
    }
    case 'wrongName':
    case 'commonNameAlone':
      return presented && presented.names.length === 0
        ? {
            title: l10n.t('Certificate without alternative names'),
            sentence:
              refusal === 'commonNameAlone'
                ? l10n.t(
                    '{0} has only a common name. OpenSSL, and so GitLab, accepts that; kubectl, and so every CI job, refuses it.',
                    leaf,
                  )
                : l10n.t('{0} has only a common name, and it is not {1}.', leaf, hostname),
            next: l10n.t('Issue a certificate with “{0}” as subject alternative name.', hostname),
          }
        : {
            title: l10n.t('Certificate for other names'),
            sentence: l10n.t(
              'The certificate is for {0}, and not for {1}.',
              presented?.names.slice(0, 12).map(plain).join(', ') ?? '?',
              hostname,
            ),
            next: l10n.t(
              'Use one of these names, or add “{0}” to the certificate (kubeadm: --apiserver-cert-extra-sans; k3s, RKE2: tls-san).',
              hostname,
            ),
          };
    case 'unknownName':
      return {
        title: l10n.t('Name not served there'),
        sentence: l10n.t('What answers there serves no host named {0}.', hostname),
        next: l10n.t('Use the name it serves; a proxy chooses the cluster by its name.'),
      };
    case 'weakKey':
      return {
        title: l10n.t('Weak key'),
        sentence: l10n.t(
          'The key of {0} is shorter than 2048 bits. GitLab’s OpenSSL refuses it; kubectl accepts it.',
          leaf,
        ),
        next: renew,
      };
    case 'weakSignature':
      return {
        title: l10n.t('Signed with SHA-1'),
        sentence: l10n.t('A certificate in the chain of {0} is signed with SHA-1, which OpenSSL and Go refuse.', leaf),
        next: renew,
      };
    case 'nameConstraints':
      return {
        title: l10n.t('CA not allowed to issue for this name'),
        sentence: l10n.t('The name constraints of the CA of {0} don’t cover the names in the certificate.', leaf),
        next: l10n.t('Issue the certificate by a CA that may issue for “{0}”.', hostname),
      };
    case 'purpose':
      return {
        title: l10n.t('Certificate not for servers'),
        sentence: l10n.t('{0} is a certificate for clients, or its issuer is not a CA.', leaf),
        next: l10n.t('Give the API server a certificate with the usage “serverAuth”.'),
      };
    case 'oldProtocol':
      return {
        title: l10n.t('TLS too old'),
        sentence: l10n.t('The server speaks nothing newer than TLS 1.1 ({0}).', code),
        next: l10n.t('Switch on TLS 1.2 or 1.3 at the server or load balancer.'),
      };
    case 'notTls':
      return {
        title: l10n.t('No TLS on this port'),
        sentence: l10n.t('What listens there does not speak TLS: another service, or a port typed wrong.'),
        next: l10n.t('Check the port in the API URL.'),
      };
    case 'refused':
      return {
        title: l10n.t('Client certificate wanted'),
        sentence: l10n.t(
          'The server refused the handshake ({0}): it requires a client certificate, which GitLab does not have.',
          code,
        ),
        next: l10n.t('Use an address that accepts tokens; a proxy in front of the API may ask for the certificate.'),
      };
    case 'other':
      return {
        title: l10n.t('No secure connection'),
        sentence: l10n.t('The TLS handshake failed ({0}).', code),
        next: l10n.t('Show this report to the cluster’s administrator.'),
      };
  }
}

function causeProblem(cause: ChainCause | undefined, leaf: string): Problem {
  switch (cause?.kind) {
    case undefined:
      return {
        title: l10n.t('CA does not fit'),
        sentence: l10n.t('No stored CA vouches for {0}.', leaf),
        next: l10n.t('Store the CA that issued it.'),
      };
    case 'noneStored':
      return {
        title: l10n.t('No CA stored'),
        sentence: l10n.t(
          '{0} comes from a CA that this computer doesn’t know, and none is stored. GitLab’s server has its own CAs, which may differ.',
          leaf,
        ),
        next: l10n.t('Store the cluster’s CA certificate.'),
      };
    case 'leafStored':
      return {
        title: l10n.t('Server certificate stored as CA'),
        sentence: l10n.t(
          'The stored certificate is the server’s own ({0}). kubectl accepts that, GitLab’s OpenSSL does not.',
          leaf,
        ),
        next: l10n.t('Store the CA that issued it, up to the self-signed root.'),
      };
    case 'intermediateStored':
      return {
        title: l10n.t('Intermediate stored without its root'),
        sentence: l10n.t(
          '“{0}” is an intermediate CA, issued by “{1}”, which is not stored. kubectl accepts that, GitLab’s OpenSSL does not.',
          plain(cause.stored),
          plain(cause.issuer),
        ),
        next: l10n.t('Add the root “{0}” to the CA certificate.', plain(cause.issuer)),
      };
    case 'rebuilt':
      return {
        title: l10n.t('Cluster was rebuilt'),
        sentence: l10n.t(
          '{0} comes from a CA named “{1}”, like the stored one, but with another key.',
          leaf,
          plain(cause.subject),
        ),
        next: l10n.t('Replace the CA certificate and the service token with those of the new cluster.'),
      };
    case 'otherCluster':
      return {
        title: l10n.t('CA of another cluster'),
        sentence: l10n.t(
          '{0} comes from the CA stored for {1}, not from the one stored here.',
          leaf,
          cause.clusters
            .slice(0, 3)
            .map((name) => `“${plain(name)}”`)
            .join(', '),
        ),
        next: l10n.t('Check which cluster the API URL leads to; CA certificate and API URL must belong together.'),
      };
    case 'signedAgain':
      return {
        title: l10n.t('Certificate replaced by a proxy'),
        sentence: l10n.t(
          '{0} is presented, issued by “{1}”, which this computer trusts and the stored CA does not: most likely a gateway between this computer and the cluster. GitLab’s server may not see it.',
          leaf,
          plain(cause.issuer),
        ),
        next: l10n.t('Exclude the address from the gateway’s inspection, or run the check from another network.'),
      };
    case 'expiredStored':
      return {
        title: l10n.t('Stored CA expired'),
        sentence: l10n.t('The stored CA “{0}” expired on {1}.', plain(cause.subject), day(cause.validTo)),
        next: l10n.t('Replace the CA certificate with the cluster’s current one.'),
      };
    case 'otherCa': {
      const stored = cause.stored.map((name) => `“${plain(name)}”`).join(', ');
      const sentence = l10n.t('{0} was issued by “{1}”, and stored is {2}.', leaf, plain(cause.issuer), stored);
      return {
        title: l10n.t('Another CA'),
        sentence: cause.alone
          ? `${sentence} ${l10n.t('The server sends no intermediate certificate, so both may belong together through one that is missing.')}`
          : sentence,
        next: l10n.t('Store “{0}” and the CAs above it.', plain(cause.issuer)),
      };
    }
  }
}

function day(date: Date): string {
  return date.toISOString().slice(0, 10);
}
